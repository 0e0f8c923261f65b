using Plimsoll.Markets;

namespace Plimsoll.Sizing.Tests;

/// <summary>A recorded Deribit market as if its contracts were another venue's.</summary>
static class VenueMarkets
{
    /// <summary>Derive's options settle in dollars; the other venues have perpetuals only.</summary>
    public static MarketSnapshot As(string venue, MarketSnapshot market) =>
        market with
        {
            Venue = venue,
            Quotes =
            [
                .. market
                    .Quotes.Select(quote => venue == "derive" ? Linear(quote, market) : quote)
                    .OfType<InstrumentQuote>()
                    .Select(quote => quote with { Instrument = quote.Instrument with { Venue = venue } }),
            ],
        };

    /// <summary>Bitcoin's contracts settled in dollars; null for the rest.</summary>
    static InstrumentQuote? Linear(InstrumentQuote quote, MarketSnapshot market)
    {
        if (quote.Instrument is not OptionInstrument { Underlying: "BTC", Shape: PayoffShape.Inverse } option)
            return quote.Instrument is PerpetualInstrument { Underlying: "BTC" } ? quote : null;
        decimal forward = (decimal)market.Find("BTC")!.Forwards.Single(f => f.Expiry == option.Expiry).PriceUsd;
        decimal? Usd(decimal? coin) => coin is { } price ? Math.Round(price * forward, 2) : null;
        return quote with
        {
            Instrument = option with
            {
                Shape = PayoffShape.Linear,
                Settlement = Currency.Usdc,
                Ticks = TickSchedule.Uniform(0.01m),
            },
            Bid = Usd(quote.Bid),
            Ask = Usd(quote.Ask),
            Mark = Usd(quote.Mark),
        };
    }
}
