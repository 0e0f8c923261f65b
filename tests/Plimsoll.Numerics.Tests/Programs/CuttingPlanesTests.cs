namespace Plimsoll.Numerics.Tests;

/// <summary>Any convex function: piecewise linear ends exactly, smooth ones to the gap, budgets by logarithms.</summary>
public sealed class CuttingPlanesTests
{
    static QuadraticProgram Simplex(int n) =>
        new()
        {
            Linear = new double[n],
            Lower = new double[n],
            Upper = [.. Enumerable.Repeat(1.0, n)],
            EqualRows =
            [
                [.. Enumerable.Repeat(1.0, n)],
            ],
            EqualTo = [1],
        };

    [Fact]
    public void The_largest_of_linear_functions_is_minimised_exactly()
    {
        double[][] rows =
        [
            [3, -1, 0],
            [-1, 2, 1],
            [0, 0, 1.5],
        ];
        double Most(ReadOnlySpan<double> x, Span<double> g)
        {
            int worst = 0;
            double most = double.NegativeInfinity;
            for (int r = 0; r < 3; r++)
            {
                double value = ColumnProducts.Dot(rows[r], x);
                if (value > most)
                    (most, worst) = (value, r);
            }
            rows[worst].CopyTo(g);
            return most;
        }
        var solution = CuttingPlanes.Minimise(Most, Simplex(3), [1 / 3.0, 1 / 3.0, 1 / 3.0]);
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        // All three rows tie: 3a − b = −a + 2b + c = 1.5c = t with a + b + c = 1 gives t = 15/23.
        Assert.Equal(15 / 23.0, solution.Value, 1e-9);
    }

    [Fact]
    public void Random_functions_agree_with_nested_ternary_search() => Fuzz(100);

    [Fact, Trait("suite", "all")]
    public void Ten_thousand_random_functions_agree_with_nested_ternary_search() => Fuzz(10_000);

    /// <summary>The larger of a few linear functions, on every other problem plus a norm.</summary>
    static void Fuzz(int problems)
    {
        for (int k = 0; k < problems; k++)
        {
            var random = new SeededRandom(41, (ulong)k);
            int n = 2 + random.NextInt(2);
            double unit = Math.Pow(10, 6 * random.NextDouble() - 3);
            double norm = k % 2 == 0 ? 0 : unit * random.NextDouble();
            double[][] rows =
            [
                .. Enumerable
                    .Range(0, 2 + random.NextInt(6))
                    .Select(_ => (double[])[.. Enumerable.Range(0, n).Select(_ => unit * random.NextNormal())]),
            ];
            double Function(ReadOnlySpan<double> x, Span<double> g)
            {
                double most = double.NegativeInfinity,
                    length = Math.Sqrt(ColumnProducts.Dot(x, x));
                foreach (double[] row in rows)
                    if (ColumnProducts.Dot(row, x) is var value && value > most)
                    {
                        most = value;
                        row.CopyTo(g);
                    }
                for (int i = 0; i < n; i++)
                    g[i] += norm * x[i] / length;
                return most + norm * length;
            }
            var solution = CuttingPlanes.Minimise(Function, Simplex(n), [.. Enumerable.Repeat(1.0 / n, n)]);
            Assert.True(solution.Report.Converged, $"problem {k}: {solution.Report.Reason}");
            double slow = TailLossSolverTests.OnSimplex(n, x => Function(x, new double[n]));
            Assert.True(
                solution.Value <= slow + 1e-7 * unit && solution.Value >= slow - 1e-6 * unit,
                $"problem {k}: {solution.Value} against {slow}"
            );
        }
    }

    [Fact]
    public void Budgets_on_a_norm_are_those_of_the_barrier()
    {
        using var s = BarrierQuadraticTests.Covariance(new SeededRandom(37, 0), 4, 1);
        double[] b = [0.1, 0.2, 0.3, 0.4];
        var direct = new double[4];
        Assert.True(BarrierQuadratic.Solve(s, b, direct).Converged);
        double Deviation(ReadOnlySpan<double> x, Span<double> g)
        {
            s.Multiply(x, g);
            double value = Math.Sqrt(ColumnProducts.Dot(g, x));
            for (int i = 0; i < 4; i++)
                g[i] /= value;
            return value;
        }
        var domain = new QuadraticProgram
        {
            Linear = new double[4],
            LogWeight = b,
            Lower = new double[4],
            Upper = [10, 10, 10, 10],
        };
        var solution = CuttingPlanes.Minimise(Deviation, domain, [0.2, 0.2, 0.2, 0.2], 1e-11);
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        for (int i = 0; i < 4; i++)
            Assert.Equal(direct[i] / direct.Sum(), solution.X[i] / solution.X.Sum(), 1e-5);
    }
}
