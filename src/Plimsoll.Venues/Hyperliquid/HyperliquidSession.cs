using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>
/// One connection: the account's role is checked, channels are followed, the venue's switch kept armed.
/// </summary>
sealed class HyperliquidSession(
    HyperliquidSettings settings,
    TimeProvider time,
    VenueLine line,
    HyperliquidContracts contracts,
    HyperliquidOrders? orders,
    OrderReports reports,
    Action<EngineEvent> learned
)
{
    // The venue states an hour's funding.
    const int FundingHours = 8;
    static readonly TimeSpan ChoreInterval = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);
    readonly Dictionary<string, (JsonElement? Context, JsonElement? Best)> figures = new(StringComparer.Ordinal);
    readonly HashSet<string> missing = new(["orderUpdates", "userFills"], StringComparer.Ordinal);
    readonly TaskCompletionSource granted = new();
    DateTimeOffset accountAt;
    DateTimeOffset pingAt;
    DateTimeOffset armedAt;

    /// <summary>Follows until the connection ends.</summary>
    /// <returns>Why it ended.</returns>
    public async Task<SessionEnd> RunAsync(
        IFrames frames,
        IReadOnlyList<string> coins,
        Action isUp,
        CancellationToken cancel
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var connection = new RpcConnection(frames, new HyperliquidDialect(), time, settings.AnswerWait, Notified);
        var running = connection.RunAsync(ending.Token);
        line.Use(connection);
        SessionEnd? failed = null;
        try
        {
            await OpenAsync(connection, running, coins);
            line.RaiseUp();
            isUp();
            failed = await KeepAsync(connection, running);
        }
        catch (VenueException e) when (e is not VenueKeyRefused)
        {
            failed = HyperliquidErrors.EndOf(e);
        }
        catch (Exception e) when (e is FormatException or KeyNotFoundException or InvalidOperationException)
        {
            failed = SessionEnd.Plain($"an answer that is not understood: {e.Message}");
        }
        finally
        {
            line.TakeDown();
            ending.Cancel();
        }
        var ended = await running;
        return failed ?? ended;
    }

    async Task OpenAsync(RpcConnection connection, Task running, IReadOnlyList<string> coins)
    {
        // An agent's own address looks like an account that is flat: the worst silent failure of this venue.
        string role = (await AskAsync("userRole")).Text("role");
        if (!HyperliquidAccount.IsRole(role))
            throw new VenueKeyRefused($"{settings.Account} is no account of its own: its role is {role}");
        await RefuseOtherDexesAsync();
        if (contracts.IsEmpty)
            contracts.Learn(await AskAsync("meta"), await AskAsync("userFees"));
        foreach (string coin in coins)
        foreach (string type in (string[])["bbo", "activeAssetCtx"])
            await connection.TellAsync(Subscribe(new JsonObject { ["type"] = type, ["coin"] = coin }));
        foreach (string type in missing.ToList())
            await connection.TellAsync(Subscribe(new JsonObject { ["type"] = type, ["user"] = settings.Account }));
        await ReadAccountAsync();
        // Answers to subscriptions and to questions come as they please.
        await Task.WhenAny(granted.Task, running, Task.Delay(settings.AnswerWait, time));
        if (missing.Count > 0)
            throw new VenueException($"the venue does not grant the channel {missing.First()}");
    }

    /// <summary>
    /// Positions on markets that others deploy do not show in the main account: they must not be missed.
    /// </summary>
    async Task RefuseOtherDexesAsync()
    {
        foreach (var dex in (await AskAsync("perpDexs")).EnumerateArray())
        {
            if (dex.ValueKind != JsonValueKind.Object)
                continue;
            string name = dex.Text("name");
            var held = HyperliquidAccount.Positions(await AskAsync("clearinghouseState", name));
            if (held.Length > 0)
                throw new VenueKeyRefused($"the account holds {held[0].Instrument} on the dex {name}: not followed");
        }
    }

    async Task<SessionEnd?> KeepAsync(RpcConnection connection, Task<SessionEnd> running)
    {
        while (true)
        {
            await Task.WhenAny(running, Task.Delay(ChoreInterval, time));
            if (running.IsCompleted)
                return null;
            if (line.Now - connection.HeardAt > settings.Silence)
                return SessionEnd.Plain($"nothing was heard for {settings.Silence.TotalSeconds:0} seconds");
            if (line.Now - pingAt >= PingInterval)
            {
                pingAt = line.Now;
                await connection.TellAsync(new JsonObject { ["method"] = "ping" });
            }
            if (line.Now - accountAt >= settings.AccountInterval)
                await ReadAccountAsync();
            if (settings.DeadMansSwitch is { } within && reports.Alive.Any() && line.Now - armedAt >= within / 3)
            {
                armedAt = line.Now;
                await (orders?.ArmAsync(within) ?? Task.CompletedTask);
            }
        }
    }

    async Task ReadAccountAsync()
    {
        accountAt = line.Now;
        learned(HyperliquidAccount.Figures(await AskAsync("clearinghouseState")));
    }

    async Task<JsonElement> AskAsync(string type, string? dex = null)
    {
        await line.Other.TakeAsync(urgent: true);
        var question = new JsonObject { ["type"] = type, ["user"] = settings.Account };
        if (dex is not null)
            question["dex"] = dex;
        return (await line.CallAsync(HyperliquidDialect.Info, question)).Needed(type);
    }

    void Notified(JsonElement frame)
    {
        string channel = frame.Text("channel");
        if (channel is "pong" or "")
            return;
        var data = frame.GetProperty("data");
        switch (channel)
        {
            case "subscriptionResponse":
                if (missing.Remove(data.GetProperty("subscription").Text("type")) && missing.Count == 0)
                    granted.TrySetResult();
                break;
            case "bbo":
                Tell(data.Text("coin"), null, data);
                break;
            case "activeAssetCtx":
                Tell(data.Text("coin"), data.GetProperty("ctx"), null);
                break;
            case "orderUpdates":
                foreach (var row in data.EnumerateArray())
                    reports.Take(
                        contracts.Order(row.GetProperty("order"), row.Text("status"), row.Needed("statusTimestamp"))
                    );
                break;
            // The first message repeats what was before; a reading counts that.
            case "userFills" when !data.Flag("isSnapshot"):
                foreach (var row in data.GetProperty("fills").EnumerateArray())
                    reports.Take(contracts.Fill(row));
                break;
            case "error":
                throw new VenueException($"the venue says: {data}") { Kind = HyperliquidErrors.EndOf($"{data}") };
        }
    }

    void Tell(string coin, JsonElement? context, JsonElement? best)
    {
        var known = figures.GetValueOrDefault(coin);
        figures[coin] = known = (context ?? known.Context, best ?? known.Best);
        if (known.Context is not { } now || contracts.Find(coin) is null)
            return;
        var (bid, bidSize) = Quote(known.Best, 0);
        var (ask, askSize) = Quote(known.Best, 1);
        learned(
            new TickerSeen(
                coin,
                now.Amount("markPx"),
                now.Amount("oraclePx"),
                new TopOfBook(bid, ask),
                bidSize,
                askSize,
                null,
                Funding8h: now.Amount("funding") * FundingHours,
                DailyVolumeContracts: now.Amount("markPx") is > 0 and { } mark ? now.Amount("dayNtlVlm") / mark : null,
                OpenInterestContracts: now.Amount("openInterest")
            )
        );
    }

    static (decimal? Price, decimal? Size) Quote(JsonElement? best, int side)
    {
        if (best?.GetProperty("bbo")[side] is not { ValueKind: JsonValueKind.Object } level)
            return (null, null);
        return (level.Amount("px"), level.Amount("sz"));
    }

    static JsonObject Subscribe(JsonObject what) => new() { ["method"] = "subscribe", ["subscription"] = what };
}
