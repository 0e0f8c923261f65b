using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>Where an order of ours is in its life.</summary>
public enum OrderPhase
{
    /// <summary>Sent; nothing was heard of it.</summary>
    Sent = 0,

    /// <summary>Rests at the venue.</summary>
    Open = 1,

    /// <summary>A request failed and nobody knows whether the venue took it; counts at full size.</summary>
    Unknown = 2,

    /// <summary>Filled, cancelled, refused or proven never to have been placed.</summary>
    Done = 3,
}

/// <summary>One order of ours: ambiguous is not failed, cancelled not cancelled until the venue says so.</summary>
sealed class OrderState(OrderIntent intent, DateTimeOffset sentAt)
{
    /// <summary>What the venue is believed to have of it.</summary>
    public OrderIntent Intent { get; set; } = intent;

    /// <summary>
    /// A change that was asked for and of which nobody knows yet whether the venue took it; null: none. Until then
    /// the larger size counts.
    /// </summary>
    public OrderIntent? Pending { get; set; }

    /// <summary>When the last change was asked for.</summary>
    public DateTimeOffset? EditAskedAt { get; set; }

    /// <summary>Until when it may rest; null: it does not rest, and its valid-until is its end.</summary>
    public DateTimeOffset? DueAt { get; set; }

    public DateTimeOffset SentAt { get; } = sentAt;

    public OrderPhase Phase { get; set; } = OrderPhase.Sent;

    /// <summary>Filled so far by the venue's cumulative figure; never falls.</summary>
    public decimal Filled { get; set; }

    /// <summary>When it was last read back; null before the first time.</summary>
    public DateTimeOffset? ReadAt { get; set; }

    /// <summary>Times that the venue did not know it after its valid-until.</summary>
    public int TimesMissing { get; set; }

    /// <summary>When its cancellation was asked for.</summary>
    public DateTimeOffset? CancelAskedAt { get; set; }

    /// <summary>Contracts of its trades that the position counts; trades may be told after the order's end.</summary>
    public decimal Booked { get; set; }

    /// <summary>When the venue said that it ended.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Instant after which no request about it can be taken any more, by the venue's clock.</summary>
    public DateTimeOffset LastValidUntil =>
        Pending is { } asked && asked.ValidUntil > Intent.ValidUntil ? asked.ValidUntil : Intent.ValidUntil;

    /// <summary>When it is to end: a resting order at its deadline, any other with its valid-until.</summary>
    public DateTimeOffset EndsAt => Phase == OrderPhase.Open && DueAt is { } due ? due : LastValidUntil;

    public bool IsAlive => Phase != OrderPhase.Done;

    /// <summary>What it may still do to the position: unfilled, or filled and not told as trades yet.</summary>
    public decimal Remaining => Math.Max(0, (IsAlive ? Largest : Filled) - Booked);

    public WorkingOrder Working => new(Intent.Label, Intent.Side, Remaining, NearestPrice, Intent.ReduceOnly);

    decimal Largest => Math.Max(Intent.Contracts, Pending?.Contracts ?? 0);

    // Of two prices that it may have, the one that trades first.
    decimal NearestPrice =>
        Pending is not { LimitPrice: var asked } ? Intent.LimitPrice
        : Intent.Side == Side.Buy ? Math.Max(asked, Intent.LimitPrice)
        : Math.Min(asked, Intent.LimitPrice);
}
