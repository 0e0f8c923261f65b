using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using Plimsoll.Engine;
using Plimsoll.Journal;
using Plimsoll.Live;
using Plimsoll.TestSupport;

namespace Plimsoll.Daemon.Tests;

/// <summary>What a run's service answers while the journal is replayed, and once it is.</summary>
[SupportedOSPlatform("linux")]
public sealed class ReplayingTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_it_replays_the_service_says_so_and_takes_no_command()
    {
        using var place = new TemporaryFolder();
        var options = RunOptions.Parse(["--venue", "paper", "--data", place.Path, "--port", "0"]).Value;
        var plan = RunPlan.Read(options).Value;
        var folder = new RunFolder(place.Path);
        var stage = new RunStage(folder.Journal);
        await using var service = await RunService.StartAsync(plan, folder, stage);
        using var client = new HttpClient { BaseAddress = new Uri(service.Address) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", folder.OperateToken);

        stage.Replay(new Sequenced(41, DateTimeOffset.UnixEpoch.AddDays(1), new TimePassed()));
        var status = await Json(client, "/v1/status");
        Assert.Equal(("Replaying", 41), (Text(status, "mode"), status.GetProperty("sequence").GetInt32()));
        Assert.StartsWith("everything: no session, no order", Text(status, "blocks"));
        Assert.StartsWith("event 41 of ", Text(status, "cause"));
        using var ready = await client.GetAsync("/health/ready", Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("Replaying", Text(await ready.Content.ReadFromJsonAsync<JsonElement>(Stop), "mode"));
        foreach (string command in (string[])["/v1/kill", "/v1/arm", "/v1/reduce-only"])
        {
            using var refused = await client.PostAsJsonAsync(command, new { who = "ana", why = "drill" }, Stop);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }
        Assert.Contains("plimsoll_mode{mode=\"Replaying\"} 1", await client.GetStringAsync("/metrics", Stop));
        Assert.Equal("[]", await client.GetStringAsync("/v1/decisions", Stop));

        // The journal's end is reached; the process before it was live, this one has no session yet.
        using var engine = JournalledEngine.Open(new DiskFiles(folder.Journal), plan.Owner);
        Live(engine, plan.Engine);
        var venue = new ShadowVenue(plan.Access.Connect(false, TimeProvider.System), TimeProvider.System);
        await using var held = venue;
        stage.Follow(new EngineLoop(engine, venue, (_, _, _) => new TimePassed(), TimeProvider.System));
        status = await Json(client, "/v1/status");
        Assert.Equal("Disconnected", Text(status, "mode"));
        using var waiting = await client.GetAsync("/health/ready", Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, waiting.StatusCode);
        stage.Begin();
        Assert.Equal("Live", Text(await Json(client, "/v1/status"), "mode"));
        Assert.Contains("plimsoll_mode{mode=\"Replaying\"} 0", await client.GetStringAsync("/metrics", Stop));
        using var taken = await client.PostAsJsonAsync("/v1/kill", new { who = "ana", why = "drill" }, Stop);
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
    }

    /// <summary>Each event that is applied again is told, in order; a listener that has had enough ends it.</summary>
    [Fact]
    public void An_opening_journal_says_how_far_it_is()
    {
        using var place = new TemporaryFolder();
        var files = new DiskFiles(place.Path);
        var settings = RunPlan.Read(RunOptions.Parse(["--venue", "paper"]).Value).Value.Engine;
        using (var first = JournalledEngine.Open(files, "main"))
        {
            var at = DateTimeOffset.UnixEpoch.AddDays(20_000);
            first.Apply(new Configured(settings, []), at);
            for (int i = 0; i < 20; i++)
                first.Apply(new TimePassed(), at.AddSeconds(i));
            first.Flush();
        }
        var seen = new List<ulong>();
        using (var again = JournalledEngine.Open(files, "main", next => seen.Add(next.Sequence)))
            Assert.Equal(21ul, again.State.Sequence);
        Assert.Equal(Enumerable.Range(1, 21).Select(i => (ulong)i), seen);
        Assert.Throws<OperationCanceledException>(() =>
            JournalledEngine.Open(files, "main", _ => throw new OperationCanceledException())
        );
    }

    static void Live(JournalledEngine engine, EngineSettings settings)
    {
        var at = DateTimeOffset.UnixEpoch.AddDays(20_000);
        void Give(EngineEvent happened, int seconds = 0) => engine.Apply(happened, at.AddSeconds(seconds));
        Give(new Configured(settings, []));
        Give(new SessionUp());
        Give(new AccountSeen(1_000, 0, 0));
        Give(new ReconcileSeen(2, [], [], []));
        Give(new Armed("ana", "morning"));
        Give(new AccountSeen(1_000, 0, 0), 6);
        Give(new AccountSeen(1_000, 0, 0), 12);
        Assert.Equal(EngineMode.Live, engine.State.Mode);
    }

    static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    static async Task<JsonElement> Json(HttpClient client, string path) =>
        JsonDocument.Parse(await client.GetStringAsync(path, Stop)).RootElement;
}
