using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>Weights of the largest Sharpe ratio, at least 0; no position where no edge is positive.</summary>
/// <remarks>
/// Tobin 1958; as min yᵀΣy with μᵀy = 1 (Charnes and Cooper 1962). Where every mean is at most 0 that has no point, and
/// dividing
/// Σ⁻¹μ by its negative sum would give the worst book: the answer is nothing.
/// </remarks>
public sealed class MaximumSharpe : WeightMethod
{
    /// <inheritdoc />
    public override string Key => "max-sharpe";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.MeanVariance;

    /// <inheritdoc />
    public override string Description => "The largest ratio of stated edge to volatility.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [MinimumVariance.Covariance];

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        var (book, report) = QuadraticBooks.LargestRatio(
            returns.Estimate(problem.Settings.Get(MinimumVariance.Covariance)),
            returns.Mean
        );
        return BookProposal.Of(book, report) with
        {
            Notes = returns.Mean.All(mean => mean <= 0) ? ["no instrument has a stated edge: no position"] : [],
        };
    }
}
