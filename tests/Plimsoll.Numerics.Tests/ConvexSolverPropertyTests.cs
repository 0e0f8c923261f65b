namespace Plimsoll.Numerics.Tests;

public class ConvexSolverPropertyTests
{
    static readonly SolveTolerance Tolerance = new();

    static ConvexSolution Solve(ConvexProgram program)
    {
        var solution = ConvexSolver.Solve(program, Tolerance);
        Assert.NotEqual(SolveStatus.Failed, solution.Status);
        return solution;
    }

    /// <summary>Random programs of one kind, with the seeds that made them.</summary>
    static IEnumerable<ConvexProgram> Samples(int count, Func<ConvexProgram, bool> eligible) =>
        Enumerable.Range(50_000, 20_000).Select(RandomPrograms.Make).Where(eligible).Take(count);

    static bool HasGrowth(ConvexProgram program) => program.Objective is GrowthObjective;

    static ConvexProgram WithLimit(ConvexProgram program, int k, double limit)
    {
        ProgramConstraint changed = program.Constraints[k] switch
        {
            ScenarioFloorConstraint floor => floor with { Floor = -limit, Limit = limit },
            var other => other with { Limit = limit },
        };
        return program with { Constraints = program.Constraints.SetItem(k, changed) };
    }

    [Fact]
    public void Tighter_limit_never_gives_a_larger_objective_and_the_shadow_price_is_its_slope()
    {
        int priced = 0;
        foreach (var program in Samples(60, p => HasGrowth(p) && p.Constraints.Length > 0))
        {
            var solution = Solve(program);
            if (solution.Status != SolveStatus.Optimal)
                continue;
            for (int k = 0; k < program.Constraints.Length; k++)
            {
                var limit = program.Constraints[k];
                double step = 1e-3 * limit.Scale * Math.Min(1, Math.Abs(limit.Limit));
                var looser = Solve(WithLimit(program, k, limit.Limit + step));
                var tighter = Solve(WithLimit(program, k, limit.Limit - step));
                double price = solution.Constraints[k].ShadowPrice;
                double slack = solution.Gap + looser.Gap + 1e-11;
                Assert.True(looser.Objective >= solution.Objective - slack, "looser limit, smaller objective");
                // The optimum is concave in the limit: its one-sided slopes enclose the price.
                Assert.True(
                    looser.Objective - solution.Objective <= price * step + slack,
                    $"{limit.Name} above its price"
                );
                if (tighter.Status != SolveStatus.Optimal)
                    continue;
                Assert.True(tighter.Objective <= solution.Objective + slack, "tighter limit, larger objective");
                Assert.True(
                    solution.Objective - tighter.Objective >= price * step - slack - tighter.Gap,
                    $"{limit.Name} below its price"
                );
                double slope = (looser.Objective - tighter.Objective) / (2 * step);
                if (price > 1e-4 && Math.Abs(slope - price) < 0.02 * price)
                    priced++;
            }
        }
        Assert.True(priced > 10, $"only {priced} prices met their finite difference to 2%");
    }

    [Fact]
    public void Order_of_positions_does_not_change_the_objective()
    {
        foreach (var program in Samples(60, HasGrowth))
        {
            int n = program.Reference.Length;
            int[] order = [.. Enumerable.Range(0, n).Reverse()];
            double[] Turn(double[] v) => [.. order.Select(i => v[i])];
            ScenarioValue TurnValue(ScenarioValue v) =>
                v with
                {
                    Matrix = v.Matrix?.Select(order),
                    Shift = v.Shift is null ? null : Turn(v.Shift),
                };
            ProgramConstraint TurnLimit(ProgramConstraint limit) =>
                limit switch
                {
                    MaxLinearConstraint c => c with { Rows = c.Rows.Select(order) },
                    ExpectedShortfallConstraint c => c with { Value = TurnValue(c.Value) },
                    DrawdownConstraint c => c with { Value = TurnValue(c.Value) },
                    ScenarioFloorConstraint c => c with { Value = TurnValue(c.Value) },
                    _ => limit,
                };
            var growth = (GrowthObjective)program.Objective;
            var turned = program with
            {
                Reference = Turn(program.Reference),
                Lower = Turn(program.Lower),
                Upper = Turn(program.Upper),
                Scale = Turn(program.Scale),
                BuyCost = Turn(program.BuyCost),
                SellCost = Turn(program.SellCost),
                PowerCost = Turn(program.PowerCost),
                Objective = growth with { Value = TurnValue(growth.Value) },
                Constraints = [.. program.Constraints.Select(TurnLimit)],
            };
            var one = Solve(program);
            var other = Solve(turned);
            Assert.Equal(one.Status, other.Status);
            if (one.Status == SolveStatus.Optimal)
                Assert.Equal(one.Objective, other.Objective, one.Gap + other.Gap + 1e-11);
        }
    }

