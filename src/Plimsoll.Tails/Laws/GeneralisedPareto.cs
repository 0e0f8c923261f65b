using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>Losses over a high threshold: P(X − u &gt; x | X &gt; u) = (1 + ξx/β)^(−1/ξ), losses positive.</summary>
/// <param name="Threshold">u.</param>
/// <param name="Shape">ξ; 0 is the exponential law, 1 and over has no mean.</param>
/// <param name="Scale">β, positive.</param>
/// <param name="SampleSize">n, all losses.</param>
/// <param name="Exceedances">k, those over u.</param>
/// <remarks>McNeil, Frey and Embrechts, Quantitative Risk Management (2015), eq. 5.18 to 5.20.</remarks>
public sealed record GeneralisedPareto(double Threshold, double Shape, double Scale, int SampleSize, int Exceedances)
{
    /// <summary>Below this the general formulas lose their digits and the exponential limit is exact.</summary>
    internal const double ExponentialBelow = 1e-6;

    /// <summary>Share of the sample beyond the threshold.</summary>
    public double TailShare => (double)Exceedances / SampleSize;

    /// <summary>Loss exceeded with probability p ≤ k/n.</summary>
    public double ValueAtRisk(TailProbability p)
    {
        double log = Math.Log(p.Value / TailShare);
        double x = Shape * log;
        return Math.Abs(Shape) < ExponentialBelow
            ? Threshold - Scale * log * (1 - x / 2)
            : Threshold + Scale / Shape * SpecialFunctions.Expm1(-x);
    }

    /// <summary>Mean loss beyond it; null (undetermined) when ξ ≥ 1.</summary>
    public double? ExpectedShortfall(TailProbability p) =>
        Shape < 1 ? (ValueAtRisk(p) + Scale - Shape * Threshold) / (1 - Shape) : null;
}

/// <summary>A fitted tail with standard errors from the observed information.</summary>
/// <param name="Law">The fit.</param>
/// <param name="ShapeError">Standard error of ξ; NaN with a prior or at a bound.</param>
/// <param name="ScaleError">Standard error of β.</param>
/// <param name="NegativeLogLikelihood">At the optimum, without the prior.</param>
/// <param name="Converged">Whether the search met its stopping rule.</param>
public sealed record ParetoFit(
    GeneralisedPareto Law,
    double ShapeError,
    double ScaleError,
    double NegativeLogLikelihood,
    bool Converged
);
