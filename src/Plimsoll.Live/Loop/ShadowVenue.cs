using System.Collections.Concurrent;
using System.Collections.Immutable;
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
    readonly ConcurrentDictionary<string, DateTimeOffset> orders = new(StringComparer.Ordinal);
    Action<EngineEvent> learned = _ => { };

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
                _ = LiveAsync(send.Order.Label, send.Order.ValidUntil);
                break;
            case EditOrder edit:
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
        orders[label] = until;
        var left = until - clock.GetUtcNow();
        if (left > TimeSpan.Zero)
            await Task.Delay(left, clock);
        End(label);
    }

    void Show(string label) =>
        learned(
            orders.ContainsKey(label)
                ? new OrderSeen(label, VenueOrderStatus.Open, 0, Reason)
                : new OrderNotFound(label)
        );

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
