using Plimsoll.Numerics;

namespace Plimsoll.Backtest;

/// <summary>How much a Sharpe ratio is worth, given its length, its moments and the number of tries.</summary>
/// <remarks>
/// Ratios are per observation, never annual. Bailey and López de Prado, The Sharpe ratio efficient frontier, J. Risk
/// 15(2) (2012); The deflated Sharpe ratio, J. Portfolio Management 40(5) (2014); Bailey, Borwein, López de Prado, Zhu,
/// Pseudo-mathematics and financial charlatanism, Notices of the AMS 61(5) (2014). Kurtosis 3 is a normal law's.
/// </remarks>
public static class SharpeTests
{
    const double EulerMascheroni = 0.57721566490153286;

    /// <summary>P(true ratio &gt; benchmark), 2012, equation (11).</summary>
    public static double Probabilistic(
        double sharpe,
        double benchmark,
        int observations,
        double skewness,
        double kurtosis
    ) =>
        SpecialFunctions.NormalCdf(
            (sharpe - benchmark) * Math.Sqrt(observations - 1) / Math.Sqrt(Spread(sharpe, skewness, kurtosis))
        );

    /// <summary>
    /// Observations after which P(true ratio &gt; benchmark) reaches the confidence, 2012, equation (12).
    /// </summary>
    public static double MinimumTrackRecord(
        double sharpe,
        double benchmark,
        double skewness,
        double kurtosis,
        double confidence
    )
    {
        double z = SpecialFunctions.NormalInverse(confidence) / (sharpe - benchmark);
        return sharpe > benchmark ? 1 + Spread(sharpe, skewness, kurtosis) * z * z : double.PositiveInfinity;
    }

    /// <summary>
    /// Expected largest ratio of independent tries without skill, in standard deviations of their ratios: 2014, (1).
    /// </summary>
    /// <param name="tries">At least 1; one try expects 0.</param>
    public static double ExpectedMaximum(double tries)
    {
        if (tries <= 1)
            return 0;
        return (1 - EulerMascheroni) * SpecialFunctions.NormalInverse(1 - 1 / tries)
            + EulerMascheroni * SpecialFunctions.NormalInverse(1 - 1 / (tries * Math.E));
    }

    /// <summary>P(true ratio &gt; 0) after allowing for the best of many tries: 2014, equation (2).</summary>
    /// <param name="sharpe">Ratio of the chosen try.</param>
    /// <param name="variance">Variance of the ratios of all tries.</param>
    /// <param name="tries">Independent tries.</param>
    /// <param name="observations">Of the chosen try.</param>
    /// <param name="skewness">Of its returns.</param>
    /// <param name="kurtosis">Of its returns.</param>
    public static double Deflated(
        double sharpe,
        double variance,
        double tries,
        int observations,
        double skewness,
        double kurtosis
    ) => Probabilistic(sharpe, Math.Sqrt(variance) * ExpectedMaximum(tries), observations, skewness, kurtosis);

    /// <summary>
    /// Years of backtest below which that many tries without skill are expected to show an annual ratio this large:
    /// (E max / ratio)², Pseudo-mathematics, theorem 2.
    /// </summary>
    public static double MinimumBacktestYears(double tries, double annualSharpe)
    {
        double ratio = ExpectedMaximum(tries) / annualSharpe;
        return ratio * ratio;
    }

    /// <summary>Variance of an estimated ratio times n − 1.</summary>
    public static double Spread(double sharpe, double skewness, double kurtosis) =>
        1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe;
}
