using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Venues;

/// <summary>Readings over a session.</summary>
static class DeribitCalls
{
    /// <summary>Reads after everything more urgent.</summary>
    /// <exception cref="VenueException">No session, refused, or not answered.</exception>
    public static async Task<JsonElement> ReadAsync(this VenueLine line, string method, JsonObject parameters)
    {
        if (!line.IsUp)
            throw new VenueException("no session");
        await line.Other.TakeAsync(urgent: false);
        var answer = await line.CallAsync(method, parameters);
        if (answer.Outcome == RpcOutcome.Refused && DeribitErrors.IsRateLimit(answer.Code))
            line.Other.Empty();
        return answer.Needed(method);
    }
}
