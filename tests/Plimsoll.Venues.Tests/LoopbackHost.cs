using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Plimsoll.Venues.Tests;

/// <summary>A venue that lives in the test, served over real sockets on loopback.</summary>
/// <remarks>What it does happens in one context, one thing at a time, as the client's side does.</remarks>
sealed class LoopbackHost : IAsyncDisposable
{
    readonly HttpListener listener = new();
    readonly SerialContext context = new();
    readonly CancellationTokenSource ending = new();
    readonly Func<HttpCall, HttpReply> answer;
    readonly Func<string, IFrames> connect;
    readonly Task serving;
    readonly Task living;

    /// <summary>Listens on a free port.</summary>
    /// <param name="answer">Answers requests.</param>
    /// <param name="connect">The venue's end of a socket by its path.</param>
    /// <param name="beat">What the venue tells all the time; null: nothing.</param>
    public LoopbackHost(Func<HttpCall, HttpReply> answer, Func<string, IFrames> connect, Action? beat = null)
    {
        (this.answer, this.connect) = (answer, connect);
        living = LiveAsync(beat);
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}");
        }
        listener.Prefixes.Add($"{Address}");
        listener.Start();
        serving = ServeAsync();
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Close();
        await serving;
        await living;
        await context.DisposeAsync();
        ending.Dispose();
    }

    async Task LiveAsync(Action? beat)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (beat is not null && await timer.WaitForNextTickAsync(ending.Token))
                context.Post(_ => beat(), null);
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
    }

    async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext asked;
            try
            {
                asked = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            _ = asked.Request.IsWebSocketRequest ? SocketAsync(asked) : CallAsync(asked);
        }
    }

    async Task CallAsync(HttpListenerContext asked)
    {
        using var reader = new StreamReader(asked.Request.InputStream, Encoding.UTF8);
        string body = await reader.ReadToEndAsync();
        var headers = asked.Request.Headers;
        var call = new HttpCall(
            new HttpMethod(asked.Request.HttpMethod),
            new Uri(Address, asked.Request.RawUrl!),
            body.Length > 0 ? body : null,
            [.. headers.AllKeys.Select(name => (name!, headers[name]!))]
        );
        var reply = await InsideAsync(() => Task.FromResult(answer(call)));
        asked.Response.StatusCode = reply.Status;
        await asked.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(reply.Text));
        asked.Response.Close();
    }

    async Task SocketAsync(HttpListenerContext asked)
    {
        try
        {
            using var socket = (await asked.AcceptWebSocketAsync(null)).WebSocket;
            var frames = await InsideAsync(() => Task.FromResult(connect(asked.Request.Url!.AbsolutePath)));
            var leaving = SendAsync(socket, frames);
            var buffer = new byte[1 << 16];
            while (await socket.ReceiveAsync(buffer, ending.Token) is { MessageType: WebSocketMessageType.Text } part)
            {
                string frame = Encoding.UTF8.GetString(buffer, 0, part.Count);
                context.Post(_ => _ = frames.SendAsync(frame, CancellationToken.None), null);
            }
            await frames.DisposeAsync();
            await leaving;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // One of the two has gone.
        }
    }

    async Task SendAsync(WebSocket socket, IFrames frames)
    {
        while (await InsideAsync(() => frames.ReceiveAsync(ending.Token)) is { } frame)
            await socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, ending.Token);
    }

    Task<T> InsideAsync<T>(Func<Task<T>> work)
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
                    done.TrySetException(e);
                }
            },
            null
        );
        return done.Task;
    }
}
