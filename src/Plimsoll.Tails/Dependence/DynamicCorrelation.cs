using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>Correlations that move with the days: parameters and where they stand.</summary>
/// <param name="News">a.</param>
/// <param name="Memory">b; a + b below 1.</param>
/// <param name="Target">S: long-run correlations, shrunk.</param>
/// <param name="Next">R for the day after the last.</param>
/// <param name="LogLikelihood">Correlation part.</param>
public sealed record CorrelationFit(
    double News,
    double Memory,
    SymmetricMatrix Target,
    SymmetricMatrix Next,
    double LogLikelihood
);

/// <summary>Dynamic conditional correlation of standardised returns.</summary>
/// <remarks>
/// Engle 2002: Q' = (1 − a − b)·S + a·zzᵀ + b·Q, R = Q scaled to unit diagonal; Aielli 2013 corrected: z times the
/// root of
/// Q's diagonal, for which targeting S by moments is consistent. S is shrunk towards the identity (Ledoit and Wolf
/// 2004), the correlations and never the covariances, whose scales differ tenfold. Estimated by the likelihood of pairs
/// of neighbours where the coins are many (Pakel, Shephard, Sheppard and Engle 2021).
/// </remarks>
public static class DynamicCorrelation
{
    const int MostJoint = 6;

    /// <summary>Correlation part of the log likelihood, and R of the day after the last.</summary>
    /// <param name="z">Standardised returns by time.</param>
    /// <param name="target">S, which is also Q at the start.</param>
    /// <param name="news">a.</param>
    /// <param name="memory">b.</param>
    /// <param name="corrected">Aielli's correction.</param>
    /// <param name="each">Sees R of each day before its z.</param>
    public static (double LogLikelihood, SymmetricMatrix Next) Filter(
        IReadOnlyList<double[]> z,
        SymmetricMatrix target,
        double news,
        double memory,
        bool corrected,
        Action<int, SymmetricMatrix>? each = null
    )
    {
        int n = target.Size;
        var q = new SymmetricMatrix(n);
        q.CopyFrom(target);
        var r = new SymmetricMatrix(n);
        var scaled = new double[n];
        double likelihood = 0;
        for (int t = 0; t < z.Count; t++)
        {
            Unit(q, r);
            each?.Invoke(t, r);
            var density = NormalDensity.Of(r);
            double own = 0;
            for (int i = 0; i < n; i++)
            {
                own += z[t][i] * z[t][i];
                scaled[i] = corrected ? Math.Sqrt(q[i, i]) * z[t][i] : z[t][i];
            }
            likelihood -= 0.5 * (density.LogDeterminant + density.Square(z[t]) - own);
            for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
                q[i, j] = (1 - news - memory) * target[i, j] + news * scaled[i] * scaled[j] + memory * q[i, j];
        }
        Unit(q, r);
        return (likelihood, r);
    }

    /// <summary>Estimates a and b with a shrunk target.</summary>
    /// <param name="z">Standardised returns by time.</param>
    public static CorrelationFit Fit(IReadOnlyList<double[]> z)
    {
        int n = z[0].Length;
        var target = Correlation(Shrinkage.LedoitWolf(z));
        var pairs = n <= MostJoint ? [] : Enumerable.Range(0, n - 1).Select(i => Pair(z, target, i)).ToArray();
        double Cost(ReadOnlySpan<double> point)
        {
            var (a, b) = Parameters(point[0], point[1]);
            double sum =
                pairs.Length == 0
                    ? Filter(z, target, a, b, corrected: true).LogLikelihood
                    : pairs.Sum(pair => Filter(pair.Z, pair.Target, a, b, corrected: true).LogLikelihood);
            return -sum / z.Count;
        }
        Minimum? best = null;
        foreach (double[] start in new double[][] { [3, -3.5], [4.5, -3], [1.5, -2.5] })
        {
            var found = NelderMead.Minimise(Cost, start, [0.5, 0.5], 1e-9, 200);
            if (best is null || found.Value < best.Value)
                best = found;
        }
        var (news, memory) = Parameters(best!.Point[0], best.Point[1]);
        var (likelihood, next) = Filter(z, target, news, memory, corrected: true);
        return new CorrelationFit(news, memory, target, next, likelihood);
    }

    /// <summary>Persistence and the share of news in it, both by the logistic function.</summary>
    static (double News, double Memory) Parameters(double persistence, double share)
    {
        double sum = 0.9999 / (1 + Math.Exp(-persistence));
        double news = sum / (1 + Math.Exp(-share));
        return (news, sum - news);
    }

    static (double[][] Z, SymmetricMatrix Target) Pair(IReadOnlyList<double[]> z, SymmetricMatrix target, int i)
    {
        var pair = new SymmetricMatrix(2);
        (pair[0, 0], pair[1, 1], pair[0, 1]) = (1, 1, target[i, i + 1]);
        return ([.. z.Select(row => new[] { row[i], row[i + 1] })], pair);
    }

    /// <summary>A covariance scaled to unit diagonal.</summary>
    public static SymmetricMatrix Correlation(SymmetricMatrix covariance)
    {
        var unit = new SymmetricMatrix(covariance.Size);
        Unit(covariance, unit);
        return unit;
    }

    static void Unit(SymmetricMatrix q, SymmetricMatrix r)
    {
        for (int i = 0; i < q.Size; i++)
        for (int j = i; j < q.Size; j++)
            r[i, j] = i == j ? 1 : q[i, j] / Math.Sqrt(q[i, i] * q[j, j]);
    }
}
