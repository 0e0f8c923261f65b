using Plimsoll.Engine;
using Plimsoll.Venues;

namespace Plimsoll.Live;

/// <summary>An event that was applied and is durable, with what it asked for.</summary>
public sealed record LoopNews(Sequenced Next, IReadOnlyList<EngineEffect> Effects);

/// <summary>The one consumer: takes what was learned, makes it durable, applies it, and lets its effects out.</summary>
/// <remarks>
/// <see cref="Post"/> from any thread; everything else on the loop's own. Effects leave after a flush and in order.
/// Solves run on the thread pool, one at a time, and come back as events.
/// </remarks>
public sealed class EngineLoop
{
    const int MostBatch = 256;
    const int MostWaiting = 100_000;
    const ulong SnapshotEvery = 50_000;
    static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan FlushPause = TimeSpan.FromMilliseconds(20);

    readonly JournalledEngine engine;
    readonly IVenueClient venue;
    readonly Func<EngineView, Solve, ulong, EngineEvent> solve;
    readonly Func<MarginQuestion, EngineView, MarginStated, EngineEvent>? compare;
    readonly Action<Action> run;
    readonly TimeProvider clock;
    readonly Inbox inbox = new(MostWaiting);
    readonly List<EngineEvent> batch = [];
    readonly List<LoopNews> unflushed = [];
    readonly List<(EngineView View, Solve Asked, ulong Sequence)> solves = [];
    readonly List<(MarginQuestion Asked, EngineView View, MarginStated Stated)> comparisons = [];
    MarginQuestion? question;
    DateTimeOffset lastTick;
    DateTimeOffset lastFlush;
    ulong lastSnapshot;

    /// <param name="engine">With its journal, as it was opened.</param>
    /// <param name="venue">Where effects go.</param>
    /// <param name="solve">A pure function of its input; called on the thread pool.</param>
    /// <param name="clock">Time.</param>
    /// <param name="run">Starts work outside; null: the thread pool. A test runs it at once.</param>
    /// <param name="compare">Margin models against what a venue stated, pure too; null: nothing is compared.</param>
    public EngineLoop(
        JournalledEngine engine,
        IVenueClient venue,
        Func<EngineView, Solve, ulong, EngineEvent> solve,
        TimeProvider clock,
        Action<Action>? run = null,
        Func<MarginQuestion, EngineView, MarginStated, EngineEvent>? compare = null
    )
    {
        (this.engine, this.venue, this.solve, this.clock) = (engine, venue, solve, clock);
        this.compare = compare;
        this.run = run ?? (work => ThreadPool.UnsafeQueueUserWorkItem(_ => work(), null));
        View = EngineView.Of(engine.State);
        (lastTick, lastFlush, lastSnapshot) = (clock.GetUtcNow(), clock.GetUtcNow(), engine.State.Sequence);
    }

    /// <summary>Told of every event once it is durable; on the loop's thread, must be quick.</summary>
    public event Action<LoopNews>? Told;

    /// <summary>The state as of the last tick or change of mode.</summary>
    public EngineView View { get; private set; }

    /// <summary>Whether nothing waits and no order was alive at the last look; for ending in good order.</summary>
    public bool IsQuiet => inbox.Count == 0 && View.Orders.IsEmpty;

    /// <summary>Counts and times.</summary>
    public LoopMeters Meters { get; } = new();

    /// <summary>Something was learned, or a person commands; any thread.</summary>
    public void Post(EngineEvent happened) => inbox.Add(happened);

