namespace Plimsoll.Venues.Tests;

/// <summary>A clock that jumps to the next timer as soon as nothing is left to do, in one thread.</summary>
/// <remarks>
/// Everything that is awaited inside <see cref="Run"/> comes back here, so a run of minutes takes milliseconds and is
/// the same each time.
/// </remarks>
sealed class VirtualTime : TimeProvider
{
    static readonly DateTimeOffset Start = new(2026, 3, 4, 9, 31, 0, TimeSpan.Zero);
    readonly Queue<Action> work = new();
    readonly PriorityQueue<(Timer Timer, int Version), (long Due, long Order)> timers = new();
    readonly SerialQueue context;
    long ticks;
    long order;

    public VirtualTime() => context = new SerialQueue(work);

    public SynchronizationContext Context => context;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ticks;

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs work to its end.</summary>
    public void Run(Func<Task> main, TimeSpan limit)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            var task = main();
            while (!task.IsCompleted)
                if (work.TryDequeue(out var next))
                    next();
                else if (timers.TryDequeue(out var due, out var at))
                {
                    if (due.Timer.Version != due.Version)
                        continue;
                    ticks = Math.Max(ticks, at.Due);
                    if (ticks > limit.Ticks)
                        throw new TimeoutException($"not done after {limit}");
                    due.Timer.Fire();
                }
                else
                    throw new InvalidOperationException("nothing is left to do, and the work is not done");
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>
    /// A task whose end is seen in virtual time. What ends on another thread's turn would else be noticed whenever that
    /// thread comes to it, hours later by this clock.
    /// </summary>
    public static async Task Within(Task task) => await task;

    sealed class Timer(VirtualTime time, Action fire) : ITimer
    {
        TimeSpan every = Timeout.InfiniteTimeSpan;

        public int Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Version++;
            every = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
                time.timers.Enqueue((this, Version), (time.ticks + dueTime.Ticks, ++time.order));
            return true;
        }

        public void Fire()
        {
            if (every != Timeout.InfiniteTimeSpan && every > TimeSpan.Zero)
                Change(every, every);
            fire();
        }

        public void Dispose() => Version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    sealed class SerialQueue(Queue<Action> work) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => work.Enqueue(() => d(state));

        public override SynchronizationContext CreateCopy() => this;
    }
}
