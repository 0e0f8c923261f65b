using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Analytical nonlinear shrinkage of the eigenvalues of a sample covariance.</summary>
/// <remarks>
/// Ledoit and Wolf 2020, Annals of Statistics 48, eq. 4.3 to 4.9: Epanechnikov kernel with bandwidth λ_j·n^(−1/3), n =
/// T − 1
/// after the mean is taken out. The shrunk values need not be in order; sorting them would be wrong. Eigenvalues of
/// zero, of instruments that are made of one another, stay zero and are none of the dimensions that are shrunk.
/// </remarks>
public static class NonlinearShrinkage
{
    /// <summary>Share of the largest eigenvalue, per asset, below which one is rounding.</summary>
    const double Rounding = 1e-15;

    /// <summary>Scales taken out, the correlations shrunk, scales put back; the sample has divisor T.</summary>
    /// <remarks>
    /// Devolatilised returns are shrunk as in Engle, Ledoit and Wolf 2019, Journal of Business and Economic Statistics
    /// 37, section 3, so that the answer is free of units: unscaled, an option whose variance is a millionth of a
    /// perpetual's would lose its risk to rounding. Their last step, the diagonal set back to 1, is left out: it would
    /// turn the directions without risk (put, call and future of one strike) away from where they are.
    /// </remarks>
    public static SymmetricMatrix FreeOfScale(SymmetricMatrix sample, double observations)
    {
        int n = sample.Size;
        double[] deviation = Correlations.Deviations(sample);
        using var correlation = Correlations.Of(sample, deviation);
        var shrunk = Covariance(correlation, observations);
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            shrunk[i, j] *= deviation[i] * deviation[j];
        return shrunk;
    }

    /// <summary>Covariance rebuilt with the shrunk eigenvalues; the sample has divisor T.</summary>
    public static SymmetricMatrix Covariance(SymmetricMatrix sample, double observations)
    {
        using var unbiased = new SymmetricMatrix(sample.Size);
        double factor = observations / (observations - 1);
        for (int i = 0; i < sample.Size; i++)
        for (int j = i; j < sample.Size; j++)
            unbiased[i, j] = factor * sample[i, j];
        var eigen = SymmetricEigen.Of(unbiased);
        double least = Rounding * sample.Size * eigen.Values[^1];
        int none = eigen.Values.TakeWhile(value => value <= least).Count();
        return eigen.Rebuild([.. new double[none], .. Shrink(eigen.Values.AsSpan(none), observations - 1)]);
    }

    /// <summary>Shrunk eigenvalues.</summary>
    /// <param name="values">Sample eigenvalues, ascending, of the covariance with divisor <paramref name="n"/>.</param>
    /// <param name="n">Effective observations; more than there are eigenvalues.</param>
    /// <exception cref="ArgumentOutOfRangeException">Too few observations.</exception>
    public static double[] Shrink(ReadOnlySpan<double> values, double n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(n, values.Length);
        double h = Math.Pow(n, -1.0 / 3);
        double concentration = values.Length / n;
        var shrunk = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double density = 0,
                hilbert = 0;
            foreach (double at in values)
            {
                double width = at * h;
                double z = (values[i] - at) / width;
                density += 3 / (4 * Math.Sqrt(5)) * Math.Max(0, 1 - z * z / 5) / width;
                hilbert += Hilbert(z) / width;
            }
            double scale = Math.PI * concentration * values[i] / values.Length;
            double real = 1 - concentration - scale * hilbert;
            double imaginary = scale * density;
            shrunk[i] = values[i] / (imaginary * imaginary + real * real);
        }
        return shrunk;
    }

    /// <summary>Hilbert transform of the Epanechnikov kernel; its logarithm vanishes with its factor at √5.</summary>
    /// <remarks>
    /// Far from the kernel the published form is a difference of terms of order z that leaves 1/(πz): beyond 2·√5 the
    /// same in powers of w = √5/z, −3/(√5·π)·Σ w^(2k+1)/((2k+1)(2k+3)), which loses nothing.
    /// </remarks>
    internal static double Hilbert(double z)
    {
        double root = Math.Sqrt(5);
        if (Math.Abs(z) > 2 * root)
            return Far(root / z);
        double linear = -3 / (10 * Math.PI) * z;
        double factor = 1 - z * z / 5;
        if (Math.Abs(Math.Abs(z) - root) < 1e-12)
            return linear;
        return linear + 3 / (4 * root * Math.PI) * factor * Math.Log(Math.Abs((root - z) / (root + z)));
    }

    static double Far(double w)
    {
        double sum = 0,
            power = w;
        for (int odd = 1; Math.Abs(power) > 1e-18 * Math.Abs(w); odd += 2, power *= w * w)
            sum += power / (odd * (odd + 2.0));
        return -3 / (Math.Sqrt(5) * Math.PI) * sum;
    }
}
