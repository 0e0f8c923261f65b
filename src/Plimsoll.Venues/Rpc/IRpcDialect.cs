using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Venues;

/// <summary>How a venue writes calls and answers on one connection.</summary>
interface IRpcDialect
{
    /// <summary>The frame of a call.</summary>
    string Write(long id, string method, JsonObject parameters);

    /// <summary>The id and the answer that a frame carries; null when it is a notification.</summary>
    (long Id, RpcAnswer Answer)? Read(JsonElement frame);

    /// <summary>What a close frame of the venue means.</summary>
    /// <param name="status">Its status; null: there was no such frame.</param>
    /// <param name="said">Its words.</param>
    SessionEnd Ended(int? status, string said) => SessionEnd.OfClose(status, said);
}

/// <summary>JSON-RPC 2.0.</summary>
sealed class JsonRpc : IRpcDialect
{
    public string Write(long id, string method, JsonObject parameters) =>
        new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id,
            ["method"] = method,
            ["params"] = parameters,
        }.ToJsonString();

    public (long Id, RpcAnswer Answer)? Read(JsonElement frame) =>
        !frame.TryGetProperty("id", out var given) ? null
        : given.TryGetInt64(out long id) ? (id, RpcAnswer.Of(frame))
        : throw new FormatException("an answer to nobody");
}
