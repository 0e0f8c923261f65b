using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>Hansen's skewed Student t: mean 0, variance 1; λ &lt; 0 is a long left tail, λ = 0 Student's t.</summary>
/// <remarks>
/// Hansen, International Economic Review 35 (1994), eq. 10 to 13; quantile by Jondeau and Rockinger, J. Economic
/// Dynamics and Control 27 (2003). Tail mean: on each side of −a/b the density is that of a scaled t, whose tail
/// integral is elementary. The family of Fernandez and Steel (1998) after standardisation: λ = (ξ² − 1)/(ξ² + 1).
/// </remarks>
public sealed class SkewedStudentLaw : ITailLaw
{
    readonly double a;
    readonly double b;
    readonly double c;

    /// <param name="degrees">ν, over 2.</param>
    /// <param name="skew">λ in (−1, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside these.</exception>
    public SkewedStudentLaw(double degrees, double skew)
    {
        if (!(degrees > 2 && double.IsFinite(degrees)))
            throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "unit variance needs over 2 degrees");
        if (!(Math.Abs(skew) < 1))
            throw new ArgumentOutOfRangeException(nameof(skew), skew, "expected −1 < skew < 1");
        (Degrees, Skew) = (degrees, skew);
        c = Math.Exp(
            SpecialFunctions.LogGamma((degrees + 1) / 2)
                - SpecialFunctions.LogGamma(degrees / 2)
                - 0.5 * Math.Log(Math.PI * (degrees - 2))
        );
        a = 4 * skew * c * (degrees - 2) / (degrees - 1);
        b = Math.Sqrt(1 + 3 * skew * skew - a * a);
    }

    /// <summary>Student's t of unit variance.</summary>
    public static SkewedStudentLaw Symmetric(double degrees) => new(degrees, 0);

    /// <summary>ν.</summary>
    public double Degrees { get; }

    /// <summary>λ.</summary>
    public double Skew { get; }

    /// <summary>Density at z.</summary>
    public double Density(double z)
    {
        double w = (b * z + a) / (z < -a / b ? 1 - Skew : 1 + Skew);
        return b * c * Math.Exp(-(Degrees + 1) / 2 * SpecialFunctions.Log1p(w * w / (Degrees - 2)));
    }

    /// <summary>P(Z ≤ z).</summary>
    public double Cdf(double z)
    {
        bool isLeft = z < -a / b;
        double side = isLeft ? 1 - Skew : 1 + Skew;
        double t = (b * z + a) / side * Math.Sqrt(Degrees / (Degrees - 2));
        double student = StudentDistribution.Cdf(t, Degrees);
        return isLeft ? side * student : 1 - side * (1 - student);
    }

    /// <inheritdoc />
    public double Quantile(double probability)
    {
        bool isLeft = probability < (1 - Skew) / 2;
        double side = isLeft ? 1 - Skew : 1 + Skew;
        double level = isLeft ? probability / side : (probability + Skew) / side;
        double t = StudentDistribution.Quantile(level, Degrees);
        return (side * Math.Sqrt((Degrees - 2) / Degrees) * t - a) / b;
    }

    /// <inheritdoc />
    public double LowerTailMean(double probability)
    {
        double q = Quantile(probability);
        // Partial mean E[Z; Z ≤ q]; the mean is 0, so a quantile on the right side is reached from above.
        bool isLeft = q < -a / b;
        double side = isLeft ? 1 - Skew : 1 + Skew;
        double w = (b * q + a) / side;
        double integral =
            side
            * side
            / b
            * c
            * (Degrees - 2)
            / (Degrees - 1)
            * Math.Exp((1 - Degrees) / 2 * SpecialFunctions.Log1p(w * w / (Degrees - 2)));
        double rest = isLeft ? probability : probability - 1;
        return (-integral - a / b * rest) / probability;
    }

    /// <inheritdoc />
    public ITailLaw Mirrored => Skew == 0 ? this : new SkewedStudentLaw(Degrees, -Skew);
}
