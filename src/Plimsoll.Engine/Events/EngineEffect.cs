using System.Collections.Immutable;
using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>Everything that the engine can ask of the world, after the event that caused it is durable.</summary>
/// <remarks>A closed family of values: a replay compares them one by one.</remarks>
public abstract record EngineEffect
{
    private protected EngineEffect() { }
}

/// <summary>Send an order that passed the gate.</summary>
/// <param name="Order">Its content, for comparison in replays.</param>
/// <param name="Approval">What a venue client takes; null in an effect that was read from a journal.</param>
public sealed record SendOrder(OrderIntent Order, Approved<OrderIntent>? Approval) : EngineEffect
{
    /// <inheritdoc />
    public bool Equals(SendOrder? other) => other is not null && Order == other.Order;

    /// <inheritdoc />
    public override int GetHashCode() => Order.GetHashCode();
}

/// <summary>Change price and total size of an order that rests, under its label, where a venue can.</summary>
/// <remarks>
/// What became of it is told of the label as of any order; a <see cref="SendFailed"/> says that the change failed, not
/// that the order is gone.
/// </remarks>
/// <param name="Order">
/// The order as it shall be, of the same label, instrument and side; contracts are the new total, what is filled
/// included.
/// </param>
/// <param name="Approval">What a venue client takes; null in an effect that was read from a journal.</param>
public sealed record EditOrder(OrderIntent Order, Approved<OrderIntent>? Approval) : EngineEffect
{
    /// <inheritdoc />
    public bool Equals(EditOrder? other) => other is not null && Order == other.Order;

    /// <inheritdoc />
    public override int GetHashCode() => Order.GetHashCode();
}

/// <summary>Cancel one order by its label.</summary>
public sealed record CancelOrder(string Label) : EngineEffect;

/// <summary>Cancel every order of the account, known or not.</summary>
public sealed record CancelAll(string Why) : EngineEffect;

/// <summary>Read one order back by its label.</summary>
public sealed record ReadOrder(string Label) : EngineEffect;

/// <summary>Read positions, orders and trades.</summary>
public sealed record Reconcile : EngineEffect;

/// <summary>Ask the venue's own simulator what margin it wants of these positions; reads only.</summary>
/// <param name="Positions">The whole book, in order of name.</param>
public sealed record SimulateMargin(ImmutableArray<Position> Positions) : EngineEffect
{
    /// <inheritdoc />
    public bool Equals(SimulateMargin? other) => other is not null && Positions.SequenceEqual(other.Positions);

    /// <inheritdoc />
    public override int GetHashCode() => Positions.Length;
}

/// <summary>Solve for targets from the state as it is after this event.</summary>
public sealed record Solve(string InputDigest, string Why) : EngineEffect;

/// <summary>Something that a person should see.</summary>
/// <param name="Code">Stable key.</param>
/// <param name="Words">For people.</param>
public sealed record Alert(string Code, string Words) : EngineEffect;

/// <summary>The mode changed.</summary>
public sealed record ModeChanged(EngineMode Before, EngineMode After, string Cause) : EngineEffect;

/// <summary>Why an order was made or refused: cause, what stopped it, before and after.</summary>
/// <param name="Instrument">Name.</param>
/// <param name="Cause">Resize, cut, flatten.</param>
/// <param name="Held">Contracts before.</param>
/// <param name="Wanted">Contracts that the decision is heading for.</param>
/// <param name="Order">Signed contracts of the order; 0 when a control refused it.</param>
/// <param name="Binding">Limit or control that stopped it short; empty for none.</param>
public sealed record Decided(
    string Instrument,
    string Cause,
    decimal Held,
    decimal Wanted,
    decimal Order,
    string Binding
) : EngineEffect;
