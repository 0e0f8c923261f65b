using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>Value at risk and expected shortfall at one level; losses are positive, home currency.</summary>
public sealed record TailLoss(double Level, double ValueAtRisk, double ExpectedShortfall);

/// <summary>Risk of one book; everything in home currency unless it says otherwise.</summary>
public sealed record RiskView
{
    /// <summary>What is held.</summary>
    public required Book Book { get; init; }

    /// <summary>Equity of the whole account.</summary>
    public required double Equity { get; init; }

    /// <summary>Equity by currency in its own units.</summary>
    public required ImmutableSortedDictionary<Currency, double> EquityByCurrency { get; init; }

    /// <summary>Greeks by underlying, in dollars and in coin.</summary>
    public required AccountGreeks Greeks { get; init; }

    /// <summary>Spot and volatility grid, one for each underlying held.</summary>
    public required ImmutableArray<SpotVolatilityGrid> Grids { get; init; }

    /// <summary>Expected gain under the law of risk (of the sample, not a forecast).</summary>
    public required double MeanGain { get; init; }

    /// <summary>Standard deviation of the gain.</summary>
    public required double StandardDeviation { get; init; }

    /// <summary>Value at risk and expected shortfall by level.</summary>
    public required ImmutableArray<TailLoss> TailLosses { get; init; }

    /// <summary>Worst weighted scenario of the whole account.</summary>
    public required WorstCase WorstScenario { get; init; }

    /// <summary>Worst row of the stress set for the whole account; null without one.</summary>
    public required WorstCase? WorstStress { get; init; }

    /// <summary>Worst loss over the tail range by underlying, its collateral included.</summary>
    public required ImmutableArray<WorstCase> WorstTail { get; init; }

    /// <summary>Worst case by risk unit, stress and tail, positions only.</summary>
    public required ImmutableArray<WorstCase> WorstByUnit { get; init; }

    /// <summary>Worst case by underlying, positions only.</summary>
    public required ImmutableArray<WorstCase> WorstByUnderlying { get; init; }

    /// <summary>Worst case of each contract on its own.</summary>
    public required ImmutableArray<WorstCase> WorstByContract { get; init; }

    /// <summary>Bound on the probability of the stated drawdown; null without positive equity.</summary>
    public required DrawdownBound? Drawdown { get; init; }

    /// <summary>Margin by pool; empty when the model lacks something.</summary>
    public required ImmutableArray<PoolMargin> Pools { get; init; }

    /// <summary>
    /// Liquidation distances, down and up for each underlying held; empty when the model lacks something.
    /// </summary>
    public required ImmutableArray<LiquidationPoint> Liquidation { get; init; }

    /// <summary>
    /// Weight of the scenarios in which a pool ends short of maintenance; null when the model lacks something.
    /// </summary>
    public required double? LiquidationProbability { get; init; }

    /// <summary>
    /// Distances by subaccount under its venue's own rule; empty where they were not asked for.
    /// </summary>
    public ImmutableArray<AccountDistance> Distances { get; init; } = [];

    /// <summary>Cost and days of leaving each position.</summary>
    public required ImmutableArray<ExitEstimate> Exit { get; init; }

    /// <summary>Auto-deleveraging; null where nothing is assumed of it.</summary>
    public DeleveragingRisk? Deleveraging { get; init; }

    /// <summary>Every figure above under its stable key.</summary>
    public ImmutableArray<RiskFigure> Figures { get; init; } = [];
}

/// <summary>The answer of <see cref="AccountRisk.Report"/>.</summary>
public sealed record RiskReport
{
    /// <summary>Time of the market.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Home currency.</summary>
    public required Currency Home { get; init; }

    /// <summary>Horizon of the scenarios.</summary>
    public required Years Horizon { get; init; }

    /// <summary>1/Σp² of the scenarios.</summary>
    public required double EffectiveSample { get; init; }

    /// <summary>The account as it is; null when something is <see cref="Missing"/>.</summary>
    public required RiskView? Before { get; init; }

    /// <summary>After the typed trades; null without any.</summary>
    public required RiskView? After { get; init; }

    /// <summary>What is missing for the report as a whole: then there is no view.</summary>
    public required ImmutableArray<string> Missing { get; init; }

    /// <summary>What single figures leave out or stand in for.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>Assumptions used.</summary>
    public required ImmutableArray<string> Assumptions { get; init; }
}
