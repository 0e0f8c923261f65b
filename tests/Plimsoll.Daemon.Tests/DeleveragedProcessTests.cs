using Plimsoll.Engine;
using Plimsoll.Journal;
using Plimsoll.Live;
using Plimsoll.TestSupport;

namespace Plimsoll.Daemon.Tests;

/// <summary>The venue closes the winning leg of a hedge in a scripted crash; the engine takes the other leg back.</summary>
public sealed class DeleveragedProcessTests
{
    const decimal HedgeUsd = 200_000;
    const string Perpetual = "BTC-PERPETUAL";

    // Depth goes before the price does. It comes again and again, so that nothing depends on when all is in place.
    const string Crashes = """{"name": "flash crashes", "legs": [LEGS]}""";
    const string OneCrash = """
        {"after_seconds": EARLY, "for_seconds": 12, "depth_factor": 0.01, "coins": ["BTC"]},
        {"after_seconds": SECONDS, "for_seconds": 8, "index_factor": 0.85, "coins": ["BTC"]}
        """;

    // What is held is what is wanted: the cheapest trades after which every limit holds are none.
    const string Mandate = """
        objective  = "protect"
        horizon    = "1d"
        candidates = ["BTC-PERPETUAL", "FUTURE", "ETH-PERPETUAL"]

        [survival]
        expected-shortfall = { level = "99%", limit = "90%" }

        [assumptions]
        funding-8h       = "0.001%"
        perpetual-spread = "0.01%"
        """;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hedge_whose_winning_leg_was_deleveraged_is_taken_back_and_the_journal_says_why()
    {
        using var folder = new TemporaryFolder();
        string script = Path.Combine(folder.Path, "crashes.json");
        var legs = Enumerable
            .Range(1, 20)
            .Select(i => OneCrash.Replace("EARLY", $"{30 * i - 2}").Replace("SECONDS", $"{30 * i}"));
        await File.WriteAllTextAsync(script, Crashes.Replace("LEGS", string.Join(',', legs)), Stop);
        await using var paper = await PaperProcess.StartAsync("--crowd", "0", "--tier", "0", "--script", script);
        using var owner = await Socket.OpenAsync(paper, Stop);
        await owner.LoginAsync();
        var listed = await owner.CallAsync("public/get_instruments", new { currency = "BTC", kind = "future" });
        string future = listed
            .EnumerateArray()
            .Where(row => row.GetProperty("settlement_period").GetString() != "perpetual")
            .MaxBy(row => row.GetProperty("expiration_timestamp").GetInt64())
            .GetProperty("instrument_name")
            .GetString()!;
        await HoldAsync(owner, Perpetual, -HedgeUsd);
        await HoldAsync(owner, future, HedgeUsd);
        await using var run = await RunProcess.StartAsync(
            folder,
            live: true,
            Mandate.Replace("FUTURE", future),
            ["--url", $"{paper.Address}"],
            new Dictionary<string, string>()
        );
        await run.HeardAsync(" solve ");

        // Somebody goes long on ten times his money, between two crashes.
        using var other = await Socket.OpenAsync(paper, Stop);
        await other.LoginAsync("paper-2");
        await HoldAsync(other, Perpetual, 6_000_000);

        await run.HeardAsync("alert code=deleveraged");
        string decided = await run.HeardAsync($"decided instrument={future} cause=rebalance");
        Assert.Contains($"binding=\"{Perpetual} was deleveraged\"", decided);
        await UntilAsync(async () => await SizeAsync(owner, future) < HedgeUsd / 2);
        Assert.True(await SizeAsync(owner, Perpetual) > -HedgeUsd);
        Assert.Equal(0, (await run.TerminateAsync()).Code);
        Told(folder, future);
    }

    /// <summary>Event, decision and its cause in the journal; a replay makes the same of it.</summary>
    static void Told(TemporaryFolder folder, string future)
    {
        var files = new DiskFiles(Path.Combine(RunProcess.Data(folder), "journal"));
        var fills = new List<FillSeen>();
        var decisions = new List<Decided>();
        JournalHistory.Read(
            files,
            entry =>
            {
                if (entry is EventEntry { Next.Event: FillSeen { IsDeleveraging: true } fill })
                    fills.Add(fill);
                if (entry is EffectsEntry effects)
                    decisions.AddRange(effects.Effects.OfType<Decided>());
            }
        );
        Assert.NotEmpty(fills);
        Assert.All(fills, fill => Assert.Equal((Perpetual, Markets.Side.Buy), (fill.Instrument, fill.Side)));
        var rebalanced = decisions.Where(one => one is { Cause: "rebalance", Order: < 0 }).ToList();
        Assert.NotEmpty(rebalanced);
        Assert.All(rebalanced, one => Assert.Equal(future, one.Instrument));
        Assert.True(Replay.Run(files).IsSame);
    }

    static async Task HoldAsync(Socket socket, string instrument, decimal usd)
    {
        await UntilAsync(async () =>
        {
            decimal missing = usd - await SizeAsync(socket, instrument);
            if (missing == 0)
                return true;
            var ticker = await socket.CallAsync("public/ticker", new { instrument_name = instrument });
            decimal price = ticker.GetProperty(missing > 0 ? "max_price" : "min_price").GetDecimal();
            try
            {
                await socket.CallAsync(
                    missing > 0 ? "private/buy" : "private/sell",
                    new
                    {
                        instrument_name = instrument,
                        amount = Math.Min(Math.Abs(missing), 500_000),
                        type = "limit",
                        price,
                        time_in_force = "immediate_or_cancel",
                    }
                );
            }
            catch (InvalidOperationException refused)
                when (refused.Message.Contains("price_too_", StringComparison.Ordinal))
            {
                // The band moved between the two calls: the next round asks for it again.
            }
            return false;
        });
    }

    static async Task<decimal> SizeAsync(Socket socket, string instrument)
    {
        var held = await socket.CallAsync("private/get_position", new { instrument_name = instrument });
        return held.GetProperty("size").GetDecimal();
    }

    static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (int i = 0; i < 600; i++)
        {
            if (await holds())
                return;
            await Task.Delay(200, Stop);
        }
        Assert.Fail("not within two minutes");
    }
}
