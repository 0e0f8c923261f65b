using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>
/// The rows of one recorded chain as they are read: options, and what they say of forwards and futures.
/// </summary>
sealed class ChainRows(CsvFile file, DateTimeOffset asOf)
{
    const string Synthetic = "SYN.";

    readonly Dictionary<string, List<double>> index = [];
    readonly Dictionary<(string Coin, DateTimeOffset Expiry), List<double>> forwards = [];
    readonly Dictionary<string, (FutureInstrument Future, List<double> Prices)> listed = [];

    /// <summary>Every fault of the rows.</summary>
    public List<Fault> Faults { get; } = [];

    /// <summary>Options as the rows state them.</summary>
    public List<InstrumentQuote> Options { get; } = [];

    /// <summary>What had to be assumed beside the rows.</summary>
    public List<Repair> Repairs { get; } = [];

    /// <summary>Coins of the chain.</summary>
    public IEnumerable<string> Coins => index.Keys.Order(StringComparer.Ordinal);

    /// <summary>Reads every row.</summary>
    public void ReadRows()
    {
        foreach (var row in file.Rows)
            ReadRow(row);
        if (Options.Count == 0 && Faults.Count == 0)
            Faults.Add(new(file.Place, null, "", "no rows", "at least one option"));
    }

    /// <summary>Index and forwards of a coin.</summary>
    public UnderlyingMarket Market(string coin) =>
        new()
        {
            Underlying = coin,
            IndexUsd = Median(index[coin]),
            Forwards =
            [
                .. forwards
                    .Where(entry => entry.Key.Coin == coin)
                    .Select(entry => new ForwardQuote(entry.Key.Expiry, Median(entry.Value), ForwardSource.Venue)),
            ],
        };

    /// <summary>The listed futures and the perpetual of each coin.</summary>
    public IEnumerable<InstrumentQuote> Futures(IReadOnlyDictionary<string, decimal> marks)
    {
        foreach (var (name, (future, prices)) in listed)
            yield return new()
            {
                Instrument = future,
                Mark = marks.TryGetValue(name, out decimal mark) ? mark : (decimal)Median(prices),
            };
        foreach (string coin in Coins)
        {
            var name = new DeribitName(ContractKind.Perpetual, coin, null, null, null, null);
            if (ContractsFile.Deribit.Instrument(name) is not { } perpetual)
                continue;
            bool known = marks.TryGetValue(perpetual.Name, out decimal mark);
            if (!known)
                Repairs.Add(new(perpetual.Name, "assumed-mark", "no recorded mark; stands at the index"));
            yield return new() { Instrument = perpetual, Mark = known ? mark : (decimal)Median(index[coin]) };
        }
    }

    void ReadRow(CsvRow row)
    {
        string text = file.Text(row, "instrument_name");
        if (DeribitNames.Parse(text, out string expected) is not { } name)
        {
            Faults.Add(file.Fault(row, "instrument_name", expected));
            return;
        }
        if (ContractsFile.Deribit.Instrument(name) is not OptionInstrument option)
        {
            Faults.Add(file.Fault(row, "instrument_name", "an option whose contract terms are known"));
            return;
        }
        int before = Faults.Count;
        double? forward = Price(row, "underlying_price");
        double? indexPrice = Price(row, "index_price");
        double? volatility = file.Number(row, "mark_iv", Faults);
        var quote = new InstrumentQuote
        {
            Instrument = option,
            Bid = file.Exact(row, "bid_price", Faults),
            Ask = file.Exact(row, "ask_price", Faults),
            Mark = file.Exact(row, "mark_price", Faults),
            MarkImpliedVolatility = volatility,
            OpenInterestContracts = file.Exact(row, "open_interest", Faults) / option.ContractSize,
            DailyVolumeContracts = file.Exact(row, "volume", Faults) / option.ContractSize,
        };
        if (Faults.Count > before)
            return;
        Options.Add(quote);
        Add(index, option.Underlying, indexPrice!.Value);
        if (option.Expiry > asOf)
            Add(forwards, (option.Underlying, option.Expiry), forward!.Value);
        ReadFuture(file.Text(row, "underlying_name"), forward!.Value);
    }

    void ReadFuture(string name, double price)
    {
        if (name.StartsWith(Synthetic, StringComparison.Ordinal) || name == "index_price")
            return;
        if (!listed.TryGetValue(name, out var entry))
        {
            if (DeribitNames.Parse(name, out _) is not { } parsed)
                return;
            if (ContractsFile.Deribit.Instrument(parsed) is not FutureInstrument future)
                return;
            listed.Add(name, entry = (future, []));
        }
        entry.Prices.Add(price);
    }

    /// <summary>Far above any price, and far below what an exact decimal can hold.</summary>
    const double LargestPrice = 1e15;

    double? Price(CsvRow row, string column)
    {
        int before = Faults.Count;
        if (file.Number(row, column, Faults) is > 0 and <= LargestPrice and var price)
            return price;
        if (Faults.Count == before)
            Faults.Add(file.Fault(row, column, "a positive price in USD, at most 1e15"));
        return null;
    }

    static void Add<TKey>(Dictionary<TKey, List<double>> lists, TKey key, double price)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var prices))
            lists.Add(key, prices = []);
        prices.Add(price);
    }

    /// <summary>The lower middle one: a price that was really stated.</summary>
    static double Median(List<double> prices)
    {
        double[] sorted = [.. prices];
        Array.Sort(sorted);
        return sorted[(sorted.Length - 1) / 2];
    }
}
