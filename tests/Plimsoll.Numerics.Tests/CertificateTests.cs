namespace Plimsoll.Numerics.Tests;

/// <summary>The bound holds whatever multipliers it is built of, and a stalled solve cannot pass as proven.</summary>
public class CertificateTests
{
    /// <summary>Seeds of programs that have a feasible point, and the best one of the slow solver.</summary>
    static IEnumerable<(int Seed, ConvexProgram Program, double Best)> Feasible(
        int first,
        int count,
        Func<int, ConvexProgram> make
    )
    {
        for (int seed = first; seed < first + count; seed++)
        {
            var program = make(seed);
            double best = new EllipsoidSolver(program).Run().Best;
            if (best > double.NegativeInfinity)
                yield return (seed, program, best);
        }
    }

    static LimitMultipliers Anything(ConvexProgram program, Random random)
    {
        int count = program.Constraints.Length;
        var read = LimitMultipliers.None(count);
        for (int k = 0; k < count; k++)
        {
            int rows = program.Constraints[k] switch
            {
                MaxLinearConstraint linear => linear.Offset.Length,
                ExpectedShortfallConstraint shortfall => shortfall.Value.Base.Length,
                ScenarioFloorConstraint floor => floor.Value.Base.Length,
                _ => 0,
            };
            double size = random.Next(4) == 0 ? 0 : Math.Pow(10, random.Next(-3, 1));
            read.Total[k] = size;
            read.Rows[k] = [.. Enumerable.Range(0, rows).Where(_ => random.Next(3) == 0)];
            read.RowDuals[k] = [.. read.Rows[k].Select(_ => size * (random.NextDouble() - 0.1))];
        }
        return read;
    }

    static double[] Within(ConvexProgram program, Random random) =>
        [.. program.Lower.Select((low, i) => low + (program.Upper[i] - low) * Math.Pow(random.NextDouble(), 2))];

    [Fact]
    public void Bound_holds_for_any_multipliers_at_any_point()
    {
        int checks = 0;
        foreach (var (seed, program, best) in Feasible(1, 250, RandomPrograms.Make))
        {
            var random = new Random(seed);
            for (int trial = 0; trial < 20; trial++)
            {
                var point = new ProgramPoint(program, Within(program, random), []);
                if (!double.IsFinite(point.Objective))
                    continue;
                double bound = new Certificate(point, Anything(program, random)).Bound;
                Assert.True(
                    bound >= best - point.Objective - 1e-10,
                    $"{seed}: {bound:R} but {best - point.Objective:R}"
                );
                checks++;
            }
        }
        Assert.True(checks > 1000, $"only {checks} points could be checked");
    }

    /// <summary>
    /// A book with an expected shortfall and a liquidation limit: the worst tenth of a balance that falls faster than
    /// wealth must stay above zero on average.
    /// </summary>
    static ConvexProgram Leveraged(int seed)
    {
        var program = RandomPrograms.Make(seed);
        var random = new Random(-seed);
        int n = program.Lower.Length;
        int scenarios = random.Next(20, 60);
        var gain = new ColumnMatrix(scenarios, n);
        var balance = new ColumnMatrix(scenarios, n);
        for (int i = 0; i < n; i++)
        for (int s = 0; s < scenarios; s++)
        {
            gain[s, i] = (0.01 + 0.2 * (random.NextDouble() - 0.5)) / program.Scale[i];
            balance[s, i] = 1.3 * gain[s, i] - 0.05 / program.Scale[i];
        }
        double[] weights = Programs.Fill(scenarios, 1.0 / scenarios);
        var wealth = new ScenarioValue(Programs.Fill(scenarios, 1), gain, null, null, null, 1);
        var margin = new ScenarioValue(Programs.Fill(scenarios, 0.2), balance, null, null, null, 1);
        return program with
        {
            Objective = new GrowthObjective(wealth, weights, 2),
            Constraints =
            [
                new ExpectedShortfallConstraint(
                    "shortfall",
                    0.08,
                    0.08,
                    1,
                    wealth with
                    {
                        Base = new double[scenarios],
                    },
                    weights,
                    0.9
                ),
                new ExpectedShortfallConstraint("liquidation", 0, 0.1, 1, margin, weights, 0.93),
            ],
        };
    }

