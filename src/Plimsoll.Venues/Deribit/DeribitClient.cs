using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Deribit over WebSocket, or any venue that speaks its API: market data, account, orders.</summary>
/// <remarks>
/// Everything inside happens in one synchronisation context, one thing at a time; calls from outside only post to it.
/// Events are told from there, so a listener that waits for something only delays the next event.
/// </remarks>
public sealed class DeribitClient : IVenueClient
{
    static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);
    readonly DeribitSettings settings;
    readonly VenueKey? key;
    readonly TimeProvider time;
    readonly OpenFrames open;
    readonly SynchronizationContext context;
    readonly DeribitContracts contracts = new();
    readonly DeribitLine line;
    readonly DeribitReports reports;
    readonly DeribitOrders orders;
    readonly DeribitReading reading;
    Action<EngineEvent>? listener;

    /// <summary>A client; it connects when it is run.</summary>
    /// <param name="settings">Where and how.</param>
    /// <param name="key">Key of the account; null reads public data only.</param>
    /// <param name="time">Clock; null: the machine's.</param>
    /// <exception cref="VenueException">The address will not do, such as the live venue without leave.</exception>
    public DeribitClient(DeribitSettings settings, VenueKey? key, TimeProvider? time = null)
        : this(settings, key, time ?? TimeProvider.System, WebSocketFrames.OpenAsync, null) { }

    internal DeribitClient(
        DeribitSettings settings,
        VenueKey? key,
        TimeProvider time,
        OpenFrames open,
        SynchronizationContext? context
    )
    {
        if (settings.Problem is { } problem)
            throw new VenueException(problem);
        (this.settings, this.key, this.time, this.open) = (settings, key, time, open);
        this.context = context ?? new SerialContext();
        line = new DeribitLine(time, settings);
        reports = new DeribitReports(contracts, Tell);
        orders = new DeribitOrders(contracts, line, reports, Tell);
        reading = new DeribitReading(contracts, line, reports, settings.TradesAtStart, Tell);
    }

    /// <inheritdoc />
    public Task<ImmutableArray<Instrument>> ReadInstrumentsAsync(CancellationToken cancel) =>
        Inside(async () =>
        {
            const string Method = "public/get_instruments";
            await using var frames = await OpenAsync(cancel);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var connection = new RpcConnection(frames, time, settings.AnswerWait * 5, _ => { });
            var running = connection.RunAsync(ending.Token);
            var answer = await connection.CallAsync(Method, new JsonObject { ["currency"] = "any" });
            ending.Cancel();
            await running;
            return contracts.Learn(answer.Needed(Method));
        });

    /// <inheritdoc />
    /// <exception cref="VenueKeyRefused">The key will not do; trying again would not help.</exception>
    public Task RunAsync(IReadOnlyList<string> instruments, Action<EngineEvent> learned, CancellationToken cancel) =>
        Inside(async () =>
        {
            if (key is null)
                throw new VenueKeyRefused("an account needs a key");
            if (listener is not null)
                throw new InvalidOperationException("the client is running already");
            listener = learned;
            try
            {
                await FollowAsync(key, instruments, cancel);
            }
            finally
            {
                listener = null;
            }
            return true;
        });

    /// <inheritdoc />
    /// <exception cref="ArgumentException">An order without its approval, such as one read from a journal.</exception>
    public void Start(EngineEffect effect, ulong sequence)
    {
        if (effect is SendOrder { Approval: null } unapproved)
            throw new ArgumentException($"order {unapproved.Order.Label} carries no approval", nameof(effect));
        context.Post(
            _ =>
            {
                var begun = effect switch
                {
                    SendOrder { Approval: { } approved } => orders.SendAsync(approved),
                    CancelOrder cancel => orders.CancelAsync(cancel.Label),
                    CancelAll => orders.CancelAllAsync(),
                    ReadOrder read => orders.ReadAsync(read.Label),
                    Reconcile => reading.ReadAsync(sequence),
                    _ => Task.CompletedTask,
                };
                _ = WatchAsync(begun, effect);
            },
            null
        );
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => context is SerialContext own ? own.DisposeAsync() : ValueTask.CompletedTask;

    async Task FollowAsync(VenueKey login, IReadOnlyList<string> instruments, CancellationToken cancel)
    {
        var backoff = new Backoff(settings.FirstPause, settings.LongestPause, settings.Seed);
        while (!cancel.IsCancellationRequested)
        {
            DateTimeOffset? upAt = null;
            string why;
            try
            {
                await using var frames = await OpenAsync(cancel);
                var session = new DeribitSession(settings, login, time, line, contracts, reports, Tell);
                why = await session.RunAsync(
                    frames,
                    instruments,
                    () =>
                    {
                        upAt = time.GetUtcNow();
                        Tell(new SessionUp());
                        if (orders.MustCancelAll)
                            _ = orders.CancelAllAsync();
                    },
                    cancel
                );
            }
            catch (VenueException e) when (e is not VenueKeyRefused)
            {
                why = e.Message;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            if (upAt is { } since)
            {
                Tell(new SessionDown(why));
                if (time.GetUtcNow() - since > Settled)
                    backoff.Reset();
            }
            await PauseAsync(backoff.Next(), cancel);
        }
    }

    async Task<IFrames> OpenAsync(CancellationToken cancel)
    {
        try
        {
            return await open(settings.Socket, cancel);
        }
        catch (Exception e) when (e is not (OperationCanceledException or VenueException or OutOfMemoryException))
        {
            throw new VenueException($"no connection to {settings.Socket}: {e.Message}", e);
        }
    }

    async Task PauseAsync(TimeSpan pause, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(pause, time, cancel);
        }
        catch (OperationCanceledException)
        {
            // The run is over; the caller looks.
        }
    }

    /// <summary>A fault of our own must not leave the engine waiting for an answer.</summary>
    async Task WatchAsync(Task begun, EngineEffect effect)
    {
        try
        {
            await begun;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (effect is SendOrder send)
                Tell(new SendFailed(send.Order.Label, true, $"a fault in the client: {e.GetType().Name}"));
        }
    }

    void Tell(EngineEvent happened) => listener?.Invoke(happened);

    Task<T> Inside<T>(Func<Task<T>> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Post(
            async _ =>
            {
                try
                {
                    done.SetResult(await work());
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            },
            null
        );
        return done.Task;
    }
}
