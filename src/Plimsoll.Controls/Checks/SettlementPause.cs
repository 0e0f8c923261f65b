namespace Plimsoll.Controls;

/// <summary>Nothing is opened around the instrument's own settlement.</summary>
sealed class SettlementPause : PreTradeControl
{
    public override string Name => "settlement-pause";

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits) =>
        input.Instrument?.SettlesAt is { } at && (at - input.Now).Duration() <= limits.SettlementWindow
            ? $"{order.Instrument} settles at {at:u}"
            : null;
}
