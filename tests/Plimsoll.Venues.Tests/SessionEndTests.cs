using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues.Tests;

/// <summary>How connections end, and what is done then: normal end, rate limit, maintenance, a key not taken.</summary>
public sealed class SessionEndTests
{
    const string TooMany = "too_many_requests";

    [Theory]
    [InlineData(null, "", 0, "the venue closed the connection")]
    [InlineData(1000, "", 0, "the venue closed the connection")]
    [InlineData(1001, "going away", 0, "the venue closed the connection: going away (1001)")]
    [InlineData(1008, "policy", 1, "the venue closed the connection: policy (1008)")]
    [InlineData(1012, "restart", 2, "the venue closed the connection: restart (1012)")]
    [InlineData(1013, "", 2, "the venue closed the connection (1013)")]
    public void Statuses_of_the_protocol_are_told_apart(int? status, string said, int kind, string words) =>
        Assert.Equal(new SessionEnd((EndKind)kind, words), SessionEnd.OfClose(status, said));

    // The manual's table of close frames.
    [Theory]
    [InlineData(4001, "Login Failed", 3)]
    [InlineData(4002, "Invalid Request", 0)]
    [InlineData(4003, "APIKey subscription amount exceeds the limit 100", 1)]
    [InlineData(4004, "No data received in 30s", 0)]
    [InlineData(4005, "Buffer is full, cannot write data", 0)]
    [InlineData(4006, "Abnormal disconnection", 0)]
    [InlineData(4007, "API key has been updated or deleted. Please reconnect.", 0)]
    [InlineData(4008, "The number of subscribed channels exceeds the maximum limit.", 1)]
    [InlineData(4009, "The number of subscription channels for this connection exceeds the limit", 1)]
    [InlineData(1009, "Request message exceeds the maximum frame length", 0)]
    [InlineData(1012, "", 2)]
    public void Statuses_of_Okx_are_told_apart(int status, string said, int kind)
    {
        var end = ((IRpcDialect)new OkxDialect()).Ended(status, said);
        Assert.Equal((EndKind)kind, end.Kind);
        Assert.Contains(said, end.Words);
    }

    [Theory]
    [InlineData(10028, 1)]
    [InlineData(10066, 1)]
    [InlineData(12003, 1)]
    [InlineData(11051, 2)]
    [InlineData(10041, 0)]
    [InlineData(13009, 0)]
    public void Codes_of_Deribit_are_told_apart(int code, int kind) =>
        Assert.Equal((EndKind)kind, DeribitErrors.EndOf(new VenueRefusal("public/x", code, "words")).Kind);

    [Theory]
    [InlineData(50011, 1)]
    [InlineData(60014, 1)]
    [InlineData(60023, 1)]
    [InlineData(50001, 2)]
    [InlineData(60009, 3)]
    [InlineData(60024, 3)]
    [InlineData(60032, 3)]
    [InlineData(50101, 3)]
    [InlineData(50119, 3)]
    [InlineData(50102, 0)]
    [InlineData(60006, 0)]
    [InlineData(63999, 0)]
    public void Codes_of_Okx_are_told_apart(int code, int kind) =>
        Assert.Equal((EndKind)kind, OkxErrors.KindOf($"{code}"));

    /// <summary>Plain ends come back in a moment; after a limit or for maintenance at least five seconds pass.</summary>
    [Theory]
    [InlineData(1000, 0.25, 1.0, "the venue closed the connection")]
    [InlineData(1012, 5, 6, "maintenance: the venue closed the connection: upgrade (1012)")]
    [InlineData(1008, 5, 6, "rate limit: the venue closed the connection: upgrade (1008)")]
    [InlineData(4008, 5, 6, "rate limit: the venue closed the connection: upgrade (4008)")]
    public void The_pause_after_an_end_is_as_long_as_its_kind_asks(int status, double least, double most, string why)
    {
        var run = new OkxRun();
        DateTimeOffset closed = default;
        run.Go(async () =>
        {
            closed = run.Time.GetUtcNow();
            run.World.Private!.Close(status, status == 1000 ? "" : "upgrade");
            await run.UntilAsync(() => run.UpAt.Count == 2);
        });
        Assert.Equal(why, run.Told.OfType<SessionDown>().First().Reason);
        Assert.InRange((run.UpAt[1] - closed).TotalSeconds, least, most);
    }

    [Fact]
    public void A_login_that_the_venue_ends_ends_the_run_with_its_words()
    {
        var run = new OkxRun();
        var refused = Assert.Throws<VenueKeyRefused>(() =>
            run.Go(async () =>
            {
                run.World.Private!.Close(4001, "Login Failed");
                await run.UntilAsync(() => false);
            })
        );
        Assert.Equal(
            "the venue does not take the key: the venue closed the connection: Login Failed (4001)",
            refused.Message
        );
        Assert.Single(run.UpAt);
    }

