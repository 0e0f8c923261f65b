using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Venues;

/// <summary>Operations over the venue's private socket: <c>op</c> with an id, answered with the same.</summary>
sealed class OkxDialect : IRpcDialect
{
    /// <summary>What the venue's bare <c>pong</c> is read as.</summary>
    public const string Pong = """{"event":"pong"}""";

    public string Write(long id, string method, JsonObject parameters)
    {
        var frame = new JsonObject { ["id"] = id.ToString(CultureInfo.InvariantCulture), ["op"] = method };
        foreach (var (name, value) in parameters)
            frame[name] = value?.DeepClone();
        return frame.ToJsonString();
    }

    public (long Id, RpcAnswer Answer)? Read(JsonElement frame)
    {
        if (frame.Text("id") is not { Length: > 0 } id || frame.Text("op").Length == 0)
            return null;
        return (long.Parse(id, CultureInfo.InvariantCulture), Answer(frame));
    }

    public SessionEnd Ended(int? status, string said) => OkxErrors.OfClose(status, said);

    /// <summary>
    /// An answer to one operation: the row's own code says more than that of the whole, which may be 0 all the same.
    /// </summary>
    public static RpcAnswer Answer(JsonElement frame)
    {
        int code = Code(frame, "code");
        string words = frame.Text("msg");
        bool hasRow = frame.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array;
        if (hasRow && data.GetArrayLength() == 1 && data[0].ValueKind == JsonValueKind.Object)
            if (data[0].Text("sCode").Length > 0)
                (code, words) = (Code(data[0], "sCode"), data[0].Text("sMsg"));
        return code == 0 && hasRow
            ? new RpcAnswer(RpcOutcome.Done, data, 0, "")
            : new RpcAnswer(RpcOutcome.Refused, default, code, words);
    }

    static int Code(JsonElement row, string name) => int.Parse(row.Text(name), CultureInfo.InvariantCulture);
}

/// <summary>The venue's sockets: its <c>pong</c> is no JSON, so it comes through as an event.</summary>
sealed class OkxFrames(IFrames inner) : IFrames
{
    public Task SendAsync(string frame, CancellationToken cancel) => inner.SendAsync(frame, cancel);

    public async Task<string?> ReceiveAsync(CancellationToken cancel) =>
        await inner.ReceiveAsync(cancel) is { } frame
            ? frame == "pong"
                ? OkxDialect.Pong
                : frame
            : null;

    public (int Status, string Words)? Closed => inner.Closed;

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
