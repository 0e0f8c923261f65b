using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>Life of a book.</summary>
public enum BookState
{
    /// <summary>Trades.</summary>
    Open,

    /// <summary>Paused for settlement.</summary>
    Settlement,

    /// <summary>Expired and delivered.</summary>
    Closed,
}

/// <summary>An instrument as the venue lists it: terms, book, prices.</summary>
public sealed class ListedInstrument
{
    const int KeptTrades = 2_000;
    readonly List<Trade> trades = [];

    /// <summary>The contract.</summary>
    public required Instrument Instrument { get; init; }

    /// <summary>The venue's number.</summary>
    public required long Id { get; init; }

    /// <summary>When it was listed, milliseconds UTC.</summary>
    public required long CreatedMs { get; init; }

    /// <summary>The venue's name.</summary>
    public string Name => Instrument.Name;

    /// <summary>Resting orders.</summary>
    public OrderBook Book { get; } = new();

    /// <summary>Life of the book.</summary>
    public BookState State { get; set; }

    /// <summary>Number of the book's last change; grows, not by one.</summary>
    public long ChangeId { get; set; }

    /// <summary>Mark in the instrument's unit; 0 until the first market moment.</summary>
    public decimal Mark { get; set; }

    /// <summary>What the instrument is worth to the market now: the middle of the house's quotes.</summary>
    public decimal Fair { get; set; }

    /// <summary>Moving average of fair less index, futures.</summary>
    public decimal Basis { get; set; }

    /// <summary>Forward of an option's expiry, or the mark of a future, USD per coin.</summary>
    public decimal UnderlyingUsd { get; set; }

    /// <summary>Mark volatility of an option, a fraction; 0 otherwise.</summary>
    public double MarkVolatility { get; set; }

    /// <summary>Index of the coin, USD.</summary>
    public decimal IndexUsd { get; set; }

    /// <summary>Last trade; null before the first.</summary>
    public decimal? Last => trades.Count == 0 ? null : trades[^1].Price;

    /// <summary>Price of the last settlement.</summary>
    public decimal? SettlementPrice { get; set; }

    /// <summary>Price of delivery, once delivered.</summary>
    public decimal? DeliveryPrice { get; set; }

    /// <summary>Settlement currency paid so far by one unit of a long; grows with each moment.</summary>
    public decimal FundingIndex { get; set; }

    /// <summary>Funding now, a fraction for 8 hours.</summary>
    public decimal FundingRate8h { get; set; }

    /// <summary>What a perpetual paid so far.</summary>
    public FundingHistory Funding { get; } = new();

    /// <summary>Amount held long by all accounts.</summary>
    public decimal OpenInterest { get; set; }

    /// <summary>Sequence of the last trade.</summary>
    public long TradeSequence { get; set; }

    /// <summary>The last 2,000 trades, oldest first.</summary>
    public IReadOnlyList<Trade> Trades => trades;

    /// <summary>Untriggered orders, oldest first.</summary>
    public List<Order> Triggers { get; } = [];

    /// <summary>The house's resting orders by side and price.</summary>
    public Dictionary<(Side Side, decimal Price), Order> HouseOrders { get; } = [];

    /// <summary>Name of the index: <c>btc_usd</c>, <c>sol_usdc</c>.</summary>
    public string IndexName { get; private init; } = "";

    /// <summary>The venue's currency of the book: the coin of inverse contracts, <c>USDC</c> of linear ones.</summary>
    public Currency Currency => Instrument.Settlement;

    /// <summary>Order step in the order field's unit.</summary>
    public decimal LotAmount => Instrument.LotContracts * Instrument.OrderAmountPerContract;

    /// <summary>Smallest order in the order field's unit.</summary>
    public decimal MinimumAmount => Instrument.MinimumOrderContracts * Instrument.OrderAmountPerContract;

    /// <summary>Lowest price that an order may have.</summary>
    public decimal LowestTick => Instrument.Ticks.BaseTick;

    /// <summary>The margin rule of the contract.</summary>
    public required IInstrumentMargin Margin { get; init; }

    /// <summary>Expiry, milliseconds UTC; null for a perpetual.</summary>
    public long? ExpiryMs => Instrument.SettlesAt?.ToUnixTimeMilliseconds();

    /// <summary>Contracts of an amount.</summary>
    public decimal Contracts(decimal amount) => amount / Instrument.OrderAmountPerContract;

    /// <summary>A new listing.</summary>
    public static ListedInstrument Of(Instrument instrument, IInstrumentMargin margin, long id, long createdMs) =>
        new()
        {
            Instrument = instrument,
            Margin = margin,
            Id = id,
            CreatedMs = createdMs,
            IndexName = IndexNameOf(instrument),
        };

    /// <summary>Name of an instrument's index.</summary>
    public static string IndexNameOf(Instrument instrument)
    {
        string quote = instrument.Shape == PayoffShape.Inverse ? "usd" : instrument.Settlement.Code.ToLowerInvariant();
        return $"{instrument.Underlying.ToLowerInvariant()}_{quote}";
    }

    internal void Record(Trade trade)
    {
        if (trades.Count == KeptTrades)
            trades.RemoveRange(0, KeptTrades / 10);
        trades.Add(trade);
    }
}
