using Scalar = Plimsoll.Numerics.LaneMath<Plimsoll.Numerics.Lanes1, double>;

namespace Plimsoll.Numerics;

/// <summary>Student's t distribution of unit scale (variance ν/(ν − 2)); relative accuracy in the tails.</summary>
public static class StudentDistribution
{
    const double LnPi = 1.1447298858494002;

    /// <summary>Density at t.</summary>
    /// <param name="t">Any number.</param>
    /// <param name="degrees">ν, degrees of freedom; positive.</param>
    public static double Density(double t, double degrees) => Scalar.Exp(LogDensity(t, degrees));

    /// <summary>Logarithm of the density at t.</summary>
    public static double LogDensity(double t, double degrees) =>
        SpecialFunctions.LogGamma((degrees + 1) / 2)
        - SpecialFunctions.LogGamma(degrees / 2)
        - 0.5 * (Scalar.Log(degrees) + LnPi)
        - (degrees + 1) / 2 * SpecialFunctions.Log1p(t * t / degrees);

    /// <summary>P(T ≤ t) = ½·I_{ν/(ν + t²)}(ν/2, ½) for t ≤ 0 (DLMF 8.17, Abramowitz and Stegun 26.7.1).</summary>
    public static double Cdf(double t, double degrees)
    {
        if (double.IsNaN(t) || !(degrees > 0))
            return double.NaN;
        double square = t * t;
        double tail =
            0.5 * IncompleteFunctions.Beta(degrees / (degrees + square), square / (degrees + square), degrees / 2, 0.5);
        return t <= 0 ? tail : 1 - tail;
    }

    /// <summary>The t with P(T ≤ t) = probability; ∓infinity at 0 and 1, NaN outside [0, 1].</summary>
    /// <remarks>
    /// Newton's method on ln P by ln |t|, where the lower tail is nearly a line of slope −ν, with bisection as guard;
    /// closed form for ν = 1, 2 and 4 would save time, not digits.
    /// </remarks>
    public static double Quantile(double probability, double degrees)
    {
        if (!(probability >= 0 && probability <= 1 && degrees > 0))
            return double.NaN;
        if (probability == 0.5)
            return 0;
        if (probability > 0.5)
            return -Quantile(1 - probability, degrees);
        if (probability == 0)
            return double.NegativeInfinity;
        double target = Scalar.Log(probability);
        double low = -40;
        double high = 2 - target / degrees + 5;
        double s = Scalar.Log(Math.Max(-SpecialFunctions.NormalInverse(probability), 1e-12));
        for (int n = 0; n < 200; n++)
        {
            double t = -Scalar.Exp(s);
            double cdf = Cdf(t, degrees);
            double miss = Scalar.Log(cdf) - target;
            if (miss > 0)
                low = s;
            else
                high = s;
            double slope = t * Density(t, degrees) / cdf;
            double next = s - miss / slope;
            if (!(next > low && next < high))
                next = 0.5 * (low + high);
            if (Math.Abs(next - s) < 1e-15 * Math.Max(1, Math.Abs(s)))
                return -Scalar.Exp(next);
            s = next;
        }
        return -Scalar.Exp(s);
    }

    /// <summary>−E[T | T ≤ q], q the quantile at <paramref name="probability"/>; positive for small levels.</summary>
    /// <param name="probability">In (0, 1).</param>
    /// <param name="degrees">Over 1; at 1 and below the tail mean is infinite.</param>
    /// <remarks>McNeil, Frey and Embrechts, Quantitative Risk Management (2015), example 2.15.</remarks>
    public static double TailMean(double probability, double degrees)
    {
        if (!(degrees > 1))
            return double.PositiveInfinity;
        double q = Quantile(probability, degrees);
        return Density(q, degrees) / probability * (degrees + q * q) / (degrees - 1);
    }
}
