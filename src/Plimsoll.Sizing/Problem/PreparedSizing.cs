using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Everything between an input and its answer: surfaces, scenarios, matrices, laws, lines.</summary>
/// <remarks>
/// Made by <see cref="Sizer.Prepare"/>; the same for sizing, for <c>risk</c>, for a single trade and for the audit
/// bundle.
/// Immutable by convention. The matrices live outside the garbage-collected heap.
/// </remarks>
public sealed record PreparedSizing
{
    /// <summary>What it was made from.</summary>
    public required SizingInput Input { get; init; }

    /// <summary>The mandate with its throttle applied.</summary>
    public required Mandate Mandate { get; init; }

    /// <summary>Objective after the default rule.</summary>
    public required ObjectiveKind Objective { get; init; }

    /// <summary>Share of the risk limits that the throttle keeps; 1 without one.</summary>
    public required double Keep { get; init; }

    /// <summary>Whether trades may only reduce (a throttle that keeps nothing).</summary>
    public required bool ReduceOnly { get; init; }

    /// <summary>The currency in which wealth is counted.</summary>
    public required Currency Home { get; init; }

    /// <summary>Surfaces by underlying.</summary>
    public required IReadOnlyDictionary<string, VolatilitySurface> Surfaces { get; init; }

    /// <summary>Model prices now.</summary>
    public required ModelPrices Prices { get; init; }

    /// <summary>The law of risk.</summary>
    public required ScenarioSet Scenarios { get; init; }

    /// <summary>The unweighted stress set.</summary>
    public required ScenarioSet Stress { get; init; }

    /// <summary>Gain of one contract of every priced instrument; S x N.</summary>
    public required PnlMatrix Matrix { get; init; }

    /// <summary>The same in the stress set; K x N.</summary>
    public required PnlMatrix StressMatrix { get; init; }

    /// <summary>Wallets at model value.</summary>
    public required Wallets Wallets { get; init; }

    /// <summary>Margin pools.</summary>
    public required ImmutableArray<MarginPool> Pools { get; init; }

    /// <summary>By line of an isolated position: what its wall changes of its gain in each stress scenario.</summary>
    public ImmutableDictionary<int, double[]> StressSpared { get; init; } = ImmutableDictionary<int, double[]>.Empty;

    /// <summary>
    /// Places of the pools that limits on margin look at: all but isolated positions, whose liquidation costs their own
    /// margin and whose size the sizing leaves alone.
    /// </summary>
    public IEnumerable<int> LimitedPools => Enumerable.Range(0, Pools.Length).Where(pool => !Pools[pool].IsIsolated);

    /// <summary>Wealth now, home currency; positive.</summary>
    public required double Equity { get; init; }

    /// <summary>1 − equity / high-water mark; at least 0.</summary>
    public required double DrawdownFromHigh { get; init; }

    /// <summary>Wealth of today's balances in each scenario, without gains of contracts.</summary>
    public required double[] Collateral { get; init; }

    /// <summary>The same in the stress set.</summary>
    public required double[] StressCollateral { get; init; }

    /// <summary>p, x, and the views as used.</summary>
    public required ViewLaw Law { get; init; }

    /// <summary>Constants that take edge out.</summary>
    public required EdgeAdjustment Edge { get; init; }

    /// <summary>Greeks of one contract, home currency, by column.</summary>
    public required LineGreeks[] Greeks { get; init; }

    /// <summary>Gain of the collateral per unit of simple return, by underlying, home currency.</summary>
    public required IReadOnlyDictionary<string, double> CollateralDelta { get; init; }

    /// <summary>
    /// Margin rates now in the settlement currency, by column; null where nothing is margined (spot).
    /// </summary>
    public required MarginRate?[] MarginNow { get; init; }

    /// <summary>Position-wise rates of every instrument under its venue.</summary>
    public required VenueRates Rates { get; init; }

    /// <summary>Margin in every scenario.</summary>
    public required ScenarioMargin MarginScenarios { get; init; }

