namespace Plimsoll.Pricing;

/// <summary>Total implied variance of one expiry in Gatheral's raw SVI form.</summary>
/// <remarks>
/// w(k) = A + B·(Rho·(k − M) + √((k − M)² + Sigma²)), k = ln(strike/forward); w is σ²·t, a pure number.
/// Source: Gatheral and Jacquier, Arbitrage-free SVI volatility surfaces (2014), eq. 3.1.
/// </remarks>
/// <param name="Expiry">Instant of expiry.</param>
/// <param name="TYears">Years to expiry when the slice was fitted; positive.</param>
/// <param name="ForwardUsd">Forward when the slice was fitted; positive.</param>
/// <param name="A">Level.</param>
/// <param name="B">Slope of the wings; at least 0.</param>
/// <param name="Rho">Tilt, inside (−1, 1).</param>
/// <param name="M">Centre in log-moneyness.</param>
/// <param name="Sigma">Width of the vertex; positive.</param>
public sealed record SviSlice(
    DateTimeOffset Expiry,
    double TYears,
    double ForwardUsd,
    double A,
    double B,
    double Rho,
    double M,
    double Sigma
)
{
    /// <summary>Total variance at log-moneyness k = ln(strike/forward).</summary>
    public double TotalVariance(double logMoneyness)
    {
        double y = logMoneyness - M;
        return A + B * (Rho * y + Math.Sqrt(y * y + Sigma * Sigma));
    }

    /// <summary>Annual volatility at log-moneyness k = ln(strike/forward).</summary>
    public double VolatilityAnnual(double logMoneyness) => Math.Sqrt(TotalVariance(logMoneyness) / TYears);
}
