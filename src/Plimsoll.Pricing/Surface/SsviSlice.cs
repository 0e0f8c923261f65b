namespace Plimsoll.Pricing;

/// <summary>One slice of Gatheral and Jacquier's surface SVI: w = θ/2·(1 + ρφk + √((φk + ρ)² + 1 − ρ²)).</summary>
/// <remarks>
/// Source: Gatheral and Jacquier (2014), section 4; conditions between slices with their own ρ: Hendriks and Martini,
/// The extended SSVI volatility surface (2019), Proposition 3.1 and 3.5.
/// </remarks>
/// <param name="Theta">Total variance at the forward; positive.</param>
/// <param name="Rho">Tilt, inside (−1, 1).</param>
/// <param name="Phi">Curvature; positive.</param>
public readonly record struct SsviSlice(double Theta, double Rho, double Phi)
{
    /// <summary>ψ = θφ, the eSSVI parameter; the wings' slopes are ψ(1 ± ρ)/2.</summary>
    public double Psi => Theta * Phi;

    /// <summary>Sufficient for no butterfly arbitrage: θφ(1+|ρ|) &lt; 4 and θφ²(1+|ρ|) ≤ 4 (Theorem 4.2).</summary>
    public bool IsSurelyFreeOfButterflies => Psi * (1 + Math.Abs(Rho)) < 4 && Psi * Phi * (1 + Math.Abs(Rho)) <= 4;

    /// <summary>Necessary for no butterfly arbitrage: θφ(1+|ρ|) ≤ 4 (Lemma 4.2).</summary>
    public bool MayBeFreeOfButterflies => Psi * (1 + Math.Abs(Rho)) <= 4;

    /// <summary>Total variance at log-moneyness k = ln(strike/forward).</summary>
    public double TotalVariance(double logMoneyness)
    {
        double x = Phi * logMoneyness;
        double shifted = x + Rho;
        return 0.5 * Theta * (1 + Rho * x + Math.Sqrt(shifted * shifted + (1 - Rho) * (1 + Rho)));
    }

    /// <summary>The same smile as a raw slice.</summary>
    public SviSlice ToRaw(DateTimeOffset expiry, double tYears, double forwardUsd)
    {
        double complement = (1 - Rho) * (1 + Rho);
        return new SviSlice(
            expiry,
            tYears,
            forwardUsd,
            0.5 * Theta * complement,
            0.5 * Psi,
            Rho,
            -Rho / Phi,
            Math.Sqrt(complement) / Phi
        );
    }

    /// <summary>Necessary for no calendar arbitrage: θ2 ≥ θ1 and ψ2(1 ± ρ2) ≥ ψ1(1 ± ρ1).</summary>
    public static bool MayFollow(SsviSlice earlier, SsviSlice later) =>
        later.Theta >= earlier.Theta
        && later.Psi * (1 + later.Rho) >= earlier.Psi * (1 + earlier.Rho)
        && later.Psi * (1 - later.Rho) >= earlier.Psi * (1 - earlier.Rho);

    /// <summary>Sufficient for no calendar arbitrage: the necessary conditions and φ2 ≤ φ1.</summary>
    public static bool SurelyFollows(SsviSlice earlier, SsviSlice later) =>
        MayFollow(earlier, later) && later.Phi <= earlier.Phi;

    /// <summary>A smile of ordinary shape at a given at-the-money variance, for an expiry that says no more.</summary>
    internal static SsviSlice Typical(double theta)
    {
        const double curvature = 1.2;
        return new SsviSlice(theta, -0.1, Math.Min(curvature / Math.Sqrt(theta), 1 / theta));
    }
}
