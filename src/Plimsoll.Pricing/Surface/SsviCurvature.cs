using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>φ(θ): how the curvature of surface SVI falls with the at-the-money total variance.</summary>
/// <remarks>Gatheral and Jacquier (2014), section 4: Heston-like, power law and its bounded form.</remarks>
public static class SsviCurvature
{
    // Below this λθ the series of (1 − (1 − e^−y)/y)/y is exact to the last bit.
    const double SmallProduct = 1e-4;

    /// <summary>(1 − (1 − e^−λθ)/(λθ))/(λθ): free of static arbitrage if λ ≥ (1 + |ρ|)/4.</summary>
    /// <param name="theta">θ, positive.</param>
    /// <param name="lambda">λ, positive.</param>
    public static double Heston(double theta, double lambda)
    {
        double y = lambda * theta;
        // 1/2 − y/6 + y²/24 − y³/120
        return y < SmallProduct
            ? 0.5 - y * (1.0 / 6 - y * (1.0 / 24 - y / 120))
            : (1 + SpecialFunctions.Expm1(-y) / y) / y;
    }

    /// <summary>η·θ^−γ, γ in (0, 1/2]: free of butterflies only while θφ²(1 + |ρ|) ≤ 4.</summary>
    public static double PowerLaw(double theta, double eta, double gamma) => eta * Math.Pow(theta, -gamma);

    /// <summary>η/(θ^γ·(1 + θ)^(1−γ)): free of static arbitrage for all θ if η(1 + |ρ|) ≤ 2.</summary>
    public static double BoundedPowerLaw(double theta, double eta, double gamma) =>
        eta / (Math.Pow(theta, gamma) * Math.Pow(1 + theta, 1 - gamma));
}
