using Plimsoll.Markets;

namespace Plimsoll.Controls;

/// <summary>How long an order lives in the book.</summary>
public enum OrderLife
{
    /// <summary>Until it is filled, cancelled or its valid-until has passed.</summary>
    Rests = 0,

    /// <summary>What does not fill at once is cancelled.</summary>
    ImmediateOrCancel = 1,
}

/// <summary>What an order is for; it decides which controls it has to pass.</summary>
public enum OrderPurpose
{
    /// <summary>Toward the mandate's target; may add risk.</summary>
    Resize = 0,

    /// <summary>Takes risk off: a cut, a flattening, an auto-deleveraged hedge brought back.</summary>
    Cut = 1,
}

/// <summary>An order that somebody wants to send; not yet allowed.</summary>
/// <param name="Label">Unique, made from the engine's id, its sequence and the attempt; never used twice.</param>
/// <param name="Instrument">The venue's name.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="Contracts">Positive, whole lots.</param>
/// <param name="LimitPrice">In the instrument's unit, on its tick.</param>
/// <param name="ReduceOnly">The venue's flag; set on every reducing order.</param>
/// <param name="PostOnly">Whether it must rest.</param>
/// <param name="Life">How long it lives.</param>
/// <param name="ValidUntil">Instant after which the venue refuses it.</param>
/// <param name="Purpose">What it is for.</param>
public sealed record OrderIntent(
    string Label,
    string Instrument,
    Side Side,
    decimal Contracts,
    decimal LimitPrice,
    bool ReduceOnly,
    bool PostOnly,
    OrderLife Life,
    DateTimeOffset ValidUntil,
    OrderPurpose Purpose
)
{
    /// <summary>Contracts with the side's sign.</summary>
    public decimal Signed => Side == Side.Buy ? Contracts : -Contracts;
}
