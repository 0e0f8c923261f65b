using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>A growth-optimal bet.</summary>
/// <param name="Fraction">Share of wealth put down; negative where the other side is better and can be taken.</param>
/// <param name="Growth">Natural log growth per bet (per year for continuous bets).</param>
public readonly record struct KellyBet(double Fraction, double Growth);

/// <summary>Growth-optimal fractions of wealth in closed form or by one root.</summary>
/// <remarks>
/// The fraction is of capital put down, never of capital lost when losing: on win 2 %, lose 1 % the two differ by a
/// hundred (docs/concepts.md). A bet without edge gives a fraction of zero or less; the caller decides whether the
/// other
/// side can be taken.
/// </remarks>
public static class KellyBets
{
    /// <summary>
    /// Win <paramref name="gain"/> or lose <paramref name="loss"/> per unit put down: f = p/loss − q/gain.
    /// </summary>
    /// <remarks>Kelly (1956), BSTJ 35(4), 917-926; Thorp (2006), section 2; a total loss is 1.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A probability outside (0, 1), or a figure that is not
    /// positive.</exception>
    public static KellyBet Binary(double winProbability, double gain, double loss = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(gain);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(loss);
        if (!(winProbability > 0 && winProbability < 1))
            throw new ArgumentOutOfRangeException(
                nameof(winProbability),
                winProbability,
                "a probability inside (0, 1)"
            );
        double fraction = winProbability / loss - (1 - winProbability) / gain;
        double growth =
            winProbability * SpecialFunctions.Log1p(fraction * gain)
            + (1 - winProbability) * SpecialFunctions.Log1p(-fraction * loss);
        return new KellyBet(fraction, growth);
    }

    /// <summary>Root of E[R/(1 + fR)] for outcomes R per unit put down.</summary>
    /// <remarks>
    /// A finite positive root needs a losing outcome, a finite negative one a winning outcome: without it the set hides
    /// an arbitrage and is refused.
    /// </remarks>
    /// <param name="outcomes">Net return of one unit put down, by outcome.</param>
    /// <param name="probabilities">Their probabilities, sum 1.</param>
    /// <exception cref="ArgumentException">No outcome loses, or none wins: no finite fraction is best.</exception>
    public static KellyBet Outcomes(ReadOnlySpan<double> outcomes, ReadOnlySpan<double> probabilities)
    {
        double least = 0,
            most = 0;
        foreach (double outcome in outcomes)
            (least, most) = (Math.Min(least, outcome), Math.Max(most, outcome));
        if (least == 0 || most == 0)
            throw new ArgumentException("outcomes must lose in one case and gain in another", nameof(outcomes));
        // Wealth stays positive for every outcome strictly between these ends, and the slope falls from +∞ to −∞.
        double low = -1 / most,
            high = -1 / least;
        for (int step = 0; step < 200 && high - low > Math.Abs(high + low) * 1e-17; step++)
        {
            double middle = low + (high - low) / 2;
            if (Slope(outcomes, probabilities, middle) > 0)
                low = middle;
            else
                high = middle;
        }
        double fraction = low + (high - low) / 2;
        double growth = 0;
        for (int i = 0; i < outcomes.Length; i++)
            growth += probabilities[i] * SpecialFunctions.Log1p(fraction * outcomes[i]);
        return new KellyBet(fraction, growth);
    }

    /// <summary>
    /// Continuous trading of a price with arithmetic drift: f = (μ − r)/σ², growth r + f(μ − r) − f²σ²/2.
    /// </summary>
    /// <remarks>Thorp (2006), section 7.1. The drift is of dS/S, not of log S.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Volatility that is not positive.</exception>
    public static KellyBet Continuous(double driftAnnual, double volatilityAnnual, double rateAnnual)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(volatilityAnnual);
        double fraction = (driftAnnual - rateAnnual) / (volatilityAnnual * volatilityAnnual);
        return new KellyBet(fraction, ContinuousGrowth(driftAnnual, volatilityAnnual, rateAnnual, fraction));
    }

    /// <summary>Growth a year at any fraction: r + f(μ − r) − f²σ²/2.</summary>
    /// <remarks>
    /// A multiple c of the best fraction keeps c(2 − c) of its growth above the rate: MacLean, Ziemba and Blazenko
    /// (1992).
    /// </remarks>
    public static double ContinuousGrowth(
        double driftAnnual,
        double volatilityAnnual,
        double rateAnnual,
        double fraction
    )
    {
        double deviation = fraction * volatilityAnnual;
        return rateAnnual + fraction * (driftAnnual - rateAnnual) - deviation * deviation / 2;
    }

    /// <summary>Multiple of full Kelly at which P(wealth ever below floor) is the probability: c = 2/(1 + λ).</summary>
    /// <remarks>λ = ln(probability)/ln(floor); geometric Brownian wealth: Thorp (2006), section 7.3.</remarks>
    /// <param name="floor">Share of today's wealth, in (0, 1).</param>
    /// <param name="probability">In (0, 1).</param>
    public static double MultipleForFloor(double floor, double probability) =>
        2 / (1 + Math.Log(probability) / Math.Log(floor));

    /// <summary>
    /// P(wealth ever at or below floor) at a multiple c of full Kelly: floor^(2/c − 1), 1 from c = 2 on.
    /// </summary>
    /// <remarks>Thorp (2006), section 7.3.</remarks>
    public static double ProbabilityEverBelow(double floor, double multiple) =>
        multiple >= 2 ? 1 : Math.Pow(floor, 2 / multiple - 1);

    static double Slope(ReadOnlySpan<double> outcomes, ReadOnlySpan<double> probabilities, double fraction)
    {
        double sum = 0;
        for (int i = 0; i < outcomes.Length; i++)
            sum += probabilities[i] * outcomes[i] / (1 + fraction * outcomes[i]);
        return sum;
    }
}
