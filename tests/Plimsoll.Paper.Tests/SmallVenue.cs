using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Paper.Tests;

/// <summary>A venue with a few instruments of each kind and prices that a test sets.</summary>
sealed class SmallVenue
{
    public const string Perpetual = "BTC-PERPETUAL";
    public const string Linear = "ETH_USDC-PERPETUAL";
    public const string Future = "BTC-27MAR26";
    public const string Call = "BTC-27MAR26-60000-C";
    public const string Put = "BTC-27MAR26-70000-P";
    public const string LinearCall = "ETH_USDC-27MAR26-2000-C";
    public static readonly Currency Btc = new("BTC");
    static readonly DateTimeOffset Start = new(2026, 3, 4, 9, 30, 0, TimeSpan.Zero);

    public SmallVenue(params string[] more)
    {
        Venue = new Venue(VenueFigures.Shipped, DeribitStandardMargin.Shipped, Start.ToUnixTimeMilliseconds());
        foreach (string name in (string[])[Perpetual, Linear, Future, Call, Put, LinearCall, .. more])
            Assert.NotNull(Venue.List(ContractsFile.Deribit.Instrument(DeribitNames.Parse(name, out _)!)!));
        Observe(65_000m, 2_000m);
    }

    public Venue Venue { get; }

    public ListedInstrument this[string name] => Venue.Listed[name];

    public PaperAccount Client(string name, decimal btc = 10, decimal usdc = 100_000) =>
        Venue.OpenAccount(name, AccountRole.Client, new Balance(Btc, btc), new Balance(Currency.Usdc, usdc));

    public PaperAccount House() => Venue.OpenAccount("house", AccountRole.House);

    /// <summary>One moment: futures at the index, options at intrinsic plus a fixed time value.</summary>
    public void Observe(decimal btcUsd, decimal ethUsd, long passMs = 1000)
    {
        var prices = new List<FairPrice>();
        foreach (var book in Venue.Listed.Values)
        {
            decimal index = book.Instrument.Underlying == "BTC" ? btcUsd : ethUsd;
            prices.Add(new FairPrice(book, Fair(book.Instrument, index), index, 0.5));
        }
        Venue.Observe(
            Venue.NowMs + passMs,
            new Dictionary<string, decimal> { ["BTC"] = btcUsd, ["ETH"] = ethUsd },
            prices
        );
    }

    /// <summary>Prices stand still while time passes, second by second would be slow: one step.</summary>
    public void Wait(long ms) => Venue.Observe(Venue.NowMs + ms, new Dictionary<string, decimal>(), []);

    public OrderAnswer Buy(
        PaperAccount account,
        string name,
        decimal amount,
        decimal? price = null,
        Func<OrderRequest, OrderRequest>? with = null
    ) => Send(account, Side.Buy, name, amount, price, with);

    public OrderAnswer Sell(
        PaperAccount account,
        string name,
        decimal amount,
        decimal? price = null,
        Func<OrderRequest, OrderRequest>? with = null
    ) => Send(account, Side.Sell, name, amount, price, with);

    OrderAnswer Send(
        PaperAccount account,
        Side side,
        string name,
        decimal amount,
        decimal? price,
        Func<OrderRequest, OrderRequest>? with
    )
    {
        var request = new OrderRequest
        {
            Instrument = name,
            Side = side,
            Amount = amount,
            Kind = price is null ? OrderKind.Market : OrderKind.Limit,
            Price = price,
        };
        return Venue.Place(account, with is null ? request : with(request));
    }

    static decimal Fair(Instrument instrument, decimal index)
    {
        if (instrument is not OptionInstrument option)
            return index;
        decimal intrinsic = Math.Max(0, (option.Right == OptionRight.Call ? 1 : -1) * (index - option.StrikeUsd));
        decimal usd = intrinsic + index * 0.02m;
        return option.Shape == PayoffShape.Inverse ? decimal.Round(usd / index, 6) : decimal.Round(usd, 2);
    }
}
