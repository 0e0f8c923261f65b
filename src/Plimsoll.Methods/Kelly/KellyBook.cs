using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Growth of log wealth over scenarios as a convex program in fractions of equity.</summary>
public static class KellyBook
{
    /// <summary>The growth-optimal fractions.</summary>
    /// <param name="returns">S x n: net return per unit of each fraction.</param>
    /// <param name="wealth">Wealth ratio without any fraction; empty is 1.</param>
    /// <param name="weights">Probabilities.</param>
    /// <param name="kellyFraction">c: power utility with relative risk aversion 1/c, in (0, 1].</param>
    /// <param name="lower">Lower bounds, finite.</param>
    /// <param name="upper">Upper bounds, finite.</param>
    /// <param name="cost">Cost of a unit of |f|, taken from wealth in every scenario; at least 0.</param>
    /// <param name="limits">Limits besides the bounds.</param>
    public static ConvexSolution Solve(
        ColumnMatrix returns,
        double[] wealth,
        double[] weights,
        double kellyFraction,
        double[] lower,
        double[] upper,
        double cost = 0,
        Func<ScenarioValue, IEnumerable<ProgramConstraint>>? limits = null
    )
    {
        int n = returns.Columns;
        double[] start = wealth.Length > 0 ? wealth : [.. Enumerable.Repeat(1.0, returns.Rows)];
        var value = new ScenarioValue(start, returns, null, null, null, 1);
        double[] costs = [.. Enumerable.Repeat(cost, n)];
        return ConvexSolver.Solve(
            new ConvexProgram
            {
                Reference = new double[n],
                Lower = lower,
                Upper = upper,
                Scale = [.. Enumerable.Range(0, n).Select(i => Scale(returns, i, upper[i] - lower[i]))],
                BuyCost = costs,
                SellCost = costs,
                PowerCost = new double[n],
                Objective = new GrowthObjective(value, weights, 1 / kellyFraction),
                Constraints = limits is null ? [] : [.. limits(value)],
            },
            new SolveTolerance()
        );
    }

    /// <summary>E log of wealth under fractions; −∞ where some wealth is not positive.</summary>
    public static double Growth(ColumnMatrix returns, double[] wealth, double[] weights, double[] fractions)
    {
        var gross = new double[returns.Rows];
        for (int s = 0; s < gross.Length; s++)
            gross[s] = wealth.Length > 0 ? wealth[s] : 1;
        ColumnProducts.MultiplyAdd(returns, fractions, gross);
        return Sizing.BookEvaluator.Growth(gross, weights, 1);
    }

    /// <summary>A solution as a report; the gap is in log growth.</summary>
    public static SolverReport Report(ConvexSolution solution)
    {
        bool usable = solution.Status == SolveStatus.Optimal;
        return new SolverReport(
            usable,
            solution.Iterations,
            solution.MaximumViolation,
            solution.Gap,
            usable ? "" : $"the solver ended {solution.Status.ToString().ToLowerInvariant()}"
        );
    }

    static double Scale(ColumnMatrix returns, int i, double width)
    {
        double square = 0;
        foreach (double value in returns.Column(i))
            square += value * value;
        double deviation = Math.Sqrt(square / returns.Rows);
        return deviation > 0 ? Math.Min(Math.Max(width, 1e-12), 0.1 / deviation) : Math.Max(width, 1e-12);
    }
}
