using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>What every venue client does alike: one context for everything, sessions one after the other.</summary>
/// <remarks>
/// Everything inside happens in one synchronisation context, one thing at a time; calls from outside only post to it.
/// Events are told from there, so a listener that waits for something only delays the next event.
/// </remarks>
public abstract class VenueClient : IVenueClient
{
    /// <summary>How many times as long as any answer the long list of instruments may take.</summary>
    const int LongAnswer = 5;
    static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    // Deribit's buckets are full again after five seconds; the others count connections by the second and minute.
    static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(5);
    readonly OpenFrames open;
    readonly Uri address;
    readonly Backoff backoff;
    readonly SynchronizationContext context;
    readonly MarginQuestions questions;
    Action<EngineEvent>? listener;
    Exception? listenerFault;
    CancellationTokenSource? halting;

    private protected VenueClient(
        Uri address,
        OpenFrames open,
        Backoff backoff,
        TimeProvider time,
        SynchronizationContext? context
    )
    {
        (this.address, this.open, this.backoff, Time) = (address, open, backoff, time);
        this.context = context ?? new SerialContext();
        questions = new MarginQuestions(() => Simulator, Tell);
    }

    private protected TimeProvider Time { get; }

    /// <inheritdoc />
    public virtual bool ChangesOrders => true;

    /// <inheritdoc />
    public Task<ImmutableArray<Instrument>> ReadInstrumentsAsync(CancellationToken cancel) =>
        Inside(async () =>
        {
            await using var frames = await OpenAsync(address, cancel);
            return await ReadInstrumentsAsync(frames, cancel);
        });

    /// <inheritdoc />
    /// <remarks>What the listener throws ends the run and is thrown here.</remarks>
    /// <exception cref="VenueKeyRefused">The key will not do; trying again would not help.</exception>
    public Task RunAsync(IReadOnlyList<string> instruments, Action<EngineEvent> learned, CancellationToken cancel) =>
        Inside(async () =>
        {
            if (listener is not null)
                throw new InvalidOperationException("the client is running already");
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            (listener, listenerFault, halting) = (learned, null, ending);
            try
            {
                await FollowAsync(instruments, ending.Token);
            }
            finally
            {
                (listener, halting) = (null, null);
            }
            if (listenerFault is { } fault)
                ExceptionDispatchInfo.Throw(fault);
            return true;
        });

    /// <inheritdoc />
    /// <exception cref="ArgumentException">An order without its approval, such as one read from a journal.</exception>
    public void Start(EngineEffect effect, ulong sequence)
    {
        if (effect is SendOrder { Approval: null } or EditOrder { Approval: null })
            throw new ArgumentException($"carries no approval: {effect}", nameof(effect));
        context.Post(_ => _ = WatchAsync(BeginAsync(effect, sequence), effect), null);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return context is SerialContext own ? own.DisposeAsync() : ValueTask.CompletedTask;
    }

    /// <summary>Reads the list of instruments over a connection of its own.</summary>
    private protected abstract Task<ImmutableArray<Instrument>> ReadInstrumentsAsync(
        IFrames frames,
        CancellationToken cancel
    );

    /// <summary>One connection from its login to its end.</summary>
    /// <returns>Why it ended.</returns>
    private protected abstract Task<SessionEnd> RunSessionAsync(
        IFrames frames,
        IReadOnlyList<string> instruments,
        Action isUp,
        CancellationToken cancel
    );

    /// <summary>Credits, clock and line, as they are now.</summary>
    internal VenueLine Credits => Line;

    /// <summary>The way to the venue over all sessions.</summary>
    private protected abstract VenueLine Line { get; }

    /// <summary>Sends, cancels and reads orders; null: there is no key to sign with.</summary>
    private protected abstract VenueOrders? Orders { get; }

    /// <summary>Reads positions, orders and trades.</summary>
    private protected abstract Reconciling Reading { get; }

    /// <summary>The venue's margin simulator; null: it has none.</summary>
    private protected virtual IMarginSimulator? Simulator => null;

