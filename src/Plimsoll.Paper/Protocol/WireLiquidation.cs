using System.Text.Json.Nodes;

namespace Plimsoll.Paper;

/// <summary>The channel <c>user.liquidation</c>: one's own liquidation, and deleveraging on either side.</summary>
/// <remarks>
/// Source: the venue's page of the channel and its Liquidity Support Program API Guide (docs.deribit.com, 2026). The
/// direction is the side of the transfer on this account, as in the guide's examples.
/// </remarks>
static class WireLiquidation
{
    public static JsonNode? Row(Venue venue, PaperAccount account, VenueEvent happened) =>
        happened switch
        {
            LockChanged changed when changed.Account == account => Stage(venue, account, changed),
            Deleveraged moved when moved.Liquidated == account => Moved(
                venue,
                account,
                moved,
                "adl_transfer",
                moved.Amount
            ),
            Deleveraged moved when moved.Counterparty == account => Moved(
                venue,
                account,
                moved,
                "adl_transfer_received",
                -moved.Amount
            ),
            _ => null,
        };

    static JsonObject Stage(Venue venue, PaperAccount account, LockChanged changed)
    {
        var wallet = changed.Wallet;
        return new JsonObject
        {
            ["state"] = changed.IsLocked ? "liquidation_started" : "liquidation_completed",
            ["user_id"] = account.Id,
            ["currency"] = changed.Currency.Code,
            ["equity"] = Wire.Number(wallet.Equity, 8),
            ["margin_balance"] = Wire.Number(wallet.MarginBalance, 8),
            ["initial_margin"] = Wire.Number(wallet.Initial),
            ["maintenance_margin"] = Wire.Number(wallet.Maintenance),
            ["timestamp"] = venue.NowMs,
        };
    }

    static JsonObject Moved(Venue venue, PaperAccount account, Deleveraged moved, string state, decimal amount) =>
        new()
        {
            ["state"] = state,
            ["user_id"] = account.Id,
            ["instrument_name"] = moved.Listed.Name,
            ["direction"] = amount > 0 ? "buy" : "sell",
            ["amount"] = Wire.Number(Math.Abs(amount)),
            ["price"] = Wire.Number(moved.Price, 8),
            ["currency"] = moved.Listed.Currency.Code.ToLowerInvariant(),
            ["commission"] = 0,
            ["timestamp"] = venue.NowMs,
        };
}
