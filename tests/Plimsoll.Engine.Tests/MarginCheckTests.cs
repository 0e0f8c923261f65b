using Plimsoll.Markets;

namespace Plimsoll.Engine.Tests;

/// <summary>The margin model against the venue's simulator: when it is asked, and what an error does.</summary>
public sealed class MarginCheckTests
{
    const string Model = "deribit-standard-margin";

    static ComparedMargin Error(decimal? shortfall) =>
        new(Model, "main/BTC", new Currency("BTC"), 1, 1 + (shortfall ?? 9), 1, 1, shortfall);

    static SimulateMargin? Asked(IEnumerable<EngineEffect> effects) => effects.OfType<SimulateMargin>().LastOrDefault();

    static List<EngineEffect> Answer(EngineDriver driver, decimal? shortfall) =>
        driver.Give(new MarginCompared(driver.State.MarginCheck.AskedSequence, [Error(shortfall)], ""));

    /// <summary>Asked about its first book.</summary>
    static EngineDriver Live(decimal held)
    {
        var driver = EngineDriver.Live(held);
        driver.Wait(1);
        return driver;
    }

    [Fact]
    public void The_venue_is_asked_about_the_book_and_again_when_it_changed_or_is_old()
    {
        var driver = Live(300);
        var asked = Asked(driver.Effects)!;
        Assert.Equal([new Position("BTC-PERPETUAL", 300, null)], asked.Positions);
        Answer(driver, 0);
        Assert.Null(Asked(driver.Wait(20)));
        // A twentieth of the book: not yet; a fifth: at once.
        driver.Give(new FillSeen("t1", null, "BTC-PERPETUAL", Side.Buy, 15, 60_000, false));
        Assert.Null(Asked(driver.Wait(1)));
        driver.Give(new FillSeen("t2", null, "BTC-PERPETUAL", Side.Buy, 60, 60_000, false));
        Assert.Equal(375, Assert.Single(Asked(driver.Wait(1))!.Positions).Contracts);
        Answer(driver, 0);
        var last = driver.Now;
        while (Asked(driver.Wait(5)) is null)
        {
            driver.Tick(60_000);
            driver.Account();
        }
        Assert.InRange((driver.Now - last).TotalSeconds, 300, 306);
    }

    [Fact]
    public void Nothing_is_asked_while_a_question_is_open_or_positions_are_cut_or_nobody_wants_it()
    {
        var driver = Live(300);
        int before = driver.Effects.OfType<SimulateMargin>().Count();
        driver.Wait(30);
        Assert.Equal(before, driver.Effects.OfType<SimulateMargin>().Count());
        driver.Account(maintenance: 75_000);
        Assert.Equal(EngineMode.Cutting, driver.State.Mode);
        Assert.Null(Asked(driver.Wait(100)));

        var silent = new EngineDriver();
        silent.Give(
            new Configured(EngineDriver.Settings with { SimulateInterval = TimeSpan.Zero }, [EngineDriver.Perpetual()])
        );
        silent.Give(new SessionUp());
        silent.Tick(60_000);
        silent.Account();
        silent.AnswerReconcile(new Position("BTC-PERPETUAL", 300, null));
        silent.Give(new Armed("ana", "morning"));
        silent.Wait(6);
        Assert.Equal(EngineMode.Live, silent.State.Mode);
        Assert.Null(Asked(silent.Effects));
    }

    /// <summary>With an error of a tenth the line at 70% is crossed at 64%, by the venue's own figures.</summary>
    [Fact]
    public void An_error_brings_the_cuts_forward_and_says_so()
    {
        var plain = Live(3_000);
        Answer(plain, 0);
        plain.Account(maintenance: 64_000);
        Assert.Equal(EngineMode.Live, plain.State.Mode);

        var widened = Live(3_000);
        var alert = Answer(widened, 0.1m).OfType<Alert>().Single();
        Assert.Equal(
            ("margin-error", "margin is widened by 10%, as the venue was seen to ask more"),
            (alert.Code, alert.Words)
        );
        widened.Account(maintenance: 64_000);
        Assert.Equal(EngineMode.Cutting, widened.State.Mode);
        Assert.Contains("widened by 10%", widened.State.ModeCause, StringComparison.Ordinal);
        var cut = widened.Effects.OfType<Decided>().Last(decided => decided.Cause == "cut");
        Assert.Equal("margin is widened by 10%, as the venue was seen to ask more", cut.Binding);
        // Liquidation is the venue's own fact, and no model's.
        widened.Account(maintenance: 95_000);
        Assert.Equal(EngineMode.Cutting, widened.State.Mode);
    }

    [Fact]
    public void A_moved_error_asks_for_a_solve_and_old_ones_are_forgotten()
    {
        var driver = Live(300);
        driver.Target(300);
        driver.Wait(2);
        int solves = driver.Effects.OfType<Solve>().Count();
        Answer(driver, 0.02m);
        driver.Wait(2);
        Assert.Equal("the margin models' error moved", driver.Effects.OfType<Solve>().Skip(solves).Single().Why);
        Assert.Equal(0.02m, EngineView.Of(driver.State).MarginCheck.Widening[Model]);
        for (int i = 0; i < MarginCheck.Memory; i++)
        {
            Assert.Equal(0.02m, driver.State.MarginCheck.Widening);
            Answer(driver, 0.01m);
        }
        Assert.Equal(0.01m, driver.State.MarginCheck.Widening);
        Answer(driver, null);
        Assert.Null(EngineView.Of(driver.State).MarginCheck.Widening[Model]);
        Assert.Equal(1, driver.State.MarginCheck.Factor);
    }

    [Fact]
    public void It_survives_a_snapshot_and_a_restart_and_an_answer_to_an_older_question_counts_for_nothing()
    {
        var driver = Live(300);
        driver.Give(new MarginCompared(driver.State.MarginCheck.AskedSequence - 1, [Error(0.5m)], ""));
        Assert.Equal(0, driver.State.MarginCheck.Widening);
        Answer(driver, 0.03m);
        driver.Give(new MarginStated(driver.State.MarginCheck.AskedSequence, [], "too many requests"));
        driver.Give(new Started("next"));
        var again = StateCodec.Read(StateCodec.Write(driver.State))!;
        Assert.Equal(driver.State.Digest(), again.Digest());
        var check = EngineView.Of(again).MarginCheck;
        Assert.Equal((0.03m, "too many requests"), (check.Widening[Model]!.Value, check.Trouble));
        Assert.Equal(Error(0.03m), Assert.Single(check.Last));
    }

    /// <summary>Settings of journals that were written before simulators were asked: none is.</summary>
    [Fact]
    public void Settings_of_version_2_ask_no_simulator()
    {
        byte[] bytes = EventCodec.Write(new Configured(EngineDriver.Settings, []));
        // Before the count of instruments, four bytes, stand what version 4 added (42) and the interval (8).
        byte[] second = [.. bytes[..^54], .. bytes[^4..]];
        var read = (Configured)EventCodec.Read(1, 2, second, "journal").Value;
        Assert.Equal(TimeSpan.Zero, read.Settings.SimulateInterval);
        Assert.Equal(EngineDriver.Settings.DeleveragingPause, read.Settings.DeleveragingPause);
        byte[] after = [.. bytes[..^46], .. bytes[^4..]];
        var third = (Configured)EventCodec.Read(1, 3, after, "journal").Value;
        Assert.Equal(EngineDriver.Settings.SimulateInterval, third.Settings.SimulateInterval);
    }
}
