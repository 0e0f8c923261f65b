namespace Plimsoll.Backtest;

/// <summary>The mandate's drawdown promise against what happened.</summary>
/// <param name="Limit">Loss of the wealth at a decision.</param>
/// <param name="WithinDays">Time.</param>
/// <param name="Probability">Promised largest probability.</param>
/// <param name="Starts">Decisions that have the whole time after them.</param>
/// <param name="Broken">Of these, after how many wealth stood below 1 − limit at a later decision in the time.</param>
/// <param name="Separate">Starts of times that do not overlap.</param>
/// <param name="SeparateBroken">Of these, how many were broken.</param>
public sealed record DrawdownCheck(
    double Limit,
    double WithinDays,
    double Probability,
    int Starts,
    int Broken,
    int Separate,
    int SeparateBroken
)
{
    /// <summary>Share of starts after which it was broken; null without any.</summary>
    public double? Share => Starts > 0 ? (double)Broken / Starts : null;

    /// <summary>Kept: no larger share than promised; null without starts.</summary>
    public bool? Kept => Share is { } share ? share <= Probability : null;

    /// <summary>Checks a run.</summary>
    public static DrawdownCheck Of(
        IReadOnlyList<StepRecord> records,
        double limit,
        double withinDays,
        double probability
    )
    {
        var decisions = records.Where(record => record.Status is not null).ToArray();
        int starts = 0,
            broken = 0,
            separate = 0,
            separateBroken = 0;
        DateTimeOffset? free = null;
        for (int i = 0; i < decisions.Length; i++)
        {
            var end = decisions[i].Time + TimeSpan.FromDays(withinDays);
            if (decisions[^1].Time < end || !(decisions[i].Equity > 0))
                continue;
            double floor = (1 - limit) * decisions[i].Equity;
            bool fell = false;
            for (int j = i + 1; j < decisions.Length && decisions[j].Time <= end && !fell; j++)
                fell = decisions[j].EquityBefore < floor;
            starts++;
            broken += fell ? 1 : 0;
            if (free is { } next && decisions[i].Time < next)
                continue;
            separate++;
            separateBroken += fell ? 1 : 0;
            free = end;
        }
        return new DrawdownCheck(limit, withinDays, probability, starts, broken, separate, separateBroken);
    }
}
