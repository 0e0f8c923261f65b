using System.Collections.Immutable;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>A venue as the engine sees it: effects in, events out.</summary>
/// <remarks>
/// Amounts are in contracts by the instruments' own terms, account figures in USD. What a venue fails at becomes an
/// event; only a caller's mistake throws.
/// </remarks>
public interface IVenueClient : IAsyncDisposable
{
    /// <summary>
    /// Whether an order that rests can be changed and goes on as the same order; otherwise <see cref="EditOrder"/> is
    /// refused, and what is to rest elsewhere is cancelled and sent anew.
    /// </summary>
    bool ChangesOrders { get; }

    /// <summary>Every instrument that the venue lists now, with its terms.</summary>
    /// <exception cref="VenueException">The venue did not answer, or not in a form that is understood.</exception>
    Task<ImmutableArray<Instrument>> ReadInstrumentsAsync(CancellationToken cancel);

    /// <summary>
    /// Connects, follows the account and these instruments, and connects again with backoff until cancelled.
    /// </summary>
    /// <param name="instruments">Names to follow.</param>
    /// <param name="learned">
    /// Called for each event, one at a time, in the order in which they were learned; must not block for long.
    /// </param>
    /// <param name="cancel">Ends the session in good order; then the task completes without an exception.</param>
    Task RunAsync(IReadOnlyList<string> instruments, Action<EngineEvent> learned, CancellationToken cancel);

    /// <summary>
    /// Begins what an effect asks (<see cref="SendOrder"/>, <see cref="EditOrder"/>, <see cref="CancelOrder"/>,
    /// <see cref="CancelAll"/>, <see cref="ReadOrder"/>, <see cref="Reconcile"/>, <see cref="SimulateMargin"/>; others
    /// are none of a venue's business and are ignored) and returns at once; answers and failures come as events. Never
    /// throws for a venue's failure.
    /// </summary>
    /// <param name="effect">What is asked.</param>
    /// <param name="sequence">Sequence of the event that caused it; a reconciliation carries it back.</param>
    void Start(EngineEffect effect, ulong sequence);
}
