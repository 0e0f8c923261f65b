namespace Plimsoll.Numerics;

/// <summary>Inverse of the normal distribution function.</summary>
/// <remarks>
/// Wichura, Algorithm AS 241: the percentage points of the normal distribution, Applied Statistics 37 (1988), PPND16:
/// rational functions of degree 7 on three ranges, relative error 1e-16 in the published form. Logarithm by
/// <see cref="LaneMath{L, V}"/>, so that random normals have the same bits everywhere.
/// </remarks>
static class NormalQuantile
{
    public static double At(double probability)
    {
        double q = probability - 0.5;
        if (Math.Abs(q) <= 0.425)
            return q * Ratio(0.180625 - q * q, CentreAbove, CentreBelow);
        double tail = q < 0 ? probability : 1 - probability;
        if (!(tail > 0))
            return tail == 0 ? (q < 0 ? double.NegativeInfinity : double.PositiveInfinity) : double.NaN;
        double r = Math.Sqrt(-LaneMath<Lanes1, double>.Log(tail));
        double size = r <= 5 ? Ratio(r - 1.6, MiddleAbove, MiddleBelow) : Ratio(r - 5, FarAbove, FarBelow);
        return q < 0 ? -size : size;
    }

    static double Ratio(double x, ReadOnlySpan<double> above, ReadOnlySpan<double> below)
    {
        (double numerator, double denominator) = (0, 0);
        for (int n = above.Length - 1; n >= 0; n--)
        {
            numerator = Math.FusedMultiplyAdd(numerator, x, above[n]);
            denominator = Math.FusedMultiplyAdd(denominator, x, below[n]);
        }
        return numerator / denominator;
    }

    static ReadOnlySpan<double> CentreAbove =>
        [
            3.3871328727963666080,
            1.3314166789178437745e2,
            1.9715909503065514427e3,
            1.3731693765509461125e4,
            4.5921953931549871457e4,
            6.7265770927008700853e4,
            3.3430575583588128105e4,
            2.5090809287301226727e3,
        ];

    static ReadOnlySpan<double> CentreBelow =>
        [
            1,
            4.2313330701600911252e1,
            6.8718700749205790830e2,
            5.3941960214247511077e3,
            2.1213794301586595867e4,
            3.9307895800092710610e4,
            2.8729085735721942674e4,
            5.2264952788528545610e3,
        ];

    static ReadOnlySpan<double> MiddleAbove =>
        [
            1.42343711074968357734,
            4.63033784615654529590,
            5.76949722146069140550,
            3.64784832476320460504,
            1.27045825245236838258,
            2.41780725177450611770e-1,
            2.27238449892691845833e-2,
            7.74545014278341407640e-4,
        ];

    static ReadOnlySpan<double> MiddleBelow =>
        [
            1,
            2.05319162663775882187,
            1.67638483018380384940,
            6.89767334985100004550e-1,
            1.48103976427480074590e-1,
            1.51986665636164571966e-2,
            5.47593808499534494600e-4,
            1.05075007164441684324e-9,
        ];

    static ReadOnlySpan<double> FarAbove =>
        [
            6.65790464350110377720,
            5.46378491116411436990,
            1.78482653991729133580,
            2.96560571828504891230e-1,
            2.65321895265761230930e-2,
            1.24266094738807843860e-3,
            2.71155556874348757815e-5,
            2.01033439929228813265e-7,
        ];

    static ReadOnlySpan<double> FarBelow =>
        [
            1,
            5.99832206555887937690e-1,
            1.36929880922735805310e-1,
            1.48753612908506148525e-2,
            7.86869131145613259100e-4,
            1.84631831751005468180e-5,
            1.42151175831644588870e-7,
            2.04426310338993978564e-15,
        ];
}
