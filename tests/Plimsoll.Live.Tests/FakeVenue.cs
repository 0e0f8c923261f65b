using System.Collections.Immutable;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Journal.Tests;
using Plimsoll.Markets;
using Plimsoll.Venues;

namespace Plimsoll.Live.Tests;

/// <summary>A venue in memory that fills what it gets, and looks at the disk whenever something reaches it.</summary>
sealed class FakeVenue(MemoryFiles? disk = null) : IVenueClient
{
    readonly List<FillSeen> trades = [];

    public List<(EngineEffect Effect, ulong Sequence)> Got { get; } = [];

    /// <summary>Orders whose effects were not durable when they arrived.</summary>
    public List<string> Early { get; } = [];

    public SortedDictionary<string, decimal> Positions { get; } = new(StringComparer.Ordinal);

    public Action<EngineEvent> Learned { get; set; } = _ => { };

    /// <summary>What its margin simulator states; empty: it has none.</summary>
    public ImmutableArray<StatedPool> Stated { get; set; } = [];

    /// <summary>Whether answers come.</summary>
    public bool IsDeaf { get; set; }

    public IEnumerable<OrderIntent> Orders =>
        Got.Select(got => got.Effect).OfType<SendOrder>().Select(send => send.Order);

    public bool ChangesOrders => true;

    public Task<ImmutableArray<Instrument>> ReadInstrumentsAsync(CancellationToken cancel) =>
        Task.FromResult<ImmutableArray<Instrument>>([Run.Perpetual]);

    public Task RunAsync(IReadOnlyList<string> instruments, Action<EngineEvent> learned, CancellationToken cancel)
    {
        Learned = learned;
        learned(new SessionUp());
        return Task.CompletedTask;
    }

    public void Start(EngineEffect effect, ulong sequence)
    {
        Got.Add((effect, sequence));
        if (effect is SendOrder sent && disk is not null && !IsDurable(sent.Order.Label))
            Early.Add(sent.Order.Label);
        if (IsDeaf)
            return;
        switch (effect)
        {
            case SendOrder send:
                Fill(send.Order);
                break;
            case CancelOrder cancel:
                Learned(new OrderSeen(cancel.Label, VenueOrderStatus.Cancelled, 0, ""));
                break;
            case ReadOrder read:
                Learned(new OrderNotFound(read.Label));
                break;
            case SimulateMargin:
                Learned(new MarginStated(sequence, Stated, Stated.IsEmpty ? "no simulator" : ""));
                break;
            case Reconcile:
                Learned(
                    new ReconcileSeen(
                        sequence,
                        [.. Positions.Select(held => new Position(held.Key, held.Value, null))],
                        [],
                        [.. trades]
                    )
                );
                break;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    void Fill(OrderIntent order)
    {
        Positions[order.Instrument] = Positions.GetValueOrDefault(order.Instrument) + order.Signed;
        var fill = new FillSeen(
            $"trade-{trades.Count + 1}",
            order.Label,
            order.Instrument,
            order.Side,
            order.Contracts,
            order.LimitPrice,
            false
        );
        trades.Add(fill);
        Learned(fill);
        Learned(new OrderSeen(order.Label, VenueOrderStatus.Filled, order.Contracts, ""));
    }

    bool IsDurable(string label)
    {
        bool found = false;
        JournalHistory.Read(
            disk!,
            entry =>
                found |=
                    entry is EffectsEntry effects
                    && effects.Effects.OfType<SendOrder>().Any(send => send.Order.Label == label)
        );
        return found;
    }
}
