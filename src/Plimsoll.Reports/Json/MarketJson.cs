using Plimsoll.Markets;

namespace Plimsoll.Reports;

/// <summary>
/// The answer of <c>market --json</c>; every key is described in docs/commands.md, and a test compares the two.
/// </summary>
public static class MarketJson
{
    /// <summary>The report as text.</summary>
    public static string Write(MarketReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return JsonAnswer.Write(json =>
        {
            json.Instant("as_of", report.Market.AsOf);
            json.Text("market", report.Market.Source);
            json.Text("venue", report.Market.Venue);
            json.Objects("underlyings", report.Underlyings, coin => WriteUnderlying(json, coin));
            var repairs = report.Market.Repairs.Concat(report.Underlyings.SelectMany(coin => coin.Fit.Notes));
            DecisionJson.WriteNotes(json, [.. repairs], [], []);
        });
    }

    static void WriteUnderlying(JsonAnswer json, UnderlyingReport coin)
    {
        json.Text("underlying", coin.Market.Underlying);
        json.Number("index_usd", coin.Market.IndexUsd);
        json.Number("volatility_index_30d", coin.VolatilityIndex30D);
        json.Text("no_surface_because", coin.Fit.Reason);
        var fit = coin.Fit.Surface?.Fit;
        json.Object(
            "fit",
            () =>
            {
                json.Number("quotes_used", fit?.QuotesUsed ?? 0);
                json.Number("liquid_quotes", fit?.LiquidQuotes ?? 0);
                json.Number("liquid_inside", fit?.LiquidInside ?? 0);
                json.Number("inside_share", fit?.InsideShare);
                json.Number("worst_miss_vol_points", fit?.WorstMissVolPoints);
                json.Text("worst_miss_instrument", fit?.WorstMissInstrument);
                json.Number("minimum_density", fit?.MinimumDensity);
                json.Number("minimum_calendar_step", fit?.MinimumCalendarStep);
            }
        );
        json.Objects("expiries", coin.Expiries, line => WriteExpiry(json, line));
        json.Objects("instruments", coin.Linear.Concat(coin.Options), quote => WriteQuote(json, coin, quote));
    }

    static void WriteExpiry(JsonAnswer json, ExpiryLine line)
    {
        json.Instant("expiry", line.Slice.Expiry);
        json.Number("days", line.Slice.TYears * 365);
        json.Number("forward_usd", line.Slice.ForwardUsd);
        json.Text("forward_source", ForwardSourceWord(line.Source));
        json.Number("options", line.Options);
        json.Number("atm_volatility", line.AtTheMoney);
        json.Number("risk_reversal_25", line.RiskReversal25);
        json.Number("butterfly_25", line.Butterfly25);
        json.Number("svi_a", line.Slice.A);
        json.Number("svi_b", line.Slice.B);
        json.Number("svi_rho", line.Slice.Rho);
        json.Number("svi_m", line.Slice.M);
        json.Number("svi_sigma", line.Slice.Sigma);
    }

    static void WriteQuote(JsonAnswer json, UnderlyingReport coin, InstrumentQuote quote)
    {
        var option = quote.Instrument as OptionInstrument;
        json.Text("instrument", quote.Instrument.Name);
        json.Instant("settles_at", quote.Instrument.SettlesAt);
        json.Number("strike_usd", option?.StrikeUsd);
        json.Number("bid", quote.Bid);
        json.Number("ask", quote.Ask);
        json.Number("mark", quote.Mark);
        json.Number("mark_volatility", quote.MarkImpliedVolatility);
        json.Number("surface_volatility", SurfaceVolatility(coin, option));
        json.Number("open_interest", quote.OpenInterestContracts);
        json.Number("daily_volume", quote.DailyVolumeContracts);
        json.Number("funding_8h", quote.FundingRate8h);
    }

    internal static double? SurfaceVolatility(UnderlyingReport coin, OptionInstrument? option) =>
        option is null
            ? null
            : coin
                .Fit.Surface?.Find(option.Expiry)
                ?.VolatilityAnnual(
                    Math.Log((double)option.StrikeUsd / coin.Fit.Surface.Find(option.Expiry)!.ForwardUsd)
                );

    internal static string ForwardSourceWord(ForwardSource source) =>
        source switch
        {
            ForwardSource.Venue => "venue",
            ForwardSource.PutCallParity => "put-call parity",
            _ => "interpolated",
        };
}
