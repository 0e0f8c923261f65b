using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>Positions, orders and trades as the venue's readings have them.</summary>
sealed class HyperliquidReading(
    HyperliquidSettings settings,
    HyperliquidContracts contracts,
    VenueLine line,
    OrderReports reports
) : VenueReading(line, settings.TradesAtStart)
{
    const int PageOfTrades = 2000;

    /// <inheritdoc />
    protected override async Task<ImmutableArray<Position>> PositionsAsync() =>
        HyperliquidAccount.Positions(await AskAsync("clearinghouseState"));

    /// <inheritdoc />
    protected override async Task<ImmutableArray<ListedOrder>> OpenOrdersAsync()
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

    /// <inheritdoc />
    protected override async Task<SortedDictionary<string, FillSeen>> TradesAsync(DateTimeOffset from)
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
        if (!Line.IsUp)
            throw new VenueException("no session");
        await Line.Other.TakeAsync(urgent: false);
        var question = new JsonObject { ["type"] = type, ["user"] = settings.Account };
        if (startTime is { } start)
            question["startTime"] = start;
        return (await Line.CallAsync(HyperliquidDialect.Info, question)).Needed(type);
    }
}
