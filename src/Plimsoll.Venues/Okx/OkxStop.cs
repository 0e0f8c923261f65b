using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>Stops an account at OKX: plain and conditional orders, positions of any margin and position mode.</summary>
/// <remarks>
/// Positions are closed by immediate-or-cancel orders that reduce only (options know no such flag: there the size is
/// what keeps the order from turning the position), within the venue's price limits. Margin loans are told as held.
/// </remarks>
public sealed class OkxStop : AccountStop
{
    const int MostCancels = 20;
    const int MostConditionals = 10;
    const int Page = 100;
    const double CallsPerSecond = 5;
    const double Burst = 10;
    static readonly string[] Conditionals = ["conditional", "oco", "trigger", "move_order_stop"];
    readonly OkxRest rest;
    readonly VenueLine line;
    readonly OkxContracts contracts = new();
    readonly Dictionary<string, List<JsonElement>> rows = new(StringComparer.Ordinal);

    /// <summary>A stop.</summary>
    /// <param name="settings">Where.</param>
    /// <param name="key">Must be allowed to trade.</param>
    /// <param name="http">Makes the requests.</param>
    /// <param name="time">Clock; null: the machine's.</param>
    public OkxStop(OkxSettings settings, VenueKey key, HttpClient http, TimeProvider? time = null)
        : this(settings, key, (call, cancel) => HttpCalls.SendAsync(http, call, cancel), time ?? TimeProvider.System)
    { }

    internal OkxStop(OkxSettings settings, VenueKey key, SendHttp send, TimeProvider time)
        : base(time)
    {
        CallCredits Credits() => new(time, CallsPerSecond, Burst);
        line = new VenueLine(time, Credits(), Credits(), Credits());
        rest = new OkxRest(settings, key, send, line, time);
    }

    private protected override async Task EnterAsync(CancellationToken cancel)
    {
        line.ClockOffset = await rest.MeasureClockAsync();
        string rights = (await rest.ReadAsync("account/config", urgent: true))[0].Text("perm");
        if (!rights.Split(',').Contains("trade"))
            throw new VenueKeyRefused("the key may not trade, so it may not cancel either (trade)");
    }

    private protected override async Task<(int Cancelled, int Left)> CancelOnceAsync(CancellationToken cancel)
    {
        int cancelled = await CancelAsync("trade/cancel-batch-orders", "ordId", MostCancels, await PlainAsync());
        cancelled += await CancelAsync("trade/cancel-algos", "algoId", MostConditionals, await ConditionalAsync());
        return (cancelled, (await PlainAsync()).Count + (await ConditionalAsync()).Count);
    }

    private protected override async Task<ImmutableArray<Position>> PositionsAsync(CancellationToken cancel)
    {
        rows.Clear();
        foreach (var row in (await rest.ReadAsync("account/positions", urgent: true)).EnumerateArray())
            if (row.Amount("pos") is not (null or 0))
            {
                string name = row.Text("instId");
                if (!rows.TryGetValue(name, out var own))
                    rows.Add(name, own = []);
                own.Add(row);
            }
        return [.. rows.SelectMany(row => row.Value.Select(one => new Position(row.Key, Signed(one), null)))];
    }

    private protected override async Task CloseAsync(Position held, int round, CancellationToken cancel)
    {
        var row = rows[held.Instrument].First(one => Signed(one) == held.Contracts);
        string type = row.Text("instType"),
            name = held.Instrument;
        if (type == "MARGIN")
            return;
        if (contracts.Find(name) is null)
        {
            string family = type == "OPTION" ? $"&instFamily={string.Join('-', name.Split('-').Take(2))}" : "";
            string query = $"instType={type}&instId={name}{family}";
            contracts.Learn(
                await rest.ReadAsync("public/instruments", query, true),
                JsonElement.Parse("{}"),
                family.Length == 0 ? null : await OkxListing.BandsAsync(rest, family)
            );
        }
        if (contracts.Find(name) is not { } terms)
            return;
        var mark = (await rest.ReadAsync("public/mark-price", $"instType={type}&instId={name}", true))[0];
        var limits = (await rest.ReadAsync("public/price-limit", $"instId={name}", true))[0];
        bool buys = held.Contracts < 0;
        decimal far = Far(mark.NeededAmount("markPx"), buys, round);
        decimal price = buys
            ? Math.Min(terms.Ticks.RoundUp(far), limits.Amount("buyLmt") ?? decimal.MaxValue)
            : Math.Max(terms.Ticks.RoundDown(far), limits.Amount("sellLmt") ?? 0);
        var order = new JsonObject
        {
            ["instId"] = name,
            ["tdMode"] = row.Text("mgnMode"),
            ["side"] = buys ? "buy" : "sell",
            ["posSide"] = row.Text("posSide"),
            ["ordType"] = "ioc",
            ["sz"] = TextNumbers.Write(Math.Abs(held.Contracts)),
            ["px"] = TextNumbers.Write(Math.Max(price, terms.Ticks.At(price))),
        };
        if (type != "OPTION")
            order["reduceOnly"] = true;
        (await rest.PostAsync("trade/order", order)).Needed("trade/order");
    }

    async Task<int> CancelAsync(string path, string id, int most, List<JsonElement> orders)
    {
        int done = 0;
        foreach (var part in orders.Chunk(most))
        {
            var ids = part.Select(row => new JsonObject { ["instId"] = row.Text("instId"), [id] = row.Text(id) });
            var answer = await rest.PostAsync(path, new JsonArray([.. ids]));
            if (answer.Outcome == RpcOutcome.Done)
                done += answer.Result.EnumerateArray().Count(row => row.Text("sCode") is "0" or "");
        }
        return done;
    }

    Task<List<JsonElement>> PlainAsync() => PagesAsync("trade/orders-pending", "", "ordId");

    async Task<List<JsonElement>> ConditionalAsync()
    {
        var found = new List<JsonElement>();
        foreach (string kind in Conditionals)
            found.AddRange(await PagesAsync("trade/orders-algo-pending", $"ordType={kind}&", "algoId"));
        return found;
    }

    async Task<List<JsonElement>> PagesAsync(string path, string query, string id)
    {
        var found = new List<JsonElement>();
        string after = "";
        while (true)
        {
            var page = await rest.ReadAsync(path, FormattableString.Invariant($"{query}limit={Page}{after}"), true);
            found.AddRange(page.EnumerateArray());
            if (page.GetArrayLength() < Page)
                return found;
            after = $"&after={found[^1].Text(id)}";
        }
    }

    // In long/short mode sizes have no sign, the side says it.
    static decimal Signed(JsonElement row) =>
        row.Text("posSide") == "short" ? -Math.Abs(row.NeededAmount("pos")) : row.NeededAmount("pos");
}
