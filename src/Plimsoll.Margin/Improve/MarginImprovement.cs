using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>What would use a subaccount's margin better.</summary>
/// <param name="Hedges">Trades that free margin, most per cost first.</param>
/// <param name="Efficient">Candidates by growth per margin; empty without an edge.</param>
/// <param name="Cuts">Null where no target was given.</param>
public sealed record MarginImprovement(
    ImmutableArray<ReleasingTrade> Hedges,
    ImmutableArray<EfficientTrade> Efficient,
    CutPlan? Cuts
)
{
    /// <summary>Trades listed of each kind.</summary>
    public const int Listed = 8;

    /// <summary>What an isolated position allows: cuts of it.</summary>
    public static MarginImprovement OfIsolated(
        MarginPortfolio portfolio,
        IVenueMargin model,
        ImmutableArray<TradeQuote> quotes,
        double? target
    ) => new([], [], target is { } ratio ? CheapestCuts.Find(portfolio, model, quotes, ratio) : null);

    /// <summary>Improves one subaccount.</summary>
    /// <param name="portfolio">On a market that quotes every instrument of <paramref name="quotes"/>.</param>
    /// <param name="model">The venue's rule.</param>
    /// <param name="quotes">What may be traded, with its cost.</param>
    /// <param name="growth">By instrument; empty: no edge is stated.</param>
    /// <param name="target">Maintenance margin over its balance to come down to; null: no cuts.</param>
    public static MarginImprovement Of(
        MarginPortfolio portfolio,
        IVenueMargin model,
        ImmutableArray<TradeQuote> quotes,
        IReadOnlyDictionary<string, CandidateGrowth> growth,
        double? target
    ) =>
        new(
            ReleasingHedges.Find(portfolio, model, quotes, Listed),
            MarginEfficiency.Rank(portfolio, model, quotes, growth, Listed),
            target is { } ratio ? CheapestCuts.Find(portfolio, model, quotes, ratio) : null
        );
}
