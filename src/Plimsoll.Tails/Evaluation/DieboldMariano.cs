using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>Weights of autocovariances in the long-run variance.</summary>
public enum LagKernel
{
    /// <summary>1 for every lag; can give a negative variance.</summary>
    Rectangular,

    /// <summary>1 − k/(L + 1), never negative (Newey and West 1987).</summary>
    Bartlett,
}

/// <summary>Comparison of two series of losses; positive: the first loses more.</summary>
/// <param name="MeanDifference">Mean of first less second.</param>
/// <param name="LongRunVariance">As estimated with the kernel used.</param>
/// <param name="Statistic">Mean/√(variance/T); NaN when the losses are equal on every day.</param>
/// <param name="Corrected">With the small-sample factor of Harvey, Leybourne and Newbold (1997).</param>
/// <param name="KernelUsed">Bartlett where the rectangular one gave no positive variance.</param>
public sealed record LossComparison(
    double MeanDifference,
    double LongRunVariance,
    double Statistic,
    double Corrected,
    LagKernel KernelUsed
);

/// <summary>Is one forecaster's loss lower than another's by more than chance?</summary>
/// <remarks>
/// Diebold and Mariano, J. Business and Economic Statistics 13 (1995), eq. 3 and following; read as Giacomini and White
/// (2006) for models that are fitted again and again.
/// </remarks>
public static class DieboldMariano
{
    /// <summary>Compares by the difference of losses.</summary>
    /// <param name="difference">First less second, one a day, in order of time.</param>
    /// <param name="lags">L, autocovariances used; h − 1 for h-step forecasts with the rectangular kernel.</param>
    /// <param name="kernel">Their weights.</param>
    /// <param name="horizon">h, for the small-sample factor.</param>
    public static LossComparison Compare(
        ReadOnlySpan<double> difference,
        int lags,
        LagKernel kernel = LagKernel.Bartlett,
        int horizon = 1
    )
    {
        int days = difference.Length;
        ArgumentOutOfRangeException.ThrowIfLessThan(days, lags + 2, nameof(difference));
        double mean = 0;
        foreach (double d in difference)
            mean += d / days;
        double variance = LongRunVariance(difference, mean, lags, kernel);
        if (!(variance > 0) && kernel == LagKernel.Rectangular)
        {
            kernel = LagKernel.Bartlett;
            variance = LongRunVariance(difference, mean, lags, kernel);
        }
        double statistic = mean / Math.Sqrt(variance / days);
        double h = horizon;
        double factor = Math.Sqrt((days + 1 - 2 * h + h * (h - 1) / days) / days);
        return new(mean, variance, statistic, statistic * factor, kernel);
    }

    /// <summary>Lags that the length asks for: ⌊4·(T/100)^(2/9)⌋ (Newey and West 1994).</summary>
    public static int AutomaticLags(int days) => (int)(4 * Math.Pow(days / 100.0, 2.0 / 9));

    /// <summary>Autocovariance at one lag, divided by T.</summary>
    public static double Autocovariance(ReadOnlySpan<double> values, double mean, int lag)
    {
        double sum = 0;
        for (int t = lag; t < values.Length; t++)
            sum += (values[t] - mean) * (values[t - lag] - mean);
        return sum / values.Length;
    }

    /// <summary>γ₀ + 2·Σ w_k·γ_k.</summary>
    public static double LongRunVariance(ReadOnlySpan<double> values, double mean, int lags, LagKernel kernel)
    {
        double sum = Autocovariance(values, mean, 0);
        for (int k = 1; k <= lags; k++)
        {
            double weight = kernel == LagKernel.Bartlett ? 1 - k / (lags + 1.0) : 1;
            sum += 2 * weight * Autocovariance(values, mean, k);
        }
        return sum;
    }

    /// <summary>P(|Z| &gt; |statistic|) of a standard normal.</summary>
    public static double NormalPValue(double statistic) => SpecialFunctions.Erfc(Math.Abs(statistic) / Math.Sqrt(2));

    /// <summary>P(|T| &gt; |statistic|) of Student's t.</summary>
    public static double StudentPValue(double statistic, int degrees) =>
        2 * StudentDistribution.Cdf(-Math.Abs(statistic), degrees);
}
