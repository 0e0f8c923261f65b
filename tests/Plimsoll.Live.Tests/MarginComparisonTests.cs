using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Live.Tests;

/// <summary>The model against what a venue stated of the same book.</summary>
public sealed class MarginComparisonTests
{
    const decimal Held = 3_000;
    const double MarkUsd = 60_000;
    static readonly Currency Btc = new("BTC");

    // 30,000 USD at 60,000: half a coin, by the shipped figures read apart from the model.
    static readonly FutureMarginFractions Future = StandardMarginParameters.Shipped().Find("BTC")!.Future!;
    static readonly double Coins = (double)Held * 10 / MarkUsd;
    static readonly double Initial = Coins * (Future.InitialBase + Future.SlopePerCoin * Coins);
    static readonly double Maintenance = Coins * (Future.MaintenanceBase + Future.SlopePerCoin * Coins);

    static readonly SolveSettings Settings = new()
    {
        Mandate = MandateFile.Parse(BacktestMandate.Text, "mandate").Value,
        Account = "main",
        Venue = "deribit",
        MarginMode = MarginMode.SegregatedStandard,
        Scenarios = 1_000,
    };

    static EngineView View(decimal mark, bool ordersRest = false)
    {
        var state = new EngineState();
        var effects = new List<EngineEffect>();
        void Give(EngineEvent happened) =>
            EngineCore.Step(state, new Sequenced(state.Sequence + 1, new HandClock().Now, happened), effects);
        Give(new Configured(Run.Settings, [Run.Perpetual]));
        Give(new SessionUp());
        Give(new TickerSeen("BTC-PERPETUAL", mark, mark, new TopOfBook(mark - 0.5m, mark), 10, 10, null));
        Give(new AccountSeen(600_000, 0, 0, [new Balance(Btc, 10)]));
        Give(new ReconcileSeen(state.Sequence - 1, [new Position("BTC-PERPETUAL", Held, mark)], [], []));
        var view = EngineView.Of(state);
        var order = new OrderIntent(
            "a",
            "BTC-PERPETUAL",
            Side.Buy,
            1,
            mark,
            false,
            false,
            OrderLife.Rests,
            view.Now,
            OrderPurpose.Resize
        );
        return ordersRest ? view with { Orders = [new OrderView(order, OrderPhase.Open, 0)] } : view;
    }

    static MarginCompared Compare(
        double initial,
        double maintenance,
        EngineView? before = null,
        EngineView? after = null
    )
    {
        var asked = new SimulateMargin([new Position("BTC-PERPETUAL", Held, null)]);
        before ??= View((decimal)MarkUsd);
        var stated = new MarginStated(7, [new StatedPool(Btc, (decimal)initial, (decimal)maintenance)], "");
        var question = new MarginQuestion(7, asked, before);
        return Assert.IsType<MarginCompared>(MarginComparison.Run(Settings, question, after ?? before, stated));
    }

    [Fact]
    public void Equal_figures_are_no_error_and_a_larger_one_is_its_share()
    {
        // As the venue rounds: up, to eight digits.
        var equal = Assert.Single(Compare(Math.Round(Initial + 5e-9, 8), Math.Round(Maintenance + 5e-9, 8)).Errors);
        Assert.Equal(("deribit-standard-margin", "main/BTC", "BTC"), (equal.Model, equal.Pool, equal.Currency.Code));
        Assert.Equal(0, equal.Shortfall);
        Assert.Equal(0.02m, Compare(1.01 * Initial, 1.02 * Maintenance).Errors.Single().Shortfall);
        Assert.Equal(0, Compare(0.5 * Initial, 0.5 * Maintenance).Errors.Single().Shortfall);
    }

    /// <summary>The model is asked at both moments: between its two figures there is no error.</summary>
    [Fact]
    public void What_the_market_did_between_question_and_answer_is_no_error()
    {
        var fallen = View(0.97m * (decimal)MarkUsd);
        Assert.Equal(0, Compare(1.02 * Initial, 1.02 * Maintenance, after: fallen).Errors.Single().Shortfall);
        // The margin of 3,000 contracts is 3.1% higher at a price 3% lower.
        Assert.InRange(
            Compare(1.06 * Initial, 1.06 * Maintenance, after: fallen).Errors.Single().Shortfall!.Value,
            0.027m,
            0.029m
        );
    }

    [Fact]
    public void While_orders_rest_only_maintenance_margin_counts()
    {
        var busy = View((decimal)MarkUsd, ordersRest: true);
        Assert.Equal(0, Compare(1.5 * Initial, Maintenance, busy).Errors.Single().Shortfall);
        Assert.Equal(0.01m, Compare(1.5 * Initial, 1.01 * Maintenance, busy).Errors.Single().Shortfall);
    }

    [Fact]
    public void What_cannot_be_compared_is_said()
    {
        var unknown = Assert.IsType<MarginCompared>(
            MarginComparison.Run(
                Settings,
                new MarginQuestion(7, new SimulateMargin([new Position("BTC-PERPETUAL", Held, null)]), View(60_000)),
                View(60_000),
                new MarginStated(7, [new StatedPool(new Currency("ETH"), 1, 1)], "")
            )
        );
        Assert.Empty(unknown.Errors);
        Assert.Contains("no pool of the account", unknown.Reason, StringComparison.Ordinal);
    }

    /// <summary>Through the loop: effect, answer, comparison, state, journal, restart.</summary>
    [Fact]
    public void An_error_goes_from_the_venues_answer_into_the_journal_and_is_there_after_a_restart()
    {
        var run = new Run { Compare = (asked, now, stated) => MarginComparison.Run(Settings, asked, now, stated) };
        run.Venue.Positions["BTC-PERPETUAL"] = Held;
        run.Venue.Stated = [new StatedPool(Btc, (decimal)(1.04 * Initial), (decimal)Maintenance)];
        run.Target = Held;
        run.Open();
        run.Armed();
        var question = run.Venue.Got.Select(got => got.Effect).OfType<SimulateMargin>().First();
        Assert.Equal(Held, question.Positions.Single().Contracts);
        Assert.Equal(0.04m, run.Loop.View.MarginCheck.Widening["deribit-standard-margin"]);
        run.Engine.Flush();
        run.Open();
        Assert.Equal(0.04m, run.Loop.View.MarginCheck.Widening["deribit-standard-margin"]);
        Assert.True(Replay.Run(run.Disk).IsSame);
    }
}
