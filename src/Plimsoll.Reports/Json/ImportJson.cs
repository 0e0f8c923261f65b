using Plimsoll.Markets;

namespace Plimsoll.Reports;

/// <summary>The answers of <c>import ... --json</c>; every key is described in docs/commands.md.</summary>
public static class ImportJson
{
    /// <summary>What a market file held.</summary>
    /// <param name="market">The cleaned market.</param>
    /// <param name="written">The file that was written, or null.</param>
    public static string Write(MarketSnapshot market, string? written)
    {
        ArgumentNullException.ThrowIfNull(market);
        return JsonAnswer.Write(json =>
        {
            json.Instant("as_of", market.AsOf);
            json.Text("market", market.Source);
            json.Text("venue", market.Venue);
            json.Objects(
                "underlyings",
                market.Underlyings,
                coin =>
                {
                    var own = market.Quotes.Where(quote => quote.Instrument.Underlying == coin.Underlying).ToArray();
                    int options = own.Count(quote => quote.Instrument is OptionInstrument);
                    json.Text("underlying", coin.Underlying);
                    json.Number("index_usd", coin.IndexUsd);
                    json.Number("expiries", coin.Forwards.Length);
                    json.Number("options", options);
                    json.Number("others", own.Length - options);
                }
            );
            json.Text("written", written);
            DecisionJson.WriteNotes(json, market.Repairs, [], []);
        });
    }

    /// <summary>What files of bars held.</summary>
    public static string Write(PriceHistories histories)
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
            DecisionJson.WriteNotes(json, [], [], histories.Notes);
        });
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
}
