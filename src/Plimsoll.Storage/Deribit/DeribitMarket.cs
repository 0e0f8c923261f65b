using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>
/// Makes a snapshot of saved answers; where a ticker and a summary speak of one contract, the ticker counts.
/// </summary>
sealed class DeribitMarket(DeribitFolder folder, DeribitTerms terms, DateTimeOffset asOf)
{
    readonly Dictionary<string, InstrumentQuote> quotes = [];
    readonly Dictionary<string, List<double>> index = [];
    readonly Dictionary<string, List<double>> indexOfSummaries = [];
    readonly Dictionary<(string Coin, DateTimeOffset Expiry), List<double>> forwards = [];
    readonly List<Repair> repairs = [];

    /// <summary>The cleaned snapshot; faults go to the folder's list.</summary>
    public MarketSnapshot? Snapshot()
    {
        foreach (var row in folder.Summaries)
            if (Known(row.InstrumentName) is { } instrument)
                Add(instrument, row);
        foreach (var row in folder.Tickers)
            if (Known(row.InstrumentName) is { } instrument)
                Add(instrument, row);
        string[] coins =
        [
            .. quotes.Values.Select(quote => quote.Instrument.Underlying).Distinct().Order(StringComparer.Ordinal),
        ];
        var markets = coins.Select(Market).ToList();
        if (markets.Contains(null))
            return null;
        return MissingForwards.Complete(
            SnapshotCleaning.Clean(
                new()
                {
                    AsOf = asOf,
                    Venue = ContractsFile.Deribit.Venue,
                    Source = "saved Deribit answers",
                    Underlyings = [.. markets.OfType<UnderlyingMarket>()],
                    Quotes = [.. quotes.Values],
                    Repairs = [.. repairs, .. terms.Repairs],
                }
            )
        );
    }

    /// <summary>The contract of a name; combinations and unknown contracts are left out with a repair.</summary>
    Instrument? Known(string name)
    {
        if (terms.Find(name, out string expected) is { } instrument)
            return instrument;
        repairs.Add(new(name, "left-out", $"expected {expected}"));
        return null;
    }

    void Add(Instrument instrument, DeribitSummaryRow row)
    {
        decimal? mark = row.MarkPrice;
        quotes[instrument.Name] = new()
        {
            Instrument = instrument,
            Bid = row.BidPrice,
            Ask = row.AskPrice,
            Mark = mark,
            MarkImpliedVolatility = instrument is OptionInstrument ? row.MarkIv / 100 : null,
            OpenInterestContracts = row.OpenInterest / instrument.OrderAmountPerContract,
            DailyVolumeContracts = Volume(instrument, row.Volume, row.VolumeUsd, mark),
            FundingRate8h = instrument is PerpetualInstrument ? row.CurrentFunding ?? row.Funding8h : null,
        };
        AddForward(instrument, row.UnderlyingPrice, mark);
        if (
            instrument is OptionInstrument
            && row.UnderlyingIndex == "index_price"
            && row.UnderlyingPrice is > 0 and var spot
        )
            Add(indexOfSummaries, instrument.Underlying, spot);
        if (row.EstimatedDeliveryPrice is > 0 and var estimate)
            Add(indexOfSummaries, instrument.Underlying, estimate);
    }

    void Add(Instrument instrument, DeribitTickerRow row)
    {
        quotes[instrument.Name] = new()
        {
            Instrument = instrument,
            Bid = row.BestBidPrice is > 0 ? row.BestBidPrice : null,
            Ask = row.BestAskPrice is > 0 ? row.BestAskPrice : null,
            BidContracts = row.BestBidAmount / instrument.OrderAmountPerContract,
            AskContracts = row.BestAskAmount / instrument.OrderAmountPerContract,
            Mark = row.MarkPrice,
            MarkImpliedVolatility = instrument is OptionInstrument ? row.MarkIv / 100 : null,
            OpenInterestContracts = row.OpenInterest / instrument.OrderAmountPerContract,
            DailyVolumeContracts = Volume(instrument, row.Stats?.Volume, row.Stats?.VolumeUsd, row.MarkPrice),
            FundingRate8h = instrument is PerpetualInstrument ? row.CurrentFunding ?? row.Funding8h : null,
        };
        AddForward(instrument, row.UnderlyingPrice, row.MarkPrice);
        if (row.IndexPrice is > 0 and var price)
            Add(index, instrument.Underlying, price);
    }

    /// <summary>The venue counts volume in coins, for inverse futures too, whose contracts are dollars.</summary>
    static decimal? Volume(Instrument instrument, decimal? coins, decimal? usd, decimal? mark)
    {
        if (instrument is OptionInstrument || instrument.Shape == PayoffShape.Linear)
            return coins / instrument.ContractSize;
        return (usd ?? coins * mark) / instrument.ContractSize;
    }

    void AddForward(Instrument instrument, double? underlyingPrice, decimal? mark)
    {
        if (instrument.SettlesAt is not { } expiry || expiry <= asOf)
            return;
        double? price = instrument is FutureInstrument ? (double?)mark : underlyingPrice;
        if (price is > 0 and var usd)
            Add(forwards, (instrument.Underlying, expiry), usd);
    }

    UnderlyingMarket? Market(string coin)
    {
        double? price =
            index.TryGetValue(coin, out var ticked) ? Median(ticked)
            : indexOfSummaries.TryGetValue(coin, out var summed) ? Median(summed)
            : null;
        var own = forwards
            .Where(entry => entry.Key.Coin == coin)
            .Select(entry => new ForwardQuote(entry.Key.Expiry, Median(entry.Value), ForwardSource.Venue))
            .OrderBy(forward => forward.Expiry)
            .ToList();
        if (price is null && own.Count > 0)
        {
            price = own[0].PriceUsd;
            repairs.Add(new(coin, "assumed-index", "no answer states the index; the nearest forward stands for it"));
        }
        if (price is null)
            folder.Faults.Add(new("answers", null, coin, "no index price", "a ticker, or a summary with a forward"));
        return price is { } usd
            ? new()
            {
                Underlying = coin,
                IndexUsd = usd,
                Forwards = [.. own],
            }
            : null;
    }

    static void Add<TKey>(Dictionary<TKey, List<double>> lists, TKey key, double price)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var prices))
            lists.Add(key, prices = []);
        prices.Add(price);
    }

    static double Median(List<double> prices) => prices.Order().ElementAt((prices.Count - 1) / 2);
}
