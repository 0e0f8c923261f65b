using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Engine.Tests;

/// <summary>
/// A venue that forgets answers, tells things twice, late and out of order, and drops the session; seeded, so that a
/// failing run is its seed. It is the truth: what the engine believes at the end is compared with it.
/// </summary>
sealed partial class VenueSimulation
{
    readonly SeededRandom random;
    readonly PriorityQueue<EngineEvent, (DateTimeOffset, int)> pending = new();
    readonly Dictionary<string, decimal> positions = new(StringComparer.Ordinal);
    readonly HashSet<string> labels = new(StringComparer.Ordinal);
    readonly Dictionary<string, OrderSeen> orders = new(StringComparer.Ordinal);
    readonly SimulatedBook book;
    readonly List<FillSeen> trades = [];
    readonly Dictionary<string, decimal> prices = new(StringComparer.Ordinal)
    {
        ["BTC-PERPETUAL"] = 60_000,
        ["ETH-PERPETUAL"] = 2_000,
    };
    bool isCalm;
    int told;

    public VenueSimulation(ulong seed)
    {
        random = new SeededRandom(seed, 0);
        Settings = SettingsOf(seed);
        book = new SimulatedBook(this);
        Start();
    }

    public EngineState State { get; private set; } = new();

    public List<Sequenced> Journal { get; } = [];

    public List<(ulong Sequence, EngineEffect Effect)> Effects { get; } = [];

    public DateTimeOffset Now { get; private set; } = EngineDriver.Start;

    public IReadOnlyDictionary<string, decimal> Positions => positions;

    public int DuplicateLabels { get; private set; }

    public decimal LargestNotionalUsd { get; private set; }

    public int OpeningsAfterKill { get; private set; }

    /// <summary>Every fourth seed sends immediate orders alone, every fourth is at a venue that changes none.</summary>
    public EngineSettings Settings { get; }

    /// <summary>Orders that rest at the venue.</summary>
    public IEnumerable<string> Resting => book.Labels;

    /// <summary>Changes that were asked for while the fate of the one before was not known.</summary>
    public int BlindChanges => book.BlindChanges;

    /// <summary>Orders that the venue changed.</summary>
    public int Changes => book.Changes;

    /// <summary>Most of one instrument if everything at the venue had filled, USD.</summary>
    public decimal LargestWorstUsd { get; private set; }

