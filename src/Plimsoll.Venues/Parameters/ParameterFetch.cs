using System.Text.Json;
using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>A parameter file that a venue's answers made.</summary>
/// <param name="Text">In the form of data/venues.</param>
/// <param name="Note">Its date, source and parts.</param>
public sealed record FetchedParameters(string Text, MarginNote Note);

/// <summary>Reads a model's figures from its venue's public answers; without a key.</summary>
public sealed class ParameterFetch
{
    const double Burst = 4;
    const ulong Seed = 1;
    readonly ParameterVenue venue;
    readonly Uri url;
    readonly TimeProvider time;
    readonly PublicCalls calls;

    /// <summary>A fetch.</summary>
    /// <param name="venue">Whose figures.</param>
    /// <param name="url">Who is asked.</param>
    public ParameterFetch(ParameterVenue venue, Uri url)
        : this(venue, url, HttpCalls.SendAsync, TimeProvider.System) { }

    internal ParameterFetch(ParameterVenue venue, Uri url, SendHttp send, TimeProvider time)
    {
        (this.venue, this.url, this.time) = (venue, url, time);
        calls = new PublicCalls(send, time, venue.CallsPerSecond, Burst, Seed);
    }

    /// <summary>Asks everything, or says what is wrong with the answers; nothing is written here.</summary>
    /// <param name="coins">Coins whose figures are asked where the venue does not state all at once.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="VenueException">The venue did not answer, or refused.</exception>
    public async Task<Parsed<FetchedParameters>> ReadAsync(IReadOnlyList<string> coins, CancellationToken cancel)
    {
        var answers = new List<string>();
        foreach (var question in venue.Once.Concat(coins.SelectMany(coin => venue.OfCoin?.Invoke(coin) ?? [])))
        {
            string path = question.Path.Split('?')[0];
            var address = new Uri(url.OriginalString.TrimEnd('/') + question.Path);
            var call = question.Body is { } body
                ? HttpCall.Post(address, body)
                : new HttpCall(HttpMethod.Get, address, null, []);
            string answer = await calls.AskAsync(call, path, cancel);
            if (Refusal(JsonElement.Parse(answer)) is { } refusal)
                throw new VenueException($"{url.Host}: {question.Path}: {refusal}");
            answers.Add(answer);
        }
        var entry = VenueMargins.Find(venue.Model)!;
        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var ours = entry.Stated!.InOurFormat(StatedParameters.Gather(day, url, answers), url.Host)!;
        if (!ours.Succeeded)
            return Parsed<FetchedParameters>.Fail(ours.Faults);
        return entry.Load(ours.Value, url.Host).Select(model => new FetchedParameters(ours.Value, model.Note));
    }

    /// <summary>Why a venue refused, in its own words; null: it did not.</summary>
    static string? Refusal(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object)
            return null;
        if (answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            return error.GetRawText();
        foreach (var (code, words) in ((string, string)[])[("retCode", "retMsg"), ("code", "msg")])
            if (answer.TryGetProperty(code, out var said) && said.ToString() != "0")
                return $"{said} {(answer.TryGetProperty(words, out var text) ? text.ToString() : "")}".TrimEnd();
        return null;
    }
}
