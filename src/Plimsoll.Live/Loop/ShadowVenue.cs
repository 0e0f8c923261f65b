using System.Collections.Concurrent;
using System.Collections.Immutable;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Venues;

namespace Plimsoll.Live;

/// <summary>A venue that is only watched: nothing is sent, every order lives its time and ends unfilled.</summary>
/// <remarks>
/// Orders and cancellations stop here; readings pass. What the venue says of other people's orders is kept from the
/// engine, which would ask for their end.
/// </remarks>
public sealed class ShadowVenue(IVenueClient watched, TimeProvider clock) : IVenueClient
{
    const string Reason = "shadow: not sent";
    readonly ConcurrentDictionary<string, OrderSeen> orders = new(StringComparer.Ordinal);
    Action<EngineEvent> learned = _ => { };

    /// <inheritdoc />
    public bool ChangesOrders => watched.ChangesOrders;

    /// <inheritdoc />
    public Task<ImmutableArray<Instrument>> ReadInstrumentsAsync(CancellationToken cancel) =>
        watched.ReadInstrumentsAsync(cancel);

    /// <inheritdoc />
    public Task RunAsync(IReadOnlyList<string> instruments, Action<EngineEvent> told, CancellationToken cancel)
    {
        learned = told;
        return watched.RunAsync(instruments, Pass, cancel);
    }

    /// <inheritdoc />
    public void Start(EngineEffect effect, ulong sequence)
    {
        switch (effect)
        {
            case SendOrder send:
                // What rests ends when the engine says so; nobody ever takes it.
                if (send.Order.Life == OrderLife.Rests)
                    Rest(send.Order);
                else
                    _ = LiveAsync(send.Order.Label, send.Order.ValidUntil);
                break;
            case EditOrder edit:
                if (orders.ContainsKey(edit.Order.Label))
                    Rest(edit.Order);
                else
                    Show(edit.Order.Label);
                break;
            case CancelOrder cancel:
                End(cancel.Label);
                break;
            case CancelAll:
                foreach (string label in orders.Keys)
                    End(label);
                break;
            case ReadOrder read:
                Show(read.Label);
                break;
            default:
                watched.Start(effect, sequence);
                break;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => watched.DisposeAsync();

    async Task LiveAsync(string label, DateTimeOffset until)
    {
        orders[label] = new OrderSeen(label, VenueOrderStatus.Open, 0, Reason);
        var left = until - clock.GetUtcNow();
        if (left > TimeSpan.Zero)
            await Task.Delay(left, clock);
        End(label);
    }

    void Rest(OrderIntent order)
    {
        orders[order.Label] = new OrderSeen(
            order.Label,
            VenueOrderStatus.Open,
            0,
            Reason,
            Contracts: order.Contracts,
            LimitPrice: order.LimitPrice
        );
        Show(order.Label);
    }

    void Show(string label) => learned(orders.TryGetValue(label, out var resting) ? resting : new OrderNotFound(label));

    void End(string label)
    {
        if (orders.TryRemove(label, out _))
            learned(new OrderSeen(label, VenueOrderStatus.Cancelled, 0, Reason));
    }

    void Pass(EngineEvent happened)
    {
        switch (happened)
        {
            case OrderSeen or OrderNotFound or SendFailed:
                break;
            case ReconcileSeen seen:
                learned(seen with { Orders = [] });
                break;
            default:
                learned(happened);
                break;
        }
    }
}
