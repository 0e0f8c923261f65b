using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine.Tests;

/// <summary>Feeds events by hand and keeps what came out.</summary>
sealed class EngineDriver
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    public EngineState State { get; } = new();

    public List<EngineEffect> Effects { get; } = [];

    public List<Sequenced> Journal { get; } = [];

    public DateTimeOffset Now { get; private set; } = Start;

    public static PerpetualInstrument Perpetual(string underlying = "BTC") =>
        new()
        {
            Name = $"{underlying}-PERPETUAL",
            Venue = "deribit",
            Underlying = underlying,
            Shape = PayoffShape.Inverse,
            Settlement = new Currency(underlying),
            ContractSize = 10,
            LotContracts = 1,
            MinimumOrderContracts = 1,
            Ticks = TickSchedule.Uniform(0.5m),
            Fees = new FeeSchedule(0m, 0.0005m, 0.00025m, null),
            OrderAmountPerContract = 10,
            OrderAmountUnit = "USD",
        };

    public static EngineSettings Settings { get; } =
        new()
        {
            EngineId = "e1",
            Controls = new ControlLimits
            {
                OrderNotionalUsd = 200_000,
                OrderShareOfEquity = 2,
                PositionNotionalUsd = 400_000,
                GrossNotionalUsd = 800_000,
                OpenOrders = 20,
                PriceCollar = 0.02m,
                InitialMarginShare = 0.8m,
                LossTodayShare = 0.5m,
                MessagesPerSecond = 20,
                CutReserve = 20,
                DuplicateWindow = TimeSpan.FromMilliseconds(200),
            },
            Drawdowns = [new DrawdownStep(0.10m, 0.5m), new DrawdownStep(0.30m, 0)],
        };

    /// <summary>The effects of one event at the present time.</summary>
    public List<EngineEffect> Give(EngineEvent happened)
    {
        var next = new Sequenced(State.Sequence + 1, Now, happened);
        Journal.Add(next);
        var effects = new List<EngineEffect>();
        EngineCore.Step(State, next, effects);
        Effects.AddRange(effects);
        return effects;
    }

    /// <summary>Time goes on and is told.</summary>
    public List<EngineEffect> Wait(double seconds)
    {
        Now = Now.AddSeconds(seconds);
        return Give(new TimePassed());
    }

    public List<EngineEffect> Tick(decimal mark, string instrument = "BTC-PERPETUAL", decimal depth = 10_000) =>
        Give(new TickerSeen(instrument, mark, mark, new TopOfBook(mark - 0.5m, mark), depth, depth, null));

    public List<EngineEffect> Account(decimal equity = 100_000, decimal initial = 0, decimal maintenance = 0) =>
        Give(new AccountSeen(equity, initial, maintenance));

    public void AnswerReconcile(params Position[] positions) =>
        Give(new ReconcileSeen(LastReconcile, [.. positions], [], []));

    public ulong LastReconcile => State.ReconcileAskedSequence;

    /// <summary>Up, read, priced, armed, with a position and no targets.</summary>
    public static EngineDriver Live(decimal held = 0, decimal mark = 60_000)
    {
        var driver = new EngineDriver();
        driver.Give(new Configured(Settings, [Perpetual(), Perpetual("ETH")]));
        driver.Give(new SessionUp());
        driver.Tick(mark);
        driver.Tick(2_000, "ETH-PERPETUAL");
        driver.Account();
        driver.AnswerReconcile(new Position("BTC-PERPETUAL", held, null));
        driver.Give(new Armed("ana", "morning"));
        driver.Wait(6);
        driver.Tick(mark);
        driver.Account();
        Assert.Equal(EngineMode.Live, driver.State.Mode);
        return driver;
    }

    /// <summary>Answers the last solve with targets of the BTC perpetual.</summary>
    public List<EngineEffect> Target(decimal contracts, decimal? maintenanceUsd = 0.2m) =>
        Give(
            new TargetsReady(
                State.SolveAskedSequence,
                State.SolveDigest,
                [new TargetContracts("BTC-PERPETUAL", contracts, maintenanceUsd, 0.01m, "survival.worst-case")]
            )
        );

    /// <summary>The same of several instruments, under a law of these volatilities.</summary>
    public List<EngineEffect> Targets(TargetContracts[] targets, params CoinVolatility[] law) =>
        Give(new TargetsReady(State.SolveAskedSequence, State.SolveDigest, [.. targets], [.. law]));

    public SendOrder LastOrder => Effects.OfType<SendOrder>().Last();
}
