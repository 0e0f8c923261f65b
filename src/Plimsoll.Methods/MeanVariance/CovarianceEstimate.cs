using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>An estimate of a covariance matrix and the weight on its target.</summary>
/// <param name="Matrix">Estimate.</param>
/// <param name="Shrinkage">Weight on the target, in [0, 1]; 0 where there is none.</param>
public sealed record CovarianceResult(SymmetricMatrix Matrix, double Shrinkage);

/// <summary>Covariance estimates from weighted observations: sample, shrunk, denoised.</summary>
/// <remarks>
/// With equal weights 1/T these are the published formulas with divisor T. With weights p a mean 1/T·Σ becomes Σp·,
/// 1/T²·Σ
/// becomes Σp²·, and T elsewhere becomes the effective number 1/Σp²; sources are silent on weights.
/// </remarks>
public static class CovarianceEstimate
{
    /// <summary>Words of <see cref="ByName"/>, the first being the default of methods.</summary>
    public static readonly System.Collections.Immutable.ImmutableArray<string> Names =
    [
        "sample",
        "ledoit-wolf",
        "constant-correlation",
        "oas",
        "denoised",
        "nonlinear",
    ];

    /// <summary>Estimate by its word.</summary>
    public static CovarianceResult ByName(string name, ColumnMatrix x, double[] p) =>
        name switch
        {
            "sample" => new CovarianceResult(Sample(x, p), 0),
            "ledoit-wolf" => LedoitWolf(x, p),
            "constant-correlation" => ConstantCorrelation(x, p),
            "oas" => OracleApproximating(x, p),
            "denoised" => new CovarianceResult(Denoised.Covariance(Sample(x, p), Effective(p)), 0),
            "nonlinear" => new CovarianceResult(NonlinearShrinkage.FreeOfScale(Sample(x, p), Effective(p)), 0),
            _ => throw new ArgumentException($"no covariance estimate is called {name}", nameof(name)),
        };

    /// <summary>1/Σp²: T for equal weights.</summary>
    public static double Effective(double[] p) => 1 / ColumnProducts.Dot(p, p);

    /// <summary>Σ p·(x − m)(x − m)ᵀ, m = Σ p·x.</summary>
    public static SymmetricMatrix Sample(ColumnMatrix x, double[] p)
    {
        var matrix = new SymmetricMatrix(x.Columns);
        WeightedGram.Add(x, p, matrix);
        var mean = new double[x.Columns];
        ColumnProducts.TransposeMultiply(x, p, mean);
        matrix.AddOuterProduct(-1, mean);
        for (int i = 0; i < x.Columns; i++)
            if (matrix[i, i] <= 1e-15 * (matrix[i, i] + mean[i] * mean[i]))
                matrix[i, i] = 0;
        return matrix;
    }

    /// <summary>Toward m·I, m the mean variance.</summary>
    /// <remarks>Ledoit and Wolf 2004, Journal of Multivariate Analysis 88, lemmas 3.2 to 3.5.</remarks>
    public static CovarianceResult LedoitWolf(ColumnMatrix x, double[] p)
    {
        int n = x.Columns;
        var s = Sample(x, p);
        double m = Trace(s) / n;
        double norm = SquaredNorm(s);
        double d = norm / n - m * m;
        double b = 0;
        double[][] rows = Centred(x, p);
        var image = new double[n];
        for (int t = 0; t < rows.Length; t++)
        {
            double own = ColumnProducts.Dot(rows[t], rows[t]);
            s.Multiply(rows[t], image);
            b += p[t] * p[t] * (own * own - 2 * ColumnProducts.Dot(image, rows[t]) + norm);
        }
        double share = d > 0 ? Math.Min(1, b / n / d) : 1;
        return Toward(s, share, (i, j) => i == j ? m : 0);
    }

