namespace Plimsoll.Controls;

/// <summary>After a loss of this share in a day nothing is opened.</summary>
sealed class LossOfTheDay : PreTradeControl
{
    public override string Name => "loss-of-the-day";

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        if (limits.LossTodayShare is not { } most)
            return NotSet("loss-today-share");
        if (input.LossTodayShare is not { } loss)
            return Unknown("the day's loss");
        return loss >= most
            ? FormattableString.Invariant($"a loss of {loss * 100:0.##}% today, the stop is at {most * 100:0.##}%")
            : null;
    }
}
