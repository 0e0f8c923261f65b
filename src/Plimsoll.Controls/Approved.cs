namespace Plimsoll.Controls;

/// <summary>Something that passed the pre-trade controls; only <see cref="PreTradeGate"/> makes one.</summary>
/// <remarks>
/// What sends orders takes nothing else, so that the compiler keeps the gate. Immutable; equality by reference.
/// </remarks>
public sealed class Approved<T>
    where T : class
{
    internal Approved(T value) => Value = value;

    /// <summary>What was approved.</summary>
    public T Value { get; }
}
