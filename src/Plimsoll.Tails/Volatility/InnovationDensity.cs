using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>Log-density of an innovation with its derivatives; constants of the shape taken once.</summary>
readonly struct InnovationDensity
{
    const double HalfLnTwoPi = 0.9189385332046728;

    readonly double degrees;
    readonly double skew;
    readonly double a;
    readonly double b;
    readonly double constant;
    readonly (double A, double B, double Constant) byDegrees;
    readonly (double A, double B) bySkew;

    /// <param name="degrees">Infinite: normal.</param>
    /// <param name="skew">λ.</param>
    public InnovationDensity(double degrees, double skew)
    {
        (this.degrees, this.skew) = (degrees, skew);
        if (double.IsInfinity(degrees))
        {
            constant = -HalfLnTwoPi;
            return;
        }
        double v = degrees;
        double logC =
            SpecialFunctions.LogGamma((v + 1) / 2)
            - SpecialFunctions.LogGamma(v / 2)
            - 0.5 * Math.Log(Math.PI * (v - 2));
        double c = Math.Exp(logC);
        double logCByV =
            0.5 * (IncompleteFunctions.Digamma((v + 1) / 2) - IncompleteFunctions.Digamma(v / 2) - 1 / (v - 2));
        a = 4 * skew * c * (v - 2) / (v - 1);
        b = Math.Sqrt(1 + 3 * skew * skew - a * a);
        double aByV = 4 * skew * c * (logCByV * (v - 2) / (v - 1) + 1 / ((v - 1) * (v - 1)));
        double aBySkew = 4 * c * (v - 2) / (v - 1);
        double bByV = -a * aByV / b;
        double bBySkew = (3 * skew - a * aBySkew) / b;
        constant = Math.Log(b) + logC;
        byDegrees = (aByV, bByV, bByV / b + logCByV);
        bySkew = (aBySkew, bBySkew);
    }

    /// <summary>Log-density at z.</summary>
    /// <param name="z">Standardised innovation.</param>
    /// <param name="byZ">Its derivative by z.</param>
    /// <param name="byShape">By ν and by λ; 0 for the normal law.</param>
    public double At(double z, out double byZ, out (double Degrees, double Skew) byShape)
    {
        if (double.IsInfinity(degrees))
        {
            byZ = -z;
            byShape = default;
            return constant - 0.5 * z * z;
        }
        bool isLeft = z < -a / b;
        double side = isLeft ? 1 - skew : 1 + skew;
        double w = (b * z + a) / side;
        double room = degrees - 2;
        double log = LaneMath<Lanes1, double>.Log(1 + w * w / room);
        double pull = -(degrees + 1) * w / (room + w * w);
        byZ = pull * b / side;
        double wByV = (byDegrees.B * z + byDegrees.A) / side;
        double wBySkew = (bySkew.B * z + bySkew.A) / side - w * (isLeft ? -1 : 1) / side;
        byShape = (byDegrees.Constant - 0.5 * log + pull * (wByV - w / (2 * room)), bySkew.B / b + pull * wBySkew);
        return constant - (degrees + 1) / 2 * log;
    }

    /// <summary>E|Z|, which centres EGARCH: 2·E[−Z; Z ≤ 0].</summary>
    public static double MeanSize(double degrees, double skew)
    {
        if (double.IsInfinity(degrees))
            return Math.Sqrt(2 / Math.PI);
        var law = new SkewedStudentLaw(degrees, skew);
        double below = law.Cdf(0);
        return -2 * below * law.LowerTailMean(below);
    }
}
