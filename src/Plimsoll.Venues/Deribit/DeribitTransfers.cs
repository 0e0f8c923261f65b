using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Positions that the venue itself moves between accounts: auto-deleveraging, what it takes over.</summary>
/// <remarks>
/// Source: docs.deribit.com, the channel <c>user.liquidation</c> and the Liquidity Support Program API Guide. A
/// transfer is an entry of the ledger, no trade: it is told as a trade of nobody's, and counts with every reading of
/// trades from then on. The schema calls its direction this account's resulting side, the guide's examples the
/// transfer's own; so the side is taken from the position that is left, which deleveraging can only have made smaller,
/// and from the direction where none is left. The venue tells neither a rank nor what is in its fund.
/// </remarks>
sealed class DeribitTransfers(DeribitContracts contracts, VenueLine line, OrderReports reports)
{
    const int Remembered = 1_000;
    readonly List<(long AtMs, FillSeen Fill)> told = [];
    Task settled = Task.CompletedTask;

    /// <summary>Takes a notification; anything but a transfer is left alone.</summary>
    public void Take(JsonElement data) => settled = TakeAsync(settled, data.Clone());

    /// <summary>Ends when everything that was notified so far has been told.</summary>
    public Task SettledAsync() => settled;

    /// <summary>Transfers since an instant of the venue's clock.</summary>
    public IEnumerable<FillSeen> Since(long venueMs) => told.Where(one => one.AtMs >= venueMs).Select(one => one.Fill);

    async Task TakeAsync(Task before, JsonElement data)
    {
        await before;
        bool isDeleveraging = data.Text("state") == "adl_transfer_received",
            isOwn = data.Text("state") is "adl_transfer" or "lsp_transfer";
        if (!isDeleveraging && !isOwn)
            return;
        string name = data.Text("instrument_name");
        Side side;
        decimal amount;
        try
        {
            await contracts.LearnAsync(line, name);
            (side, amount) = (await SideAsync(name) ?? data.Side(), contracts.Of(data, "amount"));
        }
        catch (Exception e) when (e is VenueException or FormatException)
        {
            // Not understood: the next reading of positions finds the difference.
            return;
        }
        decimal price = data.Needed("price");
        long at = (long)data.Needed("timestamp");
        string id = FormattableString.Invariant($"transfer/{name}/{at}/{amount}@{price}");
        // One account may be given several alike within a millisecond.
        int alike = told.Count(one => one.Fill.TradeId.StartsWith(id, StringComparison.Ordinal));
        id = FormattableString.Invariant($"{id}/{alike}");
        var venueAt = DateTimeOffset.FromUnixTimeMilliseconds(at);
        var fill = new FillSeen(id, null, name, side, amount, price, isOwn, isDeleveraging, venueAt);
        told.Add((at, fill));
        if (told.Count > Remembered)
            told.RemoveAt(0);
        reports.Take(fill);
    }

    /// <summary>The side that makes the position that is left smaller; null: none is left, or nobody knows.</summary>
    async Task<Side?> SideAsync(string name)
    {
        await line.Other.TakeAsync(urgent: true);
        var answer = await line.CallAsync("private/get_position", new JsonObject { ["instrument_name"] = name });
        return answer.Outcome == RpcOutcome.Done && answer.Result.Needed("size") != 0
            ? answer.Result.Side() == Side.Buy
                ? Side.Sell
                : Side.Buy
            : null;
    }
}
