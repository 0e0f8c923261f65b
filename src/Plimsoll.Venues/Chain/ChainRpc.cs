using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Venues;

/// <summary>Reads a chain by Ethereum's JSON-RPC over HTTP; nothing here signs or sends a transaction.</summary>
/// <remarks>Every call only reads, so one that failed is made again, a few times.</remarks>
sealed class ChainRpc(Uri url, SendHttp send, TimeProvider time)
{
    const int Tries = 4;
    static readonly TimeSpan AnswerWait = TimeSpan.FromSeconds(10);
    readonly Backoff backoff = new(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(4), 1);
    long lastId;

    /// <summary>Id of the chain that answers.</summary>
    public async Task<ulong> ChainIdAsync(CancellationToken cancel) =>
        Quantity((await AskAsync("eth_chainId", [], cancel)).GetString()!);

    /// <summary>Hash and time of a block.</summary>
    /// <exception cref="VenueException">The node does not have it.</exception>
    public async Task<(string Hash, DateTimeOffset At)> BlockAsync(ulong number, CancellationToken cancel)
    {
        var block = await AskAsync("eth_getBlockByNumber", [Hex(number), false], cancel);
        if (block.ValueKind != JsonValueKind.Object || Quantity(block.Text("number")) != number)
            throw new VenueException(FormattableString.Invariant($"{url.Host}: no block {number}"));
        return (block.Text("hash"), DateTimeOffset.FromUnixTimeSeconds((long)Quantity(block.Text("timestamp"))));
    }

    /// <summary>Calls a contract in the latest block.</summary>
    public async Task<byte[]> CallAsync(string to, byte[] data, CancellationToken cancel) =>
        Abi.Bytes(
            (
                await AskAsync("eth_call", [new JsonObject { ["to"] = to, ["data"] = Abi.Hex(data) }, "latest"], cancel)
            ).GetString()!
        );

    async Task<JsonElement> AskAsync(string method, JsonArray parameters, CancellationToken cancel)
    {
        string why = "";
        backoff.Reset();
        for (int i = 0; i < Tries; i++)
        {
            if (i > 0)
                await Task.Delay(backoff.Next(), time, cancel);
            long id = ++lastId;
            string body = new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = id,
                ["method"] = method,
                ["params"] = parameters.DeepClone(),
            }.ToJsonString();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(AnswerWait);
            try
            {
                var reply = await send(HttpCall.Post(url, body), limit.Token);
                if (reply.Status is 429 or >= 500)
                {
                    why = FormattableString.Invariant($"status {reply.Status}");
                    continue;
                }
                var root = JsonElement.Parse(reply.Text);
                if (root.GetProperty("id").GetInt64() != id)
                    throw new FormatException("an answer to another question");
                return RpcAnswer.Of(root).Needed(method);
            }
            catch (Exception e)
                when (e is HttpRequestException or IOException or JsonException or FormatException
                    || e is KeyNotFoundException or InvalidOperationException
                    || e is OperationCanceledException && !cancel.IsCancellationRequested
                )
            {
                why = e is OperationCanceledException ? "no answer in time" : e.Message;
            }
        }
        throw new VenueException($"{url.Host}: {method}: {why}");
    }

    static ulong Quantity(string hex) =>
        hex.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(hex.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : throw new FormatException($"no quantity: {hex}");

    static string Hex(ulong number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}");
}
