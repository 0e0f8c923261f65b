using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Journal.Tests;
using Plimsoll.Markets;

namespace Plimsoll.Live.Tests;

/// <summary>Time that a test moves.</summary>
sealed class HandClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>One engine on a fake venue and a disk in memory, moved by hand.</summary>
sealed class Run
{
    public static PerpetualInstrument Perpetual { get; } =
        new()
        {
            Name = "BTC-PERPETUAL",
            Venue = "deribit",
            Underlying = "BTC",
            Shape = PayoffShape.Inverse,
            Settlement = new Currency("BTC"),
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
                DuplicateWindow = TimeSpan.FromMilliseconds(200),
            },
        };

    public Run(MemoryFiles? disk = null, FakeVenue? venue = null)
    {
        Disk = disk ?? new MemoryFiles();
        Venue = venue ?? new FakeVenue(Disk);
        Open();
    }

    public MemoryFiles Disk { get; }

    public FakeVenue Venue { get; }

    public HandClock Clock { get; } = new();

    public JournalledEngine Engine { get; private set; } = null!;

    public EngineLoop Loop { get; private set; } = null!;

    /// <summary>Contracts that every solve wants.</summary>
    public decimal Target { get; set; } = 50;

    /// <summary>What solves do instead, if anything.</summary>
    public Func<EngineEvent>? Solver { get; set; }

    /// <summary>Compares margin; null: nothing does.</summary>
    public Func<MarginQuestion, EngineView, MarginStated, EngineEvent>? Compare { get; set; }

    /// <summary>A new process on what the disk holds.</summary>
    public void Open()
    {
        Engine = JournalledEngine.Open(Disk, "e1 test");
        Loop = new EngineLoop(Engine, Venue, Solve, Clock, work => work(), Compare);
        Venue.Learned = Loop.Post;
        if (Engine.State.Sequence == 0)
            Loop.Post(new Configured(Settings, [Perpetual]));
        Loop.Post(new Started("test"));
        Loop.Post(new SessionUp());
    }

    /// <summary>Half a second with a ticker and the account's figures.</summary>
    public void Pass(int times = 1, decimal mark = 60_000)
    {
        for (int i = 0; i < times; i++)
        {
            Clock.Now = Clock.Now.AddSeconds(0.5);
            Loop.Post(new TickerSeen("BTC-PERPETUAL", mark, mark, new TopOfBook(mark - 0.5m, mark), 100, 100, null));
            Loop.Post(new AccountSeen(100_000, 0, 0));
            while (Loop.Turn()) { }
        }
    }

    /// <summary>Armed and for some seconds alive.</summary>
    public Run Armed()
    {
        Pass(2);
        Loop.Post(new Armed("ana", "test"));
        Pass(30);
        return this;
    }

    EngineEvent Solve(EngineView view, Solve asked, ulong sequence) =>
        Solver?.Invoke()
        ?? new TargetsReady(
            sequence,
            asked.InputDigest,
            [new TargetContracts("BTC-PERPETUAL", Target, 0.2m, 0.01m, "limits.initial-margin")]
        );
}
