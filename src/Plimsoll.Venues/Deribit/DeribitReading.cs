using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Reads positions, orders and trades back so that they belong to one moment.</summary>
/// <remarks>
/// The venue answers each in its own call. Trades are read before and after: when one was added in between, positions
/// and trades may not belong together and everything is read again.
/// </remarks>
sealed class DeribitReading(DeribitContracts contracts, VenueLine line, OrderReports reports, TimeSpan tradesAtStart)
{
    const int PageOfTrades = 1000;
    static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);
    DateTimeOffset? readAt;

    /// <summary>One try; null when trades were added meanwhile, so that the parts may not belong together.</summary>
    public async Task<ReconcileSeen?> TryAsync(ulong asked)
    {
        var from = (readAt ?? line.Now - tradesAtStart + Overlap) - Overlap;
        var startedAt = line.Now;
        var before = await TradesAsync(from);
        var positions = await PositionsAsync();
        var open = await OpenOrdersAsync();
        var after = await TradesAsync(from);
        if (before.Count != after.Count)
            return null;
        readAt = startedAt;
        return new ReconcileSeen(asked, positions, open, [.. after.Values]);
    }

    async Task<ImmutableArray<Position>> PositionsAsync()
    {
        var rows = await CallAsync("private/get_positions", new JsonObject { ["currency"] = "any" });
        var positions = ImmutableArray.CreateBuilder<Position>();
        foreach (var row in rows.EnumerateArray())
        {
            string name = row.Text("instrument_name");
            decimal size = row.Needed("size");
            if (size == 0)
                continue;
            await contracts.LearnAsync(line, name);
            // Sizes are signed; the direction says the same and is believed where the sign is not.
            decimal held = Math.Abs(contracts.Of(row, "size"));
            positions.Add(
                new Position(
                    name,
                    row.Side() == Side.Buy ? held : -held,
                    DeribitWire.Positive(row.Number("average_price"))
                )
            );
        }
        return positions.ToImmutable();
    }

    async Task<ImmutableArray<ListedOrder>> OpenOrdersAsync()
    {
        var rows = await CallAsync("private/get_open_orders", []);
        var listed = ImmutableArray.CreateBuilder<ListedOrder>();
        foreach (var row in rows.EnumerateArray())
        {
            string name = row.Text("instrument_name"),
                id = row.Text("order_id");
            await contracts.LearnAsync(line, name);
            reports.Take(contracts.Order(row));
            listed.Add(
                new ListedOrder(
                    VenueLabel.Of(row.Text("label"), id),
                    name,
                    row.Side(),
                    contracts.Of(row, "amount") - contracts.Of(row, "filled_amount"),
                    row.Number("price") ?? row.Number("trigger_price") ?? 0,
                    row.Flag("reduce_only")
                )
            );
        }
        return listed.ToImmutable();
    }

    async Task<SortedDictionary<string, FillSeen>> TradesAsync(DateTimeOffset from)
    {
        var found = new SortedDictionary<string, FillSeen>(StringComparer.Ordinal);
        foreach (string currency in contracts.Currencies.ToList())
        {
            long start = line.VenueMilliseconds(from);
            bool more = true;
            while (more)
            {
                var page = await CallAsync(
                    "private/get_user_trades_by_currency_and_time",
                    new JsonObject
                    {
                        ["currency"] = currency,
                        ["start_timestamp"] = start,
                        ["end_timestamp"] = line.VenueMilliseconds(line.Now + Overlap),
                        ["count"] = PageOfTrades,
                        ["sorting"] = "asc",
                    }
                );
                long last = start;
                int known = found.Count;
                foreach (var row in page.GetProperty("trades").EnumerateArray())
                {
                    last = Math.Max(last, row.GetProperty("timestamp").GetInt64());
                    await contracts.LearnAsync(line, row.Text("instrument_name"));
                    var fill = contracts.Fill(row);
                    found[fill.TradeId] = fill;
                }
                more = page.Flag("has_more") && found.Count > known;
                start = last;
            }
        }
        return found;
    }

    async Task<JsonElement> CallAsync(string method, JsonObject parameters)
    {
        if (!line.IsUp)
            throw new VenueException("no session");
        await line.Other.TakeAsync(urgent: false);
        return (await line.CallAsync(method, parameters)).Needed(method);
    }
}
