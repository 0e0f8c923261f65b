using System.Text.Json;
using Plimsoll.Numerics;
using Plimsoll.Paper;

namespace Plimsoll.Venues.Tests;

/// <summary>A connection to the paper venue without a socket; faults happen to frames as in the real host.</summary>
sealed class GatewayFrames : IFrames
{
    static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(3);
    readonly PaperWorld world;
    readonly VirtualTime time;
    readonly SeededRandom random;
    readonly Session session;
    readonly Queue<string> arrived = new();
    TaskCompletionSource<string?>? waiting;
    bool isClosed;
    bool isBroken;

    public GatewayFrames(PaperWorld world, VirtualTime time, SeededRandom random)
    {
        (this.world, this.time, this.random) = (world, time, random);
        session = world.Gateway.Open("127.0.0.1", world.NowUs);
        _ = SendOutAsync();
    }

    public async Task SendAsync(string frame, CancellationToken cancel)
    {
        if (isClosed)
            throw new IOException("broken");
        bool isLost = random.NextDouble() < world.LostRequests;
        await Task.Delay(Latency, time, CancellationToken.None);
        if (isLost || isClosed)
            return;
        if (world.Refuses?.Invoke(frame) is { } refusal)
        {
            var id = JsonDocument.Parse(frame).RootElement.GetProperty("id");
            Arrive(
                $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":{{{refusal.Code}}},"message":"{{{refusal.Words}}}"}}"""
            );
            return;
        }
        if (
            frame.Contains("private/buy", StringComparison.Ordinal)
            || frame.Contains("private/sell", StringComparison.Ordinal)
        )
            world.Requests.Add(
                JsonDocument.Parse(frame).RootElement.GetProperty("params").GetProperty("label").GetString()!
            );
        if (frame.Contains("\"private/edit\"", StringComparison.Ordinal))
            world.Edits++;
        world.Gateway.Receive(session, frame, world.NowUs);
    }

    public async Task<string?> ReceiveAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (arrived.TryDequeue(out string? frame))
            return frame;
        if (isClosed)
            return isBroken ? throw new IOException("broken") : null;
        waiting = new TaskCompletionSource<string?>();
        using var registered = cancel.Register(() => waiting?.TrySetCanceled());
        return await waiting.Task;
    }

    public ValueTask DisposeAsync()
    {
        Close(isBreak: false);
        return ValueTask.CompletedTask;
    }

    async Task SendOutAsync()
    {
        string? held = null;
        while (!isClosed)
        {
            while (!isClosed && session.Take() is { } frame)
            {
                var fault = world.Faults.OfFrame(frame);
                switch (fault?.Kind)
                {
                    case FaultKind.Drop or FaultKind.Gap:
                        continue;
                    case FaultKind.Disconnect:
                        Close(isBreak: true);
                        return;
                    case FaultKind.Delay or FaultKind.Slow:
                        await Task.Delay(TimeSpan.FromMilliseconds(fault.Value.ForMs), time);
                        break;
                    case FaultKind.Garbage:
                        Arrive(string.Concat(frame.AsSpan(0, frame.Length / 2), "\u0001}{<html>"));
                        continue;
                    case FaultKind.Duplicate:
                        Arrive(frame);
                        break;
                    case FaultKind.Reorder when held is null:
                        held = frame;
                        continue;
                }
                Arrive(frame);
                if (held is not null)
                    Arrive(held);
                held = null;
            }
            if (session.IsClosing)
                Close(isBreak: false);
            await Task.Delay(Latency, time);
        }
    }

    internal void Arrive(string frame)
    {
        if (waiting is { } reader)
        {
            waiting = null;
            reader.TrySetResult(frame);
        }
        else
            arrived.Enqueue(frame);
    }

    void Close(bool isBreak)
    {
        if (isClosed)
            return;
        (isClosed, isBroken) = (true, isBreak);
        world.Gateway.Close(session, world.NowUs);
        var reader = waiting;
        waiting = null;
        if (isBreak)
            reader?.TrySetException(new IOException("broken"));
        else
            reader?.TrySetResult(null);
    }
}
