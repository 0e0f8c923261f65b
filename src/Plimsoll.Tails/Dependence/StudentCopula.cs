using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>
/// The dependence of a multivariate Student law: joint extremes in both tails, however low the correlation.
/// </summary>
/// <remarks>
/// Demarta and McNeil 2005. Fit: correlations from Kendall's tau, ρ = sin(πτ/2), repaired to a correlation matrix after
/// the inversion, then the degrees of freedom by the likelihood of the ranks.
/// </remarks>
/// <param name="Correlation">Unit diagonal, positive definite.</param>
/// <param name="Degrees">ν, above 2.</param>
public sealed record StudentCopula(SymmetricMatrix Correlation, double Degrees)
{
    const double LeastDegrees = 2.05;
    const double MostDegrees = 60;
    const double LeastEigenvalue = 1e-4;

    /// <summary>ln of the copula's density at a point of the unit cube, each coordinate inside (0, 1).</summary>
    public double LogDensity(ReadOnlySpan<double> u) =>
        LogDensity(NormalDensity.Of(Correlation), Quantiles(u, Degrees), Degrees);

    /// <summary>
    /// 2·t_{ν+1}(−√((ν + 1)(1 − ρ)/(1 + ρ))): probability of joining the other's extreme, either tail.
    /// </summary>
    public static double TailDependence(double correlation, double degrees) =>
        2 * StudentDistribution.Cdf(-Math.Sqrt((degrees + 1) * (1 - correlation) / (1 + correlation)), degrees + 1);

    /// <summary>Fits to pseudo-observations, ranks over n + 1.</summary>
    /// <param name="ranks">By time, each inside (0, 1).</param>
    public static StudentCopula Fit(IReadOnlyList<double[]> ranks)
    {
        int n = ranks[0].Length;
        var correlation = new SymmetricMatrix(n);
        for (int i = 0; i < n; i++)
        {
            correlation[i, i] = 1;
            for (int j = i + 1; j < n; j++)
                correlation[i, j] = Math.Sin(
                    Math.PI / 2 * RankDependence.KendallTau([.. ranks.Select(u => u[i])], [.. ranks.Select(u => u[j])])
                );
        }
        correlation = Repaired(correlation);
        if (n == 1)
            return new StudentCopula(correlation, MostDegrees);
        var density = NormalDensity.Of(correlation);
        // Golden section on ln ν: the likelihood of the ranks has one top.
        double low = Math.Log(LeastDegrees),
            high = Math.Log(MostDegrees);
        double ratio = (Math.Sqrt(5) - 1) / 2;
        double a = high - ratio * (high - low),
            b = low + ratio * (high - low);
        double atA = Likelihood(a),
            atB = Likelihood(b);
        for (int step = 0; step < 40 && high - low > 1e-4; step++)
            if (atA > atB)
            {
                (high, b, atB) = (b, a, atA);
                a = high - ratio * (high - low);
                atA = Likelihood(a);
            }
            else
            {
                (low, a, atA) = (a, b, atB);
                b = low + ratio * (high - low);
                atB = Likelihood(b);
            }
        return new StudentCopula(correlation, Math.Exp(0.5 * (low + high)));

        double Likelihood(double logDegrees)
        {
            double degrees = Math.Exp(logDegrees);
            double sum = 0;
            foreach (double[] u in ranks)
                sum += LogDensity(density, Quantiles(u, degrees), degrees);
            return sum;
        }
    }

    /// <summary>Student vectors whose ranks follow the copula, by column; any number of threads.</summary>
    /// <param name="count">Rows.</param>
    /// <param name="seed">Each row has a stream of its own.</param>
    public double[][] Draw(int count, ulong seed) => Draw(count, seed, new double[Correlation.Size]);

    /// <summary>
    /// The same with a skew: γ·W + √W·z, W inverse gamma (the generalised hyperbolic skewed t of Demarta and McNeil):
    /// γ below 0 makes joint falls likelier than joint rises.
    /// </summary>
    public double[][] Draw(int count, ulong seed, double[] skew)
    {
        const ulong Streams = 10UL << 40;
        int n = Correlation.Size;
        var density = NormalDensity.Of(Correlation);
        double[][] columns = [.. Enumerable.Range(0, n).Select(_ => new double[count])];
        Parallel.For(
            0,
            (count + 1023) / 1024,
            chunk =>
            {
                Span<double> z = stackalloc double[n];
                Span<double> mixed = stackalloc double[n];
                for (int s = chunk * 1024; s < Math.Min(count, (chunk + 1) * 1024); s++)
                {
                    var random = new SeededRandom(seed, Streams + (ulong)s);
                    for (int i = 0; i < n; i++)
                        z[i] = random.NextNormal();
                    density.Mix(z, mixed);
                    double w = Degrees / ChiSquared(random, Degrees);
                    double root = Math.Sqrt(w);
                    for (int i = 0; i < n; i++)
                        columns[i][s] = skew[i] * w + root * mixed[i];
                }
            }
        );
        return columns;
    }

    /// <summary>A draw of χ²_ν: twice a gamma of ν/2 (Marsaglia and Tsang 2000).</summary>
    static double ChiSquared(SeededRandom random, double degrees)
    {
        double d = degrees / 2 - 1.0 / 3;
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = random.NextNormal();
            double v = 1 + c * x;
            if (v <= 0)
                continue;
            v = v * v * v;
            if (Math.Log(random.NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return 2 * d * v;
        }
    }

    static double LogDensity(NormalDensity density, double[] x, double degrees)
    {
        int n = x.Length;
        double half = degrees / 2;
        double joint =
            SpecialFunctions.LogGamma(half + 0.5 * n)
            - SpecialFunctions.LogGamma(half)
            - 0.5 * n * Math.Log(degrees * Math.PI)
            - 0.5 * density.LogDeterminant
            - (half + 0.5 * n) * Math.Log(1 + density.Square(x) / degrees);
        foreach (double value in x)
            joint -= StudentDistribution.LogDensity(value, degrees);
        return joint;
    }

    static double[] Quantiles(ReadOnlySpan<double> u, double degrees)
    {
        var x = new double[u.Length];
        for (int i = 0; i < x.Length; i++)
            x[i] = StudentDistribution.Quantile(u[i], degrees);
        return x;
    }

    /// <summary>
    /// Pairwise inversions need not fit together: eigenvalues are lifted, then the diagonal made 1 again.
    /// </summary>
    static SymmetricMatrix Repaired(SymmetricMatrix correlation)
    {
        var eigen = SymmetricEigen.Of(correlation);
        return eigen.Values[0] >= LeastEigenvalue
            ? correlation
            : DynamicCorrelation.Correlation(
                eigen.Rebuild([.. eigen.Values.Select(value => Math.Max(value, LeastEigenvalue))])
            );
    }
}
