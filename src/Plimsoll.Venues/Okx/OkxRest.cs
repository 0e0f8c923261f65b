using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Venues;

/// <summary>Signed requests over HTTP; a reading that failed is made again, a few times.</summary>
sealed class OkxRest(OkxSettings settings, VenueKey key, SendHttp send, VenueLine line, TimeProvider time)
{
    const int Tries = 3;
    static readonly int[] again = [50004, 50011, 50013, 50026, 50061, 63999];

    /// <summary>Reads; the rows of the answer.</summary>
    /// <param name="path">Such as <c>account/config</c>.</param>
    /// <param name="query">Names and values.</param>
    /// <param name="urgent">Whether it may use what is kept for cuts.</param>
    /// <exception cref="VenueKeyRefused">The venue does not take the key.</exception>
    /// <exception cref="VenueRefusal">The venue refused for another reason.</exception>
    /// <exception cref="VenueException">It did not answer in a form that is understood.</exception>
    public async Task<JsonElement> ReadAsync(string path, string query = "", bool urgent = false)
    {
        string target = $"/api/v5/{path}{(query.Length > 0 ? "?" + query : "")}";
        for (int i = 1; ; i++)
        {
            await line.Other.TakeAsync(urgent);
            var answer = await CallAsync(HttpMethod.Get, target, null);
            CheckKey(answer);
            bool isRefused = answer.Outcome == RpcOutcome.Refused && !again.Contains(answer.Code);
            if (OkxErrors.IsRateLimit(answer.Code))
                line.Other.Empty();
            if (isRefused || i == Tries || answer.Outcome == RpcOutcome.Done)
                return answer.Needed(path);
            await line.PauseAsync();
        }
    }

    /// <summary>A question that takes more than fits into an address; asked once.</summary>
    /// <exception cref="VenueException">Refused, or not answered.</exception>
    public async Task<JsonElement> AskAsync(string path, JsonObject body)
    {
        await line.Other.TakeAsync(urgent: false);
        return (await PostAsync(path, body)).Needed(path);
    }

    /// <summary>The venue's clock less ours, halfway through the question, without the wait for leave.</summary>
    public async Task<TimeSpan> MeasureClockAsync()
    {
        for (int i = 1; ; i++)
        {
            await line.Other.TakeAsync(urgent: true);
            var sent = line.Now;
            var answer = await CallAsync(HttpMethod.Get, "/api/v5/public/time", null);
            var took = line.Now - sent;
            CheckKey(answer);
            if (answer.Outcome == RpcOutcome.Done || i == Tries)
                return OkxContracts.Time(answer.Needed("public/time")[0].Text("ts")) - (sent + took / 2);
            await line.PauseAsync();
        }
    }

    /// <summary>Tells the venue to do something, once.</summary>
    public Task<RpcAnswer> PostAsync(string path, JsonNode body) =>
        CallAsync(HttpMethod.Post, $"/api/v5/{path}", body.ToJsonString());

    /// <summary>Signature of a text, as the venue wants it.</summary>
    public static string Sign(VenueKey key, string text) => Convert.ToBase64String(key.Sign(text));

    /// <summary>Headers of a request.</summary>
    public static (string Name, string Value)[] Headers(
        OkxSettings settings,
        VenueKey key,
        DateTimeOffset venueNow,
        string method,
        string target,
        string body
    )
    {
        string at = venueNow.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return
        [
            ("OK-ACCESS-KEY", key.ClientId),
            ("OK-ACCESS-SIGN", Sign(key, at + method + target + body)),
            ("OK-ACCESS-TIMESTAMP", at),
            ("OK-ACCESS-PASSPHRASE", key.Passphrase),
            .. settings.IsLive ? Array.Empty<(string, string)>() : [("x-simulated-trading", "1")],
        ];
    }

    void CheckKey(RpcAnswer answer)
    {
        if (answer.Outcome == RpcOutcome.Refused && OkxErrors.IsAccess(answer.Code))
            throw new VenueKeyRefused($"the venue does not take {key}: {answer.Words} ({answer.Code})");
    }

    async Task<RpcAnswer> CallAsync(HttpMethod method, string target, string? body)
    {
        using var limit = new CancellationTokenSource(settings.AnswerWait, time);
        var headers = Headers(settings, key, line.Now + line.ClockOffset, method.Method, target, body ?? "");
        try
        {
            var reply = await send(new HttpCall(method, new Uri(settings.Url, target), body, headers), limit.Token);
            var kind = SessionEnd.OfHttp(reply.Status);
            bool hasNoCode = kind == EndKind.Maintenance || kind == EndKind.RateLimit && !reply.Text.StartsWith('{');
            return hasNoCode
                ? RpcAnswer.Lost(string.Create(CultureInfo.InvariantCulture, $"status {reply.Status}"), kind)
                : OkxDialect.Answer(JsonElement.Parse(reply.Text));
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or OperationCanceledException or JsonException
                || e is FormatException or InvalidOperationException
            )
        {
            return RpcAnswer.Lost(e is OperationCanceledException ? "no answer in time" : e.GetType().Name);
        }
    }
}
