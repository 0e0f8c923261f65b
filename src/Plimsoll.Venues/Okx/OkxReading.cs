using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Positions, orders and trades as the venue's readings over HTTP have them.</summary>
sealed class OkxReading(
    OkxContracts contracts,
    OkxHoldings holdings,
    OkxRest rest,
    VenueLine line,
    OrderReports reports,
    TimeSpan tradesAtStart
) : VenueReading(line, tradesAtStart)
{
    const int Page = 100;

    /// <summary>Rows of every order that rests.</summary>
    public Task<List<JsonElement>> RestingAsync(bool urgent = false) =>
        PagesAsync("trade/orders-pending", "", "ordId", urgent);

    /// <summary>Positions with their average prices, which the venue's one atomic reading leaves out.</summary>
    protected override async Task<ImmutableArray<Position>> PositionsAsync() =>
        holdings.Read(await rest.ReadAsync("account/positions"));

    /// <inheritdoc />
    protected override async Task<ImmutableArray<ListedOrder>> OpenOrdersAsync()
    {
        var rows = await RestingAsync();
        foreach (var row in rows)
            reports.Take(contracts.Order(row));
        return [.. rows.Select(contracts.Listed)];
    }

    /// <inheritdoc />
    protected override async Task<SortedDictionary<string, FillSeen>> TradesAsync(DateTimeOffset from)
    {
        var found = new SortedDictionary<string, FillSeen>(StringComparer.Ordinal);
        string begin = Line.VenueMilliseconds(from).ToString(CultureInfo.InvariantCulture);
        foreach (var row in await PagesAsync("trade/fills", $"begin={begin}&", "billId", false))
            if (row.Text("instType") is not ("SPOT" or "MARGIN") && contracts.Fill(row) is { } fill)
                found[fill.TradeId] = fill;
        return found;
    }

    /// <summary>All rows of a listing that comes newest first, page by page.</summary>
    async Task<List<JsonElement>> PagesAsync(string path, string query, string id, bool urgent)
    {
        var rows = new List<JsonElement>();
        string after = "";
        while (true)
        {
            if (!Line.IsUp)
                throw new VenueException("no session");
            string limit = string.Create(CultureInfo.InvariantCulture, $"{query}limit={Page}");
            var page = await rest.ReadAsync(path, limit + after, urgent);
            rows.AddRange(page.EnumerateArray());
            if (page.GetArrayLength() < Page)
                return rows;
            after = $"&after={rows[^1].Text(id)}";
        }
    }
}
