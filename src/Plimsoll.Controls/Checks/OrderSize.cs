namespace Plimsoll.Controls;

/// <summary>Notional of one order, in USD and as a share of equity: the fat finger.</summary>
sealed class OrderSize : PreTradeControl
{
    public override string Name => "order-size";

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        if (limits.OrderNotionalUsd is not { } most)
            return NotSet("order-notional-usd");
        if (limits.OrderShareOfEquity is not { } share)
            return NotSet("order-share-of-equity");
        if (ContractUsd(input) is not { } each)
            return Unknown("the notional");
        if (input.EquityUsd is not { Value: > 0 and var equity })
            return Unknown("a positive equity");
        decimal notional = order.Contracts * each;
        if (notional > most)
            return FormattableString.Invariant($"{notional:0.##} USD of notional, at most {most:0.##}");
        return notional > share * equity
            ? FormattableString.Invariant($"{notional / equity * 100:0.##}% of equity, at most {share * 100:0.##}%")
            : null;
    }
}
