using System.Text;
using Plimsoll.Journal;
using Plimsoll.Live;
using Plimsoll.TestSupport;
using Plimsoll.Venues.Tests;

namespace Plimsoll.Daemon.Tests;

/// <summary>The real process of the engine against small venues that speak as Hyperliquid's and OKX's manuals do.</summary>
public sealed class OtherVenuesTests
{
    const string Long = """
        [[views]]
        kind       = "drift"
        underlying = "BTC"
        drift      = "60%"
        confidence = "50%"

        [survival]
        expected-shortfall = { level = "99%", limit = "5%" }

        [assumptions]
        funding-8h       = "0.001%"
        perpetual-spread = "0.01%"
        """;

    [Fact]
    public async Task Hyperliquid_is_followed_without_a_key_and_gets_no_action_in_shadow()
    {
        var world = new HyperliquidWorld(TimeProvider.System) { EquityUsd = 1_000_000 };
        await using var host = new LoopbackHost(world.Answer, _ => world.Connect(), world.Beat);
        using var folder = new TemporaryFolder();
        string[] venue =
        [
            "--venue",
            "hyperliquid-test",
            "--url",
            $"{host.Address}",
            "--address",
            HyperliquidWorld.Settings.Account,
        ];
        await using var run = await RunProcess.StartAsync(folder, false, Mandate("BTC"), venue, NoSecrets);
        string would = await run.HeardAsync(" would-order ");
        Assert.Contains("BTC", would, StringComparison.Ordinal);
        Assert.Empty(world.Actions);
        await EndsWellAsync(run, folder, "hyperliquid-test", 1_000_000, NoSecrets);
    }

    [Fact]
    public async Task Hyperliquid_is_traded_with_an_agents_key_and_the_position_is_read_back()
    {
        var world = new HyperliquidWorld(TimeProvider.System) { EquityUsd = 1_000_000 };
        await using var host = new LoopbackHost(world.Answer, _ => world.Connect(), world.Beat);
        using var folder = new TemporaryFolder();
        string[] venue = ["--venue", "hyperliquid-test", "--url", $"{host.Address}"];
        var secrets = new Dictionary<string, string>
        {
            ["PLIMSOLL_HYPERLIQUID_ADDRESS"] = HyperliquidWorld.Settings.Account,
            ["PLIMSOLL_HYPERLIQUID_KEY"] = HyperliquidWorld.AgentSecret,
        };
        await using var run = await RunProcess.StartAsync(folder, true, Mandate("BTC"), venue, secrets);
        await run.HeardAsync(" order ");
        await HoldsAsync(run);
        Assert.NotEmpty(world.Arrived);
        Assert.Equal(world.Arrived.Count, world.Arrived.Distinct().Count());
        await EndsWellAsync(run, folder, "hyperliquid-test", 1_000_000, secrets);
    }

    [Fact]
    public async Task Okx_is_followed_and_traded_in_demo_trading()
    {
        var world = new OkxWorld(TimeProvider.System) { EquityUsd = 1_000_000 };
        await using var host = new LoopbackHost(world.Answer, world.Connect, world.Beat);
        using var folder = new TemporaryFolder();
        string[] venue = ["--venue", "okx-demo", "--url", $"{host.Address}"];
        await using var run = await RunProcess.StartAsync(
            folder,
            true,
            Mandate(OkxWorld.Swap),
            venue,
            OkxWorld.Secrets
        );
        await run.HeardAsync(" order ");
        await HoldsAsync(run);
        Assert.NotEmpty(world.Arrived);
        await EndsWellAsync(run, folder, "okx-demo", 1_000_000, OkxWorld.Secrets);
    }

    /// <summary>The engine is gone; the command goes to the venue with the key alone.</summary>
    [Fact]
    public async Task Without_an_engine_an_account_at_Okx_is_stopped_at_the_venue()
    {
        var world = new OkxWorld(TimeProvider.System) { EquityUsd = 1_000_000 };
        await using var host = new LoopbackHost(world.Answer, world.Connect, world.Beat);
        await StoppedAsync(
            ["--venue", "okx-demo", "--url", $"{host.Address}"],
            Mandate(OkxWorld.Swap),
            OkxWorld.Secrets
        );
        Assert.NotEmpty(world.Closings);
    }

    [Fact]
    public async Task Without_an_engine_an_account_at_Hyperliquid_is_stopped_at_the_venue()
    {
        var world = new HyperliquidWorld(TimeProvider.System) { EquityUsd = 1_000_000 };
        await using var host = new LoopbackHost(world.Answer, _ => world.Connect(), world.Beat);
        string[] venue = ["--venue", "hyperliquid-test", "--url", $"{host.Address}"];
        var secrets = new Dictionary<string, string> { ["PLIMSOLL_HYPERLIQUID_KEY"] = HyperliquidWorld.AgentSecret };
        // The address is in the run's folder; the command needs no other word for it.
        await StoppedAsync([.. venue, "--address", HyperliquidWorld.Settings.Account], Mandate("BTC"), secrets);
        Assert.Contains("order", world.Actions);
        var named = await KillTests.KillAsync(secrets, venue);
        Assert.Equal(2, named.Code);
        Assert.Contains("--address", named.Error);
    }

