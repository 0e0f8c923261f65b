using System.Collections.Concurrent;
using System.Threading.Channels;
using Plimsoll.Engine;
using Plimsoll.Live;

namespace Plimsoll.Daemon;

/// <summary>The last decisions, and news for listeners; a slow one loses the oldest, never slows the loop.</summary>
sealed class NewsBoard(int most)
{
    const int Buffered = 256;
    readonly Queue<DecisionAnswer> decisions = new();
    readonly ConcurrentDictionary<Subscription, byte> listeners = new();

    /// <summary>Takes news of the loop.</summary>
    public void Take(LoopNews news)
    {
        foreach (var effect in news.Effects)
        {
            if (effect is Decided decided)
                lock (decisions)
                {
                    decisions.Enqueue(DecisionAnswer.Of(news.Next, decided));
                    if (decisions.Count > most)
                        decisions.Dequeue();
                }
            if (listeners.IsEmpty || effect is ReadOrder or Reconcile)
                continue;
            var answer = new EventAnswer(news.Next.Sequence, news.Next.At, Kind(effect), Words(effect));
            foreach (var listener in listeners.Keys)
                listener.Channel.Writer.TryWrite(answer);
        }
    }

    /// <summary>The newest decisions, newest last.</summary>
    public DecisionAnswer[] Decisions(int limit)
    {
        lock (decisions)
            return [.. decisions.TakeLast(Math.Clamp(limit, 0, most))];
    }

    /// <summary>Listens from now on.</summary>
    public Subscription Subscribe()
    {
        var made = new Subscription(this);
        listeners[made] = 0;
        return made;
    }

    static string Kind(EngineEffect effect) =>
        effect switch
        {
            SendOrder or EditOrder => "order",
            CancelOrder or CancelAll => "cancel",
            Decided => "decision",
            ModeChanged => "mode",
            Alert => "alert",
            _ => "solve",
        };

    static string Words(EngineEffect effect) =>
        effect switch
        {
            SendOrder { Order: var order } => FormattableString.Invariant(
                $"{order.Label}: {order.Side} {order.Contracts} {order.Instrument} at {order.LimitPrice}"
            ),
            EditOrder { Order: var order } => FormattableString.Invariant(
                $"{order.Label}: changed to {order.Contracts} at {order.LimitPrice}"
            ),
            Decided decided => FormattableString.Invariant(
                $"{decided.Instrument}: {decided.Cause} {decided.Held} to {decided.Wanted}, order {decided.Order}"
            ) + (decided.Binding.Length > 0 ? $", {decided.Binding}" : ""),
            ModeChanged changed => $"{changed.Before} to {changed.After}: {changed.Cause}",
            Alert alert => $"{alert.Code}: {alert.Words}",
            CancelOrder cancel => cancel.Label,
            CancelAll all => all.Why,
            Solve solve => solve.Why,
            _ => effect.ToString(),
        };

    /// <summary>One listener.</summary>
    internal sealed class Subscription(NewsBoard board) : IDisposable
    {
        internal Channel<EventAnswer> Channel { get; } =
            System.Threading.Channels.Channel.CreateBounded<EventAnswer>(
                new BoundedChannelOptions(Buffered) { FullMode = BoundedChannelFullMode.DropOldest }
            );

        /// <summary>The next piece; null when none came in time or the listening ends.</summary>
        public async Task<EventAnswer?> NextAsync(TimeSpan most, CancellationToken cancel)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            ending.CancelAfter(most);
            try
            {
                return await Channel.Reader.ReadAsync(ending.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        public void Dispose() => board.listeners.TryRemove(this, out _);
    }
}
