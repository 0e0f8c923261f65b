namespace Plimsoll.Controls;

/// <summary>The contract's terms are known, are those of the order, and it has not expired.</summary>
sealed class KnownInstrument : PreTradeControl
{
    public override string Name => "known-instrument";

    public override bool AppliesToReducing => true;

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        if (input.Instrument is not { } instrument)
            return Unknown($"the contract {order.Instrument}");
        if (instrument.Name != order.Instrument)
            return $"terms of {instrument.Name} for an order on {order.Instrument}";
        return instrument.SettlesAt is { } at && at <= input.Now ? $"{instrument.Name} expired at {at:u}" : null;
    }
}
