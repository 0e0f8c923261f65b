using System.Text;

namespace Plimsoll.Venues;

/// <summary>One request over HTTP, whole.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Address">Where, with its query.</param>
/// <param name="Body">JSON; null for none.</param>
/// <param name="Headers">Besides those of the body.</param>
sealed record HttpCall(HttpMethod Method, Uri Address, string? Body, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>A call that posts JSON without a header of its own.</summary>
    public static HttpCall Post(Uri address, string body) => new(HttpMethod.Post, address, body, []);
}

/// <summary>Status and text of an answer.</summary>
readonly record struct HttpReply(int Status, string Text);

/// <summary>Makes one request; a test may hold the other end itself.</summary>
delegate Task<HttpReply> SendHttp(HttpCall call, CancellationToken cancel);

/// <summary>Requests over a socket.</summary>
static class HttpCalls
{
    static readonly Lazy<HttpClient> client = new(() => new HttpClient());

    /// <summary>One client for the process, as its connections are meant to be shared.</summary>
    public static Task<HttpReply> SendAsync(HttpCall call, CancellationToken cancel) =>
        SendAsync(client.Value, call, cancel);

    /// <summary>Makes a request with a client.</summary>
    public static async Task<HttpReply> SendAsync(HttpClient http, HttpCall call, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(call.Method, call.Address);
        if (call.Body is not null)
            request.Content = new StringContent(call.Body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in call.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request, cancel);
        return new HttpReply((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel));
    }
}