    /// <summary>An event "error" on the socket, by its code.</summary>
    [Fact]
    public void A_socket_that_complains_of_too_many_requests_loses_every_credit()
    {
        var run = new OkxRun();
        run.Go(async () =>
        {
            double before = run.Client!.Credits.Matching.Now;
            run.World.Private!.Arrive("""{"event":"error","code":"60014","msg":"Requests too frequent"}""");
            await run.UntilAsync(() => run.Told.OfType<SessionDown>().Any());
            Assert.True(before > 30);
            Assert.InRange(run.Client.Credits.Matching.Now, 0, 1);
            Assert.False(run.Client.Credits.Matching.TryTake(urgent: false));
            // What comes back first is for cuts and cancels.
            await run.WaitAsync(0.06);
            Assert.True(run.Client.Credits.Matching.TryTake(urgent: true));
        });
        Assert.StartsWith("rate limit: the venue says: Requests too frequent (60014)", run.Down);
    }

    /// <summary>What passes in a moment does not end a session; what is asked next waits for credits.</summary>
    [Theory]
    [InlineData(10028, TooMany)]
    [InlineData(10040, "retry")]
    [InlineData(10041, "settlement_in_progress")]
    [InlineData(10047, "matching_engine_queue_full")]
    public void What_passes_is_asked_again(int code, string words)
    {
        int refused = 0;
        var follower = Follower.Run(async follower =>
        {
            await follower.UpAsync();
            follower.World.Refuses = frame =>
                frame.Contains("get_account_summaries", StringComparison.Ordinal) && ++refused <= 3
                    ? (code, words)
                    : null;
            await follower.UntilAsync(() => refused > 3, "asked again");
            await follower.WaitAsync(5);
        });
        Assert.Equal(1, follower.World.Connections);
        Assert.Equal("closed here", follower.Last<SessionDown>()!.Reason);
    }

    [Fact]
    public void Maintenance_is_waited_for_and_said()
    {
        DateTimeOffset down = default,
            up = default;
        var follower = Follower.Run(async follower =>
        {
            await follower.UpAsync();
            follower.World.Refuses = _ => (11051, "system_maintenance");
            await follower.UntilAsync(() => !follower.IsUp, "down");
            down = follower.Time.GetUtcNow();
            follower.World.Refuses = null;
            await follower.UpAsync();
            up = follower.Time.GetUtcNow();
        });
        string why = follower.Of<SessionDown>().First().Reason;
        Assert.StartsWith("maintenance: ", why);
        Assert.EndsWith("system_maintenance (11051)", why);
        Assert.InRange((up - down).TotalSeconds, 5, 6);
    }

    /// <summary>The channel on which the venue announces it, as its manual has the message.</summary>
    [Fact]
    public void Announced_maintenance_ends_the_session_before_the_venue_does()
    {
        var follower = Follower.Run(async follower =>
        {
            await follower.UpAsync();
            follower.World.Notify(
                """{"jsonrpc":"2.0","method":"subscription","params":{"channel":"platform_state","data":{"maintenance":true}}}"""
            );
            await follower.UntilAsync(() => !follower.IsUp, "down");
            await follower.UpAsync();
        });
        Assert.Equal("maintenance: the venue announced it", follower.Of<SessionDown>().First().Reason);
    }

