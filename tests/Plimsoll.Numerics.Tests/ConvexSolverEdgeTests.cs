namespace Plimsoll.Numerics.Tests;

/// <summary>Programs without a feasible point, with odd boxes, malformed, or not given the time.</summary>
public class ConvexSolverEdgeTests
{
    static readonly SolveTolerance Tolerance = new();

    static ConvexSolution Solve(ConvexProgram program)
    {
        var solution = ConvexSolver.Solve(program, Tolerance);
        Assert.NotEqual(SolveStatus.Failed, solution.Status);
        return solution;
    }

    [Fact]
    public void Limits_in_conflict_are_named_and_the_smallest_relaxation_makes_the_program_feasible()
    {
        double[][] returns =
        [
            [0.3, -0.1],
            [-0.2, 0.2],
        ];
        var program = Programs.Growth(returns, [0.5, 0.5], 0, 1) with
        {
            Constraints =
            [
                Programs.Row("at most", 0.3, 1, 1),
                Programs.Row("at least", -0.8, -1, -1),
                Programs.Row("idle", 5, 1, 0),
            ],
        };
        var solution = Solve(program);
        Assert.Equal(SolveStatus.Infeasible, solution.Status);
        Assert.Equal(0.5, solution.MaximumViolation, 1e-6);
        Assert.True(solution.Constraints[0].ShadowPrice > 0.5 && solution.Constraints[1].ShadowPrice > 0.5);
        Assert.True(solution.Constraints[2].ShadowPrice < 1e-6);
        double relaxation = ConvexSolver.SmallestRelaxation(program, "at least", Tolerance)!.Value;
        Assert.Equal(0.5, relaxation, 1e-8);
        Assert.Null(ConvexSolver.SmallestRelaxation(program, "idle", Tolerance));
        var relaxed = program with
        {
            Constraints = program.Constraints.SetItem(1, Programs.Row("at least", -0.3, -1, -1)),
        };
        Assert.Equal(SolveStatus.Optimal, Solve(relaxed).Status);
    }

    [Fact]
    public void Excess_goes_where_its_weight_is_least()
    {
        double[][] returns =
        [
            [0.3],
            [-0.2],
        ];
        var program = Programs.Growth(returns, [0.5, 0.5], 0, 1) with
        {
            Constraints = [Programs.Row("dear", 0.2, 1) with { SlackWeight = 10 }, Programs.Row("cheap", -0.6, -1)],
        };
        var solution = Solve(program);
        Assert.Equal(SolveStatus.Infeasible, solution.Status);
        Assert.Equal(0.2, solution.Position[0], 1e-7);
    }

    [Fact]
    public void Positions_fixed_by_their_box_and_references_outside_it_are_handled()
    {
        double[][] returns =
        [
            [0.3, -0.1, 0.1],
            [-0.2, 0.2, -0.05],
        ];
        var program = Programs.Growth(returns, [0.5, 0.5], 0, 1) with
        {
            Reference = [2, -1, 0.25],
            Lower = [0, 0, 0.25],
            Upper = [1, 1, 0.25],
            BuyCost = [0.001, 0.001, 0.001],
            SellCost = [0.001, 0.001, 0.001],
        };
        var solution = Solve(program);
        Assert.Equal(SolveStatus.Optimal, solution.Status);
        Assert.InRange(solution.Position[0], 0, 1);
        Assert.InRange(solution.Position[1], 0, 1);
        Assert.Equal(0.25, solution.Position[2]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Malformed_program_is_refused_by_the_name_of_its_field(double bad)
    {
        var program = Programs.Growth(
            [
                [0.3],
                [-0.2],
            ],
            [0.5, 0.5],
            0,
            1
        );
        var fault = Assert.Throws<ArgumentException>(() => Solve(program with { Upper = [bad] }));
        Assert.Contains("Upper", fault.Message, StringComparison.Ordinal);
        fault = Assert.Throws<ArgumentException>(() => Solve(program with { BuyCost = [-1] }));
        Assert.Contains("BuyCost", fault.Message, StringComparison.Ordinal);
        fault = Assert.Throws<ArgumentException>(() =>
            Solve(
                Programs.Growth(
                    [
                        [bad],
                        [-0.2],
                    ],
                    [0.5, 0.5],
                    0,
                    1
                )
            )
        );
        Assert.Contains("Objective", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_that_may_not_iterate_enough_has_failed()
    {
        var program = Programs.Growth(
            [
                [0.3, -0.1],
                [-0.2, 0.2],
            ],
            [0.5, 0.5],
            0,
            1
        ) with
        {
            Constraints = [Programs.Budget(2, 0.3)],
        };
        var solution = ConvexSolver.Solve(program, new SolveTolerance(MaximumIterations: 2));
        Assert.Equal(SolveStatus.Failed, solution.Status);
    }
}
