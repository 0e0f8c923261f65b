namespace Plimsoll.Controls;

/// <summary>The engine's state lets openings, only reductions, or nothing through.</summary>
sealed class EngineState : PreTradeControl
{
    public override string Name => "engine-state";

    public override bool AppliesToReducing => true;

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits) =>
        input.Permission switch
        {
            TradingPermission.All => null,
            TradingPermission.ReduceOnly when IsReducing(order, input) => null,
            TradingPermission.ReduceOnly => $"only reductions: {input.PermissionReason}",
            _ => $"no orders: {input.PermissionReason}",
        };
}
