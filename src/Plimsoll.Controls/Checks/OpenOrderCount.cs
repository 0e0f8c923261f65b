namespace Plimsoll.Controls;

/// <summary>Orders alive over the whole account.</summary>
sealed class OpenOrderCount : PreTradeControl
{
    public override string Name => "open-orders";

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        if (limits.OpenOrders is not { } most)
            return NotSet("open-orders");
        if (input.WorkingInAccount is not { } alive)
            return Unknown("the number of orders alive");
        return alive >= most ? FormattableString.Invariant($"{alive} orders are alive, at most {most}") : null;
    }
}