    [Fact]
    public void Scenarios_split_in_two_halves_give_the_same_answer()
    {
        foreach (var program in Samples(60, HasGrowth))
        {
            ScenarioValue Twice(ScenarioValue v)
            {
                int rows = v.Base.Length;
                var matrix = new ColumnMatrix(2 * rows, v.Matrix!.Columns);
                for (int j = 0; j < matrix.Columns; j++)
                {
                    v.Matrix.Column(j).CopyTo(matrix.Column(j));
                    v.Matrix.Column(j).CopyTo(matrix.Column(j)[rows..]);
                }
                return v with { Base = [.. v.Base, .. v.Base], Matrix = matrix };
            }
            double[] Half(double[] p) => [.. p.Select(x => x / 2), .. p.Select(x => x / 2)];
            var growth = (GrowthObjective)program.Objective;
            var twice = program with
            {
                Objective = growth with { Value = Twice(growth.Value), Weights = Half(growth.Weights) },
                Constraints =
                [
                    .. program.Constraints.Select(limit =>
                        limit switch
                        {
                            ExpectedShortfallConstraint c => c with
                            {
                                Value = Twice(c.Value),
                                Weights = Half(c.Weights),
                            },
                            DrawdownConstraint c => c with { Value = Twice(c.Value), Weights = Half(c.Weights) },
                            ScenarioFloorConstraint c => c with { Value = Twice(c.Value) },
                            _ => limit,
                        }
                    ),
                ],
            };
            var one = Solve(program);
            var other = Solve(twice);
            Assert.Equal(one.Status, other.Status);
            if (one.Status == SolveStatus.Optimal)
                Assert.Equal(one.Objective, other.Objective, one.Gap + other.Gap + 1e-11);
        }
    }

    [Fact]
    public void Unit_of_a_position_does_not_change_the_answer()
    {
        double[][] returns =
        [
            [0.3, -0.1],
            [-0.2, 0.2],
            [0.1, 0.05],
            [-0.15, -0.12],
        ];
        double[] p = [0.3, 0.3, 0.2, 0.2];
        var plain = Programs.Growth(returns, p, -1, 1);
        double[][] scaled = [.. returns.Select(row => new[] { row[0] * 1e6, row[1] * 1e-6 })];
        var other = Programs.Growth(scaled, p, -1, 1) with
        {
            Lower = [-1e-6, -1e6],
            Upper = [1e-6, 1e6],
            Scale = [1e-6, 1e6],
        };
        var one = Solve(plain);
        var two = Solve(other);
        Assert.Equal(one.Objective, two.Objective, 1e-14);
        Assert.Equal(one.Position[0], two.Position[0] * 1e6, 1e-7);
        Assert.Equal(one.Position[1], two.Position[1] * 1e-6, 1e-7);
    }

    [Fact]
    public void No_trade_is_the_reference_bit_for_bit_where_no_gain_covers_its_cost()
    {
        foreach (var program in Samples(40, p => HasGrowth(p) && p.Constraints.Length == 0))
        {
            int n = program.Reference.Length;
            double[] inside =
            [
                .. Enumerable
                    .Range(0, n)
                    .Select(i => Math.Clamp(program.Reference[i], program.Lower[i], program.Upper[i])),
            ];
            double[] dear = [.. program.Scale.Select(scale => 1 / scale)];
            var still = program with { Reference = inside, BuyCost = dear, SellCost = dear };
            var growth = (GrowthObjective)still.Objective;
            still = still with { Objective = growth with { Value = growth.Value with { CostShare = 1 } } };
            var solution = Solve(still);
            Assert.Equal(inside, solution.Position);
            Assert.Equal(0, solution.Gap);
            Assert.Equal(solution.ReferenceObjective, solution.Objective);
        }
    }

    [Fact]
    public void Unmoved_positions_are_exactly_at_the_reference_and_gain_less_than_their_cost()
    {
        int unmoved = 0;
        foreach (var program in Samples(150, p => HasGrowth(p) && p.BuyCost.Any(cost => cost > 0)))
        {
            var solution = Solve(program);
            if (solution.Status != SolveStatus.Optimal)
                continue;
            for (int i = 0; i < program.Reference.Length; i++)
            {
                double moved = Math.Abs(solution.Position[i] - program.Reference[i]) / program.Scale[i];
                Assert.False(moved is > 0 and < 1e-12, $"moved by {moved:E1} of its scale");
                if (moved != 0 || program.Lower[i] >= program.Reference[i] || program.Upper[i] <= program.Reference[i])
                    continue;
                unmoved++;
                Assert.True(solution.BuyGain[i] * program.Scale[i] <= 1e-7, "an unmoved position would gain by a buy");
                Assert.True(
                    solution.SellGain[i] * program.Scale[i] <= 1e-7,
                    "an unmoved position would gain by a sale"
                );
            }
        }
        Assert.True(unmoved > 20);
    }

    [Fact]
    public void Answer_has_the_same_bits_on_one_and_two_threads()
    {
        var random = new Random(4);
        double[][] returns =
        [
            .. Enumerable
                .Range(0, 3000)
                .Select(_ => Enumerable.Range(0, 50).Select(_ => 0.1 * (random.NextDouble() - 0.49)).ToArray()),
        ];
        double[] p = Programs.Fill(3000, 1.0 / 3000);
        var limit = new DrawdownConstraint("drawdown", 0, 1, null, Programs.Wealth(returns), p, 0, 0.2);
        var program = Programs.Growth(returns, p, -1, 1) with { Constraints = [limit] };
        var one = ConvexSolver.Solve(program, Tolerance, 1);
        var two = ConvexSolver.Solve(program, Tolerance, 2);
        Assert.Equal(SolveStatus.Optimal, one.Status);
        Assert.Equal(one.Position, two.Position);
        Assert.Equal(one.Gap, two.Gap);
    }
}
