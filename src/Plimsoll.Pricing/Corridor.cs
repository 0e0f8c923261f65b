using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>Which of two levels a geometric Brownian motion touches first, and whether either by a time.</summary>
/// <param name="StayInside">Neither is touched by t.</param>
/// <param name="UpperFirst">The upper one is touched by t, the lower not before.</param>
/// <param name="LowerFirst">The lower one is touched by t, the upper not before.</param>
/// <param name="UpperFirstEver">The upper one is touched first, whenever.</param>
public readonly record struct Corridor(double StayInside, double UpperFirst, double LowerFirst, double UpperFirstEver)
{
    const int Terms = 60;

    /// <summary>Probabilities in closed form; drift as in <see cref="FirstPassage"/>.</summary>
    /// <remarks>
    /// Darling and Siegert (1953); the image series where σ²t is below 0.3 of the squared width, the sine series above,
    /// so that a few terms give full precision (Borodin and Salminen, Handbook of Brownian Motion, part II, 2.3).
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The spot is not strictly between the levels, or no time or volatility.
    /// </exception>
    public static Corridor Of(
        double spotUsd,
        double lowerUsd,
        double upperUsd,
        double volAnnual,
        double driftAnnual,
        double tYears
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lowerUsd);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(spotUsd, lowerUsd);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(upperUsd, spotUsd);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(volAnnual);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tYears);
        // In units of the volatility: a Brownian motion with drift m from 0, levels −down and up.
        double m = driftAnnual / volAnnual - volAnnual / 2;
        double up = SpecialFunctions.Log1p((upperUsd - spotUsd) / spotUsd) / volAnnual;
        double down = -SpecialFunctions.Log1p((lowerUsd - spotUsd) / spotUsd) / volAnnual;
        double width = up + down;
        bool isShort = tYears < 0.3 * width * width;
        double upper = isShort ? ByImages(m, up, down, tYears) : BySines(m, up, down, tYears);
        double lower = isShort ? ByImages(-m, down, up, tYears) : BySines(-m, down, up, tYears);
        return new Corridor(Math.Max(0, 1 - upper - lower), upper, lower, Ever(m, up, down));
    }

    /// <summary>P(up before −down, ever) = (1 − e^(2m·down))/(e^(−2m·up) − e^(2m·down)).</summary>
    static double Ever(double m, double up, double down)
    {
        if (Math.Abs(m) * (up + down) < 1e-12)
            return down / (up + down);
        // With the exponential that shrinks, whichever sign m has.
        return m > 0
            ? SpecialFunctions.Expm1(-2 * m * down) / SpecialFunctions.Expm1(-2 * m * (up + down))
            : Math.Exp(2 * m * up) * SpecialFunctions.Expm1(2 * m * down) / SpecialFunctions.Expm1(2 * m * (up + down));
    }

    /// <summary>Σ over images of e^(m·up)·e^(−m·a)·P(touch of a by t), a = up + 2k·width, with signs.</summary>
    static double ByImages(double m, double up, double down, double t)
    {
        double width = up + down;
        double sum = 0;
        for (int k = Terms; k >= 0; k--)
        {
            sum += Image(m, up, up + 2 * k * width, t);
            sum -= Image(m, up, up + 2 * k * width + 2 * down, t);
        }
        return Math.Clamp(sum, 0, 1);
    }

    /// <summary>
    /// ∫₀ᵗ of the first-passage density of a driftless motion to a, reweighted to drift m at the level up.
    /// </summary>
    static double Image(double m, double up, double a, double t)
    {
        double root = Math.Sqrt(t);
        double size = Math.Abs(m);
        double ahead = (a - size * t) / root;
        double behind = (a + size * t) / root;
        // e^(m·up − |m|a)·[N(−ahead) + e^(2|m|a)·N(−behind)]; the second product has the density of the first.
        double first = Math.Exp(m * up - size * a) * SpecialFunctions.NormalCdf(-ahead);
        double exponent = m * up - size * a - ahead * ahead / 2;
        double second = Math.Exp(exponent) * SpecialFunctions.Erfcx(behind * 0.7071067811865476) / 2;
        return first + second;
    }

    /// <summary>P(up first, ever) less the sine series of what comes after t.</summary>
    static double BySines(double m, double up, double down, double t)
    {
        double width = up + down;
        double sum = 0;
        for (int k = Terms; k >= 1; k--)
        {
            double wave = k * Math.PI / width;
            double rate = (m * m + wave * wave) / 2;
            sum += wave * Math.Sin(wave * up) / (width * rate) * Math.Exp(m * up - rate * t);
        }
        return Math.Clamp(Ever(m, up, down) - sum, 0, 1);
    }
}
