using System.Collections.Immutable;
using Plimsoll.Margin;

namespace Plimsoll.Sizing;

/// <summary>What one more contract of every line adds to the growth of the book as it is held.</summary>
/// <remarks>
/// d E[ln W] / dq = E[X / W] under the law after views, X the gain of one contract with the edge that was stated and
/// nothing else, W the account's wealth in the scenario (<see cref="EdgeAdjustment"/>); less the share of the cost that
/// the horizon bears, over equity. Where the book as held loses everything in a scenario W is that of the collateral
/// alone: plain edge over wealth.
/// </remarks>
public static class MarginalGrowth
{
    /// <summary>By instrument; lines of several subaccounts stand once.</summary>
    public static ImmutableDictionary<string, CandidateGrowth> Of(PreparedSizing prepared)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        var matrix = prepared.Matrix;
        int count = prepared.Scenarios.Count;
        var wealth = new double[count];
        for (int s = 0; s < count; s++)
            wealth[s] = prepared.Collateral[s] + prepared.Edge.CollateralShift;
        double[] alone = [.. wealth];
        foreach (var line in prepared.Lines.Where(line => line.IsHeld))
        {
            var gain = matrix.Gain.Column(line.Column);
            for (int s = 0; s < count; s++)
                wealth[s] += line.CurrentContracts * (gain[s] + prepared.Edge.Shift[line.Column]);
        }
        double[] over =
            wealth.Min() > 0 ? wealth
            : alone.Min() > 0 ? alone
            : [.. Enumerable.Repeat(prepared.Equity, count)];
        var found = ImmutableDictionary.CreateBuilder<string, CandidateGrowth>(StringComparer.Ordinal);
        var ratio = new double[count];
        foreach (var line in prepared.Lines.Where(line => !found.ContainsKey(line.Name)))
        {
            var gain = matrix.Gain.Column(line.Column);
            for (int s = 0; s < count; s++)
                ratio[s] = (gain[s] + prepared.Edge.Shift[line.Column]) / over[s];
            double mean = ViewTargets.Mean(prepared.Law.Weights, ratio);
            double? buy = Cost(line.Cost.Buy?.Home, line, line.Current < 0),
                sell = Cost(line.Cost.Sell?.Home, line, line.Current > 0);
            found[line.Name] = new CandidateGrowth(
                line.Instrument,
                mean - buy / prepared.Equity,
                -mean - sell / prepared.Equity
            );
        }
        return found.ToImmutable();
    }

    static double? Cost(double? home, SizingLine line, bool closes) =>
        home * (closes ? line.ClosingShare : line.OpeningShare);
}
