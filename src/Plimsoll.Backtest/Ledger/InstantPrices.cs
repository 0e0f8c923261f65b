using Plimsoll.Markets;

namespace Plimsoll.Backtest;

/// <summary>Prices of one recorded instant at the venue's marks; what it does not state is null.</summary>
sealed class InstantPrices
{
    readonly MarketSnapshot market;
    readonly Currency home;
    readonly Dictionary<string, InstrumentQuote> quotes = new(StringComparer.Ordinal);

    public InstantPrices(MarketSnapshot market, Currency home)
    {
        (this.market, this.home) = (market, home);
        foreach (var quote in market.Quotes)
            quotes[quote.Instrument.Name] = quote;
    }

    public DateTimeOffset Time => market.AsOf;

    public InstrumentQuote? Quote(string name) => quotes.GetValueOrDefault(name);

    /// <summary>Index of a coin, or null when the instant does not list it.</summary>
    public double? IndexUsd(string underlying) => market.Find(underlying)?.IndexUsd;

    /// <summary>Home units for one unit of a currency.</summary>
    /// <exception cref="InvalidOperationException">A coin without an index.</exception>
    public double Home(Currency currency)
    {
        if (currency == home)
            return 1;
        double usd = currency.IsDollar ? 1 : Known(currency.Code);
        return home.IsDollar ? usd : usd / Known(home.Code);
    }

    /// <summary>Mark in the instrument's own unit; the middle of the quotes where no mark is stated.</summary>
    public decimal? Mark(Instrument instrument) =>
        instrument is SpotInstrument ? (decimal?)IndexUsd(instrument.Underlying)
        : Quote(instrument.Name) is not { } quote ? null
        : quote.Mark is { } mark && (mark > 0 || instrument is OptionInstrument) ? mark
        : quote.IsTwoSided ? (quote.Bid!.Value + quote.Ask!.Value) / 2
        : null;

    /// <summary>What drives the payoff, USD: the expiry's forward, else the index.</summary>
    public double UnderlyingUsd(Instrument instrument, decimal mark)
    {
        if (instrument is not OptionInstrument option)
            return (double)mark;
        foreach (var forward in market.Find(option.Underlying)?.Forwards ?? [])
            if (forward.Expiry == option.Expiry)
                return forward.PriceUsd;
        return Known(option.Underlying);
    }

    /// <summary>Notional of one contract in home currency at the index.</summary>
    public double NotionalHome(Instrument instrument)
    {
        double size = (double)instrument.ContractSize;
        return size * Home(Notional.IsFaceInDollars(instrument) ? Currency.Usd : new Currency(instrument.Underlying));
    }

    double Known(string coin) =>
        IndexUsd(coin)
        ?? throw new InvalidOperationException(
            FormattableString.Invariant($"{coin} has no index at {Time:yyyy-MM-dd HH:mm} UTC")
        );
}
