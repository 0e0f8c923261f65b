using System.Text.Json;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Journal;
using Plimsoll.Live;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

/// <summary>A journal on disk with one decision, and what the commands make of it.</summary>
public sealed class HistoryCommandsTests
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    static void Write(string folder)
    {
        var terms = EmbeddedMarket
            .Snapshot()
            .Quotes.Single(quote => quote.Instrument.Name == "BTC-PERPETUAL")
            .Instrument;
        using var engine = JournalledEngine.Open(new DiskFiles(Path.Combine(folder, "journal")), "main paper");
        var now = Start;
        IReadOnlyList<EngineEffect> Give(EngineEvent happened) => engine.Apply(happened, now).Effects;
        var all = new List<EngineEffect>();
        Give(new Configured(RunFile.Defaults.Engine, [terms]));
        all.AddRange(Give(new SessionUp()));
        ulong asked = engine.State.Sequence;
        Give(new TickerSeen(terms.Name, 70_000, 70_000, new TopOfBook(69_999.5m, 70_000), 5_000, 5_000, null));
        Give(new AccountSeen(100_000, 0, 0));
        Give(new Armed("ana", "test"));
        var solve = Give(new ReconcileSeen(asked, [], [], [])).OfType<Solve>().Single();
        ulong sequence = engine.State.Sequence;
        Give(
            new TargetsReady(
                sequence,
                solve.InputDigest,
                [new TargetContracts(terms.Name, 40, 0.1m, 0.01m, "limits.x")]
            )
        );
        engine.Flush();
    }

    [Fact]
    public void A_sound_journal_verifies_replays_and_tells_its_decisions()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path);
        var verified = CommandRun.Of("verify", folder.Path);
        Assert.Equal((ExitCode.Done, ""), (verified.Code, verified.Error));
        Assert.EndsWith("sound\n", verified.Out);
        var replayed = CommandRun.Of("replay", folder.Path);
        Assert.Equal(ExitCode.Done, replayed.Code);
        Assert.Contains("decisions among them 1", replayed.Out);
        Assert.EndsWith("the same, bit for bit\n", replayed.Out);
        var told = CommandRun.Of("decisions", "--data", folder.Path, "--why");
        Assert.Equal(ExitCode.Done, told.Code);
        Assert.Contains("resize BTC-PERPETUAL", told.Out);
        Assert.Contains("mark 70000, bid 69999.5 x 5000, ask 70000 x 5000", told.Out);
        Assert.Contains("decided        from 0 to 40: order 40 (limits.x)", told.Out);
        Assert.DoesNotContain("ETH", CommandRun.Of("decisions", "--data", folder.Path, "--instrument", "ETH").Out);
    }

    [Fact]
    public void Decisions_are_filtered_and_history_is_asked_in_sql()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path);
        using (var answer = JsonDocument.Parse(Decisions("--json").Out))
        {
            var row = Assert.Single(answer.RootElement.EnumerateArray());
            Assert.Equal(
                ("BTC-PERPETUAL", "resize", 40, "limits.x", "TargetsReady"),
                (
                    row.GetProperty("instrument").GetString(),
                    row.GetProperty("cause").GetString(),
                    row.GetProperty("order_contracts").GetInt32(),
                    row.GetProperty("binding").GetString(),
                    row.GetProperty("event").GetString()
                )
            );
        }
        foreach (
            string[] none in (string[][])
                [
                    ["--refused"],
                    ["--cause", "cut"],
                    ["--until", "2026-03-01"],
                    ["--since", "2026-03-02T00:00Z"],
                ]
        )
            Assert.Equal("[]", Decisions([.. none, "--json"]).Out.Trim());
        foreach (
            string[] one in (string[][])
                [
                    ["--sent"],
                    ["--since", "2026-03-01", "--until", "2026-03-02"],
                ]
        )
            Assert.Contains("BTC-PERPETUAL", Decisions(one).Out);
        Assert.Contains("--since", Decisions("--since", "soon").Error);
        Assert.Equal(ExitCode.BadInput, Decisions("--sent", "--refused").Code);

        const string Question = "SELECT count(*) AS n FROM commands WHERE who = 'ana'";
        Assert.Contains("\"n\": 1", History("--sql", Question, "--json").Out);
        Assert.Contains("decisions", History("--rebuild").Out);
        var refused = History("--sql", "DROP TABLE orders");
        Assert.Equal((ExitCode.BadInput, ""), (refused.Code, refused.Out));

        CommandRun Decisions(params string[] args) => CommandRun.Of(["decisions", "--data", folder.Path, .. args]);
        CommandRun History(params string[] args) => CommandRun.Of(["history", "--data", folder.Path, .. args]);
    }

    [Fact]
    public void Nothing_is_archived_that_a_restart_needs()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path);
        string to = Path.Combine(folder.Path, "old");
        var moved = CommandRun.Of("archive", folder.Path, "--to", to, "--older-than", "0");
        Assert.Equal((ExitCode.Done, ""), (moved.Code, moved.Error));
        Assert.StartsWith("0 segments are in ", moved.Out);
        Assert.Equal(ExitCode.Done, CommandRun.Of("verify", folder.Path).Code);
        Assert.Equal(ExitCode.BadInput, CommandRun.Of("verify", folder.Path, "--archive", to).Code);
    }

    [Fact]
    public void A_changed_byte_is_found_and_named()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path);
        string segment = Directory.GetFiles(Path.Combine(folder.Path, "journal"), "*.journal").Single();
        byte[] bytes = File.ReadAllBytes(segment);
        bytes[300] ^= 1;
        File.WriteAllBytes(segment, bytes);
        var verified = CommandRun.Of("verify", folder.Path);
        Assert.Equal(ExitCode.No, verified.Code);
        Assert.Contains("DAMAGED", verified.Out);
        Assert.EndsWith("not sound\n", verified.Out);
        Assert.Equal(ExitCode.No, CommandRun.Of("replay", folder.Path).Code);
    }

    [Fact]
    public void A_folder_without_a_run_is_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (
            string[] args in (string[][])
                [
                    ["verify", folder.Path],
                    ["replay", folder.Path],
                    ["decisions", "--data", folder.Path],
                ]
        )
        {
            var run = CommandRun.Of(args);
            Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Out));
            Assert.Contains("no journal", run.Error);
        }
        foreach (string command in (string[])["status", "kill", "arm", "watch"])
        {
            var run = CommandRun.Of(command, "--data", folder.Path);
            Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Out));
            Assert.Contains("no run was ever started there", run.Error);
        }
    }

    [Fact]
    public void Live_and_shadow_exclude_each_other() =>
        Assert.Equal(ExitCode.BadInput, CommandRun.Of("run", "--live", "--shadow").Code);
}