    /// <summary>Toward the sample's variances with one correlation, the mean of all.</summary>
    /// <remarks>Ledoit and Wolf 2004, Honey, I shrunk the sample covariance matrix, appendix B; divisor T.</remarks>
    public static CovarianceResult ConstantCorrelation(ColumnMatrix x, double[] p)
    {
        int n = x.Columns;
        var s = Sample(x, p);
        double[] deviation = [.. Enumerable.Range(0, n).Select(i => Math.Sqrt(s[i, i]))];
        double sum = 0;
        for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++)
            sum += s[i, j] / deviation[i] / deviation[j];
        double mean = n > 1 ? 2 * sum / (n * (n - 1.0)) : 0;
        double Target(int i, int j) => i == j ? s[i, i] : mean * deviation[i] * deviation[j];
        double pi = 0,
            rho = 0,
            gamma = 0;
        double[][] rows = Centred(x, p);
        double effective = Effective(p);
        for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
        {
            double spread = 0,
                first = 0,
                second = 0;
            for (int t = 0; t < rows.Length; t++)
            {
                double miss = rows[t][i] * rows[t][j] - s[i, j];
                spread += p[t] * miss * miss;
                first += p[t] * (rows[t][i] * rows[t][i] - s[i, i]) * miss;
                second += p[t] * (rows[t][j] * rows[t][j] - s[j, j]) * miss;
            }
            pi += spread;
            rho +=
                i == j
                    ? spread
                    : mean / 2 * (deviation[j] / deviation[i] * first + deviation[i] / deviation[j] * second);
            double gap = Target(i, j) - s[i, j];
            gamma += gap * gap;
        }
        double share = gamma > 0 ? Math.Clamp((pi - rho) / gamma / effective, 0, 1) : 1;
        return Toward(s, share, Target);
    }

    /// <summary>Oracle-approximating shrinkage toward m·I.</summary>
    /// <remarks>
    /// Chen, Wiesel, Eldar, Hero 2010, IEEE Transactions on Signal Processing 58, eq. 23, with its 2/n terms, which a
    /// widely
    /// used library leaves out.
    /// </remarks>
    public static CovarianceResult OracleApproximating(ColumnMatrix x, double[] p)
    {
        int n = x.Columns;
        var s = Sample(x, p);
        double trace = Trace(s);
        double square = SquaredNorm(s);
        double above = (1 - 2.0 / n) * square + trace * trace;
        double below = (Effective(p) + 1 - 2.0 / n) * (square - trace * trace / n);
        double share = below > 0 ? Math.Min(1, above / below) : 1;
        return Toward(s, share, (i, j) => i == j ? trace / n : 0);
    }

    static CovarianceResult Toward(SymmetricMatrix s, double share, Func<int, int, double> target)
    {
        var matrix = new SymmetricMatrix(s.Size);
        for (int i = 0; i < s.Size; i++)
        for (int j = i; j < s.Size; j++)
            matrix[i, j] = (1 - share) * s[i, j] + share * target(i, j);
        return new CovarianceResult(matrix, share);
    }

    static double[][] Centred(ColumnMatrix x, double[] p)
    {
        var mean = new double[x.Columns];
        ColumnProducts.TransposeMultiply(x, p, mean);
        var rows = new double[x.Rows][];
        for (int t = 0; t < x.Rows; t++)
            rows[t] = new double[x.Columns];
        for (int i = 0; i < x.Columns; i++)
        {
            var column = x.Column(i);
            for (int t = 0; t < x.Rows; t++)
                rows[t][i] = column[t] - mean[i];
        }
        return rows;
    }

    static double Trace(SymmetricMatrix s)
    {
        double sum = 0;
        for (int i = 0; i < s.Size; i++)
            sum += s[i, i];
        return sum;
    }

    static double SquaredNorm(SymmetricMatrix s)
    {
        double sum = 0;
        for (int i = 0; i < s.Size; i++)
        {
            sum += s[i, i] * s[i, i];
            for (int j = i + 1; j < s.Size; j++)
                sum += 2 * s[i, j] * s[i, j];
        }
        return sum;
    }
}