    static async Task StoppedAsync(string[] venue, string mandate, IReadOnlyDictionary<string, string> secrets)
    {
        using var folder = new TemporaryFolder();
        await using (var run = await RunProcess.StartAsync(folder, true, mandate, venue, secrets))
        {
            await HoldsAsync(run);
            await run.KillAsync();
        }
        Directory.Delete(Path.Combine(RunProcess.Data(folder), "journal"), recursive: true);
        var killed = await KillTests.KillAsync(
            secrets,
            "--data",
            RunProcess.Data(folder),
            "--flatten",
            "--why",
            "power"
        );
        Assert.True(killed.Code == 0, killed.Error);
        Assert.Contains("orders cancelled", killed.Out);
        Assert.Contains("kill: closed ", killed.Out);
        foreach (var (name, secret) in secrets)
            Assert.False(
                !name.EndsWith("_ID", StringComparison.Ordinal) && $"{killed.Out}{killed.Error}".Contains(secret),
                name
            );
    }

    static Dictionary<string, string> NoSecrets { get; } = [];

    static string Mandate(string candidate) =>
        $"""
            objective  = "growth"
            horizon    = "1d"
            candidates = ["{candidate}"]

            {Long}
            """;

    static async Task HoldsAsync(RunProcess run)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromMinutes(1))
        {
            var status = await run.StatusAsync();
            if (
                status
                    .GetProperty("positions")
                    .EnumerateArray()
                    .Any(one => one.GetProperty("contracts").GetDecimal() > 0)
            )
                return;
            await Task.Delay(50);
        }
        Assert.Fail("no position");
    }

    static async Task EndsWellAsync(
        RunProcess run,
        TemporaryFolder folder,
        string venue,
        decimal equity,
        IReadOnlyDictionary<string, string> secrets
    )
    {
        var status = await run.StatusAsync();
        var shown = new List<string>();
        foreach (string path in (string[])["/v1/status", "/v1/decisions?limit=100", "/metrics", "/openapi/v1.json"])
            shown.Add(await run.Client.GetStringAsync(path));
        Assert.Equal(venue, status.GetProperty("venue").GetString());
        Assert.Equal(equity, status.GetProperty("equity_usd").GetDecimal());
        Assert.Equal(0, (await run.TerminateAsync()).Code);
        var report = Replay.Run(new DiskFiles(Path.Combine(RunProcess.Data(folder), "journal")));
        Assert.Null(report.Difference);
        Assert.True(report.Decisions > 0);
        shown.AddRange(run.Said);
        shown.Add(await run.ErrorsAsync());
        Hides(secrets, shown, folder.Path);
    }

    /// <summary>No output, answer or file of a run holds a secret, as text or as bytes.</summary>
    static void Hides(IReadOnlyDictionary<string, string> secrets, IEnumerable<string> shown, string folder)
    {
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith(".journal", StringComparison.Ordinal));
        var texts = shown.Concat(files.Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file)))).ToList();
        foreach (var (name, secret) in secrets.Where(one => !one.Key.EndsWith("_ID") && !one.Key.EndsWith("_ADDRESS")))
            Assert.DoesNotContain(texts, text => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A key that the venue does not take ends the run, in words that show no part of the secret.</summary>
    [Fact]
    public async Task A_refused_key_ends_the_run_and_is_not_shown()
    {
        var world = new OkxWorld(TimeProvider.System);
        await using var host = new LoopbackHost(world.Answer, world.Connect, world.Beat);
        using var folder = new TemporaryFolder();
        var secrets = new Dictionary<string, string>
        {
            ["PLIMSOLL_OKX_CLIENT_ID"] = "okx-id",
            ["PLIMSOLL_OKX_CLIENT_SECRET"] = "a-planted-secret",
            ["PLIMSOLL_OKX_PASSPHRASE"] = "a-planted-passphrase",
        };
        string[] venue = ["--venue", "okx-demo", "--url", $"{host.Address}"];
        await using var run = await RunProcess.StartAsync(folder, true, Mandate(OkxWorld.Swap), venue, secrets);
        Assert.Equal(3, await run.EndedAsync());
        string errors = await run.ErrorsAsync();
        Assert.Contains("does not take key okx-id: Invalid Sign (50113)", errors, StringComparison.Ordinal);
        var shown = run.Said.Append(errors).ToList();
        Assert.DoesNotContain(shown, line => line.Contains("planted", StringComparison.Ordinal));
        foreach (string file in Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("planted", Encoding.Latin1.GetString(File.ReadAllBytes(file)));
    }

    /// <summary>The paper venue's own secret, which comes by another way, is hidden alike.</summary>
    [Fact, Trait("suite", "all")]
    public async Task The_paper_venues_secret_is_not_shown_either()
    {
        using var folder = new TemporaryFolder();
        await using var paper = await PaperProcess.StartAsync("--crowd", "0");
        await using var run = await RunProcess.StartAsync(paper, folder, live: true);
        await run.HeardAsync(" order ");
        await run.TerminateAsync();
        var secrets = new Dictionary<string, string> { ["PLIMSOLL_PAPER_CLIENT_SECRET"] = "paper-secret" };
        Hides(secrets, run.Said.Append(await run.ErrorsAsync()), folder.Path);
    }
}
