using Plimsoll.Controls;

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
    public OrderIntent Intent { get; } = intent;

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

    public bool IsAlive => Phase != OrderPhase.Done;

    /// <summary>What it may still do to the position: unfilled, or filled and not told as trades yet.</summary>
    public decimal Remaining => Math.Max(0, (IsAlive ? Intent.Contracts : Filled) - Booked);

    public WorkingOrder Working => new(Intent.Label, Intent.Side, Remaining, Intent.LimitPrice, Intent.ReduceOnly);
}
