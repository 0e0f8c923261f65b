namespace Plimsoll.Tails;

/// <summary>Parameters of the one-factor model: v = a·e^κ, e = b·e^κ.</summary>
/// <param name="A">Negative.</param>
/// <param name="B">Below A.</param>
/// <param name="Beta">Of κ.</param>
/// <param name="Gamma">Size of the answer to a day; positive makes risk rise after a hit.</param>
/// <param name="Delta">Of ln|r| in the hybrid model; 0 in the pure one.</param>
public sealed record OneFactorParameters(double A, double B, double Beta, double Gamma, double Delta = 0);

/// <summary>Quantile and tail mean driven by the score of their joint loss.</summary>
/// <remarks>Patton, Ziegel and Chen, J. Econometrics 211 (2019), eq. 20 to 29.</remarks>
public static class ScoreDriven
{
    /// <summary>Returns below this in size enter the hybrid model's logarithm as this, percent.</summary>
    public const double LeastReturn = 0.01;

    /// <summary>κ' = βκ + γ·(1/e)(1{y ≤ v}·y/p − e) + δ ln|y|; without a hit κ falls by γ.</summary>
    public static double NextFactor(OneFactorParameters at, double kappa, double y, TailProbability p) =>
        NextFactor(at, kappa, y, p, y <= at.A * Math.Exp(kappa) ? 1 : 0);

    /// <summary>The same with a weight between 0 and 1 for the hit, with which fits are made smooth.</summary>
    internal static double NextFactor(OneFactorParameters at, double kappa, double y, TailProbability p, double hit)
    {
        double e = at.B * Math.Exp(kappa);
        double size = at.Delta == 0 ? 0 : at.Delta * Math.Log(Math.Max(Math.Abs(y), LeastReturn));
        return at.Beta * kappa + at.Gamma / e * (hit * y / p.Value - e) + size;
    }

    /// <summary>v and e at a factor.</summary>
    public static TailForecast At(OneFactorParameters at, double kappa)
    {
        double scale = Math.Exp(kappa);
        return new(at.A * scale, at.B * scale);
    }

    /// <summary>
    /// Two factors: (v, e)' = w + B(v, e) + A(λ_v, λ_e); nothing keeps e &lt; v &lt; 0, the caller checks.
    /// </summary>
    /// <param name="w">Two.</param>
    /// <param name="b">Diagonal of B.</param>
    /// <param name="a">A by rows.</param>
    /// <param name="now">v and e of today.</param>
    /// <param name="y">Today's return.</param>
    /// <param name="p">Level.</param>
    public static TailForecast NextPair(
        ReadOnlySpan<double> w,
        ReadOnlySpan<double> b,
        ReadOnlySpan<double> a,
        TailForecast now,
        double y,
        TailProbability p
    ) => NextPair(w, b, a, now, y, p, y <= now.Quantile ? 1 : 0);

    internal static TailForecast NextPair(
        ReadOnlySpan<double> w,
        ReadOnlySpan<double> b,
        ReadOnlySpan<double> a,
        TailForecast now,
        double y,
        TailProbability p,
        double hit
    )
    {
        double byV = -now.Quantile * (hit - p.Value);
        double byE = hit * y / p.Value - now.TailMean;
        return new(
            w[0] + b[0] * now.Quantile + a[0] * byV + a[1] * byE,
            w[1] + b[1] * now.TailMean + a[2] * byV + a[3] * byE
        );
    }
}
