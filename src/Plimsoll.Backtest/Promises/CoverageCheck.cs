using Plimsoll.Tails;

namespace Plimsoll.Backtest;

/// <summary>A promised loss level against what happened.</summary>
/// <param name="Level">Such as 0.99.</param>
/// <param name="Days">Decisions with a promise and an outcome.</param>
/// <param name="Hits">Losses beyond the promised value at risk.</param>
/// <param name="Expected">(1 − Level)·Days.</param>
/// <param name="KupiecPValue">Probability of a hit count this far off under the promise; null without days.</param>
/// <param name="ShortfallRatio">
/// Mean over hits of loss over promised expected shortfall; 1 is as promised, more is worse; null without hits.
/// </param>
/// <param name="ShortfallZ2">
/// Z2 of Acerbi and Székely, Risk (2014): 0 as promised, negative when risk was understated; null without days.
/// </param>
public sealed record CoverageCheck(
    double Level,
    int Days,
    int Hits,
    double Expected,
    double? KupiecPValue,
    double? ShortfallRatio,
    double? ShortfallZ2
)
{
    /// <summary>Below this the promise is called broken, if losses were the larger ones.</summary>
    public const double Significance = 0.05;

    /// <summary>Kept: hits are no more than promised, or not significantly more; null without days.</summary>
    public bool? Kept => Days == 0 ? null : Hits <= Expected || KupiecPValue >= Significance;

    /// <summary>Checks losses against promises.</summary>
    /// <param name="losses">As fractions of equity at the decision; a gain is negative.</param>
    /// <param name="valueAtRisk">Promised, one each.</param>
    /// <param name="shortfall">Promised, one each.</param>
    /// <param name="level">In [0.5, 1).</param>
    public static CoverageCheck Of(
        ReadOnlySpan<double> losses,
        ReadOnlySpan<double> valueAtRisk,
        ReadOnlySpan<double> shortfall,
        double level
    )
    {
        if (losses.IsEmpty)
            return new CoverageCheck(level, 0, 0, 0, null, null, null);
        int hits = 0;
        var returns = new double[losses.Length];
        var promised = new TailForecast[losses.Length];
        for (int t = 0; t < losses.Length; t++)
        {
            hits += losses[t] > valueAtRisk[t] ? 1 : 0;
            (returns[t], promised[t]) = (-losses[t], new TailForecast(-valueAtRisk[t], -shortfall[t]));
        }
        var tail = new TailProbability(1 - level);
        return new CoverageCheck(
            level,
            losses.Length,
            hits,
            tail.Value * losses.Length,
            CoverageTests.Kupiec(hits, losses.Length, tail).PValue,
            1 - ShortfallBacktest.Z1(returns, promised),
            ShortfallBacktest.Z2(returns, promised, tail)
        );
    }
}