    /// <summary>Asks over a connection of its own that nothing else uses and that ends with the answer.</summary>
    private protected async Task<T> AskAsync<T>(
        IFrames frames,
        IRpcDialect dialect,
        TimeSpan answerWait,
        Func<RpcConnection, Task<T>> ask,
        CancellationToken cancel
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var connection = new RpcConnection(frames, dialect, Time, answerWait * LongAnswer, _ => { });
        var running = connection.RunAsync(ending.Token);
        var answer = await ask(connection);
        ending.Cancel();
        await running;
        return answer;
    }

    /// <summary>Tells the listener. One that throws has a fault of its own: the run ends with it.</summary>
    private protected void Tell(EngineEvent happened)
    {
        if (listenerFault is not null)
            return;
        try
        {
            listener?.Invoke(happened);
        }
        catch (Exception fault)
        {
            listenerFault = fault;
            halting?.Cancel();
        }
    }

    Task BeginAsync(EngineEffect effect, ulong sequence)
    {
        switch (effect, Orders)
        {
            case (SimulateMargin asked, _):
                return questions.AskAsync(asked, sequence);
            case (Reconcile, _):
                return Reading.ReadAsync(sequence);
            case (SendOrder or EditOrder, null):
                Tell(new SendFailed(OrderOf(effect)!.Label, false, "no key to sign with", RefusalKind.NotSent));
                return Task.CompletedTask;
            case (SendOrder { Approval: { } approved }, { } orders):
                return orders.SendAsync(approved);
            case (EditOrder { Approval: { } changed }, { } orders):
                return orders.EditAsync(changed);
            case (CancelOrder cancel, { } orders):
                return orders.CancelAsync(cancel.Label);
            case (CancelAll, { } orders):
                return orders.CancelAllAsync();
            case (ReadOrder read, { } orders):
                return orders.ReadAsync(read.Label);
            default:
                return Task.CompletedTask;
        }
    }

    async Task FollowAsync(IReadOnlyList<string> instruments, CancellationToken cancel)
    {
        string? told = null;
        while (!cancel.IsCancellationRequested)
        {
            DateTimeOffset? upAt = null;
            SessionEnd end;
            try
            {
                await using var frames = await OpenAsync(address, cancel);
                end = await RunSessionAsync(frames, instruments, Rise, cancel);
            }
            catch (VenueException e) when (e is not VenueKeyRefused)
            {
                end = SessionEnd.Of(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            string why = Named(end);
            // Tries that fail alike are told once: who waits for a session learns why there is none.
            if (upAt is not null || why != told)
                Tell(new SessionDown(told = why));
            if (end.Kind == EndKind.Access)
                throw new VenueKeyRefused(why);
            if (end.Kind == EndKind.RateLimit)
                Line.Empty();
            if (upAt is { } since && Time.GetUtcNow() - since > Settled)
                backoff.Reset();
            var pause = backoff.Next();
            if (end.Kind != EndKind.Plain && pause < LeastWait)
                pause = LeastWait;
            await PauseAsync(pause, cancel);

            void Rise()
            {
                (upAt, told) = (Time.GetUtcNow(), null);
                Tell(new SessionUp());
                // What has waited for a session is done now.
                if (Orders is { MustCancelAll: true } waiting)
                    _ = waiting.CancelAllAsync();
            }
        }
    }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="VenueException">There is none.</exception>
    private protected async Task<IFrames> OpenAsync(Uri at, CancellationToken cancel)
    {
        try
        {
            return await open(at, cancel);
        }
        catch (Exception e) when (e is not (OperationCanceledException or VenueException or OutOfMemoryException))
        {
            throw new VenueException($"no connection to {at}: {e.Message}", e);
        }
    }

    static string Named(SessionEnd end) =>
        end.Kind switch
        {
            EndKind.RateLimit => $"rate limit: {end.Words}",
            EndKind.Maintenance => $"maintenance: {end.Words}",
            EndKind.Access => $"the venue does not take the key: {end.Words}",
            _ => end.Words,
        };

    async Task PauseAsync(TimeSpan pause, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(pause, Time, cancel);
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
            if (OrderOf(effect) is { } order)
                Tell(new SendFailed(order.Label, true, $"a fault in the client: {e.GetType().Name}"));
        }
    }

    static OrderIntent? OrderOf(EngineEffect effect) =>
        effect switch
        {
            SendOrder send => send.Order,
            EditOrder edit => edit.Order,
            _ => null,
        };

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