    /// <summary>Margin on the way to the least distance of liquidation; null without such a limit.</summary>
    public required ScenarioMargin? DistanceMargin { get; init; }

    /// <summary>Gains at the bars on the way; null where no limit looks at them.</summary>
    public PathMatrices? Paths { get; init; }

    /// <summary>
    /// The same at the extremes of the whole way and at the horizon, for the venue's own portfolio margin, which takes
    /// a risk matrix at every look.
    /// </summary>
    public PathMatrices? PathExtremes { get; init; }

    /// <summary>Portfolio margin by pool; null where standard margin holds.</summary>
    public ImmutableArray<PortfolioPool?> PortfolioMargins { get; init; } = [];

    /// <summary>
    /// What winning futures forgo in the law and in the stress set; null unless limits on losses take it off.
    /// </summary>
    public (ForgoneGains Law, ForgoneGains Stress)? Forgone { get; init; }

    /// <summary>Tails of the worst-case limit; empty without one.</summary>
    public required ImmutableArray<TailBook> Tails { get; init; }

    /// <summary>What can be held.</summary>
    public required ImmutableArray<SizingLine> Lines { get; init; }

    /// <summary>What a limit needs and neither market nor assumptions say; empty when a size can be given.</summary>
    public required ImmutableArray<string> Missing { get; init; }

    /// <summary>Assumptions used.</summary>
    public required ImmutableArray<string> Assumptions { get; init; }

    /// <summary>Warnings.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    string[]? riskUnits;
    SizingLine[]? held;

    /// <summary>Lines that are held now, in order; found once.</summary>
    internal SizingLine[] Held => held ??= [.. Lines.Where(line => line.IsHeld)];

    /// <summary>Name of the risk unit of each line; reckoned once.</summary>
    internal string[] RiskUnits =>
        riskUnits ??= [.. Lines.Select(line => Sizing.RiskUnits.Of(line.Instrument, Mandate))];

    /// <summary>
    /// Solves that may run at the same time: the store of portfolio margin is filled by one at a time.
    /// </summary>
    internal int SolvesAtOnce => PortfolioMargins.All(pool => pool is null) ? Math.Max(1, Input.Threads) : 1;

    /// <summary>The same with another law after views.</summary>
    public PreparedSizing WithLaw(ViewLaw law) => WithLaw(law, null);

    /// <summary>The same with another law after views, for legs of some lines only.</summary>
    /// <param name="law">The law.</param>
    /// <param name="lines">Lines whose edge is wanted; those that are held are always reckoned. Null: all.</param>
    internal PreparedSizing WithLaw(ViewLaw law, IEnumerable<int>? lines) =>
        this with
        {
            Law = law,
            Edge = EdgeAdjustment.Of(
                Matrix,
                law,
                [.. Greeks.Select(greek => greek.Delta)],
                Collateral,
                Equity,
                CollateralDelta,
                Mandate.HistoricalPremium,
                lines is null
                    ? null
                    :
                    [
                        .. lines
                            .Union(Enumerable.Range(0, Lines.Length).Where(i => Lines[i].IsHeld))
                            .Select(i => Lines[i].Column)
                            .Distinct(),
                    ],
                Input.Threads
            ),
        };

    /// <summary>Contracts held now, by line.</summary>
    public double[] Current => [.. Lines.Select(line => line.CurrentContracts)];

    /// <summary>Balances that may be owed and what that costs; empty where the mandate assumes no interest.</summary>
    public ImmutableArray<Borrowing> Borrowings => BorrowPaid.Of(this);

    /// <summary>
    /// Expected funding that one long contract of a line pays over the horizon, stated or assumed, in home currency;
    /// 0 for what is no perpetual.
    /// </summary>
    public double FundingPaidByLong(SizingLine line) =>
        line.Instrument is PerpetualInstrument ? FundingPaid.PaidByLong(this, line) : 0;
}
