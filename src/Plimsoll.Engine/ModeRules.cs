using Plimsoll.Controls;

namespace Plimsoll.Engine;

/// <summary>Which mode holds, and why: safer at once, riskier only after the cause has been gone for a while.</summary>
static class ModeRules
{
    public static void Move(EngineState state, List<EngineEffect> effects)
    {
        UpdateCutting(state);
        var (mode, cause) = Wanted(state);
        if (mode >= state.Mode)
            state.SaferSince = null;
        else
        {
            state.SaferSince ??= state.Now;
            // A person who arms need not wait; nor does leaving a halt for what is still a stop.
            bool waited = state.Now - state.SaferSince >= state.Settings!.HoldTime;
            if (!waited && state.Mode != EngineMode.Halted && state.Mode != EngineMode.Disconnected)
                return;
        }
        if (mode == state.Mode)
        {
            state.ModeCause = cause;
            return;
        }
        effects.Add(new ModeChanged(state.Mode, mode, cause));
        if (mode is EngineMode.ReduceOnly or EngineMode.Cutting or EngineMode.Liquidating)
            CancelOpenings(state, effects);
        (state.Mode, state.ModeCause, state.SaferSince) = (mode, cause, null);
    }

    /// <summary>What the gate may let through.</summary>
    public static (TradingPermission, string) Permission(EngineState state) =>
        state.Mode switch
        {
            EngineMode.Live => (TradingPermission.All, "live"),
            EngineMode.ReduceOnly or EngineMode.Cutting => (TradingPermission.ReduceOnly, state.ModeCause),
            EngineMode.Halted when state.IsFlattening => (TradingPermission.ReduceOnly, state.ModeCause),
            _ => (TradingPermission.None, state.ModeCause),
        };

    static (EngineMode, string) Wanted(EngineState state)
    {
        if (state.HaltCause is { } halt)
            return (EngineMode.Halted, halt);
        if (state.IsForced)
            return (EngineMode.Liquidating, "the venue forced a trade");
        if (state.MarginRatio >= 1)
            return (EngineMode.Liquidating, "equity is below maintenance margin");
        if (!state.SessionIsUp)
            return (EngineMode.Disconnected, "no session");
        if (state.ReconciledAt is null || state.EquityUsd is null)
            return (EngineMode.Disconnected, "the account has not been read yet");
        if (state.IsCutting)
            return (EngineMode.Cutting, Ratio(state));
        return ReduceOnlyCause(state) is { } cause ? (EngineMode.ReduceOnly, cause) : (EngineMode.Live, "live");
    }

    static string? ReduceOnlyCause(EngineState state) =>
        !state.IsArmed ? "not armed"
        : state.AskedReduceOnly is { } asked ? asked
        : state.Difference is { } difference ? difference
        : state.ClockOffset.Duration() > state.Settings!.ClockTrust ? "the clocks differ too much"
        : state.Now - state.AccountAt > state.Settings.Controls.AccountAge ? "account figures are old"
        : state.Keep == 0 ? "the drawdown keeps nothing"
        : null;

    static string Ratio(EngineState state) =>
        state.MarginCheck.Widening is 0
            ? "the margin ratio"
            : $"the margin ratio; {MarginChecking.Words(state.MarginCheck.Widening)}";

    static void UpdateCutting(EngineState state)
    {
        if (state.BufferedRatio is not { } ratio)
            return;
        if (ratio >= state.Settings!.Cuts[0].MarginRatio)
            state.IsCutting = true;
        else if (ratio <= state.Settings.CutTarget)
            state.IsCutting = false;
    }

    static void CancelOpenings(EngineState state, List<EngineEffect> effects)
    {
        foreach (var order in state.Orders.Values)
            if (order.IsAlive && !order.Intent.ReduceOnly)
                OrderBook.Cancel(state, order, effects);
    }
}
