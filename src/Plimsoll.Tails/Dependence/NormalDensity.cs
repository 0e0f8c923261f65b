using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>A covariance factored once, and what densities need of it.</summary>
/// <param name="Factor">Upper factor of <see cref="Cholesky"/>.</param>
/// <param name="LogDeterminant">ln|Σ|.</param>
sealed record NormalDensity(SymmetricMatrix Factor, double LogDeterminant)
{
    const double LogTwoPi = 1.8378770664093453;

    /// <summary>Factors.</summary>
    /// <exception cref="ArgumentException">A matrix that is not positive definite.</exception>
    public static NormalDensity Of(SymmetricMatrix covariance)
    {
        var factor = new SymmetricMatrix(covariance.Size);
        factor.CopyFrom(covariance);
        if (Cholesky.Factor(factor) > 0)
            throw new ArgumentException("a covariance that is not positive definite", nameof(covariance));
        double log = 0;
        for (int i = 0; i < covariance.Size; i++)
            log += 2 * Math.Log(factor[i, i]);
        return new NormalDensity(factor, log);
    }

    /// <summary>xᵀΣ⁻¹x.</summary>
    public double Square(ReadOnlySpan<double> x)
    {
        Span<double> solved = stackalloc double[x.Length];
        x.CopyTo(solved);
        Cholesky.Solve(Factor, solved);
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += x[i] * solved[i];
        return sum;
    }

    /// <summary>ln of the normal density of a centred vector.</summary>
    public double LogAt(ReadOnlySpan<double> x) => -0.5 * (x.Length * LogTwoPi + LogDeterminant + Square(x));

    /// <summary>Uᵀz: independent normals made dependent.</summary>
    public void Mix(ReadOnlySpan<double> z, Span<double> into)
    {
        into.Clear();
        for (int k = 0; k < z.Length; k++)
        {
            var row = Factor.Row(k);
            for (int i = k; i < z.Length; i++)
                into[i] += row[i] * z[k];
        }
    }
}
