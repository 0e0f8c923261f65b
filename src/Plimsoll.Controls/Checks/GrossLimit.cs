namespace Plimsoll.Controls;

/// <summary>Sum of all positions' worst notionals with the orders alive.</summary>
sealed class GrossLimit : PreTradeControl
{
    public override string Name => "gross-limit";

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        if (limits.GrossNotionalUsd is not { } most)
            return NotSet("gross-notional-usd");
        if (input.OtherGrossNotionalUsd is not { } others || PositionLimit.Worst(order, input) is not { } own)
            return Unknown("the account's notional");
        return others + own > most
            ? FormattableString.Invariant($"up to {others + own:0.##} USD over all contracts, at most {most:0.##}")
            : null;
    }
}
