using Plimsoll.Sizing;

namespace Plimsoll.Backtest;

/// <summary>Everything that a method promised, against what happened.</summary>
/// <param name="Coverage95">Value at risk and expected shortfall at 95 %.</param>
/// <param name="Coverage99">At 99 %.</param>
/// <param name="Drawdown">Null when the mandate limits none over a time.</param>
/// <param name="MarginLimit">Allowed initial margin over equity; null without a limit.</param>
/// <param name="MarginMost">Most that was used after a decision.</param>
/// <param name="LiquidationsExpected">
/// Sum of the allowed probabilities of liquidation; null without such a limit.
/// </param>
/// <param name="Liquidations">Pools that the venue closed.</param>
public sealed record PromiseChecks(
    CoverageCheck Coverage95,
    CoverageCheck Coverage99,
    DrawdownCheck? Drawdown,
    double? MarginLimit,
    double MarginMost,
    double? LiquidationsExpected,
    int Liquidations
)
{
    /// <summary>A margin use this much above its limit is a break; below it, it is the marks' difference.</summary>
    const double MarginTolerance = 0.02;

    /// <summary>Names of the promises that were broken, in words.</summary>
    public IEnumerable<string> Broken()
    {
        if (Coverage95.Kept == false)
            yield return "value at risk 95%";
        if (Coverage99.Kept == false)
            yield return "value at risk 99%";
        if (Drawdown?.Kept == false)
            yield return "drawdown";
        if (MarginMost > MarginLimit + MarginTolerance)
            yield return "initial margin";
        if (Liquidations > 0 && Liquidations > (LiquidationsExpected ?? 0) + 1)
            yield return "liquidation";
    }

    /// <summary>Checks a run against its mandate.</summary>
    /// <remarks>
    /// The loss of a promise is between the equity after its trades and that before the trades of the first instant at
    /// which nine tenths of the horizon have passed. Decisions that promise no loss at all (a flat account) do not
    /// count.
    /// </remarks>
    public static PromiseChecks Of(IReadOnlyList<StepRecord> records, Mandate mandate)
    {
        var losses = new List<double>();
        var promises = new List<Promise>();
        int decisions = 0;
        for (int i = 0; i < records.Count; i++)
        {
            if (records[i].Promise is not { } promise || !(records[i].Equity > 0))
                continue;
            decisions++;
            var due = records[i].Time + 0.9 * TimeSpan.FromDays(promise.HorizonDays);
            int j = i + 1;
            while (j < records.Count && records[j].Time < due)
                j++;
            if (j == records.Count || !(promise.ExpectedShortfall95 > 0))
                continue;
            losses.Add(1 - records[j].EquityBefore / records[i].Equity);
            promises.Add(promise);
        }
        double[] found = [.. losses];
        var drawdown = mandate.Survival.Drawdown;
        var decided = records.Where(record => record.Promise is not null).ToList();
        return new PromiseChecks(
            CoverageCheck.Of(
                found,
                [.. promises.Select(promise => promise.ValueAtRisk95)],
                [.. promises.Select(promise => promise.ExpectedShortfall95)],
                0.95
            ),
            CoverageCheck.Of(
                found,
                [.. promises.Select(promise => promise.ValueAtRisk99)],
                [.. promises.Select(promise => promise.ExpectedShortfall99)],
                0.99
            ),
            drawdown is { Within: { } within }
                ? DrawdownCheck.Of(records, drawdown.Limit, within.Days, drawdown.Probability)
                : null,
            mandate.Limits.InitialMargin,
            decided.Count == 0 ? 0 : decided.Max(record => record.InitialMarginShare),
            mandate.Survival.Liquidation is { } liquidation ? liquidation.Probability * decisions : null,
            records.Sum(record => record.Liquidations)
        );
    }
}
