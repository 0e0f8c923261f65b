namespace Plimsoll.Pricing;

/// <summary>The jump-wings parameters of a raw SVI slice: figures that a trader can read off a smile.</summary>
/// <remarks>Source: Gatheral and Jacquier (2014), section 3.3 and Lemma 3.2.</remarks>
/// <param name="VarianceAnnual">Variance a year at the forward.</param>
/// <param name="Skew">d(volatility)/dk·√t at the forward.</param>
/// <param name="LeftWing">Slope of the left wing over √w(0).</param>
/// <param name="RightWing">Slope of the right wing over √w(0).</param>
/// <param name="LeastVarianceAnnual">Least variance a year over all strikes.</param>
public readonly record struct SviJumpWings(
    double VarianceAnnual,
    double Skew,
    double LeftWing,
    double RightWing,
    double LeastVarianceAnnual
)
{
    /// <summary>Of a raw slice.</summary>
    public static SviJumpWings Of(SviSlice slice)
    {
        double variance = slice.AtTheMoneyVariance;
        double root = Math.Sqrt(variance);
        return new SviJumpWings(
            variance / slice.TYears,
            slice.Slope(0) / (2 * root),
            slice.LeftWing / root,
            slice.RightWing / root,
            slice.LeastVariance / slice.TYears
        );
    }

    /// <summary>The raw slice.</summary>
    /// <remarks>
    /// With Rho = sin α and the place of the forward on the smile β = M/√(M² + Sigma²) = sin γ, the variance above its
    /// least is B·√(M² + Sigma²)·(1 − cos(α − γ)): no singularity where M is zero, which the paper's α has.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The skew lies outside (−LeftWing/2, RightWing/2), or there is no variance above the least, which leaves the
    /// width of the smile undetermined.
    /// </exception>
    public SviSlice ToRaw(DateTimeOffset expiry, double tYears, double forwardUsd)
    {
        double root = Math.Sqrt(VarianceAnnual * tYears);
        double b = root * (RightWing + LeftWing) / 2;
        double rho = 1 - LeftWing * root / b;
        double place = rho - 2 * Skew * root / b;
        if (!(Math.Abs(place) < 1) || !(Math.Abs(rho) < 1))
            throw new ArgumentOutOfRangeException(nameof(Skew), Skew, "the skew must lie inside (−left/2, right/2)");
        double half = Math.Sin((Math.Asin(rho) - Math.Asin(place)) / 2);
        double radius = (VarianceAnnual - LeastVarianceAnnual) * tYears / (2 * b * half * half);
        if (!(radius > 0) || double.IsInfinity(radius))
            throw new ArgumentOutOfRangeException(
                nameof(LeastVarianceAnnual),
                LeastVarianceAnnual,
                "the least variance must lie below the variance at the forward for the width to be determined"
            );
        double sigma = radius * Math.Sqrt((1 - place) * (1 + place));
        double least = LeastVarianceAnnual * tYears;
        return new SviSlice(
            expiry,
            tYears,
            forwardUsd,
            least - b * sigma * Math.Sqrt((1 - rho) * (1 + rho)),
            b,
            rho,
            radius * place,
            sigma
        );
    }
}
