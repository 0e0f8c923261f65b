using Plimsoll.Markets;

namespace Plimsoll.Controls;

/// <summary>An order does not meet one's own order on the other side.</summary>
sealed class SelfMatch : PreTradeControl
{
    public override string Name => "self-match";

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        foreach (var own in input.Working)
            if (
                own.Side != order.Side
                && (order.Side == Side.Buy ? order.LimitPrice >= own.LimitPrice : order.LimitPrice <= own.LimitPrice)
            )
                return FormattableString.Invariant($"would meet our own {own.Side} at {own.LimitPrice} ({own.Label})");
        return null;
    }
}
