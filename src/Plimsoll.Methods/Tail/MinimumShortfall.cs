using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Weights of least expected shortfall.</summary>
/// <remarks>
/// Rockafellar and Uryasev 2000 and 2002, the atom at the quantile split. Weights are a vertex and jump when one
/// scenario
/// moves; the figure of risk does not.
/// </remarks>
public sealed class MinimumShortfall : WeightMethod
{
    /// <inheritdoc />
    public override string Key => "min-shortfall";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.Tail;

    /// <inheritdoc />
    public override string Description => "Weights of least expected shortfall.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [ShortfallParity.Level];

    /// <summary>Weights that sum to 1; with a floor on the mean, a row more.</summary>
    /// <param name="returns">S x n.</param>
    /// <param name="p">Probabilities.</param>
    /// <param name="level">Level.</param>
    /// <param name="meanFloor">Means and the least mean of the book; null: none.</param>
    public static TailLossSolution Solve(
        ColumnMatrix returns,
        double[] p,
        double level,
        (double[] Mean, double Least)? meanFloor
    )
    {
        var domain = QuadraticBooks.Simplex(returns.Columns);
        if (meanFloor is var (mean, least))
            domain = domain with
            {
                LessRows =
                [
                    [.. mean.Select(m => -m)],
                ],
                LessThan = [-least],
            };
        return TailLossSolver.Solve(
            new TailLossProgram
            {
                Gains = returns,
                Weights = p,
                Level = level,
                Domain = domain,
            }
        );
    }

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        var solution = Solve(returns.Returns, returns.Weights, problem.Settings.Get(ShortfallParity.Level), null);
        return BookProposal.Of(solution.X, solution.Report);
    }
}
