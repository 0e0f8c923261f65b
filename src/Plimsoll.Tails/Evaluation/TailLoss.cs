namespace Plimsoll.Tails;

/// <summary>Losses that a forecast of quantile and tail mean makes least by telling the truth.</summary>
/// <remarks>
/// All in returns: y the return, v the quantile, e the tail mean, e ≤ v &lt; 0. Expected shortfall alone has no such
/// loss (Gneiting 2011); with the quantile it has (Fissler and Ziegel, Annals of Statistics 44 (2016)).
/// </remarks>
public static class TailLoss
{
    /// <summary>The 0-homogeneous Fissler-Ziegel loss: −(1/pe)·1{y ≤ v}(v − y) + v/e + ln(−e) − 1.</summary>
    /// <remarks>
    /// Patton, Ziegel and Chen, J. Econometrics 211 (2019), eq. 6. In decimals it is that of percents less ln 100, so
    /// differences between models have no unit and ratios no meaning.
    /// </remarks>
    public static double Fz0(double y, double v, double e, TailProbability p)
    {
        double hit = y <= v ? -(v - y) / (p.Value * e) : 0;
        return hit + v / e + Math.Log(-e) - 1;
    }

    /// <summary>Quantile (tick) loss: (p − 1{y ≤ v})(y − v).</summary>
    public static double Quantile(double y, double v, TailProbability p) => (p.Value - (y <= v ? 1 : 0)) * (y - v);

    /// <summary>
    /// Log-likelihood of the asymmetric Laplace law (Taylor, J. Business and Economic Statistics 37, 2019).
    /// </summary>
    public static double AsymmetricLaplaceLogLikelihood(double y, double v, double e, TailProbability p) =>
        Math.Log((p.Value - 1) / e) + (y - v) * (p.Value - (y <= v ? 1 : 0)) / (p.Value * e);
}
