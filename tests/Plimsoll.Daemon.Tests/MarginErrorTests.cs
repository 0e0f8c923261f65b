using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Journal;
using Plimsoll.Live;
using Plimsoll.Markets;
using Plimsoll.TestSupport;
using Plimsoll.Venues;

namespace Plimsoll.Daemon.Tests;

/// <summary>The margin model of a run against the simulator of the real process of the paper venue.</summary>
public sealed class MarginErrorTests
{
    const string Model = "deribit-standard-margin";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>
    /// The venue raises its margins by a quarter; the run, whose figures are those of before, sees it, widens, keeps it
    /// over a restart, and its journal replays to the same bytes.
    /// </summary>
    [Fact]
    public async Task A_venue_that_changed_its_figures_is_noticed_and_the_buffer_is_wider_by_as_much()
    {
        using var folder = new TemporaryFolder();
        string raised = Path.Combine(folder.Path, "raised.json");
        await File.WriteAllTextAsync(raised, Raised(1.25), Stop);
        await using var paper = await PaperProcess.StartAsync("--seed", "5", "--crowd", "0", "--margin", raised);
        await HoldAsync(paper);
        await using (var run = await RunProcess.StartAsync(paper, folder, live: false))
        {
            await run.HeardAsync("margin-error");
            var error = await ComparedAsync(run);
            // The slope with size stays as it was, so a quarter is a little too much.
            Assert.InRange(Widening(error), 0.245m, 0.25m);
            Assert.Equal("main/BTC", error.GetProperty("last")[0].GetProperty("pool").GetString());
            string metrics = await run.Client.GetStringAsync("/metrics", Stop);
            Assert.Contains(
                $"plimsoll_margin_widening_ratio{{model=\"{Model}\"}} 0.24",
                metrics,
                StringComparison.Ordinal
            );
            Assert.Equal(0, (await run.TerminateAsync()).Code);
        }
        await using (var again = await RunProcess.StartAsync(paper, folder, live: false))
        {
            Assert.InRange(Widening(await ComparedAsync(again)), 0.245m, 0.25m);
            Assert.Equal(0, (await again.TerminateAsync()).Code);
        }
        Assert.True(Replay.Run(new DiskFiles(Path.Combine(RunProcess.Data(folder), "journal"))).IsSame);
    }

    [Fact]
    public async Task A_venue_with_the_models_own_figures_shows_no_error()
    {
        using var folder = new TemporaryFolder();
        await using var paper = await PaperProcess.StartAsync("--seed", "5", "--crowd", "0");
        await HoldAsync(paper);
        await using var run = await RunProcess.StartAsync(paper, folder, live: false);
        var error = await ComparedAsync(run);
        Assert.Equal("", error.GetProperty("trouble").GetString());
        Assert.Equal(0, Widening(error));
        Assert.DoesNotContain(run.Said, line => line.Contains("margin-error", StringComparison.Ordinal));
    }

    /// <summary>Without a run, by the key that only reads; the other is sent back.</summary>
    [Fact]
    public async Task The_simulator_is_asked_once_by_a_key_that_only_reads()
    {
        await using var paper = await PaperProcess.StartAsync("--seed", "5", "--crowd", "0");
        var place = VenuePlace.Read("paper", $"{paper.Address}").Value;
        ImmutableArray<Position> book = [new("BTC-PERPETUAL", 10_000, null), new("ETH-PERPETUAL", -5_000, null)];
        var asked = await place.AskMarginAsync(null, _ => null, book, Stop);
        Assert.Equal(["BTC", "ETH"], asked.Value.Select(of => of.Currency.Code));
        Assert.All(asked.Value, of => Assert.InRange(of.Initial / of.Maintenance, 1.5, 2));
        string? Trader(string name) => name.EndsWith("_ID", StringComparison.Ordinal) ? "paper" : "paper-secret";
        var refused = await place.AskMarginAsync(null, Trader, book, Stop);
        Assert.Contains("a key that may only read", Assert.Single(refused.Faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figures_that_are_none_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string broken = Path.Combine(folder.Path, "broken.json");
        await File.WriteAllTextAsync(broken, Raised(100), Stop);
        var (code, error) = await PaperProcess.RefusedAsync("--margin", broken);
        Assert.Equal(2, code);
        Assert.Contains("broken.json: underlyings[BTC].future.initial_base", error, StringComparison.Ordinal);
    }

    /// <summary>The status follows the events by half a second.</summary>
    static async Task<JsonElement> ComparedAsync(RunProcess run)
    {
        for (int i = 0; ; i++)
        {
            var error = (await run.StatusAsync()).GetProperty("margin_error");
            if (error.GetProperty("compared_at").ValueKind != JsonValueKind.Null || i == 1_000)
                return error;
            await Task.Delay(50, Stop);
        }
    }

    static decimal Widening(JsonElement error) => error.GetProperty("widening").GetProperty(Model).GetDecimal();

    /// <summary>The account holds a future before there is a run.</summary>
    static async Task HoldAsync(PaperProcess paper)
    {
        using var socket = await Socket.OpenAsync(paper, Stop);
        await socket.LoginAsync();
        await socket.CallAsync(
            "private/buy",
            new
            {
                instrument_name = "BTC-PERPETUAL",
                amount = 100_000,
                type = "market",
            }
        );
    }

    static string Raised(double factor)
    {
        string shipped = Path.Combine(Repository.Root, "data", "venues", "deribit", "standard-margin.json");
        var root = JsonNode.Parse(File.ReadAllText(shipped))!;
        foreach (var row in root["underlyings"]!.AsArray())
            if (row!["future"] is { } future)
                foreach (string key in (string[])["initial_base", "maintenance_base"])
                    future[key] = factor * future[key]!.GetValue<double>();
        return root.ToJsonString();
    }
}
