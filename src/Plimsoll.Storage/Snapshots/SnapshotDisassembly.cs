using System.Globalization;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Takes a snapshot apart into the rows of a file; terms that instruments share stand once.</summary>
static class SnapshotDisassembly
{
    /// <summary>The rows of a snapshot.</summary>
    public static SnapshotRows Rows(MarketSnapshot snapshot, string format)
    {
        var terms = new Dictionary<TermsRow, TermsRow>();
        var quotes = snapshot
            .Quotes.Select(quote => Row(quote, Terms(quote.Instrument, snapshot.Venue, terms)))
            .ToList();
        return new(
            format,
            1,
            snapshot.AsOf,
            snapshot.Venue,
            snapshot.Source,
            [.. snapshot.Underlyings.Select(Row)],
            [.. terms.Values],
            [.. quotes],
            [.. snapshot.Repairs.Select(repair => new RepairRow(repair.Instrument, repair.Kind, repair.Detail))]
        );
    }

    static CoinRow Row(UnderlyingMarket coin) =>
        new(
            coin.Underlying,
            coin.IndexUsd,
            [.. coin.Forwards.Select(forward => new ForwardRow(forward.Expiry, forward.PriceUsd, forward.Source))]
        );

    static string Terms(Instrument instrument, string venue, Dictionary<TermsRow, TermsRow> known)
    {
        var steps = instrument.Ticks.Steps.Select(step => new TickRow(step.Above, step.TickSize));
        var row = new TermsRow(
            "",
            instrument.Shape,
            instrument.Settlement.Code,
            instrument.ContractSize,
            instrument.LotContracts,
            instrument.MinimumOrderContracts,
            instrument.Ticks.BaseTick,
            null,
            instrument.OrderAmountPerContract,
            instrument.OrderAmountUnit,
            instrument.Fees.MakerRate,
            instrument.Fees.TakerRate,
            instrument.Fees.DeliveryRate,
            instrument.Fees.OptionPriceCap,
            instrument.Venue == venue ? null : instrument.Venue
        );
        string schedule = string.Join(' ', instrument.Ticks.Steps.Select(step => $"{step.Above}>{step.TickSize}"));
        var key = row with { Id = schedule };
        if (known.TryGetValue(key, out var same))
            return same.Id;
        string id = "t" + (known.Count + 1).ToString(CultureInfo.InvariantCulture);
        known.Add(key, row with { Id = id, TickSizeSteps = [.. steps] });
        return id;
    }

    static QuoteRow Row(InstrumentQuote quote, string terms)
    {
        var option = quote.Instrument as OptionInstrument;
        return new(
            quote.Instrument.Name,
            quote.Instrument switch
            {
                OptionInstrument => ContractKind.Option,
                PerpetualInstrument => ContractKind.Perpetual,
                FutureInstrument => ContractKind.Future,
                _ => ContractKind.Spot,
            },
            quote.Instrument.Underlying,
            terms,
            quote.Instrument.SettlesAt,
            option?.StrikeUsd,
            option?.Right,
            quote.Bid,
            quote.Ask,
            quote.BidContracts,
            quote.AskContracts,
            quote.Mark,
            quote.MarkImpliedVolatility,
            quote.OpenInterestContracts,
            quote.DailyVolumeContracts,
            quote.BidDepthContracts,
            quote.AskDepthContracts,
            quote.FundingRate8h
        );
    }
}
