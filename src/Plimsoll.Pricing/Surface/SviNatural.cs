namespace Plimsoll.Pricing;

/// <summary>The natural parameters of a raw SVI slice.</summary>
/// <remarks>
/// w = Delta + Omega/2·(1 + Zeta·Rho·(k − Mu) + √((Zeta·(k − Mu) + Rho)² + 1 − Rho²)). Source: Gatheral and Jacquier
/// (2014), eq. 3.2 and Lemma 3.1.
/// </remarks>
/// <param name="Delta">Level.</param>
/// <param name="Mu">Centre in log-moneyness.</param>
/// <param name="Rho">Tilt, inside (−1, 1).</param>
/// <param name="Omega">Size; at least 0.</param>
/// <param name="Zeta">Curvature; positive.</param>
public readonly record struct SviNatural(double Delta, double Mu, double Rho, double Omega, double Zeta)
{
    /// <summary>Of a raw slice.</summary>
    public static SviNatural Of(SviSlice slice)
    {
        double root = Math.Sqrt((1 - slice.Rho) * (1 + slice.Rho));
        return new SviNatural(
            slice.A - slice.B * slice.Sigma * root,
            slice.M + slice.Rho * slice.Sigma / root,
            slice.Rho,
            2 * slice.B * slice.Sigma / root,
            root / slice.Sigma
        );
    }

    /// <summary>The raw slice.</summary>
    public SviSlice ToRaw(DateTimeOffset expiry, double tYears, double forwardUsd)
    {
        double complement = (1 - Rho) * (1 + Rho);
        return new SviSlice(
            expiry,
            tYears,
            forwardUsd,
            Delta + Omega / 2 * complement,
            Omega * Zeta / 2,
            Rho,
            Mu - Rho / Zeta,
            Math.Sqrt(complement) / Zeta
        );
    }
}
