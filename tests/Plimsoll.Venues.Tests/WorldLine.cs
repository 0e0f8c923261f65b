namespace Plimsoll.Venues.Tests;

/// <summary>The client's end of a connection to a venue that lives in the test.</summary>
/// <param name="time">Clock.</param>
/// <param name="losesRequests">Whether what is sent now gets lost before anything is done.</param>
/// <param name="losesAnswers">Whether what would arrive now gets lost.</param>
/// <param name="take">Takes what arrived at the venue.</param>
sealed class WorldLine(
    TimeProvider time,
    Func<bool> losesRequests,
    Func<bool> losesAnswers,
    Action<WorldLine, string> take
) : IFrames
{
    static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(3);
    readonly Queue<string> arrived = new();
    TaskCompletionSource<string?>? waiting;
    Task sent = Task.CompletedTask;

    public bool IsClosed { get; private set; }

    public async Task SendAsync(string frame, CancellationToken cancel)
    {
        if (IsClosed)
            throw new IOException("broken");
        var before = sent;
        sent = DeliverAsync(before, frame, losesRequests());
        await sent;
    }

    // What was sent first arrives first, whatever the clock's timers do.
    async Task DeliverAsync(Task before, string frame, bool isLost)
    {
        await Task.Delay(Latency, time, CancellationToken.None);
        await before;
        if (!isLost && !IsClosed)
            take(this, frame);
    }

    public void Arrive(string frame)
    {
        if (losesAnswers() || IsClosed)
            return;
        var reader = waiting;
        waiting = null;
        if (reader is null)
            arrived.Enqueue(frame);
        else
            reader.TrySetResult(frame);
    }

    public async Task<string?> ReceiveAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (arrived.TryDequeue(out string? frame))
            return frame;
        if (IsClosed)
            return null;
        var mine = waiting = new TaskCompletionSource<string?>();
        using var registered = cancel.Register(() => mine.TrySetCanceled());
        return await mine.Task;
    }

    public (int Status, string Words)? Closed { get; private set; }

    /// <summary>The venue closes it and says why.</summary>
    public void Close(int status, string words)
    {
        (IsClosed, Closed) = (true, (status, words));
        waiting?.TrySetResult(null);
        waiting = null;
    }

    public void Break()
    {
        IsClosed = true;
        waiting?.TrySetException(new IOException("broken"));
        waiting = null;
    }

    public ValueTask DisposeAsync()
    {
        IsClosed = true;
        return ValueTask.CompletedTask;
    }
}
