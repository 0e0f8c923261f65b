using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Eigenvalues of a correlation matrix below the random edge replaced by their mean.</summary>
/// <remarks>
/// Marchenko and Pastur 1967; Laloux, Cizeau, Bouchaud, Potters 1999; constant residual as in López de Prado 2020. q is
/// n/T
/// here. The trace is kept, the diagonal is then set back to 1 and the variances are put back.
/// </remarks>
public static class Denoised
{
    /// <summary>Largest eigenvalue of noise of the given variance: σ²·(1 + √(n/T))².</summary>
    public static double Edge(int assets, double observations, double noise = 1)
    {
        double root = Math.Sqrt(assets / observations);
        return noise * (1 + root) * (1 + root);
    }

    /// <summary>Eigenvalues, in their order, with all at or below the edge replaced by the mean of those.</summary>
    /// <param name="values">Eigenvalues of a correlation matrix.</param>
    /// <param name="edge">Random edge.</param>
    /// <param name="kept">How many stay.</param>
    public static double[] Replace(ReadOnlySpan<double> values, double edge, out int kept)
    {
        double sum = 0;
        kept = 0;
        foreach (double value in values)
            if (value > edge)
                kept++;
            else
                sum += value;
        int noise = values.Length - kept;
        var replaced = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
            replaced[i] = values[i] > edge ? values[i] : sum / noise;
        return replaced;
    }

    /// <summary>A covariance matrix with its correlations denoised.</summary>
    public static SymmetricMatrix Covariance(SymmetricMatrix sample, double observations)
    {
        int n = sample.Size;
        double[] deviation = Correlations.Deviations(sample);
        using var correlation = Correlations.Of(sample, deviation);
        var eigen = SymmetricEigen.Of(correlation);
        using var cleaned = eigen.Rebuild(Replace(eigen.Values, Edge(n, observations), out _));
        var matrix = new SymmetricMatrix(n);
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            matrix[i, j] =
                i == j
                    ? sample[i, i]
                    : cleaned[i, j] / Math.Sqrt(cleaned[i, i] * cleaned[j, j]) * deviation[i] * deviation[j];
        return matrix;
    }
}
