using Plimsoll.Engine;

namespace Plimsoll.Live;

/// <summary>Where all that is learned waits for the one thread that applies it.</summary>
/// <remarks>
/// Commands of people go first. A ticker that has not been applied yet is replaced by the next one of its instrument,
/// so that a flood of prices costs freshness of none and memory of nothing; nothing else is ever dropped.
/// </remarks>
sealed class Inbox(int most)
{
    readonly Lock gate = new();
    readonly SemaphoreSlim arrived = new(0);
    readonly Queue<EngineEvent> urgent = new();
    readonly Queue<(EngineEvent? Event, string? Ticker)> waiting = new();
    readonly Dictionary<string, TickerSeen> tickers = new(StringComparer.Ordinal);
    bool isAwake;

    /// <summary>Events that wait.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return urgent.Count + waiting.Count;
        }
    }

    /// <summary>Tickers that a newer one replaced before they were applied.</summary>
    public long Replaced { get; private set; }

    /// <summary>Whether something had to be refused; then the account is not followed any more.</summary>
    public bool HasOverflowed { get; private set; }

    /// <summary>Adds an event; any thread.</summary>
    public void Add(EngineEvent happened)
    {
        lock (gate)
        {
            if (happened is Killed or Armed or ReduceOnlyAsked or Stopped)
                urgent.Enqueue(happened);
            else if (happened is TickerSeen ticker)
            {
                if (tickers.ContainsKey(ticker.Instrument))
                    Replaced++;
                else
                    waiting.Enqueue((null, ticker.Instrument));
                tickers[ticker.Instrument] = ticker;
            }
            else if (waiting.Count >= most)
                HasOverflowed = true;
            else
                waiting.Enqueue((happened, null));
            if (isAwake)
                return;
            isAwake = true;
        }
        arrived.Release();
    }

    /// <summary>Takes up to <paramref name="count"/> events in order.</summary>
    public void Take(int count, List<EngineEvent> into)
    {
        lock (gate)
        {
            while (into.Count < count && urgent.TryDequeue(out var first))
                into.Add(first);
            while (into.Count < count && waiting.TryDequeue(out var next))
            {
                if (next.Ticker is { } name && tickers.Remove(name, out var ticker))
                    into.Add(ticker);
                else if (next.Event is { } happened)
                    into.Add(happened);
            }
            isAwake = urgent.Count + waiting.Count > 0;
        }
    }

    /// <summary>Waits until something arrives, at most so long.</summary>
    public void Wait(TimeSpan most, CancellationToken cancel)
    {
        lock (gate)
            if (urgent.Count + waiting.Count > 0)
                return;
        arrived.Wait(most, cancel);
    }
}
