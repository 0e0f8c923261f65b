using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>Every method, one line each, in the order of their families.</summary>
public static class SizingMethods
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<ISizingMethod> All { get; } =
    [
        new EqualWeight(),
        new FixedFraction(),
        new FixedRisk(),
        new InverseVolatility(),
        new VolatilityTarget(),
        new AverageTrueRange(),
        new IntegratedGrowth(),
        new ScenarioKelly(),
        new DrawdownKelly(),
        new ContinuousKelly(),
        new ShrunkKelly(),
        new EllipsoidKelly(),
        new RobustKelly(),
        new WassersteinKelly(),
        new MinimumVariance(),
        new MeanVarianceUtility(),
        new MaximumSharpe(),
        new MaximumDiversification(),
        new RobustMeanVariance(),
        new BlackLitterman(),
        new EntropyViews(),
        new RiskParity(),
        new ShortfallParity(),
        new DrawdownParity(),
        new FactorParity(),
        new HierarchicalRiskParity(),
        new ClusterRiskParity(),
        new MinimumShortfall(),
        new EntropicRisk(),
        new ReturnOverShortfall(),
        new MinimumDrawdown(),
        new WorstCase(),
    ];

    /// <summary>A method by its key; null when there is none.</summary>
    public static ISizingMethod? Find(string key) => All.FirstOrDefault(method => method.Key == key);
}
