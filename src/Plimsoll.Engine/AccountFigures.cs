namespace Plimsoll.Engine;

/// <summary>Takes in the venue's figures of the account and keeps the high-water mark and the day's start.</summary>
static class AccountFigures
{
    public static void Apply(EngineState state, AccountSeen account)
    {
        (state.EquityUsd, state.AccountAt) = (account.EquityUsd, state.Now);
        (state.InitialMarginUsd, state.MaintenanceMarginUsd) = (account.InitialMarginUsd, account.MaintenanceMarginUsd);
        if (!account.Equities.IsDefaultOrEmpty)
            state.Equities = account.Equities;
        state.HighWaterUsd = Math.Max(state.HighWaterUsd, account.EquityUsd);
        var day = DateOnly.FromDateTime(state.Now.UtcDateTime);
        if (day != state.Day)
            (state.Day, state.DayStartUsd) = (day, account.EquityUsd);
    }

    /// <summary>Loss since the day's start as a share of it; null when not known.</summary>
    public static decimal? LossToday(EngineState state) =>
        state is { EquityUsd: { } equity, DayStartUsd: > 0 } ? 1 - equity / state.DayStartUsd : null;
}
