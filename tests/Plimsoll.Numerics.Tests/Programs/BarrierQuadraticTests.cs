namespace Plimsoll.Numerics.Tests;

/// <summary>Risk budgets without the word: x·(Sx) = b.</summary>
public sealed class BarrierQuadraticTests
{
    [Fact]
    public void Random_covariances_of_every_scale_agree_with_coordinate_descent() => Fuzz(300);

    [Fact, Trait("suite", "all")]
    public void Ten_thousand_random_covariances_agree_with_coordinate_descent() => Fuzz(10_000);

    static void Fuzz(int problems)
    {
        for (int k = 0; k < problems; k++)
        {
            var random = new SeededRandom(11, (ulong)k);
            int n = 1 + random.NextInt(12);
            using var s = Covariance(random, n, Math.Pow(10, 12 * random.NextDouble() - 6));
            double[] b = [.. Enumerable.Range(0, n).Select(_ => Math.Pow(10, 4 * random.NextDouble()))];
            var x = new double[n];
            var report = BarrierQuadratic.Solve(s, b, x);
            Assert.True(report.Converged, $"problem {k}: {report.Reason}");
            double[] slow = CoordinateDescent(s, b);
            for (int i = 0; i < n; i++)
                Assert.True(Math.Abs(x[i] / slow[i] - 1) < 1e-7, $"problem {k}: {x[i]} against {slow[i]}");
        }
    }

    [Fact]
    public void A_thousand_unknowns_reach_twelve_digits()
    {
        var random = new SeededRandom(5, 1);
        using var s = Covariance(random, 1000, 1);
        double[] b = [.. Enumerable.Range(0, 1000).Select(_ => Math.Pow(10, 4 * random.NextDouble()))];
        var x = new double[1000];
        var report = BarrierQuadratic.Solve(s, b, x);
        Assert.True(report.Converged, report.Reason);
        Assert.True(report.Residual <= 1e-12, $"{report.Residual}");
        Assert.InRange(report.Iterations, 1, 30);
        // With budgets of 1:10,000 a budget may be a millionth of what it is the difference of.
        CheckBudgets(s, b, x, 1e-9);
        Assert.True(BarrierQuadratic.Solve(s, [.. Enumerable.Repeat(1.0, 1000)], x).Converged);
        CheckBudgets(s, [.. Enumerable.Repeat(1.0, 1000)], x, 1e-10);
    }

    [Fact]
    public void A_duplicate_and_a_singular_matrix_are_no_obstacle()
    {
        using var s = new SymmetricMatrix(3);
        (s[0, 0], s[0, 1], s[0, 2], s[1, 1], s[1, 2], s[2, 2]) = (0.04, 0.04, 0.01, 0.04, 0.01, 0.09);
        var x = new double[3];
        Assert.True(BarrierQuadratic.Solve(s, [1, 1, 2], x).Converged);
        Assert.Equal(x[0], x[1], 1e-12);
        CheckBudgets(s, [1, 1, 2], x, 1e-12);
    }

    [Fact]
    public void Budgets_of_one_to_ten_thousand_and_scales_of_a_million_converge()
    {
        using var s = new SymmetricMatrix(3);
        double[] deviation = [1e-3, 1, 1e3];
        double[,] correlation =
        {
            { 1, -0.6, 0.2 },
            { -0.6, 1, 0.5 },
            { 0.2, 0.5, 1 },
        };
        for (int i = 0; i < 3; i++)
        for (int j = i; j < 3; j++)
            s[i, j] = correlation[i, j] * deviation[i] * deviation[j];
        var x = new double[3];
        Assert.True(BarrierQuadratic.Solve(s, [1, 100, 10_000], x).Converged);
        CheckBudgets(s, [1, 100, 10_000], x, 1e-11);
    }

