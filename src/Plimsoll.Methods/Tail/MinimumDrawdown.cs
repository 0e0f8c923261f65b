using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Weights of least conditional drawdown at risk along history's path.</summary>
/// <remarks>Chekhlov, Uryasev, Zabarankin 2005, International Journal of Theoretical and Applied Finance 8.</remarks>
public sealed class MinimumDrawdown : WeightMethod
{
    /// <summary>Level.</summary>
    public static ShareParameter Level { get; } =
        new(
            "level",
            "Level: the mean of the worst (1 − level) of drawdowns over time; 0% is their average.",
            0.9,
            0,
            0.999
        );

    /// <inheritdoc />
    public override string Key => "min-drawdown";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.Tail;

    /// <inheritdoc />
    public override string Description => "Weights of least conditional drawdown along the path of history.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [Level];

    /// <summary>Weights that sum to 1.</summary>
    public static CuttingPlaneSolution Solve(ColumnMatrix path, double level)
    {
        int n = path.Columns;
        var risk = new DrawdownRisk(path, level);
        double[] start = [.. Enumerable.Repeat(1.0 / n, n)];
        return CuttingPlanes.Minimise(risk.Evaluate, QuadraticBooks.Simplex(n), start, 1e-9);
    }

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        if (HistoryPath.Of(problem) is not { } path)
            return BookProposal.Refuse(HistoryPath.Needed);
        var solution = Solve(path, problem.Settings.Get(Level));
        return BookProposal.Of(solution.X, solution.Report);
    }
}
