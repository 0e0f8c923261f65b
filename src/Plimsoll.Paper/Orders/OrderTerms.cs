using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>Kinds of order as the venue names them.</summary>
public enum OrderKind
{
    /// <summary>Rests at its price.</summary>
    Limit,

    /// <summary>Takes what the price band allows; the rest is cancelled.</summary>
    Market,

    /// <summary>Takes like a market order; the rest stays at the last traded price.</summary>
    MarketLimit,

    /// <summary>A limit order that waits for a price against it.</summary>
    StopLimit,

    /// <summary>A market order that waits for a price against it.</summary>
    StopMarket,

    /// <summary>A limit order that waits for a price in its favour.</summary>
    TakeLimit,

    /// <summary>A market order that waits for a price in its favour.</summary>
    TakeMarket,
}

/// <summary>How long an order lives.</summary>
public enum TimeInForce
{
    /// <summary>Until cancelled.</summary>
    GoodTilCancelled,

    /// <summary>Until the end of the session, 08:00 UTC.</summary>
    GoodTilDay,

    /// <summary>All at once or nothing.</summary>
    FillOrKill,

    /// <summary>What can be had at once.</summary>
    ImmediateOrCancel,
}

/// <summary>What a trigger order watches.</summary>
public enum TriggerSource
{
    /// <summary>The index.</summary>
    IndexPrice,

    /// <summary>The mark.</summary>
    MarkPrice,

    /// <summary>The last trade.</summary>
    LastPrice,
}

/// <summary>Life of an order.</summary>
public enum OrderState
{
    /// <summary>Rests in the book.</summary>
    Open,

    /// <summary>Done in full.</summary>
    Filled,

    /// <summary>Never accepted.</summary>
    Rejected,

    /// <summary>Gone, in part or whole unfilled.</summary>
    Cancelled,

    /// <summary>Waits for its trigger.</summary>
    Untriggered,

    /// <summary>Its trigger came; another order took its place.</summary>
    Triggered,
}

/// <summary>Why an order was cancelled.</summary>
public enum CancelReason
{
    /// <summary>Not cancelled.</summary>
    None,

    /// <summary>The owner asked.</summary>
    UserRequest,

    /// <summary>The account is being liquidated.</summary>
    Autoliquidation,

    /// <summary>Its connection closed.</summary>
    CancelOnDisconnect,

    /// <summary>The venue's own limits: self trade, band, reduce-only without a position.</summary>
    RiskMitigation,

    /// <summary>Settlement, expiry or the end of the session.</summary>
    Settlement,
}

/// <summary>The names that a market maker gives to a quote.</summary>
/// <param name="QuoteId">Of the message that it came with.</param>
/// <param name="SetId">Of the set in which a later quote takes its place.</param>
/// <param name="Group">Of market-maker protection, which is not simulated.</param>
public sealed record QuoteMark(string QuoteId, string SetId, string Group);

/// <summary>An order as it is sent.</summary>
public sealed record OrderRequest
{
    /// <summary>The venue's name.</summary>
    public required string Instrument { get; init; }

    /// <summary>Buy or sell.</summary>
    public required Side Side { get; init; }

    /// <summary>Size in the order field's unit: USD for inverse futures, coin otherwise.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Kind.</summary>
    public OrderKind Kind { get; init; } = OrderKind.Limit;

    /// <summary>Limit price; null for market kinds.</summary>
    public decimal? Price { get; init; }

    /// <summary>How long it lives.</summary>
    public TimeInForce TimeInForce { get; init; }

    /// <summary>Never takes: the price is moved inside the spread.</summary>
    public bool PostOnly { get; init; }

    /// <summary>With <see cref="PostOnly"/>: refused instead of moved.</summary>
    public bool RejectPostOnly { get; init; }

    /// <summary>Never adds to a position and never flips it.</summary>
    public bool ReduceOnly { get; init; }

    /// <summary>The owner's mark; not unique.</summary>
    public string Label { get; init; } = "";

    /// <summary>Refused when matching has not begun by this time, milliseconds UTC.</summary>
    public long? ValidUntilMs { get; init; }

    /// <summary>Price at which a trigger order fires.</summary>
    public decimal? TriggerPrice { get; init; }

    /// <summary>What a trigger order watches.</summary>
    public TriggerSource? Trigger { get; init; }

    /// <summary>Connection that sent it, for cancel on disconnect; null over HTTP.</summary>
    public long? Connection { get; init; }

    /// <summary>Which quote it is a side of; null for an order.</summary>
    public QuoteMark? Quote { get; init; }

    /// <summary>Whether the kind waits for a trigger.</summary>
    public bool IsTrigger => Kind is >= OrderKind.StopLimit;

    /// <summary>Whether the kind has a limit price.</summary>
    public bool HasLimit => Kind is OrderKind.Limit or OrderKind.StopLimit or OrderKind.TakeLimit;
}

/// <summary>A change of a resting order; null keeps what it has.</summary>
/// <param name="Amount">New total, what is filled included.</param>
/// <param name="Price">New limit price.</param>
/// <param name="PostOnly">New flag.</param>
/// <param name="RejectPostOnly">New flag.</param>
/// <param name="ReduceOnly">New flag.</param>
/// <param name="TriggerPrice">New trigger.</param>
/// <param name="ValidUntilMs">As <see cref="OrderRequest.ValidUntilMs"/>.</param>
public sealed record OrderChange(
    decimal? Amount = null,
    decimal? Price = null,
    bool? PostOnly = null,
    bool? RejectPostOnly = null,
    bool? ReduceOnly = null,
    decimal? TriggerPrice = null,
    long? ValidUntilMs = null
);
