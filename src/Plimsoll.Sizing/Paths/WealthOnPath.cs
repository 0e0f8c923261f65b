using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Loss of whole wealth on the way, without the cost of the trades.</summary>
sealed class WealthOnPath(PreparedSizing prepared, PathMatrices paths) : LinearPathRisk(prepared, paths)
{
    protected override double[] Without(int look)
    {
        double[] wealth = Prepared.Wallets.EquityInScenarios(Paths.Prices[look]);
        return wealth.Length == 0 ? new double[Paths.Count] : [.. wealth.Select(each => 1 - each / Prepared.Equity)];
    }

    protected override double[] OfContract(int line, bool isLong, int look)
    {
        var gain = Paths.Over([Prepared.Lines[line].Column])[0].Gain(look);
        var loss = new double[gain.Length];
        ColumnProducts.Scale((isLong ? -1 : 1) / Prepared.Equity, gain, loss);
        return loss;
    }

    public override LimitRow Row(ProgramParts over, double[] positions, PathTail tail)
    {
        var columns = new PathTailColumns(Paths, over, tail);
        var loss = new Dictionary<int, double>();
        double OfOne(int column)
        {
            double sum = 0;
            foreach (var points in tail.Looks)
            {
                var (matrix, at, rows) = columns.Of(column, points);
                var gain = matrix.Gain.Column(at);
                for (int i = 0; i < rows.Length; i++)
                    sum -= points.Weights[i] * gain[rows[i]];
            }
            return sum / Prepared.Equity;
        }
        double[] row = over.LinearRow(line =>
            loss.TryGetValue(line.Column, out double known) ? known : loss[line.Column] = OfOne(line.Column)
        );
        return new LimitRow(Now(tail), row);
    }
}
