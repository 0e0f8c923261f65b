using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Equal risk of the two branches of every node of the tree.</summary>
/// <remarks>
/// After Raffinot 2018 (hierarchical equal risk contribution): the tree itself is followed, not its list of leaves, so
/// that the
/// order of leaves does not matter. At each node the branches, each under its own weights so far, get weights in
/// inverse
/// proportion to their volatility. Ward linkage by default.
/// </remarks>
public sealed class ClusterRiskParity : WeightMethod
{
    /// <summary>Linkage.</summary>
    public static ChoiceParameter LinkageWord { get; } = new("linkage", "How clusters are joined.", ["ward", "single"]);

    /// <inheritdoc />
    public override string Key => "cluster-risk-parity";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.RiskParity;

    /// <inheritdoc />
    public override string Description => "Equal risk of the branches at every node of a tree of correlations.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [LinkageWord, MinimumVariance.Covariance];

    /// <summary>Weights that sum to 1.</summary>
    public static double[] Solve(SymmetricMatrix covariance, ClusterTree tree)
    {
        if (tree.Leaf >= 0)
        {
            var one = new double[covariance.Size];
            one[tree.Leaf] = 1;
            return one;
        }
        double[] left = Solve(covariance, tree.Left!),
            right = Solve(covariance, tree.Right!);
        double a = Deviation(covariance, left),
            b = Deviation(covariance, right);
        return [.. left.Select((w, i) => (w * b + right[i] * a) / (a + b))];
    }

    static double Deviation(SymmetricMatrix covariance, double[] weights)
    {
        var product = new double[weights.Length];
        covariance.Multiply(weights, product);
        return Math.Sqrt(ColumnProducts.Dot(product, weights));
    }

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        var covariance = returns.Estimate(problem.Settings.Get(MinimumVariance.Covariance));
        var linkage = problem.Settings.Get(LinkageWord) == "single" ? Linkage.Single : Linkage.Ward;
        return BookProposal.Of(Solve(covariance, Clustering.Tree(Clustering.CorrelationDistance(covariance), linkage)));
    }
}
