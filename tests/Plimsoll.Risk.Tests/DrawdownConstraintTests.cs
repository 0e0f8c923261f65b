using Plimsoll.Numerics;

namespace Plimsoll.Risk.Tests;

/// <summary>The solver's drawdown limit against the bound that the report gives for the same book.</summary>
public sealed class DrawdownConstraintTests
{
    const double Loss = 0.2;
    const double Probability = 0.05;

    static (double Position, double Bound) Solve(double winProbability, double periods, bool bounded)
    {
        double[] weights = [winProbability, 1 - winProbability];
        var matrix = new ColumnMatrix(2, 1);
        (matrix[0, 0], matrix[1, 0]) = (0.1, -0.1);
        var wealth = new ScenarioValue([1, 1], matrix, null, null, null, 0);
        double limit = -Math.Log(1 - Loss) / periods,
            rate = -Math.Log(Probability) / periods;
        var program = new ConvexProgram
        {
            Reference = [0],
            Lower = [0],
            Upper = [9],
            Scale = [1],
            BuyCost = [0],
            SellCost = [0],
            PowerCost = [0],
            Objective = new GrowthObjective(wealth, weights, 1),
            Constraints =
            [
                new DrawdownConstraint(
                    "drawdown",
                    limit,
                    limit,
                    null,
                    wealth,
                    weights,
                    rate,
                    null,
                    bounded ? limit / rate : null
                ),
            ],
        };
        var solution = ConvexSolver.Solve(program, new SolveTolerance());
        Assert.Equal(SolveStatus.Optimal, solution.Status);
        double q = solution.Position[0];
        return (q, DrawdownBound.Of([1 + 0.1 * q, 1 - 0.1 * q], weights, Loss, periods).Probability);
    }

    [Theory]
    [InlineData(0.52, 30)]
    [InlineData(0.6, 30)]
    [InlineData(0.7, 10)]
    [InlineData(0.8, 5)]
    [InlineData(0.9, 30)]
    public void A_binding_limit_is_met_with_equality_by_the_reports_bound(double winProbability, double periods)
    {
        var (position, bound) = Solve(winProbability, periods, bounded: true);
        Assert.InRange(position, 0.01, 8.9);
        Assert.Equal(Probability, bound, 1e-6);
    }

    [Fact]
    public void Without_the_bound_on_t_an_edge_would_be_spent_on_a_promise_that_is_not_kept() =>
        Assert.True(Solve(0.9, 30, bounded: false).Bound > 1.5 * Probability);
}
