using System.Collections.Immutable;
using System.Text.Json;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>The venue's <c>clearinghouseState</c> as account figures and positions.</summary>
static class HyperliquidAccount
{
    const decimal WorstRatio = 100;

    /// <summary>
    /// Figures in dollars. The ratio of maintenance margin to equity is that of the pool nearest to liquidation: the
    /// cross pool, or an isolated position, whose maintenance margin is half of the initial margin at its coin's
    /// highest leverage.
    /// </summary>
    public static AccountSeen Figures(JsonElement state)
    {
        var all = state.GetProperty("marginSummary");
        var cross = state.GetProperty("crossMarginSummary");
        decimal equity = all.NeededAmount("accountValue"),
            sum = state.NeededAmount("crossMaintenanceMarginUsed"),
            worst = Ratio(sum, cross.NeededAmount("accountValue"));
        foreach (var held in Held(state))
        {
            if (held.GetProperty("leverage").Text("type") == "cross")
                continue;
            decimal needed = held.NeededAmount("positionValue") / (2 * held.Needed("maxLeverage"));
            sum += needed;
            worst = Math.Max(worst, Ratio(needed, held.NeededAmount("marginUsed")));
        }
        decimal kept = Math.Max(0, equity);
        return new AccountSeen(equity, Math.Max(all.NeededAmount("totalMarginUsed"), sum), Math.Max(sum, worst * kept));
    }

    /// <summary>Positions, contracts of one coin each.</summary>
    public static ImmutableArray<Position> Positions(JsonElement state) =>
        [
            .. Held(state)
                .Select(held => new Position(
                    held.GetProperty("coin").GetString()!,
                    held.NeededAmount("szi"),
                    held.Amount("entryPx")
                ))
                .Where(position => position.Contracts != 0),
        ];

    /// <summary>Whether a <c>userRole</c> is that of an account of its own; an agent's address looks flat.</summary>
    public static bool IsRole(string role) => role is "user" or "subAccount" or "vault";

    static IEnumerable<JsonElement> Held(JsonElement state) =>
        state.GetProperty("assetPositions").EnumerateArray().Select(row => row.GetProperty("position"));

    static decimal Ratio(decimal margin, decimal value) =>
        margin <= 0 ? 0
        : value <= 0 ? WorstRatio
        : Math.Min(WorstRatio, margin / value);
}
