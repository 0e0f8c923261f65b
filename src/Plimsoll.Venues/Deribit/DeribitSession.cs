using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Engine;

namespace Plimsoll.Venues;

/// <summary>One connection from its login to its end.</summary>
sealed class DeribitSession(
    DeribitSettings settings,
    VenueKey key,
    TimeProvider time,
    VenueLine line,
    DeribitContracts contracts,
    DeribitTransfers transfers,
    OrderReports reports,
    Action<EngineEvent> learned
)
{
    const int ClockSamples = 5;
    const int Tries = 8;
    const int LargestSubscription = 24_000;
    const string PlatformState = "platform_state";
    const string Liquidation = "user.liquidation";
    static readonly TimeSpan ChoreInterval = TimeSpan.FromMilliseconds(250);
    readonly DeribitLogin login = new(key, line);
    readonly DeribitWallets wallets = new(learned);
    readonly HashSet<string> subscribed = new(StringComparer.Ordinal);
    DeribitFeed? feed;
    DateTimeOffset accountAt;
    DateTimeOffset clockAt;

    /// <summary>Gaps found in order books.</summary>
    public int Gaps => feed?.Gaps ?? 0;

    /// <summary>Logs in, subscribes, follows until the connection ends.</summary>
    /// <param name="frames">The connection.</param>
    /// <param name="instruments">Names to follow.</param>
    /// <param name="isUp">Called once everything is subscribed to.</param>
    /// <param name="cancel">Ends it in good order.</param>
    /// <returns>Why it ended.</returns>
    public async Task<SessionEnd> RunAsync(
        IFrames frames,
        IReadOnlyList<string> instruments,
        Action isUp,
        CancellationToken cancel
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        feed = new DeribitFeed(contracts, instruments, settings.FollowBooks, learned);
        var connection = new RpcConnection(frames, new JsonRpc(), time, settings.AnswerWait, Notified);
        var running = connection.RunAsync(ending.Token);
        line.Use(connection);
        SessionEnd? failed = null;
        try
        {
            await OpenAsync(feed);
            line.RaiseUp();
            isUp();
            failed = await KeepAsync(connection, running, feed);
        }
        catch (VenueException e) when (e is not VenueKeyRefused)
        {
            failed = DeribitErrors.EndOf(e);
        }
        finally
        {
            line.TakeDown();
            ending.Cancel();
        }
        var ended = await running;
        return failed ?? ended;
    }

    async Task OpenAsync(DeribitFeed toFollow)
    {
        await MeasureClockAsync();
        var scope = await login.EnterAsync();
        if (scope.ProblemFor(settings.Trades) is { } problem)
            throw new VenueKeyRefused(problem);
        await NeededAsync(
            "public/set_heartbeat",
            new JsonObject { ["interval"] = (int)settings.Heartbeat.TotalSeconds }
        );
        if (scope.MayTrade)
            await NeededAsync("private/enable_cancel_on_disconnect", new JsonObject { ["scope"] = "connection" });
        var account = await ReadAccountAsync(extended: true);
        if (!settings.AllowDirectAccess && IsDirectAccess(account))
            throw new VenueKeyRefused("the account is enabled for direct access, whose orders do not show here");
        if (contracts.IsEmpty)
            contracts.Learn(await NeededAsync("public/get_instruments", new JsonObject { ["currency"] = "any" }));
        string[] mine =
        [
            "user.orders.any.any.raw",
            "user.trades.any.any.raw",
            .. wallets.Currencies.Select(code => $"user.portfolio.{code.ToLowerInvariant()}"),
        ];
        await SubscribeAsync([.. mine, PlatformState, Liquidation, .. wallets.IndexChannels, .. toFollow.Channels]);
        toFollow.Asked(line.Now);
        if (mine.FirstOrDefault(channel => !subscribed.Contains(channel)) is { } missing)
            throw new VenueException($"the venue does not grant the channel {missing}");
    }

    /// <summary>What has to be done every so often, until the connection ends or falls silent.</summary>
    async Task<SessionEnd?> KeepAsync(RpcConnection connection, Task<SessionEnd> running, DeribitFeed followed)
    {
        Task chores = Task.CompletedTask;
        while (true)
        {
            await Task.WhenAny(running, Task.Delay(ChoreInterval, time));
            if (running.IsCompleted)
                return null;
            if (line.Now - connection.HeardAt > settings.Silence)
                return SessionEnd.Plain($"nothing was heard for {settings.Silence.TotalSeconds:0} seconds");
            if (chores.IsFaulted)
                await chores;
            if (chores.IsCompleted)
                chores = DoChoresAsync(followed);
        }
    }

    async Task DoChoresAsync(DeribitFeed followed)
    {
        await login.RefreshAsync();
        if (followed.Broken(line.Now) is { Count: > 0 } broken)
        {
            await NeededAsync("public/unsubscribe", new JsonObject { ["channels"] = List(broken) });
            await SubscribeAsync(broken);
        }
        if (line.Now - accountAt >= settings.AccountInterval)
        {
            await ReadAccountAsync(extended: false);
            string[] more = [.. wallets.IndexChannels.Where(channel => !subscribed.Contains(channel))];
            if (more.Length > 0)
                await SubscribeAsync(more);
        }
        if (line.Now - clockAt >= settings.ClockInterval)
            await MeasureClockAsync();
    }

    /// <summary>The venue's clock less ours, from the sample whose answer came soonest.</summary>
    async Task MeasureClockAsync()
    {
        clockAt = line.Now;
        var best = TimeSpan.MaxValue;
        for (int i = 0; i < ClockSamples; i++)
        {
            var sent = line.Now;
            long venue = (await NeededAsync("public/get_time", [])).GetInt64();
            var took = line.Now - sent;
            if (took >= best)
                continue;
            best = took;
            line.ClockOffset = DateTimeOffset.FromUnixTimeMilliseconds(venue) - (sent + took / 2);
        }
        learned(new ClockOffsetSeen(line.ClockOffset));
    }

    async Task<JsonElement> ReadAccountAsync(bool extended)
    {
        accountAt = line.Now;
        var answer = await NeededAsync("private/get_account_summaries", new JsonObject { ["extended"] = extended });
        foreach (var row in answer.GetProperty("summaries").EnumerateArray())
        {
            wallets.Take(row);
            if (row.TryGetProperty("limits", out var limits))
                LearnLimits(limits);
        }
        wallets.Tell();
        return answer;
    }

    void LearnLimits(JsonElement limits)
    {
        if (limits.TryGetProperty("non_matching_engine", out var other))
            Learn(line.Other, other);
        if (
            limits.TryGetProperty("matching_engine", out var matching)
            && matching.TryGetProperty("trading", out var trading)
            && trading.TryGetProperty("total", out var total)
        )
            Learn(line.Matching, total);
    }

    static void Learn(CallCredits credits, JsonElement rule)
    {
        if (rule.Number("rate") is > 0 and { } rate && rule.Number("burst") is > 0 and { } burst)
            credits.Learn((double)rate, (double)burst);
    }

    static bool IsDirectAccess(JsonElement account) =>
        account.Flag("is_direct_access_allowed")
        || account.GetProperty("summaries").EnumerateArray().Any(row => row.Flag("is_direct_access_allowed"));

    /// <summary>Subscribes in requests below the venue's largest; what it does not grant is simply not there.</summary>
    async Task SubscribeAsync(IEnumerable<string> channels)
    {
        var batch = new List<string>();
        int size = 0;
        foreach (string channel in channels)
        {
            if (size + channel.Length > LargestSubscription)
                await SendAsync();
            batch.Add(channel);
            size += channel.Length + 3;
        }
        await SendAsync();

        async Task SendAsync()
        {
            if (batch.Count == 0)
                return;
            await line.Subscribing.TakeAsync(urgent: false);
            var request = new JsonObject { ["channels"] = List(batch) };
            (batch, size) = ([], 0);
            foreach (var granted in (await NeededAsync("private/subscribe", request)).EnumerateArray())
                subscribed.Add(granted.GetString()!);
        }
    }

    void Notified(JsonElement frame)
    {
        var parameters = frame.GetProperty("params");
        if (frame.Text("method") == "heartbeat")
        {
            if (parameters.Text("type") == "test_request")
                _ = line.CallAsync("public/test", []);
            return;
        }
        string channel = parameters.Text("channel");
        var data = parameters.GetProperty("data");
        if (channel == PlatformState)
        {
            if (data.Flag("maintenance"))
                throw new VenueException("the venue announced it") { Kind = EndKind.Maintenance };
        }
        else if (channel == Liquidation)
            transfers.Take(data);
        else if (channel.StartsWith("user.orders.", StringComparison.Ordinal))
            Each(data, row => reports.Take(contracts.Order(row)));
        else if (channel.StartsWith("user.trades.", StringComparison.Ordinal))
            Each(data, row => reports.Take(contracts.Fill(row)));
        else if (channel.StartsWith("user.portfolio.", StringComparison.Ordinal))
        {
            wallets.Take(data);
            wallets.Tell();
        }
        else if (channel.StartsWith("deribit_price_index.", StringComparison.Ordinal))
        {
            wallets.TakeIndex(data);
            wallets.Tell();
        }
        else
            feed!.Take(channel, data, line.Now);
    }

    void Each(JsonElement data, Action<JsonElement> take)
    {
        foreach (var row in data.ValueKind == JsonValueKind.Array ? data.EnumerateArray().ToArray() : [data])
            if (contracts.Find(row.Text("instrument_name")) is not null || row.Number("contracts") is not null)
                take(row);
            else
                _ = LearnAndTakeAsync(row, take);
    }

    async Task LearnAndTakeAsync(JsonElement row, Action<JsonElement> take)
    {
        try
        {
            await contracts.LearnAsync(line, row.Text("instrument_name"));
            take(row);
        }
        catch (Exception e) when (e is VenueException or FormatException)
        {
            // The next reading of positions, orders and trades counts it, or the engine finds the difference.
        }
    }

    /// <summary>Asks for what the session cannot do without; what passes in a moment does not end it.</summary>
    async Task<JsonElement> NeededAsync(string method, JsonObject parameters)
    {
        for (int i = 1; ; i++)
        {
            await line.Other.TakeAsync(urgent: true);
            var answer = await line.CallAsync(method, parameters.DeepClone().AsObject());
            if (answer.Outcome != RpcOutcome.Refused || !DeribitErrors.Passes(answer.Code) || i == Tries)
                return answer.Needed(method);
            if (DeribitErrors.IsRateLimit(answer.Code))
                line.Other.Empty();
            await line.PauseAsync();
        }
    }

    static JsonArray List(IEnumerable<string> channels) => [.. channels.Select(channel => (JsonNode)channel)];
}
