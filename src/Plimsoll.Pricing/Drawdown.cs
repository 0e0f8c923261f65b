using System.Numerics;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>
/// Falls of a geometric Brownian motion from its own high-water mark: not from the start, and more often.
/// </summary>
/// <remarks>
/// In logarithms: τ = first time that max X − X reaches d = −ln(1 − fraction), X with drift ν = drift − σ²/2. Taylor, A
/// stopped Brownian motion formula (1975) and Lehoczky (1977):
/// E e^(−lτ) = δ·e^(−md)/(δ·cosh δd − m·sinh δd), m = ν/σ², δ = √(m² + 2l/σ²). The start is the high-water mark.
/// A fall below a share of the start is <see cref="FirstPassage.TouchProbability"/>.
/// </remarks>
public static class Drawdown
{
    const int Nodes = 24;

    /// <summary>Probability that wealth stands the fraction below its high-water mark at some time up to t.</summary>
    /// <remarks>Talbot's inversion on Abate and Valkó's fixed contour (2004), 24 nodes: error 1e-11.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A fraction outside (0, 1), no volatility or time.</exception>
    public static double ProbabilityByTime(double fraction, double volAnnual, double driftAnnual, double tYears)
    {
        var (d, m) = Reduce(fraction, volAnnual, driftAnnual);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tYears);
        double radius = 2.0 * Nodes / (5 * tYears);
        double sum = 0.5 * Math.Exp(radius * tYears) * Transform(radius).Real;
        for (int k = 1; k < Nodes; k++)
        {
            double angle = k * Math.PI / Nodes;
            double cotangent = 1 / Math.Tan(angle);
            var at = new Complex(radius * angle * cotangent, radius * angle);
            var turn = new Complex(1, angle + (angle * cotangent - 1) * cotangent);
            sum += (Complex.Exp(at * tYears) * Transform(at) * turn).Real;
        }
        return Math.Clamp(sum * radius / Nodes, 0, 1);

        // Laplace transform of the distribution function; e^(−δd) taken out of both hyperbolic functions.
        Complex Transform(Complex l)
        {
            var delta = Complex.Sqrt(m * m + 2 * l / (volAnnual * volAnnual));
            var shrunk = Complex.Exp(-2 * delta * d);
            var bottom = delta * (1 + shrunk) - m * (1 - shrunk);
            return 2 * delta * Complex.Exp(-(m + delta) * d) / (bottom * l);
        }
    }

    /// <summary>Mean years until wealth first stands the fraction below its high-water mark.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A fraction outside (0, 1) or no volatility.</exception>
    public static double ExpectedYears(double fraction, double volAnnual, double driftAnnual)
    {
        var (d, m) = Reduce(fraction, volAnnual, driftAnnual);
        // d²/σ²·2(e^y − 1 − y)/y², y = 2md.
        double y = 2 * m * d;
        double ratio = Math.Abs(y) > 0.1 ? 2 * (SpecialFunctions.Expm1(y) - y) / (y * y) : SmallRatio(y);
        return d * d / (volAnnual * volAnnual) * ratio;
    }

    /// <summary>2(e^y − 1 − y)/y² = Σ 2·yⁿ/(n + 2)!.</summary>
    static double SmallRatio(double y)
    {
        double sum = 1;
        for (int n = 14; n >= 3; n--)
            sum = 1 + sum * y / n;
        return sum;
    }

    static (double Depth, double Slope) Reduce(double fraction, double vol, double drift)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fraction, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vol);
        return (-SpecialFunctions.Log1p(-fraction), drift / (vol * vol) - 0.5);
    }
}
