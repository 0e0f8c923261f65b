using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Hierarchical risk parity: the ordered list of leaves is halved, each half by inverse variance.</summary>
/// <remarks>
/// López de Prado 2016, Journal of Portfolio Management 42. Distance √((1 − ρ)/2), then the distance between its
/// columns;
/// linkage a parameter. A tree does not say in which order its leaves stand, and weights depend on it by many points:
/// here the
/// branch with the least variance among its leaves stands on the left, then the lower name, so that the order of input
/// changes nothing. Long only and blind to means.
/// </remarks>
public sealed class HierarchicalRiskParity : WeightMethod
{
    /// <summary>Linkage.</summary>
    public static ChoiceParameter LinkageWord { get; } = new("linkage", "How clusters are joined.", ["single", "ward"]);

    /// <inheritdoc />
    public override string Key => "hierarchical-risk-parity";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.RiskParity;

    /// <inheritdoc />
    public override string Description => "Risk shared down a tree of correlations, by halves of the leaves.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [LinkageWord, MinimumVariance.Covariance];

    /// <summary>Weights by bisection of an order of leaves (the first half has ⌊n/2⌋).</summary>
    public static double[] Bisect(SymmetricMatrix covariance, ReadOnlySpan<int> order)
    {
        var weights = new double[covariance.Size];
        foreach (int leaf in order)
            weights[leaf] = 1;
        Halve(order.ToArray());
        return weights;

        void Halve(int[] part)
        {
            if (part.Length < 2)
                return;
            var (left, right) = (part[..(part.Length / 2)], part[(part.Length / 2)..]);
            double one = ClusterVariance(covariance, left),
                two = ClusterVariance(covariance, right);
            double share = 1 - one / (one + two);
            foreach (int leaf in left)
                weights[leaf] *= share;
            foreach (int leaf in right)
                weights[leaf] *= 1 - share;
            Halve(left);
            Halve(right);
        }
    }

    /// <summary>Variance of a cluster under inverse-variance weights.</summary>
    public static double ClusterVariance(SymmetricMatrix covariance, int[] leaves)
    {
        double sum = leaves.Sum(leaf => 1 / covariance[leaf, leaf]);
        double variance = 0;
        foreach (int i in leaves)
        foreach (int j in leaves)
            variance += covariance[i, j] / covariance[i, i] / covariance[j, j] / sum / sum;
        return variance;
    }

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        var covariance = returns.Estimate(problem.Settings.Get(MinimumVariance.Covariance));
        var distance = Clustering.DistanceOfDistances(Clustering.CorrelationDistance(covariance));
        var linkage = problem.Settings.Get(LinkageWord) == "ward" ? Linkage.Ward : Linkage.Single;
        var tree = Clustering.Turned(Clustering.Tree(distance, linkage), covariance, problem.Name);
        return BookProposal.Of(Bisect(covariance, [.. tree.Leaves]));
    }
}
