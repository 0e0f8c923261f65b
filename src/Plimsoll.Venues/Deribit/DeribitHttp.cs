using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Venues;

/// <summary>Calls over HTTP for what is read once: no session, no subscription.</summary>
/// <remarks>Every call only reads, so one that failed is simply made again, a few times.</remarks>
sealed class DeribitHttp(Uri url, HttpClient http, TimeProvider time)
{
    const int Tries = 6;
    const double CallsPerSecond = 10;
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(300);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    readonly CallCredits credits = new(time, CallsPerSecond, CallsPerSecond);
    readonly Backoff backoff = new(FirstPause, LongestPause, 1);
    long lastId;
    string? token;

    /// <summary>From now on calls are made by whom this token stands for.</summary>
    public void LogIn(string accessToken) => token = accessToken;

    /// <summary>Calls a method.</summary>
    /// <returns>The whole answer as it came, and its result.</returns>
    /// <exception cref="VenueRefusal">The venue refused.</exception>
    /// <exception cref="VenueException">It did not answer in a form that is understood.</exception>
    public async Task<(string Text, JsonElement Result)> ReadAsync(
        string method,
        JsonObject parameters,
        CancellationToken cancel
    )
    {
        VenueException? last = null;
        backoff.Reset();
        for (int i = 0; i < Tries; i++)
        {
            if (i > 0)
                await Task.Delay(backoff.Next(), time, cancel);
            await credits.TakeAsync(urgent: false);
            try
            {
                string text = await SendAsync(method, parameters, cancel);
                var answer = RpcAnswer.Of(JsonElement.Parse(text));
                if (answer is { Outcome: RpcOutcome.Refused, Code: not DeribitErrors.TooManyRequests })
                    throw new VenueRefusal(method, answer.Code, answer.Words);
                return (text, answer.Needed(method));
            }
            catch (VenueRefusal refusal) when (refusal.Code != DeribitErrors.TooManyRequests)
            {
                throw;
            }
            catch (VenueException e)
            {
                last = e;
            }
            catch (Exception e)
                when (e
                        is JsonException
                            or HttpRequestException
                            or IOException
                            or KeyNotFoundException
                            or InvalidOperationException
                    || e is TaskCanceledException && !cancel.IsCancellationRequested
                )
            {
                string what = e is JsonException ? "an answer that is no JSON" : e.Message;
                last = new VenueException($"{url.Host}: {method}: {what}");
            }
        }
        throw last!;
    }

    async Task<string> SendAsync(string method, JsonObject parameters, CancellationToken cancel)
    {
        var call = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = ++lastId,
            ["method"] = method,
            ["params"] = parameters.DeepClone(),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, $"/api/v2/{method}"))
        {
            Content = new StringContent(call.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request, cancel);
        return await answer.Content.ReadAsStringAsync(cancel);
    }
}
