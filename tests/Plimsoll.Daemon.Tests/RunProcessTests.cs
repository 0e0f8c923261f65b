using System.Net;
using System.Text.Json;
using Plimsoll.Engine;
using Plimsoll.Journal;
using Plimsoll.Live;
using Plimsoll.Numerics;
using Plimsoll.TestSupport;

namespace Plimsoll.Daemon.Tests;

/// <summary>The real process of the engine against the real process of the paper venue.</summary>
public sealed class RunProcessTests
{
    const decimal GrossLimitUsd = 1_600_000;
    const decimal BtcUsdPerContract = 10;
    const decimal EthUsdPerContract = 1;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(1, false), InlineData(5, true)]
    public Task Killed_at_any_moment_it_loses_no_order_and_doubles_none(ulong seed, bool rests) =>
        Killed(kills: 3, seed, rests);

    [Theory]
    [InlineData(2, false), InlineData(3, false), InlineData(4, false), InlineData(6, true), InlineData(7, true)]
    [Trait("suite", "all")]
    public Task Killed_ten_times_it_loses_no_order_and_doubles_none(ulong seed, bool rests) =>
        Killed(kills: 10, seed, rests);

    static async Task Killed(int kills, ulong seed, bool rests)
    {
        using var folder = new TemporaryFolder();
        await using var paper = await PaperProcess.StartAsync("--seed", $"{seed}", "--crowd", "0");
        var random = new SeededRandom(seed, 0);
        for (int kill = 0; kill < kills; kill++)
        {
            await using var run = await RunProcess.StartAsync(paper, folder, live: true, rests);
            if (kill > 0)
                await ArmedAgainAsync(run);
            // Somewhere among its orders: sent, acknowledged, filled or not yet durable.
            await run.HeardAsync(" order ", 1 + (int)(3 * random.NextDouble()));
            await Task.Delay(TimeSpan.FromMilliseconds(100 * random.NextDouble()), Stop);
            await run.KillAsync();
        }
        await using (var last = await RunProcess.StartAsync(paper, folder, live: true, rests))
        {
            await ArmedAgainAsync(last);
            await last.HeardAsync(" order ");
            await last.CommandAsync("/v1/kill", flatten: false);
            await last.HeardAsync("after=Halted");
            await SameAsTheVenueAsync(last, paper);
            await LabelsAsync(paper, folder);
            var (code, took) = await last.TerminateAsync();
            Assert.Equal(0, code);
            Assert.True(took < TimeSpan.FromSeconds(3), $"{took}");
        }
        var report = Replay.Run(new DiskFiles(Path.Combine(RunProcess.Data(folder), "journal")));
        Assert.Null(report.Difference);
        Assert.True(report.IsSame);
        Assert.True(report.Decisions > 0);
    }

    /// <summary>What comes back after a crash opens nothing until a person says so.</summary>
    static async Task ArmedAgainAsync(RunProcess run)
    {
        await run.HeardAsync("mode before=Disconnected after=ReduceOnly cause=\"not armed\"");
        Assert.DoesNotContain(run.Said, line => line.Contains("reduce_only=false", StringComparison.Ordinal));
        await run.CommandAsync("/v1/arm");
    }

    static async Task SameAsTheVenueAsync(RunProcess run, PaperProcess paper)
    {
        using var socket = await Socket.OpenAsync(paper, Stop);
        await socket.LoginAsync();
        string here = "",
            there = "";
        for (int i = 0; i < 100; i++)
        {
            var status = await run.StatusAsync();
            here = Text(
                status.GetProperty("positions").EnumerateArray(),
                row => row.GetProperty("instrument").GetString()!,
                row =>
                    row.GetProperty("contracts").GetDecimal() * PerContract(row.GetProperty("instrument").GetString()!)
            );
            var held = await socket.CallAsync("private/get_positions", new { currency = "any" });
            there = Text(
                held.EnumerateArray(),
                row => row.GetProperty("instrument_name").GetString()!,
                row => row.GetProperty("size").GetDecimal()
            );
            if (here == there && status.GetProperty("orders").GetArrayLength() == 0)
                break;
            await Task.Delay(200, Stop);
        }
        Assert.Equal(there, here);
        Assert.NotEqual("", here);
        decimal gross = here.Split(';').Sum(one => Math.Abs(decimal.Parse(one.Split(' ')[1])));
        Assert.True(gross <= GrossLimitUsd, $"{gross} USD held");
    }

    static string Text(
        JsonElement.ArrayEnumerator rows,
        Func<JsonElement, string> name,
        Func<JsonElement, decimal> amount
    ) =>
        string.Join(
            ';',
            rows.Select(row => (Name: name(row), Amount: amount(row)))
                .Where(row => row.Amount != 0)
                .OrderBy(row => row.Name, StringComparer.Ordinal)
                .Select(row => FormattableString.Invariant($"{row.Name} {row.Amount / 1.000000000m:0}"))
        );

    static decimal PerContract(string instrument) =>
        instrument.StartsWith("BTC", StringComparison.Ordinal) ? BtcUsdPerContract : EthUsdPerContract;

    /// <summary>Every trade belongs to an order that stands in the journal, and no label came twice.</summary>
    static async Task LabelsAsync(PaperProcess paper, TemporaryFolder folder)
    {
        var intended = new List<string>();
        JournalHistory.Read(
            new DiskFiles(Path.Combine(RunProcess.Data(folder), "journal")),
            entry =>
            {
                if (entry is EffectsEntry effects)
                    intended.AddRange(effects.Effects.OfType<SendOrder>().Select(send => send.Order.Label));
            }
        );
        Assert.Equal(intended.Count, intended.Distinct().Count());
        using var socket = await Socket.OpenAsync(paper, Stop);
        await socket.LoginAsync();
        var placed = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (string currency in (string[])["BTC", "ETH"])
        {
            var trades = await socket.CallAsync("private/get_user_trades_by_currency", new { currency, count = 1000 });
            foreach (var trade in trades.GetProperty("trades").EnumerateArray())
            {
                string label = trade.GetProperty("label").GetString()!;
                Assert.Contains(label, intended);
                if (!placed.TryGetValue(label, out var ids))
                    placed[label] = ids = [];
                ids.Add(trade.GetProperty("order_id").GetString()!);
            }
        }
        Assert.NotEmpty(placed);
        Assert.All(placed, one => Assert.Single(one.Value));
    }

    [Fact]
    public async Task In_shadow_it_says_what_it_would_send_and_the_venue_gets_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var paper = await PaperProcess.StartAsync("--crowd", "0");
        await using var run = await RunProcess.StartAsync(paper, folder, live: false);
        await run.HeardAsync(" would-order ");
        using var socket = await Socket.OpenAsync(paper, Stop);
        await socket.LoginAsync();
        foreach (string currency in (string[])["BTC", "ETH"])
        {
            var history = await socket.CallAsync(
                "private/get_order_history_by_currency",
                new { currency, include_unfilled = true }
            );
            Assert.Equal(0, history.GetArrayLength());
            var open = await socket.CallAsync("private/get_open_orders_by_currency", new { currency });
            Assert.Equal(0, open.GetArrayLength());
        }
        var status = await run.StatusAsync();
        Assert.False(status.GetProperty("sends_orders").GetBoolean());
        Assert.Equal(0, (await run.TerminateAsync()).Code);
    }

    [Fact]
    public async Task One_engine_an_account_and_a_service_that_answers_only_who_may_ask()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await using var paper = await PaperProcess.StartAsync("--crowd", "0");
        await using var run = await RunProcess.StartAsync(paper, folder, live: false);
        Assert.Contains("another engine runs on", (await RunProcess.RefusedAsync(paper, folder)).Error);
        Assert.Contains("another engine runs on this account", (await RunProcess.RefusedAsync(paper, other)).Error);
        await run.HeardAsync("after=Live");

        using var http = new HttpClient { BaseAddress = run.Client.BaseAddress };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready", Stop)).StatusCode);
        foreach (string path in (string[])["/v1/status", "/v1/decisions", "/v1/events", "/metrics", "/openapi/v1.json"])
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(path, Stop)).StatusCode);
        string token = await File.ReadAllTextAsync(Path.Combine(RunProcess.Data(folder), "read.token"), Stop);
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/status", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsync("/v1/kill", null, Stop)).StatusCode);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/v1/status");
        foreign.Headers.Host = "engine.example";
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(foreign, Stop)).StatusCode);
        using var page = new HttpRequestMessage(HttpMethod.Get, "/v1/status");
        page.Headers.Add("Origin", "https://page.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(page, Stop)).StatusCode);

        // Whatever is refused is refused in words, also by the server itself.
        foreach (
            var (path, status) in ((string, HttpStatusCode)[])
                [("/v1/nothing", HttpStatusCode.NotFound), ("/v1/decisions?limit=x", HttpStatusCode.BadRequest)]
        )
        {
            using var refused = await http.GetAsync(path, Stop);
            Assert.Equal(status, refused.StatusCode);
            using var words = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Stop));
            Assert.NotEqual("", words.RootElement.GetProperty("error").GetString());
        }
        using var sent = new StringContent("nonsense", System.Text.Encoding.UTF8, "application/json");
        using var bad = await run.Client.PostAsync("/v1/arm", sent, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Contains("error", await bad.Content.ReadAsStringAsync(Stop));

        string metrics = await http.GetStringAsync("/metrics", Stop);
        Assert.Contains("plimsoll_mode{mode=\"Live\"} 1", metrics);
        Assert.Contains("plimsoll_step_seconds_count", metrics);
        Assert.Contains("/v1/kill", await http.GetStringAsync("/openapi/v1.json", Stop));
        await using var stream = await http.GetStreamAsync("/v1/events", Stop);
        using var reader = new StreamReader(stream);
        Assert.Equal("event: status", await reader.ReadLineAsync(Stop));

        // No secret of any kind in what the run keeps.
        foreach (string file in Directory.EnumerateFiles(RunProcess.Data(folder), "*", SearchOption.AllDirectories))
            if (!file.EndsWith(".token", StringComparison.Ordinal) && !file.EndsWith("lease", StringComparison.Ordinal))
            {
                await using var kept = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                var bytes = new byte[kept.Length];
                await kept.ReadExactlyAsync(bytes, Stop);
                string text = System.Text.Encoding.Latin1.GetString(bytes);
                Assert.DoesNotContain("paper-secret", text);
                Assert.DoesNotContain(token, text);
            }
        Assert.DoesNotContain(run.Said, line => line.Contains("paper-secret", StringComparison.Ordinal));
    }
}
