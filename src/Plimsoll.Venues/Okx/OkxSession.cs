using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Engine;

namespace Plimsoll.Venues;

/// <summary>Both sockets until either ends: account and orders on one, the market on the other.</summary>
sealed class OkxSession(
    OkxSettings settings,
    VenueKey key,
    TimeProvider time,
    VenueLine line,
    OkxContracts contracts,
    OkxHoldings holdings,
    OkxListing listing,
    OkxRest rest,
    OkxOrders orders,
    OrderReports reports,
    Action<EngineEvent> learned
)
{
    const int ChannelsPerMessage = 100;
    const string WillClose = "64008";
    static readonly TimeSpan ChoreInterval = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(8);
    readonly HashSet<string> missing = new(StringComparer.Ordinal);
    readonly TaskCompletionSource<JsonElement> login = new();
    TaskCompletionSource granted = new();
    OkxAccount? account;
    OkxFeed? feed;
    bool willClose;
    DateTimeOffset clockAt;
    DateTimeOffset pingAt;
    DateTimeOffset armedAt;

    /// <summary>Gaps found in order books.</summary>
    public int Gaps => feed?.Gaps ?? 0;

    /// <summary>Logs in, subscribes, follows until either connection ends.</summary>
    /// <returns>Why it ended.</returns>
    public async Task<SessionEnd> RunAsync(
        IFrames own,
        IFrames market,
        IReadOnlyList<string> instruments,
        Action isUp,
        CancellationToken cancel
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        feed = new OkxFeed(contracts, instruments, learned);
        var ownFrames = new OkxFrames(own);
        var marketFrames = new OkxFrames(market);
        var mine = new RpcConnection(ownFrames, new OkxDialect(), time, settings.AnswerWait, Mine);
        var followed = new RpcConnection(marketFrames, new OkxDialect(), time, settings.AnswerWait, Market);
        Task<SessionEnd>[] running = [mine.RunAsync(ending.Token), followed.RunAsync(ending.Token)];
        line.Use(mine);
        SessionEnd? failed = null;
        try
        {
            await OpenAsync(mine, followed, running, feed);
            line.RaiseUp();
            isUp();
            failed = await KeepAsync([(mine, ownFrames), (followed, marketFrames)], running, feed);
        }
        catch (VenueException e) when (e is not VenueKeyRefused)
        {
            failed = OkxErrors.EndOf(e);
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
        var ended = await Task.WhenAll(running);
        // The end that says why both are over: what we closed ourselves says nothing.
        return failed ?? ended.OrderBy(end => end.Words == RpcConnection.ClosedHere).First();
    }

    async Task OpenAsync(RpcConnection mine, RpcConnection followed, Task[] running, OkxFeed toFollow)
    {
        await MeasureClockAsync();
        account = new OkxAccount(await CheckAsync());
        if (contracts.IsEmpty)
            await listing.ReadAsync();
        string at = (line.VenueMilliseconds(line.Now) / 1000).ToString(CultureInfo.InvariantCulture);
        await mine.TellAsync(
            Operation(
                "login",
                [
                    new JsonObject
                    {
                        ["apiKey"] = key.ClientId,
                        ["passphrase"] = key.Passphrase,
                        ["timestamp"] = at,
                        ["sign"] = OkxRest.Sign(key, at + "GET/users/self/verify"),
                    },
                ]
            )
        );
        await InTimeAsync(login.Task, running, "no answer to the login");
        if (login.Task.Result.Text("code") is not "0" and var code)
        {
            string words = $"{login.Task.Result.Text("msg")} ({code})";
            throw OkxErrors.KindOf(code) is not EndKind.Access and var kind
                ? new VenueException($"the login failed: {words}") { Kind = kind }
                : new VenueKeyRefused($"the venue does not take {key}: {words}");
        }
        await SubscribeAsync(
            mine,
            running,
            [
                new JsonObject { ["channel"] = "account" },
                new JsonObject { ["channel"] = "positions", ["instType"] = "ANY" },
                new JsonObject { ["channel"] = "orders", ["instType"] = "ANY" },
            ]
        );
        await SubscribeAsync(followed, running, [.. toFollow.Channels()]);
        toFollow.Asked(line.Now);
    }

    /// <summary>Position mode, account mode and rights, before anything is trusted.</summary>
    async Task<OkxMode> CheckAsync()
    {
        var row = (await rest.ReadAsync("account/config", urgent: true))[0];
        string[] rights = row.Text("perm").Split(',');
        if (rights.Contains("withdraw"))
            throw new VenueKeyRefused("the key may move money (withdraw); make one without it");
        if (settings.Trades && !rights.Contains("trade"))
            throw new VenueKeyRefused("the key may not trade (trade)");
        // In the other mode selling closes a long position or opens a short one by a field that we do not send.
        if (row.Text("posMode") is not "net_mode" and var mode)
            throw new VenueKeyRefused($"the account's position mode is {mode}: net_mode is needed");
        return row.Text("acctLv") switch
        {
            "2" => OkxMode.Futures,
            "3" => OkxMode.MultiCurrency,
            "4" => OkxMode.Portfolio,
            var level => throw new VenueKeyRefused($"the account's mode is {level}: 2, 3 or 4 may hold derivatives"),
        };
    }

    async Task<SessionEnd?> KeepAsync(
        (RpcConnection Connection, IFrames Frames)[] sockets,
        Task<SessionEnd>[] running,
        OkxFeed followed
    )
    {
        while (true)
        {
            await Task.WhenAny([.. running, Task.Delay(ChoreInterval, time)]);
            if (running.Any(one => one.IsCompleted))
                return null;
            if (willClose)
                return SessionEnd.Plain("the venue announced that it closes the connection");
            if (sockets.Any(one => line.Now - one.Connection.HeardAt > settings.Silence))
                return SessionEnd.Plain($"nothing was heard for {settings.Silence.TotalSeconds:0} seconds");
            if (line.Now - pingAt >= PingInterval)
            {
                pingAt = line.Now;
                foreach (var (_, frames) in sockets)
                    await PingAsync(frames);
            }
            if (followed.Broken(line.Now) is { Count: > 0 } broken)
            {
                foreach (string operation in (string[])["unsubscribe", "subscribe"])
                    await sockets[1].Connection.TellAsync(Operation(operation, broken.Select(OkxFeed.Books)));
            }
            if (line.Now - clockAt >= settings.ClockInterval)
                await MeasureClockAsync();
            if (settings.DeadMansSwitch is { } within && reports.Alive.Any() && line.Now - armedAt >= within / 3)
            {
                armedAt = line.Now;
                await orders.ArmAsync(within);
            }
        }
    }

    /// <summary>The venue's clock less ours, halfway through the question.</summary>
    async Task MeasureClockAsync()
    {
        clockAt = line.Now;
        line.ClockOffset = await rest.MeasureClockAsync();
        learned(new ClockOffsetSeen(line.ClockOffset));
    }

    async Task SubscribeAsync(RpcConnection connection, Task[] running, JsonObject[] channels)
    {
        foreach (var part in channels.Chunk(ChannelsPerMessage))
        {
            granted = new TaskCompletionSource();
            missing.UnionWith(part.Select(channel => Name(JsonElement.Parse(channel.ToJsonString()))));
            await line.Subscribing.TakeAsync(urgent: true);
            await connection.TellAsync(Operation("subscribe", part));
            await InTimeAsync(granted.Task, running, "a channel is not granted");
        }
    }

    async Task InTimeAsync(Task awaited, Task[] running, string late)
    {
        await Task.WhenAny([awaited, .. running, Task.Delay(settings.AnswerWait, time)]);
        if (!awaited.IsCompleted)
            throw new VenueException(
                running.Any(one => one.IsCompleted) ? "a connection ended while it was opened"
                : missing.Count > 0 ? $"{late}: {missing.First()}"
                : late
            );
    }

    void Mine(JsonElement frame)
    {
        // Before the account's mode is known nothing was subscribed to and nothing can be meant for us.
        if (IsEvent(frame) || account is null)
            return;
        var rows = frame.GetProperty("data").EnumerateArray();
        switch (frame.GetProperty("arg").Text("channel"))
        {
            case "account":
                foreach (var row in rows)
                    account.Take(row);
                Tell();
                break;
            case "positions":
                foreach (var row in rows)
                {
                    account.TakePosition(row);
                    holdings.Take(row);
                    if (contracts.Find(row.Text("instId")) is not null && account.Rank(row) is { } rank)
                        learned(rank);
                }
                Tell();
                break;
            case "orders":
                foreach (var row in rows.Where(row => contracts.Find(row.Text("instId")) is not null))
                {
                    reports.Take(contracts.Order(row));
                    if (contracts.Fill(row) is { } fill)
                        reports.Take(fill);
                }
                break;
        }
    }

    void Market(JsonElement frame)
    {
        if (!IsEvent(frame))
            feed!.Take(frame, line.Now);
    }

    void Tell()
    {
        if (account!.Figures() is { } figures)
            learned(figures);
    }

    bool IsEvent(JsonElement frame)
    {
        switch (frame.Text("event"))
        {
            case "":
                return false;
            case "login":
            case "error" when !login.Task.IsCompleted:
                login.TrySetResult(frame);
                break;
            case "error":
                throw new VenueException($"the venue says: {frame.Text("msg")} ({frame.Text("code")})")
                {
                    Kind = OkxErrors.KindOf(frame.Text("code")),
                };
            case "subscribe":
                missing.Remove(Name(frame.GetProperty("arg")));
                if (missing.Count == 0)
                    granted.TrySetResult();
                break;
            case "notice" when frame.Text("code") == WillClose:
                willClose = true;
                break;
        }
        return true;
    }

    static async Task PingAsync(IFrames frames)
    {
        try
        {
            await frames.SendAsync("ping", CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The connection is over; whoever reads it finds out.
        }
    }

    // What an answer to a subscription repeats of it, in one text.
    static string Name(JsonElement channel) =>
        string.Join(' ', channel.Text("channel"), channel.Text("instId"), channel.Text("instFamily")).Trim();

    static JsonObject Operation(string what, IEnumerable<JsonObject> arguments) =>
        new() { ["op"] = what, ["args"] = new JsonArray([.. arguments.Select(one => (JsonNode)one)]) };
}
