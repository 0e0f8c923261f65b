using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Loss of whole wealth on the way, without the cost of the trades.</summary>
/// <remarks>
/// Where winning futures may be deleveraged no gain beyond the move counts at any look. A price that comes back finds
/// the position as if it had never been closed: what was closed would have kept its gain, so no loss is understated.
/// </remarks>
sealed class WealthOnPath(PreparedSizing prepared, PathMatrices paths) : LinearPathRisk(prepared, paths)
{
    protected override double[] Without(int look)
    {
        double[] wealth = Prepared.Wallets.EquityInScenarios(Paths.Prices[look]);
        return wealth.Length == 0 ? new double[Paths.Count] : [.. wealth.Select(each => 1 - each / Prepared.Equity)];
    }

    protected override double[] OfContract(int line, bool isLong, int look)
    {
        var column = Paths.Over([Prepared.Lines[line].Column])[0];
        var gain = column.Gain(look);
        var loss = new double[gain.Length];
        ColumnProducts.Scale((isLong ? -1 : 1) / Prepared.Equity, gain, loss);
        if (Paths.ForgoneOf(Prepared, column.Pieces[look])?.Of(column.Column, isLong) is { } forgone)
            ColumnProducts.AddScaled(1 / Prepared.Equity, forgone, loss);
        return loss;
    }

    public override LimitRow Row(ProgramParts over, double[] positions, PathTail tail)
    {
        var columns = new PathTailColumns(Paths, over, tail);
        var known = new Dictionary<(int Column, bool IsLong), double>();
        double OfOne(int column, bool isLong)
        {
            double sum = 0;
            foreach (var points in tail.Looks)
            {
                var (matrix, at, rows) = columns.Of(column, points);
                var gain = matrix.Gain.Column(at);
                double[]? forgone = Paths.ForgoneOf(Prepared, matrix)?.Of(at, isLong);
                for (int i = 0; i < rows.Length; i++)
                    sum += points.Weights[i] * ((forgone?[rows[i]] ?? 0) + (isLong ? -gain[rows[i]] : gain[rows[i]]));
            }
            return sum / Prepared.Equity;
        }
        double Loss(SizingLine line, bool isLong) =>
            known.TryGetValue((line.Column, isLong), out double loss)
                ? loss
                : known[(line.Column, isLong)] = OfOne(line.Column, isLong);
        double[] row = over.PartRow(line => Loss(line, true), line => Loss(line, false));
        return new LimitRow(Now(tail), row);
    }
}
