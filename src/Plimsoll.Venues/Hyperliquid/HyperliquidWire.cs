using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Requests over the venue's WebSocket: <c>post</c> with an id, answered on the channel <c>post</c>.</summary>
sealed class HyperliquidDialect : IRpcDialect
{
    /// <summary>Method of a reading.</summary>
    public const string Info = "info";

    /// <summary>Method of a signed action.</summary>
    public const string Action = "action";

    public string Write(long id, string method, JsonObject parameters) =>
        new JsonObject
        {
            ["method"] = "post",
            ["id"] = id,
            ["request"] = new JsonObject { ["type"] = method, ["payload"] = parameters },
        }.ToJsonString();

    public (long Id, RpcAnswer Answer)? Read(JsonElement frame)
    {
        if (frame.Text("channel") != "post")
            return null;
        var data = frame.GetProperty("data");
        long id = data.GetProperty("id").GetInt64();
        var response = data.GetProperty("response");
        var payload = response.GetProperty("payload");
        return response.Text("type") switch
        {
            "error" => (id, new RpcAnswer(RpcOutcome.Refused, default, 0, payload.ToString())),
            Info when payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("data", out var inner) => (
                id,
                new RpcAnswer(RpcOutcome.Done, inner, 0, "")
            ),
            _ => (id, new RpcAnswer(RpcOutcome.Done, payload, 0, "")),
        };
    }
}

/// <summary>Fields of the venue's messages.</summary>
static class HyperliquidWire
{
    /// <summary>Bid or ask: bought or sold.</summary>
    public static Side BookSide(this JsonElement row) =>
        row.Text("side") switch
        {
            "B" => Side.Buy,
            "A" => Side.Sell,
            var other => throw new FormatException($"side {other}"),
        };

    /// <summary>How an order stands by the venue's word for it.</summary>
    public static VenueOrderStatus Status(string status) =>
        status switch
        {
            "open" or "triggered" => VenueOrderStatus.Open,
            "filled" => VenueOrderStatus.Filled,
            _ when status.EndsWith("ejected", StringComparison.Ordinal) => VenueOrderStatus.Rejected,
            _ when status.EndsWith("anceled", StringComparison.Ordinal) || status == "scheduledCancel" =>
                VenueOrderStatus.Cancelled,
            _ => throw new FormatException($"order status {status}"),
        };
}
