using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>What one more contract earns, by side, after its cost.</summary>
/// <param name="Instrument">Contract terms.</param>
/// <param name="BuyGrowth">
/// Expected growth of the account over the horizon by one contract bought, a fraction of equity; null: it cannot be
/// bought.
/// </param>
/// <param name="SellGrowth">The same of one sold.</param>
public sealed record CandidateGrowth(Instrument Instrument, double? BuyGrowth, double? SellGrowth);

/// <summary>Growth of a candidate per unit of margin.</summary>
/// <param name="Trade">The smallest order.</param>
/// <param name="Growth">Growth over the horizon that it adds, its cost paid; a fraction of equity.</param>
/// <param name="InitialUsd">What it adds to initial margin over all pools; negative: it releases margin.</param>
/// <param name="AvailableUsd">What it takes from balance less initial margin: premium that is no margin counts.</param>
public sealed record EfficientTrade(PortfolioTrade Trade, double Growth, double InitialUsd, double AvailableUsd)
{
    /// <summary>Growth per 1,000 USD of available margin taken; infinite where none is.</summary>
    public double GrowthPerThousand => AvailableUsd > 0 ? Growth / AvailableUsd * 1000 : double.PositiveInfinity;
}

/// <summary>Ranks candidates by the growth that a unit of margin buys.</summary>
/// <remarks>
/// Growth is first order: what a small trade adds to expected log wealth at the present book. It falls as the position
/// grows, so the list orders the next trade and is no size; <c>plimsoll size</c> gives sizes.
/// </remarks>
public static class MarginEfficiency
{
    /// <summary>Candidates with growth above zero, best first; empty when the margin is undetermined.</summary>
    public static ImmutableArray<EfficientTrade> Rank(
        MarginPortfolio portfolio,
        IVenueMargin model,
        IEnumerable<TradeQuote> quotes,
        IReadOnlyDictionary<string, CandidateGrowth> growth,
        int most
    )
    {
        ArgumentNullException.ThrowIfNull(portfolio);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(quotes);
        ArgumentNullException.ThrowIfNull(growth);
        if (Totals.Of(model, portfolio) is not { } now)
            return [];
        var found = new List<EfficientTrade>();
        foreach (var quote in quotes)
        {
            if (growth.GetValueOrDefault(quote.Instrument.Name) is not { } of)
                continue;
            foreach (double side in (double[])[1, -1])
            {
                if ((side > 0 ? of.BuyGrowth : of.SellGrowth) is not { } each || each <= 0)
                    continue;
                double contracts = (double)quote.Instrument.MinimumOrderContracts;
                if (quote.CostUsd(side) is not { } cost || portfolio.Market.Quote(quote.Instrument) is null)
                    continue;
                var trade = new PortfolioTrade(quote.Instrument, side * contracts, contracts * cost);
                if (Totals.Of(model, portfolio.After([trade])) is not { } after)
                    continue;
                found.Add(
                    new EfficientTrade(
                        trade,
                        each * contracts,
                        after.Initial - now.Initial,
                        now.Available - after.Available
                    )
                );
            }
        }
        return
        [
            .. found
                .OrderByDescending(trade => trade.GrowthPerThousand)
                .ThenByDescending(trade => trade.Growth)
                .ThenBy(trade => trade.Trade.Instrument.Name, StringComparer.Ordinal)
                .Take(most),
        ];
    }
}
