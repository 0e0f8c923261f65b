using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>A sample covariance drawn towards its mean variance times the identity.</summary>
/// <remarks>Ledoit and Wolf 2004, A well-conditioned estimator for large-dimensional covariance matrices.</remarks>
public static class Shrinkage
{
    /// <summary>(1 − intensity)·S + intensity·m·I, m the mean of the diagonal.</summary>
    public static SymmetricMatrix TowardsIdentity(SymmetricMatrix sample, double intensity)
    {
        int n = sample.Size;
        double mean = Enumerable.Range(0, n).Average(i => sample[i, i]);
        var shrunk = new SymmetricMatrix(n);
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            shrunk[i, j] = (1 - intensity) * sample[i, j] + (i == j ? intensity * mean : 0);
        return shrunk;
    }

    /// <summary>With the intensity that loses least on average, estimated from the rows themselves.</summary>
    /// <param name="rows">Observations of mean 0.</param>
    public static SymmetricMatrix LedoitWolf(IReadOnlyList<double[]> rows)
    {
        int n = rows[0].Length;
        var sample = new SymmetricMatrix(n);
        foreach (double[] row in rows)
            for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
                sample[i, j] += row[i] * row[j] / rows.Count;
        double mean = Enumerable.Range(0, n).Average(i => sample[i, i]);
        double spread = 0,
            noise = 0;
        for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
        {
            spread += Math.Pow(sample[i, j] - (i == j ? mean : 0), 2);
            foreach (double[] row in rows)
                noise += Math.Pow(row[i] * row[j] - sample[i, j], 2) / ((double)rows.Count * rows.Count);
        }
        return TowardsIdentity(sample, spread > 0 ? Math.Min(1, noise / spread) : 1);
    }
}
