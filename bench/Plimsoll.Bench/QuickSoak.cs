using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Plimsoll.Engine;
using Plimsoll.Journal;
using Plimsoll.Live;
using Plimsoll.Markets;
using Plimsoll.Venues;

namespace Plimsoll.Bench;

/// <summary>
/// The loop with its journal on disk for minutes on end: 2,000 instruments, 500 positions that go up and down, 1,000
/// ticks a second; memory each half minute.
/// </summary>
static class QuickSoak
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    public static void Run(TextWriter output, double minutes)
    {
        string folder = Directory.CreateTempSubdirectory("plimsoll-soak").FullName;
        try
        {
            using var engine = JournalledEngine.Open(new DiskFiles(folder), "bench");
            var venue = new FillingVenue();
            int solves = 0;
            var loop = new EngineLoop(
                engine,
                venue,
                (_, asked, at) => new TargetsReady(at, asked.InputDigest, Targets(solves++)),
                TimeProvider.System
            );
            venue.Learned = loop.Post;
            using var ending = new CancellationTokenSource();
            foreach (var happened in QuickLatency.Beginning(QuickLatency.Listed()))
            {
                loop.Post(
                    happened is Configured configured
                        ? configured with
                        {
                            Settings = configured.Settings with { SolveInterval = TimeSpan.FromSeconds(5) },
                        }
                        : happened
                );
                if (happened is Configured)
                    loop.Turn();
            }
            var applying = new Thread(() => loop.Run(ending.Token));
            var feeding = new Thread(() => QuickLatency.Feed(loop, QuickLatency.Listed(), ending.Token));
            applying.Start();
            feeding.Start();
            output.WriteLine("minutes  events     orders   heap MB  process MB  waiting  journal MB");
            long began = Stopwatch.GetTimestamp();
            var heaps = new List<double>();
            while (Stopwatch.GetElapsedTime(began).TotalMinutes < minutes)
            {
                ending.Token.WaitHandle.WaitOne(Look);
                loop.Post(new AccountSeen(5_000_000, 100_000, 50_000));
                heaps.Add(GC.GetTotalMemory(forceFullCollection: true) / 1e6);
                output.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Stopwatch.GetElapsedTime(began).TotalMinutes, 7:0.0} {engine.State.Sequence, 10} "
                            + $"{venue.Orders, 9} {heaps[^1], 9:0.0} {Environment.WorkingSet / 1e6, 11:0} "
                            + $"{loop.Meters.Waiting, 8} {Bytes(folder) / 1e6, 11:0}"
                    )
                );
            }
            ending.Cancel();
            applying.Join();
            feeding.Join();
            // The first two looks see the program warm up: tiers of compiled code, pools, the first snapshots.
            var settled = heaps.Skip(Math.Min(2, heaps.Count - 2)).ToList();
            double half = settled.Count / 2.0;
            double early = settled.Take((int)half).Average(),
                late = settled.Skip((int)half).Average();
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"heap, second half over first: {late / early - 1:+0.0%;-0.0%}"
                )
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static long Bytes(string folder) => new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);

    static ImmutableArray<TargetContracts> Targets(int solve) =>
        [
            .. QuickLatency
                .Held()
                .Select(held => new TargetContracts(
                    held.Instrument,
                    solve % 2 == 0 ? 2 * held.Contracts : held.Contracts,
                    100,
                    1,
                    "bench",
                    new ContractRisk(0, 0, 0),
                    null
                )),
        ];

    /// <summary>Fills every order at once and knows what is held.</summary>
    sealed class FillingVenue : IVenueClient
    {
        public bool ChangesOrders => true;

        readonly SortedDictionary<string, decimal> held = new(
            QuickLatency.Held().ToDictionary(one => one.Instrument, one => one.Contracts),
            StringComparer.Ordinal
        );
        List<FillSeen> fresh = [];

        public Action<EngineEvent> Learned { get; set; } = _ => { };

        public int Orders { get; private set; }

        public Task<ImmutableArray<Instrument>> ReadInstrumentsAsync(CancellationToken cancel) =>
            Task.FromResult(QuickLatency.Listed());

        public Task RunAsync(
            IReadOnlyList<string> instruments,
            Action<EngineEvent> learned,
            CancellationToken cancel
        ) => Task.CompletedTask;

        public void Start(EngineEffect effect, ulong sequence)
        {
            switch (effect)
            {
                case SendOrder { Order: var order }:
                    var fill = new FillSeen(
                        FormattableString.Invariant($"t{++Orders}"),
                        order.Label,
                        order.Instrument,
                        order.Side,
                        order.Contracts,
                        order.LimitPrice,
                        false,
                        VenueAt: TimeProvider.System.GetUtcNow()
                    );
                    held[order.Instrument] = held.GetValueOrDefault(order.Instrument) + order.Signed;
                    fresh.Add(fill);
                    Learned(fill);
                    Learned(new OrderSeen(order.Label, VenueOrderStatus.Filled, order.Contracts, ""));
                    break;
                case Reconcile:
                    Learned(
                        new ReconcileSeen(
                            sequence,
                            [.. held.Select(one => new Position(one.Key, one.Value, null))],
                            [],
                            [.. fresh]
                        )
                    );
                    fresh = [];
                    Learned(new AccountSeen(5_000_000, 100_000, 50_000));
                    break;
                case ReadOrder read:
                    Learned(new OrderNotFound(read.Label));
                    break;
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
