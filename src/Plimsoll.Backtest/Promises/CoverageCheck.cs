using Plimsoll.Numerics;

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
    /// <param name="level">In (0, 1).</param>
    public static CoverageCheck Of(
        ReadOnlySpan<double> losses,
        ReadOnlySpan<double> valueAtRisk,
        ReadOnlySpan<double> shortfall,
        double level
    )
    {
        int hits = 0;
        double ratios = 0;
        for (int t = 0; t < losses.Length; t++)
            if (losses[t] > valueAtRisk[t])
            {
                hits++;
                ratios += losses[t] / shortfall[t];
            }
        double tail = 1 - level;
        bool any = losses.Length > 0;
        return new CoverageCheck(
            level,
            losses.Length,
            hits,
            tail * losses.Length,
            any ? Kupiec(hits, losses.Length, tail) : null,
            hits > 0 ? ratios / hits : null,
            any ? 1 - ratios / (losses.Length * tail) : null
        );
    }

    /// <summary>
    /// Unconditional coverage, p-value of the likelihood ratio with one degree of freedom: Kupiec, J. Derivatives 3(2)
    /// (1995).
    /// </summary>
    public static double Kupiec(int hits, int days, double tail)
    {
        double rate = (double)hits / days;
        double ratio = 2 * (Likelihood(rate) - Likelihood(tail));
        return SpecialFunctions.Erfc(Math.Sqrt(Math.Max(ratio, 0) / 2));

        double Likelihood(double p) =>
            (hits == 0 ? 0 : hits * Math.Log(p)) + (hits == days ? 0 : (days - hits) * SpecialFunctions.Log1p(-p));
    }
}
