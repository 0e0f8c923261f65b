using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Controls;

/// <summary>What the engine's state lets through.</summary>
public enum TradingPermission
{
    /// <summary>No order at all.</summary>
    None = 0,

    /// <summary>Only what reduces a position.</summary>
    ReduceOnly = 1,

    /// <summary>Everything that the other controls allow.</summary>
    All = 2,
}

/// <summary>A figure and when it was last heard.</summary>
public readonly record struct Observed<T>(T Value, DateTimeOffset At);

/// <summary>Best bid and ask in the instrument's unit; null where nobody quotes.</summary>
public readonly record struct TopOfBook(decimal? Bid, decimal? Ask);

/// <summary>An order that is or may be alive at the venue: open, in flight or of unknown fate.</summary>
/// <param name="Label">Its label.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="Remaining">Contracts not yet filled; positive.</param>
/// <param name="LimitPrice">In the instrument's unit.</param>
/// <param name="ReduceOnly">The venue's flag.</param>
public readonly record struct WorkingOrder(
    string Label,
    Side Side,
    decimal Remaining,
    decimal LimitPrice,
    bool ReduceOnly
);

/// <summary>An order sent lately, for the duplicate and repetition controls.</summary>
/// <param name="At">When.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="Contracts">Positive.</param>
/// <param name="LimitPrice">In the instrument's unit.</param>
/// <param name="Rejected">Whether the venue or a control refused it.</param>
public readonly record struct RecentOrder(
    DateTimeOffset At,
    Side Side,
    decimal Contracts,
    decimal LimitPrice,
    bool Rejected
);

/// <summary>Everything that the controls look at; what is null is not known, and not known means no opening.</summary>
/// <remarks>A pure value: the same input gives the same answer. All times are UTC.</remarks>
public sealed record PreTradeInput
{
    /// <summary>The engine's time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>What the engine's state lets through.</summary>
    public required TradingPermission Permission { get; init; }

    /// <summary>Why, in words.</summary>
    public required string PermissionReason { get; init; }

    /// <summary>Contract terms, from the venue.</summary>
    public Instrument? Instrument { get; init; }

    /// <summary>The venue's mark, in the instrument's unit.</summary>
    public Observed<decimal>? Mark { get; init; }

    /// <summary>Index of the underlying, USD per coin.</summary>
    public Observed<decimal>? IndexUsd { get; init; }

    /// <summary>Best bid and ask.</summary>
    public Observed<TopOfBook>? Book { get; init; }

    /// <summary>Contracts held at the venue, signed.</summary>
    public Observed<decimal>? Position { get; init; }

    /// <summary>Orders on this instrument that may be alive.</summary>
    public ImmutableArray<WorkingOrder> Working { get; init; } = [];

    /// <summary>
    /// Contracts of this order that the position counts already: a change states a new total, and what is done of it
    /// adds nothing any more. 0 for a new order; the order itself is not among <see cref="Working"/>.
    /// </summary>
    public decimal Done { get; init; }

    /// <summary>Orders alive over the whole account.</summary>
    public int? WorkingInAccount { get; init; }

    /// <summary>Equity of the account, USD.</summary>
    public Observed<decimal>? EquityUsd { get; init; }

    /// <summary>
    /// Sum over the other instruments of the larger of what buys or sales alive could make of them, USD.
    /// </summary>
    public decimal? OtherGrossNotionalUsd { get; init; }

    /// <summary>Initial margin over equity after this order filled, its worst side with all others alive.</summary>
    public decimal? InitialMarginShareAfter { get; init; }

    /// <summary>Loss since the day's start as a share of its equity; positive is a loss.</summary>
    public decimal? LossTodayShare { get; init; }

    /// <summary>Messages sent in the last second.</summary>
    public int MessagesLastSecond { get; init; }

    /// <summary>Orders on this instrument sent lately.</summary>
    public ImmutableArray<RecentOrder> Recent { get; init; } = [];
}
