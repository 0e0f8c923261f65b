using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Maintenance margin less margin balance of a pool on the way, under position-wise margin.</summary>
sealed class MarginOnPath(PreparedSizing prepared, PathMatrices paths, int pool) : LinearPathRisk(prepared, paths)
{
    protected override double[] Without(int look)
    {
        double[] balance = Prepared.Pools[pool].EquityInScenarios(Paths.Prices[look]);
        return balance.Length == 0 ? new double[Paths.Count] : [.. balance.Select(each => -each / Prepared.Equity)];
    }

    protected override double[]? OfContract(int line, bool isLong, int look)
    {
        var of = Prepared.Lines[line];
        if (of.Wallet != pool)
            return null;
        var column = Paths.Over([of.Column])[0];
        var rates = Paths.MarginOf(Prepared, column.Pieces[look]).Of(column.Column);
        double[] loss = (double[])(isLong ? rates.Long : rates.Short).Clone();
        ColumnProducts.AddScaled(isLong ? -1 : 1, rates.Balance, loss);
        double reach = MarginBalance.SquareReach(of, isLong);
        if (reach != 0)
            ColumnProducts.AddScaled(reach, rates.Square, loss);
        for (int s = 0; s < loss.Length; s++)
            loss[s] /= Prepared.Equity;
        return loss;
    }

    public override LimitRow Row(ProgramParts over, double[] positions, PathTail tail)
    {
        var columns = new PathTailColumns(Paths, over, tail, pool);
        var row = new double[over.Legs.Length];
        for (int j = 0; j < row.Length; j++)
        {
            var line = over.LineOf(j);
            if (line.Wallet != pool)
                continue;
            var leg = over.Legs[j];
            double reach = MarginBalance.SquareReach(line, leg.Part > 0);
            int growth = leg.Opens ? 1 : -1;
            foreach (var points in tail.Looks)
            {
                var (matrix, at, rows) = columns.Of(line.Column, points);
                var rates = Paths.MarginOf(Prepared, matrix).At(at, rows);
                double[] rate = leg.Part > 0 ? rates.Long : rates.Short;
                for (int i = 0; i < rows.Length; i++)
                    row[j] +=
                        points.Weights[i]
                        * (growth * (rate[i] + reach * rates.Square[i]) - leg.Direction * rates.Balance[i]);
            }
            row[j] /= Prepared.Equity;
        }
        return new LimitRow(Now(tail), row);
    }
}
