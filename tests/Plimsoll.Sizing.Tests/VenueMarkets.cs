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
                    .Quotes.Select(quote =>
                        venue == "derive" ? Linear(quote, market)
                        : InTethers.Contains(venue) ? Tethered(quote)
                        : quote
                    )
                    .OfType<InstrumentQuote>()
                    .Select(quote => quote with { Instrument = quote.Instrument with { Venue = venue } }),
            ],
        };

    /// <summary>Venues whose futures are margined in tethers.</summary>
    public static readonly string[] InTethers = ["binance", "bybit"];

    static readonly Currency Usdt = new("USDT");

    /// <summary>Bitcoin's perpetual settled in tethers, options as they are (not margined there).</summary>
    static InstrumentQuote? Tethered(InstrumentQuote quote)
    {
        if (quote.Instrument is OptionInstrument { Underlying: "BTC" })
            return quote;
        if (quote.Instrument is not PerpetualInstrument { Underlying: "BTC", Shape: PayoffShape.Inverse } perpetual)
            return null;
        var of = OfCoin(quote, perpetual);
        return of with { Instrument = of.Instrument with { Settlement = Usdt } };
    }

    /// <summary>Bitcoin's contracts settled in dollars; null for the rest.</summary>
    static InstrumentQuote? Linear(InstrumentQuote quote, MarketSnapshot market)
    {
        if (quote.Instrument is PerpetualInstrument { Underlying: "BTC", Shape: PayoffShape.Inverse } perpetual)
            return OfCoin(quote, perpetual);
        if (quote.Instrument is not OptionInstrument { Underlying: "BTC", Shape: PayoffShape.Inverse } option)
            return null;
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

    /// <summary>The perpetual in thousandths of a coin; one a coin, as Derive has it.</summary>
    static InstrumentQuote OfCoin(InstrumentQuote quote, PerpetualInstrument perpetual)
    {
        const decimal size = 0.001m;
        decimal each = perpetual.ContractSize / (size * quote.Mark!.Value);
        decimal? Contracts(decimal? contracts) => contracts is { } count ? Math.Round(count * each) : null;
        return quote with
        {
            Instrument = perpetual with
            {
                Shape = PayoffShape.Linear,
                Settlement = Currency.Usdc,
                ContractSize = size,
                LotContracts = 1,
                MinimumOrderContracts = 1,
                OrderAmountPerContract = size,
                OrderAmountUnit = "BTC",
            },
            BidContracts = Contracts(quote.BidContracts),
            AskContracts = Contracts(quote.AskContracts),
            BidDepthContracts = Contracts(quote.BidDepthContracts),
            AskDepthContracts = Contracts(quote.AskDepthContracts),
            DailyVolumeContracts = Contracts(quote.DailyVolumeContracts),
            OpenInterestContracts = Contracts(quote.OpenInterestContracts),
        };
    }
}
