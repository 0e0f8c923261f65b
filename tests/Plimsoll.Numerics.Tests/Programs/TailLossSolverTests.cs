namespace Plimsoll.Numerics.Tests;

/// <summary>Least mean of the worst losses: golden rows, nested searches, and the gap checked from outside.</summary>
public sealed class TailLossSolverTests
{
    [Fact]
    public void Random_problems_agree_with_nested_ternary_search() => Fuzz(150);

    [Fact, Trait("suite", "all")]
    public void Ten_thousand_random_problems_agree_with_nested_ternary_search() => Fuzz(10_000);

    static void Fuzz(int problems)
    {
        for (int k = 0; k < problems; k++)
        {
            var random = new SeededRandom(23, (ulong)k);
            int n = 2 + random.NextInt(2);
            int rows = 5 + random.NextInt(60);
            using var gains = new ColumnMatrix(rows, n);
            double unit = Math.Pow(10, 6 * random.NextDouble() - 3);
            for (int i = 0; i < n; i++)
            for (int s = 0; s < rows; s++)
                gains[s, i] = unit * (0.3 * random.NextNormal() + 0.05);
            double[] weights = [.. Enumerable.Range(0, rows).Select(_ => 0.1 + random.NextDouble())];
            double sum = weights.Sum();
            weights = [.. weights.Select(w => w / sum)];
            double level = 0.3 + 0.65 * random.NextDouble();
            var solution = TailLossSolver.Solve(Simplex(gains, weights, level));
            Assert.True(solution.Report.Converged, $"problem {k}: {solution.Report.Reason}");
            double slow = Nested(gains, weights, level);
            Assert.True(
                solution.TailLoss <= slow + 1e-8 * unit && solution.TailLoss >= slow - 1e-6 * unit,
                $"problem {k}: {solution.TailLoss} against {slow}"
            );
        }
    }

    [Fact]
    public void Twenty_by_twenty_thousand_is_within_1e8_of_the_optimum()
    {
        var random = new SeededRandom(29, 1);
        using var gains = new ColumnMatrix(20_000, 20);
        var market = Enumerable.Range(0, 20_000).Select(_ => random.NextNormal()).ToArray();
        for (int i = 0; i < 20; i++)
        for (int s = 0; s < 20_000; s++)
            gains[s, i] = 0.02 * (market[s] * (0.5 + 0.05 * i) + random.NextNormal()) + 0.0005 * i;
        double[] weights = [.. Enumerable.Repeat(1.0 / 20_000, 20_000)];
        var program = Simplex(gains, weights, 0.95);
        var solution = TailLossSolver.Solve(program);
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        Assert.True(solution.Report.Gap <= 1e-8 * solution.TailLoss, $"{solution.Report.Gap}");
        CheckBound(program, solution, 1e-8);
    }

    [Fact]
    public void Duplicates_of_an_unknown_and_equal_scenarios_are_no_obstacle()
    {
        using var gains = new ColumnMatrix(6, 3);
        double[] first = [0.03, -0.02, 0.01, 0.01, -0.05, 0.04];
        for (int s = 0; s < 6; s++)
        {
            (gains[s, 0], gains[s, 1]) = (first[s], first[s]);
            gains[s, 2] = -0.5 * first[s] + 0.001;
        }
        double[] weights = [.. Enumerable.Repeat(1 / 6.0, 6)];
        var solution = TailLossSolver.Solve(Simplex(gains, weights, 0.7));
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        CheckBound(Simplex(gains, weights, 0.7), solution, 1e-8);
    }

    [Fact]
    public void The_atom_at_the_quantile_is_split()
    {
        // sizing.md 9.1: losses of probability 0.1 each at level 0.85: (0.1·L1 + 0.05·L2)/0.15.
        double[] losses = [0.066, 0.060, 0.02, 0.01, 0, 0, 0, 0, -0.01, -0.02];
        double[] weights = [.. Enumerable.Repeat(0.1, 10)];
        var law = new double[10];
        Assert.Equal(0.064, TailLossSolver.Evaluate(losses, weights, 0.85, law), 1e-12);
        Assert.Equal(1, law.Sum(), 1e-12);
    }

    static TailLossProgram Simplex(ColumnMatrix gains, double[] weights, double level)
    {
        int n = gains.Columns;
        return new TailLossProgram
        {
            Gains = gains,
            Weights = weights,
            Level = level,
            Domain = new QuadraticProgram
            {
                Linear = new double[n],
                Lower = new double[n],
                Upper = [.. Enumerable.Repeat(1.0, n)],
                EqualRows =
                [
                    [.. Enumerable.Repeat(1.0, n)],
                ],
                EqualTo = [1],
            },
        };
    }

    /// <summary>On a simplex any law of the tail bounds the optimum by its least mean loss of one unknown.</summary>
    static void CheckBound(TailLossProgram program, TailLossSolution solution, double tolerance)
    {
        double tail = 1 - program.Level;
        Assert.Equal(1, solution.TailWeights.Sum(), 1e-9);
        for (int s = 0; s < solution.TailWeights.Length; s++)
            Assert.InRange(solution.TailWeights[s], 0, program.Weights[s] / tail * (1 + 1e-9));
        double bound = double.PositiveInfinity;
        for (int i = 0; i < program.Gains.Columns; i++)
            bound = Math.Min(bound, -ColumnProducts.Dot(program.Gains.Column(i), solution.TailWeights));
        Assert.InRange(solution.TailLoss, bound, bound + tolerance * Math.Abs(bound) + 1e-15);
        Assert.Equal(1, solution.X.Sum(), 1e-10);
        Assert.All(solution.X, x => Assert.InRange(x, 0, 1));
    }

    static double Nested(ColumnMatrix gains, double[] weights, double level) =>
        OnSimplex(
            gains.Columns,
            x =>
            {
                var losses = new double[gains.Rows];
                for (int s = 0; s < losses.Length; s++)
                for (int i = 0; i < x.Length; i++)
                    losses[s] -= gains[s, i] * x[i];
                return TailLossSolver.Evaluate(losses, weights, level);
            }
        );

    /// <summary>Least value of a convex function on the simplex of two or three unknowns, by nested search.</summary>
    internal static double OnSimplex(int n, Func<double[], double> f)
    {
        double At(double a, double b) => f(n == 2 ? [a, 1 - a] : [a, b * (1 - a), (1 - b) * (1 - a)]);
        return Ternary(a => n == 2 ? At(a, 0) : Ternary(b => At(a, b)));
    }

    static double Ternary(Func<double, double> f)
    {
        double low = 0,
            high = 1;
        for (int k = 0; k < 60; k++)
        {
            double a = low + (high - low) / 3,
                b = high - (high - low) / 3;
            if (f(a) <= f(b))
                high = b;
            else
                low = a;
        }
        return f(0.5 * (low + high));
    }
}
