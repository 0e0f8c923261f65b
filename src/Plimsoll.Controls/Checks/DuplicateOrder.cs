namespace Plimsoll.Controls;

/// <summary>The same side, contracts and price on the instrument within a short time.</summary>
sealed class DuplicateOrder : PreTradeControl
{
    public override string Name => "duplicate-order";

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        foreach (var sent in input.Recent)
            if (
                !sent.Rejected
                && sent.Side == order.Side
                && sent.Contracts == order.Contracts
                && sent.LimitPrice == order.LimitPrice
                && input.Now - sent.At < limits.DuplicateWindow
            )
                return FormattableString.Invariant(
                    $"the same order was sent {(input.Now - sent.At).TotalSeconds:0.###} s ago"
                );
        return null;
    }
}
