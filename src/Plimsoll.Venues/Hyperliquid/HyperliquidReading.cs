using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Engine;

namespace Plimsoll.Venues;

/// <summary>Reads positions, orders and trades back so that they belong to one moment, as at every venue.</summary>
sealed class HyperliquidReading(
    HyperliquidSettings settings,
    HyperliquidContracts contracts,
    VenueLine line,
    OrderReports reports
)
{
    const int PageOfTrades = 2000;
    static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);
    DateTimeOffset? readAt;

    /// <summary>One try; null when trades were added meanwhile, so that the parts may not belong together.</summary>
    public async Task<ReconcileSeen?> TryAsync(ulong asked)
    {
        var from = (readAt ?? line.Now - settings.TradesAtStart + Overlap) - Overlap;
        var startedAt = line.Now;
        var before = await TradesAsync(from);
        var state = await AskAsync("clearinghouseState");
        var open = await OpenOrdersAsync();
        var after = await TradesAsync(from);
        if (before.Count != after.Count)
            return null;
        readAt = startedAt;
        return new ReconcileSeen(asked, HyperliquidAccount.Positions(state), open, [.. after.Values]);
    }

    async Task<ImmutableArray<ListedOrder>> OpenOrdersAsync()
    {
        var listed = ImmutableArray.CreateBuilder<ListedOrder>();
        foreach (var row in (await AskAsync("frontendOpenOrders")).EnumerateArray())
        {
            var report = contracts.Order(row, "open", row.Needed("timestamp"));
            reports.Take(report);
            listed.Add(
                new ListedOrder(
                    report.Label,
                    report.Instrument,
                    row.BookSide(),
                    row.NeededAmount("sz"),
                    row.NeededAmount("limitPx"),
                    row.Flag("reduceOnly")
                )
            );
        }
        return listed.ToImmutable();
    }

    async Task<SortedDictionary<string, FillSeen>> TradesAsync(DateTimeOffset from)
    {
        var found = new SortedDictionary<string, FillSeen>(StringComparer.Ordinal);
        long start = from.ToUnixTimeMilliseconds();
        while (true)
        {
            var page = await AskAsync("userFillsByTime", start);
            int known = found.Count;
            foreach (var row in page.EnumerateArray())
            {
                var fill = contracts.Fill(row);
                found[fill.TradeId] = fill;
                start = Math.Max(start, row.GetProperty("time").GetInt64());
            }
            if (page.GetArrayLength() < PageOfTrades || found.Count == known)
                return found;
        }
    }

    async Task<JsonElement> AskAsync(string type, long? startTime = null)
    {
        if (!line.IsUp)
            throw new VenueException("no session");
        await line.Other.TakeAsync(urgent: false);
        var question = new JsonObject { ["type"] = type, ["user"] = settings.Account };
        if (startTime is { } start)
            question["startTime"] = start;
        return (await line.CallAsync(HyperliquidDialect.Info, question)).Needed(type);
    }
}
