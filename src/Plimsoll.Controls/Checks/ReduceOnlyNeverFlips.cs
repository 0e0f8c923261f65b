namespace Plimsoll.Controls;

/// <summary>
/// A reduce-only order, with all others that work the same way, is at most the position that the venue states.
/// </summary>
sealed class ReduceOnlyNeverFlips : PreTradeControl
{
    public override string Name => "reduce-only-never-flips";

    public override bool AppliesToReducing => true;

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        if (!order.ReduceOnly)
            return order.Purpose == OrderPurpose.Cut ? "a cut without the reduce-only flag" : null;
        if (input.Position is not { Value: var held })
            return Unknown("the position");
        if (Math.Sign(order.Signed) != -Math.Sign(held))
            return FormattableString.Invariant($"reduce-only, but {order.Side} does not reduce {held} contracts");
        decimal left = Math.Abs(held) - Working(input, order.Side, reduceOnly: true);
        decimal open = order.Contracts - input.Done;
        return open > left ? FormattableString.Invariant($"{open} contracts, only {left} are left to reduce") : null;
    }
}
