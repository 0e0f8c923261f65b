using System.Collections.Immutable;
using System.Security.Cryptography;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Storage;

/// <summary>Sums over what surfaces and scenarios are made from: a changed figure is another sum.</summary>
/// <remarks>
/// Of an instrument what a fit or a draw can see enters: name, venue, coin, shape, settlement, size, strike, right,
/// expiry; its lots, ticks, fees and order units move no surface. A test holds the list of members against the types.
/// </remarks>
static class MarketDigest
{
    /// <summary>SHA-256 of a market.</summary>
    public static byte[] Of(MarketSnapshot market)
    {
        using var stream = new MemoryStream(1 << 18);
        using var writer = new BinaryWriter(stream);
        Time(writer, market.AsOf);
        writer.Write(market.Venue);
        writer.Write(market.Source);
        writer.Write(market.Underlyings.Length);
        foreach (var coin in market.Underlyings)
        {
            writer.Write(coin.Underlying);
            writer.Write(coin.IndexUsd);
            writer.Write(coin.Forwards.Length);
            foreach (var forward in coin.Forwards)
            {
                Time(writer, forward.Expiry);
                writer.Write(forward.PriceUsd);
                writer.Write((int)forward.Source);
            }
        }
        writer.Write(market.Quotes.Length);
        foreach (var quote in market.Quotes)
            Add(writer, quote);
        return Sum(stream);
    }

    /// <summary>SHA-256 of bars and of what is drawn from them.</summary>
    public static byte[] Of(ImmutableArray<PriceHistory> histories, ScenarioRequest request)
    {
        using var stream = new MemoryStream(1 << 16);
        using var writer = new BinaryWriter(stream);
        writer.Write(histories.Length);
        foreach (var history in histories)
        {
            writer.Write(history.Underlying);
            writer.Write(history.BarLength.Ticks);
            writer.Write(history.Bars.Length);
            foreach (var bar in history.Bars)
            {
                Time(writer, bar.OpenTime);
                writer.Write(bar.Open);
                writer.Write(bar.High);
                writer.Write(bar.Low);
                writer.Write(bar.Close);
                writer.Write(bar.VolumeBase);
            }
        }
        writer.Write(request.Horizon.Value);
        writer.Write(request.Count);
        writer.Write(request.Seed);
        writer.Write(request.VolatilityMultiplier);
        writer.Write(request.KeepsPath);
        writer.Write(request.DeliveryTimes.IsDefault ? -1 : request.DeliveryTimes.Length);
        foreach (var time in request.DeliveryTimes.IsDefault ? [] : request.DeliveryTimes)
            Time(writer, time);
        return Sum(stream);
    }

    static void Add(BinaryWriter writer, InstrumentQuote quote)
    {
        var instrument = quote.Instrument;
        writer.Write(instrument.Name);
        writer.Write(instrument.Venue);
        writer.Write(instrument.Underlying);
        writer.Write((int)instrument.Shape);
        writer.Write(instrument.Settlement.Code);
        writer.Write(instrument.ContractSize);
        switch (instrument)
        {
            case OptionInstrument option:
                writer.Write('o');
                writer.Write(option.StrikeUsd);
                writer.Write((int)option.Right);
                Time(writer, option.Expiry);
                break;
            case FutureInstrument future:
                writer.Write('f');
                Time(writer, future.Expiry);
                break;
            default:
                writer.Write(instrument is PerpetualInstrument ? 'p' : 's');
                break;
        }
        Exact(writer, quote.Bid);
        Exact(writer, quote.Ask);
        Exact(writer, quote.BidContracts);
        Exact(writer, quote.AskContracts);
        Exact(writer, quote.Mark);
        Number(writer, quote.MarkImpliedVolatility);
        Exact(writer, quote.OpenInterestContracts);
        Exact(writer, quote.DailyVolumeContracts);
        Exact(writer, quote.BidDepthContracts);
        Exact(writer, quote.AskDepthContracts);
        Number(writer, quote.FundingRate8h);
    }

    static void Time(BinaryWriter writer, DateTimeOffset time)
    {
        writer.Write(time.Ticks);
        writer.Write(time.Offset.Ticks);
    }

    static void Exact(BinaryWriter writer, decimal? value)
    {
        writer.Write(value is not null);
        writer.Write(value ?? 0);
    }

    static void Number(BinaryWriter writer, double? value)
    {
        writer.Write(value is not null);
        writer.Write(value ?? 0);
    }

    static byte[] Sum(MemoryStream stream) => SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length));
}
