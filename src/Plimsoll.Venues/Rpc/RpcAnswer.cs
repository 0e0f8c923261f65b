using System.Text.Json;

namespace Plimsoll.Venues;

/// <summary>What came of a call.</summary>
enum RpcOutcome
{
    /// <summary>The venue did it and said so.</summary>
    Done = 0,

    /// <summary>The venue refused.</summary>
    Refused = 1,

    /// <summary>Nobody knows whether the venue did it: no answer in time, or the connection broke.</summary>
    Unknown = 2,
}

/// <summary>The answer to a call, or that there is none.</summary>
/// <param name="Outcome">Which.</param>
/// <param name="Result">The venue's result; undefined unless done.</param>
/// <param name="Code">The venue's error code; 0 unless refused.</param>
/// <param name="Words">For people: the venue's message, or what went wrong.</param>
/// <param name="Kind">What is done next where it ends a session.</param>
readonly record struct RpcAnswer(
    RpcOutcome Outcome,
    JsonElement Result,
    int Code,
    string Words,
    EndKind Kind = EndKind.Plain
)
{
    public static RpcAnswer Of(JsonElement frame)
    {
        if (frame.TryGetProperty("result", out var result))
            return new(RpcOutcome.Done, result, 0, "");
        var error = frame.GetProperty("error");
        string words = error.TryGetProperty("message", out var message) ? message.GetString() ?? "" : "";
        if (error.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object)
            foreach (string name in (string[])["param", "reason"])
                if (data.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.String)
                    words += $" {part.GetString()}";
        return new(RpcOutcome.Refused, default, error.GetProperty("code").GetInt32(), words);
    }

    public static RpcAnswer Lost(string why, EndKind kind = EndKind.Plain) =>
        new(RpcOutcome.Unknown, default, 0, why, kind);

    /// <summary>The result, where there must be one.</summary>
    /// <exception cref="VenueException">Refused or lost.</exception>
    public JsonElement Needed(string method) =>
        Outcome switch
        {
            RpcOutcome.Done => Result,
            RpcOutcome.Refused => throw new VenueRefusal(method, Code, Words) { Kind = Kind },
            _ => throw new VenueException($"{method}: {Words}") { Kind = Kind },
        };
}
