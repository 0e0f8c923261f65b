using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Reports;

/// <summary>The answers of <c>import ... --json</c>; every key is described in docs/commands.md.</summary>
public static class ImportJson
{
    /// <summary>What a market, an account or positions held.</summary>
    public static string Write(ImportSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return JsonAnswer.Write(json =>
        {
            var market = summary.Market;
            json.Instant("as_of", market?.AsOf);
            json.Text("market", market?.Source);
            json.Text("venue", market?.Venue);
            json.Objects("underlyings", market?.Underlyings ?? [], coin => WriteCoin(json, market!, coin));
            json.Objects(
                "subaccounts",
                summary.Account?.Subaccounts ?? [],
                subaccount =>
                {
                    json.Text("name", subaccount.Name);
                    json.Number("balances", subaccount.Balances.Length);
                    json.Number("positions", subaccount.Positions.Length);
                    json.Number("open_orders", subaccount.OpenOrders.Length);
                }
            );
            json.Texts("written", summary.Written);
            DecisionJson.WriteNotes(json, market?.Repairs ?? [], [], summary.Notes);
        });
    }

    /// <summary>What files of bars held.</summary>
    /// <param name="histories">The bars.</param>
    /// <param name="written">Files written; empty when none was asked for.</param>
    public static string Write(PriceHistories histories, ImmutableArray<string> written)
    {
        ArgumentNullException.ThrowIfNull(histories);
        return JsonAnswer.Write(json =>
        {
            json.Objects(
                "histories",
                histories.Histories,
                history =>
                {
                    json.Text("underlying", history.Underlying);
                    json.Number("bar_hours", history.BarLength.TotalHours);
                    json.Number("bars", history.Bars.Length);
                    json.Instant("first", history.Bars.Length == 0 ? null : history.Bars[0].OpenTime);
                    json.Instant("last", history.Bars.Length == 0 ? null : history.Bars[^1].OpenTime);
                    json.Number("gaps", Gaps(history));
                }
            );
            json.Texts("written", written);
            DecisionJson.WriteNotes(json, [], [], histories.Notes);
        });
    }

    /// <summary>Options of a coin, and everything else of it.</summary>
    internal static (int Options, int Others) Count(MarketSnapshot market, string underlying)
    {
        var own = market.Quotes.Where(quote => quote.Instrument.Underlying == underlying).ToArray();
        int options = own.Count(quote => quote.Instrument is OptionInstrument);
        return (options, own.Length - options);
    }

    /// <summary>Places where a bar is missing.</summary>
    internal static int Gaps(PriceHistory history)
    {
        int gaps = 0;
        for (int i = 1; i < history.Bars.Length; i++)
            if (history.Bars[i].OpenTime - history.Bars[i - 1].OpenTime > history.BarLength)
                gaps++;
        return gaps;
    }

    static void WriteCoin(JsonAnswer json, MarketSnapshot market, UnderlyingMarket coin)
    {
        var (options, others) = Count(market, coin.Underlying);
        json.Text("underlying", coin.Underlying);
        json.Number("index_usd", coin.IndexUsd);
        json.Number("expiries", coin.Forwards.Length);
        json.Number("options", options);
        json.Number("others", others);
    }
}
