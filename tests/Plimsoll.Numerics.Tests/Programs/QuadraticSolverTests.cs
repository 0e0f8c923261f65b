namespace Plimsoll.Numerics.Tests;

/// <summary>Quadratic and linear programs against enumeration of every set of active constraints.</summary>
public sealed class QuadraticSolverTests
{
    [Fact]
    public void Random_programs_agree_with_enumeration() => Fuzz(300);

    [Fact, Trait("suite", "all")]
    public void Ten_thousand_random_programs_agree_with_enumeration() => Fuzz(10_000);

    static void Fuzz(int problems)
    {
        int infeasible = 0;
        for (int k = 0; k < problems; k++)
        {
            var random = new SeededRandom(17, (ulong)k);
            var program = Random(random);
            var solution = QuadraticSolver.Solve(program);
            double? exact = ActiveSets.Least(program);
            if (exact is null)
            {
                infeasible++;
                Assert.False(
                    solution.Report.Converged,
                    $"problem {k} has no point, the solver found {solution.Objective}"
                );
                continue;
            }
            Assert.True(solution.Report.Converged, $"problem {k}: {solution.Report.Reason}");
            double size = 1 + Math.Abs(exact.Value);
            Assert.True(
                Math.Abs(solution.Objective - exact.Value) < 1e-7 * size,
                $"problem {k}: {solution.Objective} against {exact}"
            );
        }
        Assert.InRange(infeasible, problems / 100, problems / 2);
    }

    /// <summary>
    /// Three active rows meet in a corner at 194 and rounding ends the way there; Mehrotra's rule cycles at 9,236.
    /// </summary>
    [Theory, InlineData(194), InlineData(9236)]
    public void Corners_and_cycles_are_overcome(int k)
    {
        var program = Random(new SeededRandom(17, (ulong)k));
        var solution = QuadraticSolver.Solve(program);
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        Assert.Equal(ActiveSets.Least(program)!.Value, solution.Objective, 1e-8);
    }

    [Fact]
    public void Prices_are_the_fall_of_the_objective()
    {
        for (int k = 0; k < 40; k++)
        {
            var program = Random(new SeededRandom(19, (ulong)k));
            var solution = QuadraticSolver.Solve(program, 1e-12);
            if (!solution.Report.Converged || program.LessRows.Length == 0 || program.Quadratic is null)
                continue;
            const double h = 1e-4;
            var wider = QuadraticSolver.Solve(
                program with
                {
                    LessThan = [program.LessThan[0] + h, .. program.LessThan[1..]],
                },
                1e-12
            );
            var tighter = QuadraticSolver.Solve(
                program with
                {
                    LessThan = [program.LessThan[0] - h, .. program.LessThan[1..]],
                },
                1e-12
            );
            if (!tighter.Report.Converged)
                continue;
            double up = (solution.Objective - wider.Objective) / h;
            double down = (tighter.Objective - solution.Objective) / h;
            // Convex in the limit: the price lies between the slopes on both sides.
            Assert.InRange(solution.LessPrices[0], up - 1e-4, down + 1e-4);
        }
    }

    [Fact]
    public void Units_of_a_million_between_unknowns_change_nothing()
    {
        using var p = new SymmetricMatrix(2);
        (p[0, 0], p[0, 1], p[1, 1]) = (1e-6, 2e-1, 1e6);
        var solution = QuadraticSolver.Solve(
            new QuadraticProgram
            {
                Quadratic = p,
                Linear = [-1e-3, -1e3],
                Lower = [0, 0],
                Upper = [1e6, 1],
                LessRows =
                [
                    [1e-3, 1e3],
                ],
                LessThan = [0.5],
            }
        );
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        // In units of each: min ½(u² + 0.4uv + v²) − u − v with u + v ≤ ½: u = v = ¼.
        Assert.Equal(250, solution.X[0], 1e-4);
        Assert.Equal(2.5e-4, solution.X[1], 1e-10);
    }

    [Fact]
    public void A_program_without_end_and_one_without_point_say_so()
    {
        var ray = new QuadraticProgram
        {
            Linear = [-1, 0],
            Lower = [0, 0],
            Upper = [double.PositiveInfinity, 1],
        };
        var unbounded = QuadraticSolver.Solve(ray);
        Assert.False(unbounded.Report.Converged);
        var none = QuadraticSolver.Solve(
            ray with
            {
                Upper = [1, 1],
                EqualRows =
                [
                    [1, 1],
                ],
                EqualTo = [3],
            }
        );
        Assert.Equal("no point meets all constraints", none.Report.Reason);
    }

    [Fact]
    public void Logarithms_keep_their_unknown_positive()
    {
        // min x + y − log x − 2·log y with x + y ≤ 1.5: x = ½, y = 1.
        var solution = QuadraticSolver.Solve(
            new QuadraticProgram
            {
                Linear = [1, 1],
                LogWeight = [1, 2],
                Lower = [0, 0],
                Upper = [10, 10],
                LessRows =
                [
                    [1, 1],
                ],
                LessThan = [1.5],
            },
            1e-12
        );
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        Assert.Equal(0.5, solution.X[0], 1e-9);
        Assert.Equal(1, solution.X[1], 1e-9);
        Assert.Equal(1, solution.LessPrices[0], 1e-8);
    }

    static QuadraticProgram Random(SeededRandom random)
    {
        int n = 1 + random.NextInt(4);
        int rows = random.NextInt(4);
        bool equal = n > 1 && random.NextDouble() < 0.5;
        SymmetricMatrix? p = null;
        if (random.NextDouble() < 0.7)
        {
            p = new SymmetricMatrix(n);
            int rank = 1 + random.NextInt(n);
            for (int r = 0; r < rank; r++)
                p.AddOuterProduct(1, [.. Enumerable.Range(0, n).Select(_ => random.NextNormal())]);
        }
        double[] Row() => [.. Enumerable.Range(0, n).Select(_ => Math.Round(random.NextNormal(), 3))];
        return new QuadraticProgram
        {
            Quadratic = p,
            Linear = Row(),
            Lower = [.. Enumerable.Range(0, n).Select(_ => -random.NextDouble())],
            Upper = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())],
            EqualRows = equal ? [Row()] : [],
            EqualTo = equal ? [0.3 * random.NextNormal()] : [],
            LessRows = [.. Enumerable.Range(0, rows).Select(_ => Row())],
            LessThan = [.. Enumerable.Range(0, rows).Select(_ => 0.5 * random.NextNormal() + 0.3)],
        };
    }
}
