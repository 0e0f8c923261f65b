using System.Runtime.CompilerServices;
using Scalar = Plimsoll.Numerics.LaneMath<Plimsoll.Numerics.Lanes1, double>;

namespace Plimsoll.Numerics;

/// <summary>Special functions of one number, relative accuracy kept in the tails; NaN in gives NaN out.</summary>
/// <remarks>Built on <see cref="LaneMath{L, V}"/>, so a scalar result has the bits of the vector kernels.</remarks>
public static class SpecialFunctions
{
    const double RootTwo = 1.4142135623730951;
    const double LnRootTwoPi = 0.9189385332046728;

    /// <summary>Error function; 4 ulp.</summary>
    public static double Erf(double x)
    {
        double size = Math.Abs(x);
        if (size < 0.75)
            return x * ErfOverX(x * x);
        double value = 1 - Erfc(size);
        return x < 0 ? -value : value;
    }

    /// <summary>1 − erf(x) without cancellation: relative accuracy to its underflow near x = 26.5.</summary>
    public static double Erfc(double x)
    {
        if (x < 0.75)
            return x > -0.75 ? 1 - x * ErfOverX(x * x) : 2 - Erfc(-x);
        if (x > 27)
            return 0;
        double square = x * x;
        double lost = Math.FusedMultiplyAdd(x, x, -square);
        return Erfcx(x) * (Scalar.Exp(-square) * (1 - lost));
    }

    /// <summary>e^(x²)·erfc(x), which does not underflow; infinity below −26.6.</summary>
    public static double Erfcx(double x)
    {
        if (x >= 0)
            return double.IsPositiveInfinity(x) ? 0 : Scalar.MillsRatio(x * RootTwo) * 0.7978845608028654;
        if (double.IsNaN(x))
            return x;
        double square = x * x;
        double lost = Math.FusedMultiplyAdd(x, x, -square);
        double e = Scalar.Exp(square);
        return double.IsInfinity(e) ? e : 2 * (e + e * lost) - Erfcx(-x);
    }

    /// <summary>P(Z ≤ z) of a standard normal Z; relative accuracy kept in the lower tail to −38.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double NormalCdf(double z) => Scalar.NormalCdf(z);

    /// <summary>Density of a standard normal; relative accuracy kept in both tails.</summary>
    public static double NormalDensity(double z) => double.IsInfinity(z) ? 0 : Scalar.NormalDensity(z);

    /// <summary>The z with P(Z ≤ z) = probability; ∓infinity at 0 and 1, NaN outside [0, 1].</summary>
    public static double NormalInverse(double probability) => NormalQuantile.At(probability);

    /// <summary>ln(1 + x) without loss for small x; −infinity at −1, NaN below.</summary>
    public static double Log1p(double x)
    {
        if (!(Math.Abs(x) < 1e300))
            return Scalar.Log(x);
        double sum = 1 + x;
        if (sum == 1)
            return x;
        // What the addition lost, over the sum: ln(1 + x) = ln(sum) + lost/sum to first order.
        double lost = x < 1 ? x - (sum - 1) : 1 - (sum - x);
        return sum > 0 ? Scalar.Log(sum) + lost / sum : Scalar.Log(sum);
    }

    /// <summary>e^x − 1 without loss for small x.</summary>
    public static double Expm1(double x)
    {
        if (!(Math.Abs(x) < 0.5))
            return Scalar.Exp(x) - 1;
        // Taylor series: the 16th term is below 1e-17 of the first.
        double sum = 1;
        for (int n = 16; n >= 2; n--)
            sum = Math.FusedMultiplyAdd(sum, x / n, 1);
        return x * sum;
    }

    /// <summary>ln Γ(x) for x &gt; 0; infinity at 0 and infinity, NaN below 0.</summary>
    public static double LogGamma(double x)
    {
        if (!(x > 0) || double.IsInfinity(x))
            return x == 0 || double.IsPositiveInfinity(x) ? double.PositiveInfinity : double.NaN;
        if (x >= 8)
            return Stirling(x);
        double logOfFactors = 0;
        if (x < 0.5)
        {
            logOfFactors = -Scalar.Log(x);
            x += 1;
        }
        if (x < 1.5)
            return logOfFactors + LogGammaAboutTwo(x - 1) - Log1p(x - 1);
        double product = 1;
        while (x > 2.5)
        {
            x -= 1;
            product *= x;
        }
        return LogGammaAboutTwo(x - 2) + Scalar.Log(product);
    }

    /// <summary>erf(x)/x by x²; Chebyshev interpolation on |x| ≤ 0.75, error 2e-17.</summary>
    static double ErfOverX(double square) =>
        Polynomial(
            square,
            [
                1.1283791670955126,
                -0.37612638903183715,
                0.11283791670952596,
                -0.026866170644428485,
                0.005223977615420539,
                -0.0008548326188759752,
                0.00012055289567541706,
                -1.4924196305569617e-05,
                1.643068417974155e-06,
                -1.5940066854661717e-07,
                1.1472499701094691e-08,
            ]
        );

    /// <summary>ln Γ(2 + z), |z| ≤ ½; Chebyshev interpolation of the quotient by z, error 3e-17.</summary>
    static double LogGammaAboutTwo(double z) =>
        z
        * Polynomial(
            z,
            [
                0.42278433509846713,
                0.3224670334241132,
                -0.06735230105319814,
                0.02058080842778457,
                -0.0073855510286681535,
                0.002890510330738737,
                -0.0011927539120010226,
                0.0005096695248853096,
                -0.00022315475074520367,
                9.945750909889392e-05,
                -4.4926351103833334e-05,
                2.050726741605779e-05,
                -9.438458716242811e-06,
                4.374374916915131e-06,
                -2.0449201467015115e-06,
                9.578663334114758e-07,
                -4.303558760359961e-07,
                2.0304806751615227e-07,
                -1.3412819758517287e-07,
                6.379047507619774e-08,
            ]
        );

    /// <summary>(x − ½)·ln x − x + ½·ln 2π + Σ B₂ₖ/(2k(2k − 1)x^(2k−1)), x ≥ 8.</summary>
    static double Stirling(double x)
    {
        double inverse = 1 / x;
        double series = Polynomial(
            inverse * inverse,
            [
                0.08333333333333333,
                -0.002777777777777778,
                0.0007936507936507937,
                -0.0005952380952380953,
                0.0008417508417508417,
                -0.0019175269175269176,
                0.00641025641025641,
                -0.029550653594771242,
                0.17964437236883057,
            ]
        );
        return Math.FusedMultiplyAdd(x - 0.5, Scalar.Log(x), LnRootTwoPi - x) + inverse * series;
    }

    static double Polynomial(double x, ReadOnlySpan<double> coefficients)
    {
        double sum = 0;
        for (int n = coefficients.Length - 1; n >= 0; n--)
            sum = Math.FusedMultiplyAdd(sum, x, coefficients[n]);
        return sum;
    }
}
