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
    /// <summary>Total variance at the forward, w(0).</summary>
    public double AtTheMoneyVariance => TotalVariance(0);

    /// <summary>Least total variance over all strikes: A + B·Sigma·√(1 − Rho²).</summary>
    public double LeastVariance => A + B * Sigma * Math.Sqrt((1 - Rho) * (1 + Rho));

    /// <summary>Slope of w per unit of −k far to the left, B·(1 − Rho); at most 2 by Lee's moment formula.</summary>
    public double LeftWing => B * (1 - Rho);

    /// <summary>Slope of w per unit of k far to the right, B·(1 + Rho); at most 2 by Lee's moment formula.</summary>
    public double RightWing => B * (1 + Rho);

    /// <summary>Total variance at log-moneyness k = ln(strike/forward).</summary>
    public double TotalVariance(double logMoneyness)
    {
        double y = logMoneyness - M;
        return A + B * (Rho * y + Math.Sqrt(y * y + Sigma * Sigma));
    }

    /// <summary>dw/dk at log-moneyness k.</summary>
    public double Slope(double logMoneyness)
    {
        double y = logMoneyness - M;
        return B * (Rho + y / Math.Sqrt(y * y + Sigma * Sigma));
    }

    /// <summary>d²w/dk² at log-moneyness k; never negative.</summary>
    public double Curvature(double logMoneyness)
    {
        double y = logMoneyness - M;
        double root = Math.Sqrt(y * y + Sigma * Sigma);
        return B * Sigma * Sigma / (root * root * root);
    }

    /// <summary>Annual volatility at log-moneyness k = ln(strike/forward).</summary>
    public double VolatilityAnnual(double logMoneyness) => Math.Sqrt(TotalVariance(logMoneyness) / TYears);

    /// <summary>Skew at the forward: d(annual volatility)/dk at k = 0, volatility per unit of log-moneyness.</summary>
    public double AtTheMoneySkew => Slope(0) / (2 * Math.Sqrt(AtTheMoneyVariance * TYears));

    /// <summary>
    /// The slice w'(k) = u·(w(κ) + τ·κ), κ = k/√u: the smile keeps its shape in standard deviations (u) and is tilted
    /// without moving its at-the-money level (τ). Again a raw SVI slice, exactly.
    /// </summary>
    /// <param name="varianceScale">u, positive.</param>
    /// <param name="tilt">τ, total variance per unit of κ; |Rho + τ/B| must stay below 1.</param>
    /// <param name="tYearsLeft">Years to expiry of the moved slice, positive.</param>
    /// <param name="forwardUsd">Forward of the moved slice, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The scale is not positive or the tilt turns a wing downwards.
    /// </exception>
    public SviSlice Moved(double varianceScale, double tilt, double tYearsLeft, double forwardUsd)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(varianceScale);
        double rho = tilt == 0 ? Rho : Rho + tilt / B;
        if (!(Math.Abs(rho) < 1))
            throw new ArgumentOutOfRangeException(nameof(tilt), tilt, "the tilt turns a wing of the smile downwards");
        double root = Math.Sqrt(varianceScale);
        return new SviSlice(
            Expiry,
            tYearsLeft,
            forwardUsd,
            varianceScale * (A + tilt * M),
            root * B,
            rho,
            root * M,
            root * Sigma
        );
    }

    /// <summary>The moved slice with its own time and forward.</summary>
    /// <inheritdoc cref="Moved(double, double, double, double)"/>
    public SviSlice Moved(double varianceScale, double tilt) => Moved(varianceScale, tilt, TYears, ForwardUsd);
}
