using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Weights of the largest wᵀσ/√(wᵀΣw), at least 0.</summary>
/// <remarks>Choueifaty and Coignard 2008, Journal of Portfolio Management 35; DR² counts independent bets.</remarks>
public sealed class MaximumDiversification : WeightMethod
{
    /// <inheritdoc />
    public override string Key => "max-diversification";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.MeanVariance;

    /// <inheritdoc />
    public override string Description => "The largest ratio of the mean volatility to the book's.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [MinimumVariance.Covariance];

    /// <summary>Long-only weights that sum to 1.</summary>
    public static (double[] Weights, SolverReport Report) Solve(SymmetricMatrix covariance) =>
        QuadraticBooks.LargestRatio(
            covariance,
            [.. Enumerable.Range(0, covariance.Size).Select(i => Math.Sqrt(covariance[i, i]))]
        );

    /// <summary>wᵀσ/√(wᵀΣw).</summary>
    public static double Ratio(SymmetricMatrix covariance, double[] weights)
    {
        var product = new double[weights.Length];
        covariance.Multiply(weights, product);
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
            sum += weights[i] * Math.Sqrt(covariance[i, i]);
        return sum / Math.Sqrt(ColumnProducts.Dot(product, weights));
    }

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        var (weights, report) = Solve(returns.Estimate(problem.Settings.Get(MinimumVariance.Covariance)));
        return BookProposal.Of(weights, report);
    }
}