    [Theory]
    [InlineData(13009, "unauthorized")]
    [InlineData(13021, "forbidden")]
    [InlineData(9999, "api_not_enabled")]
    public void A_login_that_is_refused_for_good_ends_the_run(int code, string words)
    {
        var refused = Assert.Throws<VenueKeyRefused>(() =>
            Follower.Run(
                follower => follower.UpAsync(),
                world => world.Refuses = frame => frame.Contains("public/auth") ? (code, words) : null
            )
        );
        Assert.Contains(words, refused.Message);
        Assert.DoesNotContain("paper-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_that_meets_the_limit_takes_every_credit_but_leaves_cuts_the_first()
    {
        var follower = Follower.Run(async follower =>
        {
            await follower.UpAsync();
            follower.World.Refuses = frame => frame.Contains("private/buy") ? (10028, TooMany) : null;
            var now = follower.Time.GetUtcNow();
            var terms = follower.Terms(Follower.Names[0]);
            var order = new OrderIntent(
                "limit",
                terms.Name,
                Side.Buy,
                1,
                60_000,
                false,
                false,
                OrderLife.Rests,
                now.AddSeconds(5),
                OrderPurpose.Resize
            );
            follower.Client.Start(Orders.Approved(order, terms, now), 1);
            await follower.UntilAsync(() => follower.Last<SendFailed>() is not null, "refused");
            Assert.InRange(follower.Client.Credits.Matching.Now, 0, 1);
        });
        var failed = follower.Last<SendFailed>()!;
        Assert.Equal((false, RefusalKind.RateLimit), (failed.IsAmbiguous, failed.Refusal));
        Assert.Equal(1, follower.World.Connections);
    }

    /// <summary>Over a real socket: the status and words of a close frame arrive.</summary>
    [Fact]
    public async Task A_close_frame_over_a_socket_is_read()
    {
        var stop = TestContext.Current.CancellationToken;
        using var listener = Listener(out var address);
        var serving = Task.Run(
            async () =>
            {
                var asked = await listener.GetContextAsync();
                using var socket = (await asked.AcceptWebSocketAsync(null)).WebSocket;
                await socket.CloseOutputAsync((WebSocketCloseStatus)4004, "No data received in 30s", stop);
            },
            stop
        );
        await using var frames = await WebSocketFrames.OpenAsync(new Uri($"ws://{address}/"), stop);
        Assert.Null(await frames.ReceiveAsync(stop));
        Assert.Equal((4004, "No data received in 30s"), frames.Closed);
        await serving;
    }

    [Theory]
    [InlineData(429, 1)]
    [InlineData(503, 2)]
    [InlineData(403, 0)]
    public async Task A_venue_that_refuses_the_socket_says_why_by_its_status(int status, int kind)
    {
        var stop = TestContext.Current.CancellationToken;
        using var listener = Listener(out var address);
        var serving = Task.Run(
            async () =>
            {
                var asked = await listener.GetContextAsync();
                asked.Response.StatusCode = status;
                asked.Response.Close();
            },
            stop
        );
        var fault = await Assert.ThrowsAsync<VenueException>(() =>
            WebSocketFrames.OpenAsync(new Uri($"ws://{address}/"), stop)
        );
        Assert.Equal((EndKind)kind, fault.Kind);
        Assert.EndsWith($"status {status}", fault.Message);
        await serving;
    }

    [Theory]
    [InlineData("Too many cumulative requests sent (1 > 0) for cumulative volume traded", 1)]
    [InlineData("Rate limited: too many requests", 1)]
    [InlineData("Already unsubscribed", 0)]
    public void Words_of_Hyperliquid_are_told_apart(string words, int kind) =>
        Assert.Equal((EndKind)kind, HyperliquidErrors.EndOf(words));

    static HttpListener Listener(out string address)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        address = $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        var listener = new HttpListener();
        listener.Prefixes.Add($"http://{address}/");
        listener.Start();
        return listener;
    }

    /// <summary>A run of the client at the small OKX, in virtual time.</summary>
    sealed class OkxRun
    {
        public OkxRun() => World = new OkxWorld(Time);

        public VirtualTime Time { get; } = new();

        public OkxWorld World { get; }

        public OkxClient? Client { get; private set; }

        public List<EngineEvent> Told { get; } = [];

        public List<DateTimeOffset> UpAt { get; } = [];

        public string Down => Told.OfType<SessionDown>().First().Reason;

        public void Go(Func<Task> scenario) =>
            Time.Run(
                async () =>
                {
                    Client = new(OkxWorld.Settings, OkxWorld.Key, Time, World.OpenAsync, World.SendAsync, Time.Context);
                    using var stop = new CancellationTokenSource();
                    var running = VirtualTime.Within(Client.RunAsync([OkxWorld.Swap], Take, stop.Token));
                    var done = Scenario();
                    if (await Task.WhenAny(done, running) == running)
                        await running;
                    await done;
                    stop.Cancel();
                    await running;

                    async Task Scenario()
                    {
                        await UntilAsync(() => UpAt.Count == 1);
                        // A session that held: the pauses start from the first.
                        await WaitAsync(12);
                        await scenario();
                    }
                },
                TimeSpan.FromMinutes(5)
            );

        public Task WaitAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Time);

        public async Task UntilAsync(Func<bool> holds)
        {
            var limit = Time.GetUtcNow().AddSeconds(60);
            while (!holds())
            {
                Assert.True(Time.GetUtcNow() < limit, "not within a minute");
                await WaitAsync(0.01);
            }
        }

        void Take(EngineEvent happened)
        {
            Told.Add(happened);
            if (happened is SessionUp)
                UpAt.Add(Time.GetUtcNow());
        }
    }
}
