using System.Net.WebSockets;
using System.Text;

namespace Plimsoll.Venues;

/// <summary>Frames over a WebSocket; a frame over the limit ends the connection.</summary>
sealed class WebSocketFrames : IFrames
{
    const int LargestFrame = 16 << 20;
    static readonly TimeSpan CloseWait = TimeSpan.FromMilliseconds(500);
    readonly ClientWebSocket socket = new();
    readonly SemaphoreSlim sending = new(1, 1);
    byte[] buffer = new byte[64 << 10];

    public static async Task<IFrames> OpenAsync(Uri address, CancellationToken cancel)
    {
        var frames = new WebSocketFrames();
        frames.socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await frames.socket.ConnectAsync(address, cancel);
            return frames;
        }
        catch (WebSocketException fault) when (frames.socket.HttpStatusCode is not 0 and var status)
        {
            frames.socket.Dispose();
            string words = FormattableString.Invariant($"no connection to {address}: status {(int)status}");
            throw new VenueException(words, fault) { Kind = SessionEnd.OfHttp((int)status) };
        }
        catch
        {
            frames.socket.Dispose();
            throw;
        }
    }

    public (int Status, string Words)? Closed =>
        socket.CloseStatus is { } status ? ((int)status, socket.CloseStatusDescription ?? "") : null;

    public async Task SendAsync(string frame, CancellationToken cancel)
    {
        await sending.WaitAsync(cancel);
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, cancel);
        }
        finally
        {
            sending.Release();
        }
    }

    public async Task<string?> ReceiveAsync(CancellationToken cancel)
    {
        int length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= LargestFrame)
                    throw new VenueException($"a frame of more than {LargestFrame} bytes");
                Array.Resize(ref buffer, length * 2);
            }
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            length += part.Count;
            if (part.EndOfMessage)
                return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            using var limit = new CancellationTokenSource(CloseWait);
            try
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
            {
                // It was gone already.
            }
        }
        socket.Dispose();
        sending.Dispose();
    }
}
