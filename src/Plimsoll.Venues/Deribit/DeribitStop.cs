using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>What is left of an account after it was stopped.</summary>
/// <param name="Cancelled">Orders that the venue says it cancelled.</param>
/// <param name="OrdersLeft">Orders that still rest.</param>
/// <param name="Closed">Positions that are gone, as they were, in contracts.</param>
/// <param name="PositionsLeft">Positions that are still held, in contracts.</param>
public sealed record StopReport(
    int Cancelled,
    int OrdersLeft,
    ImmutableArray<Position> Closed,
    ImmutableArray<Position> PositionsLeft
);

/// <summary>Stops an account at the venue itself: no engine, journal, configuration or model takes part.</summary>
/// <remarks>
/// Everything here is cancelling, or closing by the venue's own method, which can only reduce; so none of it passes the
/// gate of openings, and all of it can be done again. Each round of closing goes farther from the mark, within the
/// venue's own band; after five the other side's best price is taken, wherever it is.
/// </remarks>
/// <param name="settings">Where.</param>
/// <param name="http">Makes the requests.</param>
/// <param name="time">Clock; null: the machine's.</param>
public sealed class DeribitStop(DeribitSettings settings, HttpClient http, TimeProvider? time = null)
{
    const int CancelRounds = 10;
    const int CloseRounds = 40;
    static readonly decimal[] Rooms = [0.005m, 0.01m, 0.02m, 0.04m, 0.08m];
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    readonly TimeProvider clock = time ?? TimeProvider.System;
    readonly DeribitHttp calls = new(settings.Url, http, time ?? TimeProvider.System);
    readonly DeribitContracts contracts = new();

    /// <summary>Cancels everything and, if asked, closes every position.</summary>
    /// <param name="key">Must be allowed to trade.</param>
    /// <param name="flatten">Whether positions are closed too.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="VenueKeyRefused">The key is not taken, or may not trade.</exception>
    /// <exception cref="VenueException">The venue did not answer.</exception>
    public async Task<StopReport> RunAsync(VenueKey key, bool flatten, CancellationToken cancel)
    {
        await LogInAsync(key, cancel);
        var (cancelled, left) = await CancelAllAsync(cancel);
        if (!flatten)
            return new StopReport(cancelled, left, [], await PositionsAsync(cancel));
        var before = await PositionsAsync(cancel);
        var held = before;
        for (int round = 0; round < CloseRounds && !held.IsEmpty; round++)
        {
            foreach (var one in held)
                await CloseAsync(one, round, cancel);
            await Task.Delay(Pause, clock, cancel);
            // What did not trade at once must not rest at a price of a market that moves.
            (_, left) = await CancelAllAsync(cancel);
            held = await PositionsAsync(cancel);
        }
        var names = held.Select(one => one.Instrument).ToHashSet(StringComparer.Ordinal);
        return new StopReport(cancelled, left, [.. before.Where(one => !names.Contains(one.Instrument))], held);
    }

    async Task LogInAsync(VenueKey key, CancellationToken cancel)
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

    async Task<(int Cancelled, int Left)> CancelAllAsync(CancellationToken cancel)
    {
        int cancelled = 0,
            left = 0;
        for (int round = 0; round < CancelRounds; round++)
        {
            if (round > 0)
                await Task.Delay(Pause, clock, cancel);
            var (_, count) = await calls.ReadAsync("private/cancel_all", [], cancel);
            cancelled += count.ValueKind == JsonValueKind.Number ? count.GetInt32() : 0;
            // An order that was under way may arrive after the cancellation; what rests is what counts.
            var (_, open) = await calls.ReadAsync("private/get_open_orders", [], cancel);
            left = open.GetArrayLength();
            if (left == 0)
                break;
        }
        return (cancelled, left);
    }

    async Task<ImmutableArray<Position>> PositionsAsync(CancellationToken cancel)
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

    async Task CloseAsync(Position held, int round, CancellationToken cancel)
    {
        if (contracts.Find(held.Instrument) is not { } terms)
            return;
        var (_, ticker) = await calls.ReadAsync("public/ticker", Of("instrument_name", held.Instrument), cancel);
        decimal price = PriceOf(terms, ticker, held.Contracts < 0, round);
        try
        {
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
        catch (VenueRefusal)
        {
            // Closed or delivered meanwhile, or a band that moved: the next round reads both again.
        }
    }

    static decimal PriceOf(Instrument terms, JsonElement ticker, bool buys, int round)
    {
        decimal mark = ticker.Needed("mark_price");
        decimal room = mark * Rooms[Math.Min(round, Rooms.Length - 1)];
        decimal far = buys ? mark + room : mark - room;
        var best = DeribitWire.Positive(ticker.Number(buys ? "best_ask_price" : "best_bid_price"));
        if (round >= Rooms.Length && best is { } other)
            far = buys ? Math.Max(far, other) : Math.Min(far, other);
        decimal price = buys
            ? Math.Min(terms.Ticks.RoundUp(far), ticker.Number("max_price") ?? decimal.MaxValue)
            : Math.Max(terms.Ticks.RoundDown(far), ticker.Number("min_price") ?? 0);
        return Math.Max(price, terms.Ticks.At(price));
    }

    static JsonObject Of(string name, string value) => new() { [name] = value };
}
