using Plimsoll.Markets;

namespace Plimsoll.Controls;

/// <summary>The position that all orders alive and this one could make, worse side, in USD of notional.</summary>
sealed class PositionLimit : PreTradeControl
{
    public override string Name => "position-limit";

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        if (limits.PositionNotionalUsd is not { } most)
            return NotSet("position-notional-usd");
        if (Worst(order, input) is not { } worst)
            return Unknown("the position or its notional");
        return worst > most
            ? FormattableString.Invariant($"up to {worst:0.##} USD of {order.Instrument}, at most {most:0.##}")
            : null;
    }

    /// <summary>USD of notional if every order of the worse side fills.</summary>
    public static decimal? Worst(OrderIntent order, PreTradeInput input)
    {
        if (input.Position is not { Value: var held } || ContractUsd(input) is not { } each)
            return null;
        decimal open = order.Contracts - input.Done;
        decimal buys = Working(input, Side.Buy) + (order.Side == Side.Buy ? open : 0);
        decimal sales = Working(input, Side.Sell) + (order.Side == Side.Sell ? open : 0);
        return Math.Max(Math.Abs(held + buys), Math.Abs(held - sales)) * each;
    }
}
