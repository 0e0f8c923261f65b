namespace Plimsoll.Controls;

/// <summary>Initial margin over equity if the order and all others alive filled.</summary>
sealed class MarginUse : PreTradeControl
{
    public override string Name => "margin-use";

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        if (limits.InitialMarginShare is not { } most)
            return NotSet("initial-margin-share");
        if (input.InitialMarginShareAfter is not { } after)
            return Unknown("the initial margin after the order");
        return after > most
            ? FormattableString.Invariant(
                $"initial margin of {after * 100:0.##}% of equity, at most {most * 100:0.##}%"
            )
            : null;
    }
}
