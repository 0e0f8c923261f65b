using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>An order of the venue; events carry copies (<see cref="Copy"/>) that never change again.</summary>
public sealed class Order
{
    /// <summary>The venue's id, an opaque text.</summary>
    public required string Id { get; init; }

    /// <summary>Owner.</summary>
    public required PaperAccount Account { get; init; }

    /// <summary>What is traded.</summary>
    public required ListedInstrument Listed { get; init; }

    /// <summary>Buy or sell.</summary>
    public required Side Side { get; init; }

    /// <summary>Kind; of a fired trigger order the kind that it became.</summary>
    public required OrderKind Kind { get; init; }

    /// <summary>How long it lives.</summary>
    public required TimeInForce TimeInForce { get; init; }

    /// <summary>Order of arrival at the venue; lower is older.</summary>
    public long Sequence { get; set; }

    /// <summary>When it was made, milliseconds UTC.</summary>
    public required long CreatedMs { get; init; }

    /// <summary>When it last changed.</summary>
    public long UpdatedMs { get; set; }

    /// <summary>Limit price; 0 for a market order.</summary>
    public decimal Price { get; set; }

    /// <summary>Total size, what is filled included.</summary>
    public decimal Amount { get; set; }

    /// <summary>What is filled.</summary>
    public decimal Filled { get; set; }

    /// <summary>Sum of amount times price over fills, for the average.</summary>
    public decimal FilledNotional { get; set; }

    /// <summary>Fees paid, settlement currency.</summary>
    public decimal Commission { get; set; }

    /// <summary>Life.</summary>
    public OrderState State { get; set; }

    /// <summary>Why it was cancelled.</summary>
    public CancelReason CancelReason { get; set; }

    /// <summary>Flag of the request.</summary>
    public bool PostOnly { get; set; }

    /// <summary>Flag of the request.</summary>
    public bool RejectPostOnly { get; set; }

    /// <summary>Flag of the request.</summary>
    public bool ReduceOnly { get; set; }

    /// <summary>The owner's mark.</summary>
    public string Label { get; init; } = "";

    /// <summary>Whether it was edited.</summary>
    public bool Replaced { get; set; }

    /// <summary>Whether the venue itself liquidates with it.</summary>
    public bool IsLiquidation { get; init; }

    /// <summary>Connection that sent it; null over HTTP.</summary>
    public long? Connection { get; init; }

    /// <summary>Which quote it is a side of; null for an order.</summary>
    public QuoteMark? Quote { get; init; }

    /// <summary>Trigger price of a trigger order.</summary>
    public decimal? TriggerPrice { get; set; }

    /// <summary>What a trigger order watches.</summary>
    public TriggerSource? Trigger { get; init; }

    /// <summary>Whether it came from a trigger order.</summary>
    public string? TriggerOrderId { get; init; }

    /// <summary>What is left.</summary>
    public decimal Remaining => Amount - Filled;

    /// <summary>Average fill; 0 without a fill.</summary>
    public decimal AveragePrice => Filled == 0 ? 0 : decimal.Round(FilledNotional / Filled, 10);

    /// <summary>Signed amount: a sale is negative.</summary>
    public decimal Signed(decimal amount) => Side == Side.Buy ? amount : -amount;

    /// <summary>A copy of this moment.</summary>
    public Order Copy() => (Order)MemberwiseClone();

    /// <inheritdoc />
    public override string ToString() => $"{Id} {Side} {Remaining} {Listed.Name} @ {Price} {State}";
}

/// <summary>Who gave liquidity and who took it, of one fill.</summary>
public enum Liquidity
{
    /// <summary>The resting order.</summary>
    Maker,

    /// <summary>The incoming order.</summary>
    Taker,
}

/// <summary>One trade; both sides share it.</summary>
/// <param name="Listed">What was traded.</param>
/// <param name="Id">The venue's id.</param>
/// <param name="Sequence">Contiguous within the instrument.</param>
/// <param name="AtMs">When, milliseconds UTC.</param>
/// <param name="Price">The resting order's price.</param>
/// <param name="Amount">Size in the order field's unit.</param>
/// <param name="TakerSide">Side of the incoming order.</param>
/// <param name="TickDirection">0 plus, 1 zero-plus, 2 minus, 3 zero-minus.</param>
/// <param name="Mark">Mark at the time.</param>
/// <param name="Index">Index at the time.</param>
/// <param name="ImpliedVolatility">Of the trade's price, a fraction; null unless an option.</param>
/// <param name="Liquidation">Which side was liquidated: <c>M</c>, <c>T</c>, <c>MT</c>, or null.</param>
public sealed record Trade(
    ListedInstrument Listed,
    string Id,
    long Sequence,
    long AtMs,
    decimal Price,
    decimal Amount,
    Side TakerSide,
    int TickDirection,
    decimal Mark,
    decimal Index,
    double? ImpliedVolatility,
    string? Liquidation
);

/// <summary>One account's side of a trade.</summary>
/// <param name="Trade">The trade.</param>
/// <param name="Order">The order as it stood after the fill.</param>
/// <param name="Liquidity">Maker or taker.</param>
/// <param name="Fee">Paid, settlement currency; negative is a rebate.</param>
/// <param name="ProfitLoss">Gain that the fill realised, settlement currency.</param>
public sealed record Fill(Trade Trade, Order Order, Liquidity Liquidity, decimal Fee, decimal ProfitLoss);