    bool isKilled;

    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Now = Now.AddMilliseconds(20 + 400 * random.NextDouble());
            Market();
            if (Chance(0.01))
                Lose();
            if (Chance(0.002))
                Restart();
            if (Chance(0.001))
            {
                isKilled = true;
                Give(new Killed("seed", "drill", Chance(0.5)));
            }
            if (Chance(0.01))
                Give(new ClockOffsetSeen(TimeSpan.FromMilliseconds(Chance(0.3) ? 700 : 20)));
            if (isKilled && Chance(0.02))
            {
                isKilled = false;
                Give(new Armed("seed", "drill over"));
            }
            Tell();
            Give(new TimePassed());
        }
        // Calm: everything is answered, so that both sides must agree.
        isCalm = true;
        Give(new ClockOffsetSeen(TimeSpan.Zero));
        if (!State.SessionIsUp)
            Give(new SessionUp());
        for (int i = 0; i < 200; i++)
        {
            Now = Now.AddMilliseconds(250);
            Market();
            Tell();
            Give(new TimePassed());
        }
        for (int i = 0; i < 100 && pending.Count > 0; i++)
            Tell();
    }

    static EngineSettings SettingsOf(ulong seed) =>
        EngineDriver.Settings with
        {
            Controls = EngineDriver.Settings.Controls with { PositionNotionalUsd = 60_000 },
            TradeMemory = TimeSpan.FromSeconds(20),
            Resting = new RestingSettings
            {
                IsOn = seed % 4 != 0,
                VenueEdits = seed % 4 != 1,
                Deadline = TimeSpan.FromSeconds(5),
                EditPause = TimeSpan.FromSeconds(0.5),
            },
        };

    void Start()
    {
        Give(new Configured(Settings, [EngineDriver.Perpetual(), EngineDriver.Perpetual("ETH")]));
        Give(new SessionUp());
        Give(new Armed("seed", "start"));
    }

    /// <summary>The process dies and comes back: the state is that of its journal, and the session is new.</summary>
    void Restart()
    {
        State = Replay(Journal);
        Give(new SessionDown("restart"));
        Give(new SessionUp());
    }

    public static EngineState Replay(IEnumerable<Sequenced> journal)
    {
        var state = new EngineState();
        var effects = new List<EngineEffect>();
        foreach (var next in journal)
            EngineCore.Step(state, next, effects);
        return state;
    }

    void Lose()
    {
        if (!State.SessionIsUp)
        {
            Give(new SessionUp());
            return;
        }
        Give(new SessionDown("reset"));
        pending.Clear();
        // The venue cancels what rests when the line breaks, as it was asked to; not always.
        if (Chance(0.7))
            book.CancelAll(isTold: false);
    }

    void Market()
    {
        foreach (string name in prices.Keys.ToList())
        {
            decimal move = (decimal)Math.Round(0.002 * (random.NextDouble() - 0.5) * (Chance(0.02) ? 20 : 1), 6);
            prices[name] = Math.Round(prices[name] * (1 + move) * 2) / 2;
            book.Trade(name, prices[name]);
            if (!State.SessionIsUp || (!isCalm && Chance(0.05)))
                continue;
            decimal depth = 200 + (decimal)(int)(2_000 * random.NextDouble());
            decimal spread = Settings.Resting.IsOn ? 0.5m * (1 + (int)(4 * random.NextDouble())) : 0.5m;
            var top = new Controls.TopOfBook(prices[name] - spread, prices[name]);
            Give(new TickerSeen(name, prices[name], prices[name], top, depth, depth, null));
        }
        if (!State.SessionIsUp)
            return;
        decimal notional = positions.Values.Sum(contracts => 10 * Math.Abs(contracts));
        LargestNotionalUsd = Math.Max(LargestNotionalUsd, notional);
        foreach (string name in prices.Keys)
        {
            var (buys, sales) = book.Open(name);
            decimal held = positions.GetValueOrDefault(name);
            decimal worst = 10 * Math.Max(Math.Abs(held + buys), Math.Abs(held - sales));
            LargestWorstUsd = Math.Max(LargestWorstUsd, worst);
        }
        Give(new AccountSeen(100_000, notional * 0.04m, notional * 0.02m));
    }

    void Give(EngineEvent happened)
    {
        var next = new Sequenced(State.Sequence + 1, Now, happened);
        Journal.Add(next);
        var effects = new List<EngineEffect>();
        EngineCore.Step(State, next, effects);
        foreach (var effect in effects)
        {
            Effects.Add((next.Sequence, effect));
            Do(effect, next.Sequence);
        }
    }

    void Do(EngineEffect effect, ulong sequence)
    {
        switch (effect)
        {
            case SendOrder send:
                Take(send.Order);
                break;
            case EditOrder edit:
                if (isKilled && !edit.Order.ReduceOnly)
                    OpeningsAfterKill++;
                book.Change(edit.Order);
                break;
            case CancelAll:
                book.CancelAll(isTold: true);
                break;
            case CancelOrder cancel when isCalm || !Chance(0.1):
                book.Cancel(cancel.Label);
                if (orders.TryGetValue(cancel.Label, out var known))
                    Later(known);
                break;
            case ReadOrder read:
                if (isCalm || !Chance(0.3))
                    Later(orders.TryGetValue(read.Label, out var found) ? found : new OrderNotFound(read.Label));
                break;
            case Reconcile:
                if (isCalm || !Chance(0.3))
                    Later(
                        new ReconcileSeen(
                            sequence,
                            [.. positions.Select(p => new Position(p.Key, p.Value, null))],
                            [.. book.Listed],
                            [.. trades.Where(trade => Now - trade.VenueAt < TimeSpan.FromMinutes(1))]
                        )
                    );
                break;
            case SimulateMargin:
                if (Chance(0.2))
                    Later(new MarginStated(sequence, [], "busy"));
                else if (!Chance(0.2))
                    Later(
                        new MarginCompared(
                            sequence,
                            [new ComparedMargin("m", "p", Currency.Usd, 1, 1, 1, 1, Chance(0.5) ? 0.01m : 0)],
                            ""
                        )
                    );
                break;
            case Solve solve:
                // What a solve wants is no matter here: anything within the limits.
                decimal Wanted() => (int)(20_000 * (random.NextDouble() - 0.5));
                Later(
                    new TargetsReady(
                        sequence,
                        solve.InputDigest,
                        [
                            new TargetContracts("BTC-PERPETUAL", Wanted(), 0.2m, 0.01m, ""),
                            new TargetContracts("ETH-PERPETUAL", Wanted(), 0.2m, 0.01m, ""),
                        ]
                    )
                );
                break;
        }
    }

    void Take(Controls.OrderIntent order)
    {
        if (isKilled && !order.ReduceOnly)
            OpeningsAfterKill++;
        if (!labels.Add(order.Label))
            DuplicateLabels++;
        bool isLost = !isCalm && Chance(0.1);
        if (isLost && Chance(0.5))
        {
            // Never arrived.
            Later(new SendFailed(order.Label, true, "time-out"));
            return;
        }
        if (order.Life == Controls.OrderLife.Rests)
        {
            book.Place(order, prices[order.Instrument]);
            Later(isLost ? new SendFailed(order.Label, true, "time-out") : orders[order.Label]);
            return;
        }
        decimal held = positions.GetValueOrDefault(order.Instrument);
        decimal fills = Chance(0.3) ? Math.Floor(order.Contracts * (decimal)random.NextDouble()) : order.Contracts;
        if (order.ReduceOnly)
        {
            bool reduces = Math.Sign(order.Signed) == -Math.Sign(held);
            fills = reduces ? Math.Min(fills, Math.Abs(held)) : 0;
        }
        if (fills > 0)
            Fill(order, fills);
        var status = fills == order.Contracts ? VenueOrderStatus.Filled : VenueOrderStatus.Cancelled;
        var seen = new OrderSeen(order.Label, status, fills, "");
        orders[order.Label] = seen;
        Later(isLost ? new SendFailed(order.Label, true, "time-out") : seen);
    }

    void Fill(Controls.OrderIntent order, decimal contracts)
    {
        string trade = FormattableString.Invariant($"t{trades.Count}");
        decimal signed = order.Side == Side.Buy ? contracts : -contracts;
        positions[order.Instrument] = positions.GetValueOrDefault(order.Instrument) + signed;
        var fill = new FillSeen(
            trade,
            order.Label,
            order.Instrument,
            order.Side,
            contracts,
            order.LimitPrice,
            false,
            VenueAt: Now
        );
        trades.Add(fill);
        Later(fill);
        // Told twice, and now and then one that is long past.
        if (Chance(0.1))
            Later(fill);
        if (Chance(0.1))
            Later(trades[(int)(trades.Count * random.NextDouble())]);
    }

    void Later(EngineEvent happened)
    {
        double seconds =
            isCalm ? 0
            : Chance(0.1) ? 3 * random.NextDouble()
            : 0.1 * random.NextDouble();
        if (!isCalm && happened is FillSeen && Chance(0.02))
            return; // a frame that is lost for good: only a reading finds it
        pending.Enqueue(happened, (Now.AddSeconds(seconds), told++));
    }

    void Tell()
    {
        while (pending.TryPeek(out var happened, out var due) && due.Item1 <= Now)
        {
            pending.Dequeue();
            book.Told(happened);
            if (State.SessionIsUp || happened is TargetsReady)
                Give(happened);
        }
    }

    bool Chance(double probability) => random.NextDouble() < probability;
}
