using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Stops an account at a venue that speaks Deribit's API.</summary>
/// <remarks>
/// Positions are closed by the venue's own method; after the last of the distances the other side's best price is
/// taken, wherever it is within the band.
/// </remarks>
/// <param name="settings">Where.</param>
/// <param name="key">Must be allowed to trade.</param>
/// <param name="http">Makes the requests.</param>
/// <param name="time">Clock; null: the machine's.</param>
public sealed class DeribitStop(DeribitSettings settings, VenueKey key, HttpClient http, TimeProvider? time = null)
    : AccountStop(time ?? TimeProvider.System)
{
    readonly DeribitHttp calls = new(settings.Url, http, time ?? TimeProvider.System);
    readonly DeribitContracts contracts = new();

    private protected override async Task EnterAsync(CancellationToken cancel)
    {
        var (_, now) = await calls.ReadAsync("public/get_time", [], cancel);
        JsonElement grant;
        try
        {
            (_, grant) = await calls.ReadAsync("public/auth", DeribitLogin.Signed(key, now.GetInt64()), cancel);
        }
        catch (VenueRefusal refusal)
        {
            throw new VenueKeyRefused($"the venue does not take {key}: {refusal.Message}");
        }
        if (!new DeribitScope(grant.Text("scope")).MayTrade)
            throw new VenueKeyRefused($"{key} may not trade, so it may not cancel either (trade:read_write)");
        calls.LogIn(grant.Text("access_token"));
    }

    private protected override async Task<(int Cancelled, int Left)> CancelOnceAsync(CancellationToken cancel)
    {
        var (_, count) = await calls.ReadAsync("private/cancel_all", [], cancel);
        var (_, open) = await calls.ReadAsync("private/get_open_orders", [], cancel);
        return (count.ValueKind == JsonValueKind.Number ? count.GetInt32() : 0, open.GetArrayLength());
    }

    private protected override async Task<ImmutableArray<Position>> PositionsAsync(CancellationToken cancel)
    {
        var (_, rows) = await calls.ReadAsync("private/get_positions", Of("currency", "any"), cancel);
        var held = ImmutableArray.CreateBuilder<Position>();
        foreach (var row in rows.EnumerateArray().Where(row => row.Needed("size") != 0))
        {
            string name = row.Text("instrument_name");
            if (contracts.Find(name) is null && DeribitNames.Parse(name, out _) is not null)
            {
                var (_, terms) = await calls.ReadAsync("public/get_instrument", Of("instrument_name", name), cancel);
                contracts.Learn(terms);
            }
            decimal size = Math.Abs(contracts.Of(row, "size"));
            held.Add(new Position(name, row.Side() == Side.Buy ? size : -size, null));
        }
        return held.ToImmutable();
    }

    private protected override async Task CloseAsync(Position held, int round, CancellationToken cancel)
    {
        if (contracts.Find(held.Instrument) is not { } terms)
            return;
        var (_, ticker) = await calls.ReadAsync("public/ticker", Of("instrument_name", held.Instrument), cancel);
        decimal price = PriceOf(terms, ticker, held.Contracts < 0, round);
        await calls.ReadAsync(
            "private/close_position",
            new JsonObject
            {
                ["instrument_name"] = held.Instrument,
                ["type"] = "limit",
                ["price"] = price,
            },
            cancel
        );
    }

    static decimal PriceOf(Instrument terms, JsonElement ticker, bool buys, int round)
    {
        decimal mark = ticker.Needed("mark_price");
        decimal far = Far(mark, buys, round);
        var best = DeribitWire.Positive(ticker.Number(buys ? "best_ask_price" : "best_bid_price"));
        if (IsPast(round) && best is { } other)
            far = buys ? Math.Max(far, other) : Math.Min(far, other);
        decimal price = buys
            ? Math.Min(terms.Ticks.RoundUp(far), ticker.Number("max_price") ?? decimal.MaxValue)
            : Math.Max(terms.Ticks.RoundDown(far), ticker.Number("min_price") ?? 0);
        return Math.Max(price, terms.Ticks.At(price));
    }

    static JsonObject Of(string name, string value) => new() { [name] = value };
}
