using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Costs of everything that a market quotes, in USD, for margin's improvements.</summary>
public static class TradeQuotes
{
    /// <summary>One for each derivative with a side that can be traded; the same costs as in sizing.</summary>
    public static ImmutableArray<TradeQuote> Of(RiskMarket market, Assumptions assumptions)
    {
        ArgumentNullException.ThrowIfNull(market);
        var found = ImmutableArray.CreateBuilder<TradeQuote>();
        foreach (var quote in market.Snapshot.Quotes.Where(quote => quote.Instrument is not SpotInstrument))
        {
            var instrument = quote.Instrument;
            double? unitUsd = instrument.Settlement.IsDollar ? 1 : market.Prices.IndexUsd(instrument.Settlement.Code);
            if (
                market.Prices.IndexUsd(instrument.Underlying) is not { } indexUsd
                || unitUsd is not { } settlementUsd
                || market.Prices.ValuePerContract(instrument) is not { } value
            )
                continue;
            var cost = TradingCost.Of(quote, indexUsd, settlementUsd, value, assumptions);
            if (cost.Buy is not null || cost.Sell is not null)
                found.Add(new TradeQuote(instrument, cost.Buy?.Home, cost.Sell?.Home));
        }
        return found.ToImmutable();
    }
}
