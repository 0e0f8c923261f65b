using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>Weights of least variance, at least 0.</summary>
/// <remarks>Markowitz 1952; the covariance estimate is a parameter.</remarks>
public sealed class MinimumVariance : WeightMethod
{
    /// <summary>Estimate of the covariance, for every method of mean and variance.</summary>
    public static ChoiceParameter Covariance { get; } =
        new("covariance", "Estimate of the covariance matrix from the scenarios.", CovarianceEstimate.Names);

    /// <inheritdoc />
    public override string Key => "min-variance";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.MeanVariance;

    /// <inheritdoc />
    public override string Description => "Weights of least variance.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [Covariance];

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        var matrix = returns.Estimate(problem.Settings.Get(Covariance));
        var (book, report) = QuadraticBooks.LongOnlyMinimumVariance(matrix);
        return BookProposal.Of(book, report);
    }
}
