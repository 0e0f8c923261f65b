using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Plimsoll.Paper;

namespace Plimsoll.Daemon;

/// <summary>One WebSocket: frames in to the gateway, frames out through the fault plan.</summary>
sealed class PaperConnection(PaperWorld world, WebSocket socket, Session session)
{
    const int MostWaiting = 20_000;
    static readonly ConcurrentDictionary<long, PaperConnection> Open = [];
    static readonly TimeSpan CloseWait = TimeSpan.FromMilliseconds(300);
    readonly SemaphoreSlim wake = new(0, 1);
    readonly CancellationTokenSource ended = new();
    string? held;

    /// <summary>Lets every connection look for frames to send.</summary>
    public static void WakeAll()
    {
        foreach (var connection in Open.Values)
            connection.Wake();
    }

    /// <summary>Cuts an answer short and spoils it, so that it is no JSON.</summary>
    public static string Garbled(string frame) => string.Concat(frame.AsSpan(0, frame.Length / 2), "\u0001}{<html>");

    /// <summary>Runs until either side is done or the host stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        Open[session.Id] = this;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, ended.Token);
        var sending = SendAllAsync(either.Token);
        try
        {
            await ReceiveAllAsync(either.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The other side is gone, or the host stops: both end here.
        }
        Open.TryRemove(session.Id, out _);
        await ended.CancelAsync();
        await sending;
        world.With(gateway => gateway.Close(session, world.NowUs));
        WakeAll();
        await CloseAsync();
        wake.Dispose();
        ended.Dispose();
    }

    void Wake()
    {
        try
        {
            if (wake.CurrentCount == 0)
                wake.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Someone else woke it, or it is gone.
        }
    }

    async Task ReceiveAllAsync(CancellationToken cancelled)
    {
        var buffer = new byte[world.LargestFrameBytes];
        while (true)
        {
            int length = 0;
            bool tooLarge = false;
            ValueWebSocketReceiveResult part;
            do
            {
                // What is over the limit is read and forgotten.
                if (length == buffer.Length)
                    (tooLarge, length) = (true, 0);
                part = await socket.ReceiveAsync(buffer.AsMemory(length), cancelled);
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                length += part.Count;
            } while (!part.EndOfMessage);
            string frame = Encoding.UTF8.GetString(buffer, 0, length);
            world.With(gateway =>
            {
                if (tooLarge)
                    Gateway.RefuseLarge(session, world.NowUs);
                else if (world.Faults.RefusesCall())
                    Gateway.RefuseOften(session, frame, world.NowUs);
                else
                    gateway.Receive(session, frame, world.NowUs);
            });
            WakeAll();
        }
    }

    async Task SendAllAsync(CancellationToken cancelled)
    {
        try
        {
            while (!cancelled.IsCancellationRequested)
            {
                await wake.WaitAsync(cancelled);
                while (Next(out var fault) is { } frame)
                    await SendAsync(frame, fault, cancelled);
                if (!session.IsClosing && session.Waiting <= MostWaiting)
                    continue;
                await ended.CancelAsync();
                return;
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            await ended.CancelAsync();
        }
    }

    string? Next(out FaultRate? fault)
    {
        FaultRate? met = null;
        string? frame = world.With(_ =>
        {
            string? next = session.Take();
            met = next is null ? null : world.Faults.OfFrame(next);
            return next;
        });
        fault = met;
        return frame;
    }

    async Task SendAsync(string frame, FaultRate? fault, CancellationToken cancelled)
    {
        switch (fault?.Kind)
        {
            case FaultKind.Drop or FaultKind.Gap:
                return;
            case FaultKind.Disconnect:
                socket.Abort();
                await ended.CancelAsync();
                return;
            case FaultKind.Delay or FaultKind.Slow:
                await Task.Delay(TimeSpan.FromMilliseconds(fault.Value.ForMs), cancelled);
                break;
            case FaultKind.Garbage:
                frame = Garbled(frame);
                break;
            case FaultKind.Duplicate:
                await WriteAsync(frame, cancelled);
                break;
            case FaultKind.Reorder when held is null:
                held = frame;
                return;
        }
        await WriteAsync(frame, cancelled);
        if (held is not { } late)
            return;
        held = null;
        await WriteAsync(late, cancelled);
    }

    Task WriteAsync(string frame, CancellationToken cancelled) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, cancelled);

    async Task CloseAsync()
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        using var limit = new CancellationTokenSource(CloseWait);
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // It was closing anyway.
        }
    }
}
