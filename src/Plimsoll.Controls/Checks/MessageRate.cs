namespace Plimsoll.Controls;

/// <summary>Messages a second; what takes risk off may use a reserve that openings never touch.</summary>
sealed class MessageRate : PreTradeControl
{
    public override string Name => "message-rate";

    public override bool AppliesToReducing => true;

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        int most = limits.MessagesPerSecond + (IsReducing(order, input) ? limits.CutReserve : 0);
        return input.MessagesLastSecond >= most
            ? FormattableString.Invariant($"{input.MessagesLastSecond} messages in the last second, at most {most}")
            : null;
    }
}
