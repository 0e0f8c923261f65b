namespace Plimsoll.Controls;

/// <summary>Whole lots, at least the least order, a positive price on a tick, a valid-until ahead, a label.</summary>
sealed class OrderShape : PreTradeControl
{
    // Longest label that Deribit takes: docs.deribit.com, private/buy.
    const int LongestLabel = 64;

    public override string Name => "order-shape";

    public override bool AppliesToReducing => true;

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        if (order.Label.Length is 0 or > LongestLabel)
            return FormattableString.Invariant(
                $"a label of {order.Label.Length} letters, expected 1 to {LongestLabel}"
            );
        if (order.ValidUntil <= input.Now)
            return FormattableString.Invariant($"valid until {order.ValidUntil:O}, which has passed");
        if (order.PostOnly && order.Life == OrderLife.ImmediateOrCancel)
            return "post-only and immediate-or-cancel exclude each other";
        if (order.LimitPrice <= 0)
            return FormattableString.Invariant($"a price of {order.LimitPrice}, expected a positive one");
        if (input.Instrument is not { } terms)
            return Unknown("the contract");
        if (order.Contracts < terms.MinimumOrderContracts)
            return FormattableString.Invariant(
                $"{order.Contracts} contracts, the least order is {terms.MinimumOrderContracts}"
            );
        if (order.Contracts % terms.LotContracts != 0)
            return FormattableString.Invariant($"{order.Contracts} contracts, no multiple of {terms.LotContracts}");
        decimal tick = terms.Ticks.At(order.LimitPrice);
        return order.LimitPrice % tick != 0
            ? FormattableString.Invariant($"a price of {order.LimitPrice}, no multiple of the tick {tick}")
            : null;
    }
}
