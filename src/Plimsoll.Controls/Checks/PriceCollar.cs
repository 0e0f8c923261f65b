using Plimsoll.Markets;

namespace Plimsoll.Controls;

/// <summary>
/// The limit price is not worse than the mark by more than the collar: a buy not too high, a sale not too low.
/// </summary>
/// <remarks>
/// An option's premium may be a few ticks, so a collar in per cent of it would bar every order: one tick is always
/// added. The mark must be positive; a mark of zero is no price.
/// </remarks>
sealed class PriceCollar : PreTradeControl
{
    public override string Name => "price-collar";

    public override bool AppliesToReducing => true;

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        bool reducing = IsReducing(order, input);
        if ((reducing ? limits.CutPriceCollar : limits.PriceCollar) is not { } share)
            return NotSet("price-collar");
        if (input.Mark is not { Value: > 0 and var mark } || input.Instrument is not { } instrument)
            return Unknown("the mark");
        decimal room = share * mark + instrument.Ticks.At(mark);
        bool outside = order.Side == Side.Buy ? order.LimitPrice > mark + room : order.LimitPrice < mark - room;
        return outside
            ? FormattableString.Invariant(
                $"{order.Side} at {order.LimitPrice} is over {share * 100:0.##}% worse than the mark {mark}"
            )
            : null;
    }
}
