using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>Words, numbers and frames as they stand on the wire.</summary>
static class Wire
{
    // Dividing by one with all its digits drops the zeros at a decimal's end.
    const decimal One = 1.0000000000000000000000000000m;

    static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static readonly IReadOnlyDictionary<string, OrderKind> OrderKinds = Words<OrderKind>();
    public static readonly IReadOnlyDictionary<string, TimeInForce> TimesInForce = Words<TimeInForce>();
    public static readonly IReadOnlyDictionary<string, TriggerSource> Triggers = Words<TriggerSource>();
    public static readonly IReadOnlyDictionary<string, SelfTradeMode> SelfTradeModes = Words<SelfTradeMode>();

    public static string Word<T>(T value)
        where T : struct, Enum => VenueErrors.SnakeCase(value.ToString());

    public static string Word(Side side) => side == Side.Buy ? "buy" : "sell";

    public static string Kind(ListedInstrument book) => book.Instrument is OptionInstrument ? "option" : "future";

    public static JsonNode Number(decimal number) => JsonValue.Create(number / One);

    public static JsonNode Number(decimal number, int digits) => Number(decimal.Round(number, digits));

    public static JsonNode? Number(decimal? number) => number is { } value ? Number(value) : null;

    public static JsonNode Real(double number, int digits) =>
        JsonValue.Create(double.IsFinite(number) ? Math.Round(number, digits) : 0);

    public static JsonArray List(IEnumerable<JsonNode?> rows) => [.. rows];

    public static string Text(JsonNode node) => node.ToJsonString(Compact);

    /// <summary>An answer with a result.</summary>
    public static string Result(JsonNode? id, JsonNode? result, long inUs, long outUs) =>
        Text(Envelope(id, "result", result, inUs, outUs));

    /// <summary>An answer with an error.</summary>
    public static string Error(JsonNode? id, RpcRefusal refusal, long inUs, long outUs)
    {
        var error = new JsonObject { ["code"] = (int)refusal.Error, ["message"] = Message(refusal.Error) };
        if (refusal.Reason.Length > 0 || refusal.Parameter is not null)
        {
            var data = new JsonObject { ["reason"] = refusal.Reason };
            if (refusal.Parameter is { } parameter)
                data["param"] = parameter;
            error["data"] = data;
        }
        return Text(Envelope(id, "error", error, inUs, outUs));
    }

    /// <summary>A notification of a channel.</summary>
    public static string Notification(string channel, JsonNode data) =>
        Text(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["method"] = "subscription",
                ["params"] = new JsonObject { ["channel"] = channel, ["data"] = data },
            }
        );

    /// <summary>A heartbeat, or the request to show life.</summary>
    public static string Heartbeat(string type) =>
        Text(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["method"] = "heartbeat",
                ["params"] = new JsonObject { ["type"] = type },
            }
        );

    static JsonObject Envelope(JsonNode? id, string member, JsonNode? value, long inUs, long outUs)
    {
        var envelope = new JsonObject { ["jsonrpc"] = "2.0" };
        if (id is not null)
            envelope["id"] = id.DeepClone();
        envelope[member] = value;
        envelope["usIn"] = inUs;
        envelope["usOut"] = outUs;
        envelope["usDiff"] = outUs - inUs;
        envelope["testnet"] = true;
        return envelope;
    }

    static string Message(VenueError error) =>
        error switch
        {
            VenueError.InvalidParams => "Invalid params",
            VenueError.MethodNotFound => "Method not found",
            _ => error.Name(),
        };

    static Dictionary<string, T> Words<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(value => Word(value), value => value);
}
