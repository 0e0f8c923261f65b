using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Journal;
using Plimsoll.Live;
using Plimsoll.Markets;
using Plimsoll.Storage;
using Plimsoll.Venues;

namespace Plimsoll.Bench;

/// <summary>
/// Tick to decision of the core, and kill to first cancel through the loop with its journal on disk: 2,000 instruments,
/// 500 positions, 1,000 ticks a second.
/// </summary>
static class QuickLatency
{
    const int Instruments = 2_000;
    const int Positions = 500;
    const int Ticks = 20_000;
    const int Kills = 200;
    static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(1);
    static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    public static void Run(TextWriter output)
    {
        output.WriteLine($"{Instruments} instruments, {Positions} positions, {Environment.ProcessorCount} processors");
        TicksToDecisions(output);
        KillsToCancels(output);
    }

    static void TicksToDecisions(TextWriter output)
    {
        var names = Listed();
        var (state, effects, now) = (new Engine.EngineState(), new List<EngineEffect>(), Start);
        var sent = new Queue<string>();
        void Give(EngineEvent happened)
        {
            effects.Clear();
            EngineCore.Step(state, new Sequenced(state.Sequence + 1, now, happened), effects);
            foreach (var effect in effects)
                if (effect is SendOrder send)
                    sent.Enqueue(send.Order.Label);
        }
        foreach (var happened in Beginning(names))
            Give(happened);
        Answer(Give, effects, state);
        var all = new List<double>(Ticks);
        var deciding = new List<double>();
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Ticks; i++)
        {
            now += TickEvery;
            long began = Stopwatch.GetTimestamp();
            Give(Tick(names[i * 7 % Instruments], i));
            double took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            all.Add(took);
            if (effects.Any(effect => effect is Decided))
                deciding.Add(took);
            if (i % 500 == 0)
                Give(new TimePassed());
            Answer(Give, effects, state);
            if (i % 1_000 == 0)
                Give(new AccountSeen(5_000_000, 100_000, 50_000));
            Answer(Give, effects, state);
            if (sent.TryDequeue(out string? label))
                Give(new OrderSeen(label, VenueOrderStatus.Cancelled, 0, ""));
        }
        long after = GC.GetTotalMemory(forceFullCollection: true);
        Say(output, "tick through step", all);
        Say(output, "those that decided", deciding);
        output.WriteLine(FormattableString.Invariant($"memory {memory >> 20} MB before, {after >> 20} MB after"));
    }

    static void KillsToCancels(TextWriter output)
    {
        string folder = Directory.CreateTempSubdirectory("plimsoll-latency").FullName;
        try
        {
            using var engine = JournalledEngine.Open(new DiskFiles(folder), "bench");
            var venue = new HeardVenue();
            var loop = new EngineLoop(
                engine,
                venue,
                (_, asked, at) => new SolveFailed(at, "", ""),
                TimeProvider.System
            );
            var names = Listed();
            using var ending = new CancellationTokenSource();
            foreach (var happened in Beginning(names))
            {
                loop.Post(happened);
                // A command would overtake the settings.
                if (happened is Configured)
                    loop.Turn();
            }
            var applying = new Thread(() => loop.Run(ending.Token));
            var feeding = new Thread(() => Feed(loop, names, ending.Token));
            applying.Start();
            feeding.Start();
            var took = new List<double>();
            for (int i = 0; i < Kills; i++)
            {
                Task.Delay(20).Wait();
                long began = Stopwatch.GetTimestamp();
                loop.Post(new Killed("bench", "drill", false));
                if (!venue.Cancelled.Wait(TimeSpan.FromSeconds(10)))
                    throw new InvalidOperationException("a kill was not heard of");
                took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                loop.Post(new Armed("bench", "again"));
            }
            ending.Cancel();
            applying.Join();
            feeding.Join();
            Say(output, "kill to first cancel, journal on disk", took);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static void Feed(EngineLoop loop, ImmutableArray<Instrument> names, CancellationToken cancel)
    {
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; !cancel.IsCancellationRequested; )
        {
            int due = (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            for (; i < due; i++)
                loop.Post(Tick(names[i * 7 % Instruments], i));
            cancel.WaitHandle.WaitOne(1);
        }
    }

    /// <summary>Answers what the step asked: a reconciliation, and a solve that wants every position doubled.</summary>
    static void Answer(Action<EngineEvent> give, List<EngineEffect> effects, Engine.EngineState state)
    {
        var asked = effects.ToList();
        ulong sequence = state.Sequence;
        if (asked.OfType<Reconcile>().Any())
        {
            give(new ReconcileSeen(sequence, Held(), [], []));
            asked.AddRange(effects);
            sequence = state.Sequence;
        }
        if (asked.OfType<Solve>().LastOrDefault() is { } solve)
            give(
                new TargetsReady(
                    sequence,
                    solve.InputDigest,
                    [
                        .. Held()
                            .Select(held => new TargetContracts(held.Instrument, 2 * held.Contracts, 100, 1, "bench")),
                    ]
                )
            );
    }

    internal static IEnumerable<EngineEvent> Beginning(ImmutableArray<Instrument> names)
    {
        yield return new Configured(Settings, names);
        yield return new SessionUp();
        for (int i = 0; i < names.Length; i++)
            yield return Tick(names[i], i);
        yield return new AccountSeen(5_000_000, 100_000, 50_000);
        yield return new Armed("bench", "bench");
        yield return new TimePassed();
    }

    internal static ImmutableArray<Position> Held() =>
        [.. Listed().Take(Positions).Select(one => new Position(one.Name, 3, null))];

    static readonly Lazy<ImmutableArray<Instrument>> listed = new(() =>
    {
        var option = EmbeddedMarket
            .Snapshot()
            .Quotes.Select(quote => quote.Instrument)
            .OfType<OptionInstrument>()
            .First();
        return
        [
            .. Enumerable
                .Range(0, Instruments)
                .Select(i =>
                    (Instrument)
                        new OptionInstrument(
                            option,
                            $"BTC-25DEC26-{10_000 + 100 * i}-C",
                            10_000 + 100 * i,
                            OptionRight.Call,
                            Start.AddDays(300)
                        )
                ),
        ];
    });

    internal static ImmutableArray<Instrument> Listed() => listed.Value;

    static TickerSeen Tick(Instrument one, int i)
    {
        decimal mark = 0.05m + 0.0001m * (i % 5);
        return new TickerSeen(
            one.Name,
            mark,
            70_000 + i % 50,
            new TopOfBook(mark - 0.0005m, mark + 0.0005m),
            10,
            10,
            0.5m + 0.001m * (i % 7),
            70_500
        );
    }

    static EngineSettings Settings { get; } =
        RunFile.Defaults.Engine with
        {
            Controls = RunFile.Defaults.Engine.Controls with
            {
                PositionNotionalUsd = 1_000_000,
                GrossNotionalUsd = 1_000_000_000,
                OrderNotionalUsd = 1_000_000,
                MessagesPerSecond = 100,
            },
        };

    static void Say(TextWriter output, string what, List<double> took)
    {
        took.Sort();
        double At(double share) => took[Math.Min(took.Count - 1, (int)(share * took.Count))];
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {took.Count} times, p50 {At(0.5):0.000} ms, p99 {At(0.99):0.000} ms, most {took[^1]:0.000} ms"
            )
        );
    }

    sealed class HeardVenue : IVenueClient
    {
        public bool ChangesOrders => true;

        public SemaphoreSlim Cancelled { get; } = new(0);

        public Task<ImmutableArray<Instrument>> ReadInstrumentsAsync(CancellationToken cancel) =>
            Task.FromResult(Listed());

        public Task RunAsync(
            IReadOnlyList<string> instruments,
            Action<EngineEvent> learned,
            CancellationToken cancel
        ) => Task.CompletedTask;

        public void Start(EngineEffect effect, ulong sequence)
        {
            if (effect is CancelAll)
                Cancelled.Release();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
