using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>The largest ratio of stated edge to expected shortfall.</summary>
/// <remarks>
/// Martin, Rachev, Siboulet 2003 (STARR), as min ES(y) with μᵀy = 1, y ≥ 0, on returns whose mean is the stated edge.
/// Nothing is
/// held where no edge is positive; a book with an edge and no shortfall is an arbitrage of the scenarios and is
/// refused.
/// </remarks>
public sealed class ReturnOverShortfall : WeightMethod
{
    /// <inheritdoc />
    public override string Key => "max-return-over-shortfall";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.Tail;

    /// <inheritdoc />
    public override string Description => "The largest ratio of stated edge to expected shortfall.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [ShortfallParity.Level];

    /// <summary>Weights that sum to 1; zeros where no mean is positive.</summary>
    public static (double[] Weights, SolverReport Report) Solve(
        ColumnMatrix returns,
        double[] p,
        double level,
        double[] mean
    )
    {
        int n = mean.Length;
        double most = mean.Max();
        if (!(most > 0))
            return (new double[n], new SolverReport(true, 0, 0, 0));
        var solution = TailLossSolver.Solve(
            new TailLossProgram
            {
                Gains = returns,
                Weights = p,
                Level = level,
                Domain = new QuadraticProgram
                {
                    Linear = new double[n],
                    Lower = new double[n],
                    Upper = [.. Enumerable.Repeat(1e3, n)],
                    EqualRows =
                    [
                        [.. mean.Select(m => m / most)],
                    ],
                    EqualTo = [1],
                },
            }
        );
        if (solution.Report.Converged && !(solution.TailLoss > 0))
            return (
                new double[n],
                new SolverReport(
                    false,
                    0,
                    1,
                    1,
                    "a book has an edge and no expected shortfall in these scenarios: draw more (--scenarios), or name "
                        + "fewer instruments with universe"
                )
            );
        double sum = solution.X.Sum();
        return ([.. solution.X.Select(y => y / sum)], solution.Report);
    }

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        double level = problem.Settings.Get(ShortfallParity.Level);
        var (weights, report) = Solve(returns.WithEdge(problem), returns.Weights, level, returns.Mean);
        return BookProposal.Of(weights, report).OrNothing("no instrument has a stated edge: no position");
    }
}
