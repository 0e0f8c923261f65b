using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>What a stress report is made of.</summary>
public sealed record StressRequest
{
    /// <summary>Account, market, law of risk and margin rule, as for the risk report.</summary>
    public required RiskRequest Risk { get; init; }

    /// <summary>Recorded days and the user's cases.</summary>
    public StressDefinition Definition { get; init; } = StressDefinition.Default;

    /// <summary>Bars in which to look whether such a loss was seen; empty: the recorded days stand in.</summary>
    public ImmutableArray<PriceHistory> Histories { get; init; } = [];

    /// <summary>Shares of equity whose loss reverse stress looks for, in (0, 1].</summary>
    public ImmutableArray<double> Losses { get; init; } = [0.1, 0.25, 0.5];

    /// <summary>Radii of the relative-entropy ball, nats.</summary>
    public ImmutableArray<double> EntropyRadii { get; init; } = [0.1, 0.5];

    /// <summary>Everyone leaves at once.</summary>
    public LiquidityStress Crunch { get; init; } = new(4, 0.3, "assumed: spreads times 4, depth 30% of normal");

    /// <summary>Factor on a day's deviation in the crunch.</summary>
    public double CrunchVolatility { get; init; } = 2.5;

    /// <summary>
    /// Share of open interest that is liquidated per unit of ln fall: on 2025-10-10 bitcoin's fell by 25% at a low of
    /// −16%.
    /// </summary>
    public double CrowdShare { get; init; } = 1.5;

    /// <summary>Weight of each tail of the hidden-correlation report, and of its expected shortfalls.</summary>
    public double TailShare { get; init; } = 0.025;

    /// <summary>Level of the losses under other dependence and of liquidity-adjusted value at risk.</summary>
    public double Level { get; init; } = 0.99;

    /// <summary>Seed of random moves and shuffles.</summary>
    public ulong Seed { get; init; } = 1;
}