    [Fact]
    public void Stalled_solve_of_tails_claims_no_more_than_is_true()
    {
        int stalled = 0;
        int binding = 0;
        foreach (var (seed, program, best) in Feasible(1, 60, Leveraged))
            for (int steps = 2; steps <= 40; steps += 2)
            {
                var solution = ConvexSolver.Solve(program, new SolveTolerance(MaximumIterations: steps));
                string where = $"{seed} after {steps}: {solution.Status}, gap {solution.Gap:E2}";
                if (solution.MaximumViolation <= 1e-9 && double.IsFinite(solution.Objective))
                    Assert.True(best <= solution.Objective + solution.Gap + 1e-10, where);
                Assert.NotEqual(SolveStatus.Infeasible, solution.Status);
                double gained = Math.Abs(solution.Objective - solution.ReferenceObjective);
                bool tight = solution.Gap <= Math.Max(1.01e-8 * gained, 1e-14) && solution.MaximumViolation <= 1e-9;
                Assert.True(solution.Status == SolveStatus.Failed || tight, where);
                stalled += solution.Status == SolveStatus.Failed ? 1 : 0;
                if (steps == 40)
                    binding += solution.Constraints.Count(limit => limit.ShadowPrice > 1e-6);
            }
        Assert.True(stalled > 100, $"only {stalled} solves were cut short");
        Assert.True(binding > 30, $"only {binding} tails bind");
    }

    [Fact]
    public void Shortfall_multipliers_that_do_not_sum_to_their_price_are_moved_into_the_dual_set()
    {
        var limit = (ExpectedShortfallConstraint)Leveraged(3).Constraints[0];
        int scenarios = limit.Weights.Length;
        var random = new Random(5);
        for (int trial = 0; trial < 200; trial++)
        {
            double[] y = [.. Enumerable.Range(0, scenarios).Select(_ => random.NextDouble() - 0.5)];
            int[] rows = [.. Enumerable.Range(0, scenarios).Where(_ => random.Next(3) == 0)];
            double[] duals = [.. rows.Select(_ => 2 * random.NextDouble() - 0.5)];
            double[] v = Shortfall.DualWeights(y, limit, rows, duals, 0.7);
            Assert.Equal(0.7, v.Sum(), 1e-14);
            Assert.All(v, (weight, s) => Assert.InRange(weight, 0, 0.7 * limit.Weights[s] / (1 - limit.Level) + 1e-16));
            double bounded = -v.Select((weight, s) => weight * y[s]).Sum();
            Assert.True(bounded <= 0.7 * Shortfall.Of(y, limit.Weights, limit.Level) + 1e-14);
        }
    }

    /// <summary>min w with w ≥ each loss, w without an upper end, in place of the largest loss itself.</summary>
    [Fact]
    public void Auxiliary_variable_without_an_end_has_a_finite_bound_that_holds_or_none()
    {
        double[][] losses =
        [
            [1, -0.5],
            [-0.4, 1],
            [-0.3, -0.8],
        ];
        var rows = new MaxLinearConstraint(
            "epigraph",
            0,
            1,
            1,
            [0.1, 0.2, 0.3],
            Programs.Matrix(losses),
            Programs.Matrix([
                [-1],
                [-1],
                [-1],
            ]),
            0
        );
        var program = Programs.Growth(
            [
                [0, 0],
            ],
            [1],
            -1,
            1
        ) with
        {
            Objective = new CostObjective(null, [1], 0),
            AuxiliaryLower = [double.NegativeInfinity],
            AuxiliaryUpper = [double.PositiveInfinity],
            Constraints = [rows],
        };
        var solution = ConvexSolver.Solve(program, new SolveTolerance());
        Assert.Equal(SolveStatus.Optimal, solution.Status);
        double optimum = solution.Objective;
        var random = new Random(1);
        int finite = 0;
        for (int trial = 0; trial < 300; trial++)
        {
            double[] q = Within(program, random);
            double[] w = [Enumerable.Range(0, 3).Max(r => rows.Offset[r] + losses[r][0] * q[0] + losses[r][1] * q[1])];
            var point = new ProgramPoint(program, q, w);
            double[] duals = [2 * random.NextDouble(), 2 * random.NextDouble(), 2 * random.NextDouble()];
            double bound = new Certificate(
                point,
                new LimitMultipliers(
                    [1],
                    [
                        [0, 1, 2],
                    ],
                    [duals]
                )
            ).Bound;
            Assert.True(bound >= optimum - point.Objective - 1e-12);
            // With multipliers that sum to less than the price of w the Lagrangian has no bound, and none is claimed.
            Assert.Equal(duals.Sum() >= 1, double.IsFinite(bound));
            finite += double.IsFinite(bound) ? 1 : 0;
        }
        Assert.InRange(finite, 100, 299);
    }
}