    /// <summary>Runs until cancelled; then what waits is applied, the journal flushed, a snapshot written.</summary>
    /// <exception cref="IOException">The journal cannot be written: nothing may be sent any more.</exception>
    public void Run(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            Turn();
            try
            {
                inbox.Wait(engine.HasGathered ? FlushPause : TickEvery, cancel);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        Finish();
    }

    /// <summary>Takes what waits, once; whether anything was applied.</summary>
    /// <exception cref="IOException">The journal cannot be written.</exception>
    public bool Turn()
    {
        if (inbox.HasOverflowed)
            throw new IOException(
                "events came faster than they could be written; the account is not followed any more"
            );
        batch.Clear();
        inbox.Take(MostBatch, batch);
        var now = clock.GetUtcNow();
        if (now - lastTick >= TickEvery)
        {
            lastTick = now;
            batch.Add(new TimePassed());
        }
        bool hasEffects = false;
        foreach (var happened in batch)
            hasEffects |= Apply(happened, now);
        if (hasEffects || engine.WantsFlush || (engine.HasGathered && now - lastFlush >= FlushPause))
            Release();
        if (engine.State.Sequence - lastSnapshot >= SnapshotEvery)
            Snapshot();
        Meters.Waiting = inbox.Count;
        Meters.Replaced = inbox.Replaced;
        return batch.Count > 0;
    }

    /// <summary>Applies everything that waits and writes a snapshot.</summary>
    public void Finish()
    {
        // What comes meanwhile is not waited for: a market never ends.
        for (int left = inbox.Count; left > 0; left -= MostBatch)
            Turn();
        Release();
        Snapshot();
        View = EngineView.Of(engine.State);
    }

    bool Apply(EngineEvent happened, DateTimeOffset now)
    {
        long began = clock.GetTimestamp();
        var before = engine.State.Mode;
        var (next, effects) = engine.Apply(happened, now);
        Meters.Applied(happened, effects, clock.GetElapsedTime(began));
        unflushed.Add(new LoopNews(next, effects));
        foreach (var effect in effects)
            if (effect is Solve asked)
                solves.Add((EngineView.Of(engine.State), asked, next.Sequence));
            else if (effect is SimulateMargin margin)
                question = new MarginQuestion(next.Sequence, margin, EngineView.Of(engine.State));
        if (happened is MarginStated stated && question is { } open && stated.AskedAt == open.Sequence)
        {
            question = null;
            if (stated.Reason.Length == 0)
                comparisons.Add((open, EngineView.Of(engine.State), stated));
        }
        if (happened is TimePassed or Stopped or OrderSeen || engine.State.Mode != before)
            View = EngineView.Of(engine.State);
        return effects.Count > 0;
    }

    /// <summary>Makes what was applied durable and lets its effects out.</summary>
    void Release()
    {
        long began = clock.GetTimestamp();
        engine.Flush();
        lastFlush = clock.GetUtcNow();
        Meters.Flushed(clock.GetElapsedTime(began), engine.Records);
        foreach (var news in unflushed)
        {
            foreach (var effect in news.Effects)
                if (
                    effect
                    is SendOrder
                        or EditOrder
                        or CancelOrder
                        or CancelAll
                        or ReadOrder
                        or Reconcile
                        or SimulateMargin
                )
                    venue.Start(effect, news.Next.Sequence);
            Told?.Invoke(news);
        }
        unflushed.Clear();
        // The engine asks for one at a time; of several in one batch only the last answer would count.
        if (solves.Count > 0)
        {
            var (view, asked, sequence) = solves[^1];
            solves.Clear();
            run(() => Post(Timed(view, asked, sequence)));
        }
        foreach (var (asked, view, stated) in comparisons)
            run(() => Post(Compared(asked, view, stated)));
        comparisons.Clear();
    }

    EngineEvent Compared(MarginQuestion asked, EngineView view, MarginStated stated)
    {
        try
        {
            return compare?.Invoke(asked, view, stated)
                ?? new MarginCompared(asked.Sequence, [], "nothing compares margin here");
        }
        catch (Exception fault)
        {
            // As with solves: what a model cannot do must not end the process that watches the account.
            return new MarginCompared(asked.Sequence, [], $"{fault.GetType().Name}: {fault.Message}");
        }
    }

    EngineEvent Timed(EngineView view, Solve asked, ulong sequence)
    {
        long began = clock.GetTimestamp();
        try
        {
            return solve(view, asked, sequence);
        }
        catch (Exception fault)
        {
            // Whatever a solve does wrong, the process that watches the account goes on; the alert says it.
            return new SolveFailed(sequence, asked.InputDigest, $"{fault.GetType().Name}: {fault.Message}");
        }
        finally
        {
            Meters.Solved(clock.GetElapsedTime(began));
        }
    }

    void Snapshot()
    {
        engine.Snapshot();
        lastSnapshot = engine.State.Sequence;
    }
}
