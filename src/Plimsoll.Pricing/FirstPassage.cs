using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>When a geometric Brownian motion first touches a level: probabilities in closed form.</summary>
/// <remarks>
/// With b = ln(level/spot), ν = drift − σ²/2, q = σ√t, by the reflection principle and Girsanov (Karatzas and Shreve,
/// Brownian Motion and Stochastic Calculus, 3.5.C). The drift is that of the price, a year: real-world for survival, 0
/// for prices of a forward. Flat volatility, watched without pause. Levels and spot positive, time and volatility not
/// negative: otherwise <see cref="ArgumentOutOfRangeException"/>.
/// </remarks>
public static class FirstPassage
{
    /// <summary>−ζ(½)/√(2π): how far, in step deviations, watching at fixed dates moves the level away.</summary>
    const double DiscreteShift = 0.5825971579390107;

    /// <summary>Probability that the price touches the level by time t; 1 when it starts there.</summary>
    public static double TouchProbability(
        double spotUsd,
        double levelUsd,
        double volAnnual,
        double driftAnnual,
        double tYears
    )
    {
        var (b, nu) = Reduce(spotUsd, levelUsd, volAnnual, driftAnnual);
        ArgumentOutOfRangeException.ThrowIfNegative(tYears);
        if (b == 0)
            return 1;
        double q = volAnnual * Math.Sqrt(tYears);
        // Upside down: a touch from below of −b with drift −ν is the same event.
        double distance = Math.Abs(b);
        double towards = b > 0 ? nu : -nu;
        if (q == 0)
            return towards * tYears >= distance ? 1 : 0;
        double ahead = (distance - towards * tYears) / q;
        double behind = (distance + towards * tYears) / q;
        // e^(2νb/σ²)·N(−behind) = φ(ahead)·M(behind): the exponential alone would overflow.
        double density = SpecialFunctions.NormalDensity(ahead);
        double reflected =
            behind >= 0
                ? density * Mills(behind)
                : Math.Exp(2 * towards * distance / (volAnnual * volAnnual)) * SpecialFunctions.NormalCdf(-behind);
        return Math.Min(1, SpecialFunctions.NormalCdf(-ahead) + reflected);
    }

    /// <summary>Probability that the price ever touches the level.</summary>
    public static double TouchProbabilityEver(double spotUsd, double levelUsd, double volAnnual, double driftAnnual)
    {
        var (b, nu) = Reduce(spotUsd, levelUsd, volAnnual, driftAnnual);
        return b * nu >= 0 ? 1 : Math.Exp(2 * nu * b / (volAnnual * volAnnual));
    }

    /// <summary>Density of the first touch at time t, per year.</summary>
    public static double TouchDensity(
        double spotUsd,
        double levelUsd,
        double volAnnual,
        double driftAnnual,
        double tYears
    )
    {
        var (b, nu) = Reduce(spotUsd, levelUsd, volAnnual, driftAnnual);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tYears);
        double q = volAnnual * Math.Sqrt(tYears);
        return Math.Abs(b) / (q * tYears) * SpecialFunctions.NormalDensity((b - nu * tYears) / q);
    }

    /// <summary>
    /// Probability of a touch between two known prices a step apart; whatever the drift. 1 if they straddle.
    /// </summary>
    public static double BridgeTouchProbability(
        double startUsd,
        double endUsd,
        double levelUsd,
        double volAnnual,
        double stepYears
    )
    {
        var (start, _) = Reduce(startUsd, levelUsd, volAnnual, 0);
        var (end, _) = Reduce(endUsd, levelUsd, volAnnual, 0);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepYears);
        return start * end <= 0 ? 1 : Math.Exp(-2 * start * end / (volAnnual * volAnnual * stepYears));
    }

    /// <summary>
    /// The level that, watched without pause, is touched about as often as this one watched at n even dates: Broadie,
    /// Glasserman and Kou, A continuity correction for discrete barrier options (1997). Error of order 1/n.
    /// </summary>
    public static double ShiftedLevelUsd(double spotUsd, double levelUsd, double volAnnual, double tYears, int dates)
    {
        var (b, _) = Reduce(spotUsd, levelUsd, volAnnual, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(dates, 1);
        double shift = DiscreteShift * volAnnual * Math.Sqrt(tYears / dates);
        return levelUsd * Math.Exp(b > 0 ? shift : -shift);
    }

    static double Mills(double a) => SpecialFunctions.Erfcx(a * 0.7071067811865476) * 1.2533141373155003;

    static (double LogDistance, double LogDrift) Reduce(double spot, double level, double vol, double drift)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(spot);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(level);
        ArgumentOutOfRangeException.ThrowIfNegative(vol);
        return (SpecialFunctions.Log1p((level - spot) / spot), drift - vol * vol / 2);
    }
}