    [Fact]
    public void What_has_no_answer_is_refused_with_the_reason()
    {
        using var flat = new SymmetricMatrix(2);
        flat[0, 0] = 1;
        var x = new double[2];
        var report = BarrierQuadratic.Solve(flat, [1, 1], x);
        Assert.False(report.Converged);
        Assert.Contains("unknown 1", report.Reason, StringComparison.Ordinal);
        using var hedge = new SymmetricMatrix(2);
        (hedge[0, 0], hedge[0, 1], hedge[1, 1]) = (1, -1, 1);
        report = BarrierQuadratic.Solve(hedge, [1, 1], x);
        Assert.False(report.Converged);
        Assert.Equal([0, 0], x);
        Assert.Contains("weight 0", BarrierQuadratic.Solve(flat, [-1, 1], x).Reason, StringComparison.Ordinal);
    }

    /// <summary>A few factors and noise, as covariances are.</summary>
    internal static SymmetricMatrix Covariance(SeededRandom random, int n, double scale)
    {
        var s = new SymmetricMatrix(n);
        for (int factor = 0; factor < 3; factor++)
            s.AddOuterProduct(
                scale,
                [.. Enumerable.Range(0, n).Select(_ => random.NextNormal() + (factor == 0 ? 1 : 0))]
            );
        for (int i = 0; i < n; i++)
            s[i, i] += scale * (0.05 + random.NextDouble());
        return s;
    }

    /// <summary>Griveau-Billion, Richard, Roncalli 2013, one coordinate at a time.</summary>
    static double[] CoordinateDescent(SymmetricMatrix s, double[] b)
    {
        int n = b.Length;
        double[] x = [.. Enumerable.Range(0, n).Select(i => Math.Sqrt(b[i] / s[i, i]))];
        for (int sweep = 0; sweep < 100_000; sweep++)
        {
            double change = 0;
            for (int i = 0; i < n; i++)
            {
                double c = 0;
                for (int j = 0; j < n; j++)
                    c += j == i ? 0 : s[i, j] * x[j];
                double root = Math.Sqrt(c * c + 4 * s[i, i] * b[i]);
                double next = c > 0 ? 2 * b[i] / (c + root) : (root - c) / (2 * s[i, i]);
                change = Math.Max(change, Math.Abs(next / x[i] - 1));
                x[i] = next;
            }
            if (change < 1e-13)
                break;
        }
        return x;
    }

    static void CheckBudgets(SymmetricMatrix s, double[] b, double[] x, double tolerance)
    {
        var product = new double[b.Length];
        s.Multiply(x, product);
        for (int i = 0; i < b.Length; i++)
            Assert.Equal(1, x[i] * product[i] / b[i], tolerance);
    }

    /// <summary>The last unknown undoes the others but for rounding; a real negative direction is told from it.</summary>
    [Fact]
    public void What_cancels_is_told_from_what_is_no_covariance()
    {
        for (int k = 0; k < 50; k++)
        {
            var random = new SeededRandom(53, (ulong)k);
            int n = 3 + random.NextInt(30);
            using var columns = new ColumnMatrix(200, n);
            for (int s = 0; s < 200; s++)
            for (int i = 0; i + 1 < n; i++)
            {
                columns[s, i] = random.NextNormal();
                columns[s, n - 1] -= columns[s, i] * (1 + 0.1 * i);
            }
            using var cancels = new SymmetricMatrix(n);
            WeightedGram.Add(columns, [.. Enumerable.Repeat(1.0 / 200, 200)], cancels);
            double[] weights = [.. Enumerable.Repeat(1.0, n)];
            var report = BarrierQuadratic.Solve(cancels, weights, new double[n]);
            Assert.Equal((k, false, BarrierQuadratic.Riskless), (k, report.Converged, report.Reason));
        }
        using var negative = new SymmetricMatrix(2);
        (negative[0, 0], negative[0, 1], negative[1, 1]) = (1, -2, 1);
        var refused = BarrierQuadratic.Solve(negative, [1, 1], new double[2]);
        Assert.Contains("negative direction", refused.Reason, StringComparison.Ordinal);
    }
}
