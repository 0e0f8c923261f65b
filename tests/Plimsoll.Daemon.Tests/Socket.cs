using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Plimsoll.Daemon.Tests;

/// <summary>A plain WebSocket to the paper venue: calls by id, notifications kept.</summary>
sealed class Socket : IDisposable
{
    readonly ClientWebSocket socket = new();
    readonly byte[] buffer = new byte[1 << 20];
    readonly CancellationToken stop;
    int id;

    Socket(CancellationToken stop) => this.stop = stop;

    public List<JsonElement> Notifications { get; } = [];

    public static async Task<Socket> OpenAsync(PaperProcess paper, CancellationToken stop)
    {
        var opened = new Socket(stop);
        await opened.socket.ConnectAsync(new Uri($"ws://127.0.0.1:{paper.Port}/ws/api/v2"), stop);
        return opened;
    }

    public Task<JsonElement> LoginAsync(string account = "paper") =>
        CallAsync(
            "public/auth",
            new
            {
                grant_type = "client_credentials",
                client_id = account,
                client_secret = $"{account}-secret",
            }
        );

    public async Task<JsonElement> CallAsync(string method, object parameters)
    {
        int asked = ++id;
        string text = JsonSerializer.Serialize(
            new
            {
                jsonrpc = "2.0",
                id = asked,
                method,
                @params = parameters,
            }
        );
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, stop);
        while (true)
        {
            var answer = JsonDocument.Parse(await ReceiveAsync()).RootElement;
            if (!answer.TryGetProperty("id", out var given) || given.GetInt32() != asked)
                Notifications.Add(answer);
            else if (answer.TryGetProperty("result", out var result))
                return result;
            else
                throw new InvalidOperationException(answer.GetRawText());
        }
    }

    public async Task<string> RawAsync(string frame)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, stop);
        return await ReceiveAsync();
    }

    public async Task<string> ReceiveAsync()
    {
        int length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), stop);
            length += part.Count;
            if (part.EndOfMessage)
                return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }

    public void Abort() => socket.Abort();

    public void Dispose() => socket.Dispose();
}
