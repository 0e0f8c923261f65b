using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Positions, orders and trades as the venue's calls have them.</summary>
sealed class DeribitReading(
    DeribitContracts contracts,
    DeribitTransfers transfers,
    VenueLine line,
    OrderReports reports,
    TimeSpan tradesAtStart
) : VenueReading(line, tradesAtStart)
{
    const int PageOfTrades = 1000;

    /// <inheritdoc />
    protected override async Task<ImmutableArray<Position>> PositionsAsync()
    {
        var rows = await Line.ReadAsync("private/get_positions", new JsonObject { ["currency"] = "any" });
        var positions = ImmutableArray.CreateBuilder<Position>();
        foreach (var row in rows.EnumerateArray())
        {
            string name = row.Text("instrument_name");
            decimal size = row.Needed("size");
            if (size == 0)
                continue;
            await contracts.LearnAsync(Line, name);
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

    /// <inheritdoc />
    protected override async Task<ImmutableArray<ListedOrder>> OpenOrdersAsync()
    {
        var rows = await Line.ReadAsync("private/get_open_orders", []);
        var listed = ImmutableArray.CreateBuilder<ListedOrder>();
        foreach (var row in rows.EnumerateArray())
        {
            string name = row.Text("instrument_name"),
                id = row.Text("order_id");
            await contracts.LearnAsync(Line, name);
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

    /// <inheritdoc />
    protected override async Task<SortedDictionary<string, FillSeen>> TradesAsync(DateTimeOffset from)
    {
        var found = new SortedDictionary<string, FillSeen>(StringComparer.Ordinal);
        foreach (string currency in contracts.Currencies.ToList())
        {
            long start = Line.VenueMilliseconds(from);
            bool more = true;
            while (more)
            {
                var page = await Line.ReadAsync(
                    "private/get_user_trades_by_currency_and_time",
                    new JsonObject
                    {
                        ["currency"] = currency,
                        ["start_timestamp"] = start,
                        ["end_timestamp"] = Line.VenueMilliseconds(Line.Now + Overlap),
                        ["count"] = PageOfTrades,
                        ["sorting"] = "asc",
                    }
                );
                long last = start;
                int known = found.Count;
                foreach (var row in page.GetProperty("trades").EnumerateArray())
                {
                    last = Math.Max(last, row.GetProperty("timestamp").GetInt64());
                    await contracts.LearnAsync(Line, row.Text("instrument_name"));
                    var fill = contracts.Fill(row);
                    found[fill.TradeId] = fill;
                }
                more = page.Flag("has_more") && found.Count > known;
                start = last;
            }
        }
        await transfers.SettledAsync();
        foreach (var fill in transfers.Since(Line.VenueMilliseconds(from)))
            found[fill.TradeId] = fill;
        return found;
    }
}
