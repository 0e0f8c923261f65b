using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>Quantile from skew and kurtosis, refused where the expansion is not a quantile function.</summary>
/// <remarks>
/// Cornish and Fisher (1938), to the second order; domain by Maillard (2012): the map of normal quantiles must rise
/// everywhere. Daily crypto returns (kurtosis of 15 to 25) lie outside it, so no model here uses it.
/// </remarks>
public static class CornishFisher
{
    /// <summary>The quantile, or null where the map is not monotone.</summary>
    /// <param name="skew">Third standardised moment.</param>
    /// <param name="excessKurtosis">Fourth standardised moment less 3.</param>
    /// <param name="probability">In (0, 1).</param>
    public static double? Quantile(double skew, double excessKurtosis, double probability) =>
        IsMonotone(skew, excessKurtosis)
            ? Expansion(skew, excessKurtosis, SpecialFunctions.NormalInverse(probability))
            : null;

    /// <summary>Whether the derivative, a parabola in z, is positive everywhere.</summary>
    public static bool IsMonotone(double skew, double excessKurtosis)
    {
        double square = skew * skew;
        double second = excessKurtosis / 8 - square / 6;
        double constant = 1 - excessKurtosis / 8 + 5 * square / 36;
        return second > 0 ? square / 9 < 4 * second * constant : second == 0 && skew == 0 && constant > 0;
    }

    internal static double Expansion(double skew, double excessKurtosis, double z) =>
        z
        + (z * z - 1) * skew / 6
        + (z * z * z - 3 * z) * excessKurtosis / 24
        - (2 * z * z * z - 5 * z) * skew * skew / 36;
}
