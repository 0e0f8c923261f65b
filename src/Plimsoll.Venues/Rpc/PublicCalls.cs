using System.Text.Json;

namespace Plimsoll.Venues;

/// <summary>Questions that only read: within the venue's rate; one that failed is made again, a few times.</summary>
/// <param name="send">Makes a request.</param>
/// <param name="time">Clock.</param>
/// <param name="callsPerSecond">Calls that come back each second.</param>
/// <param name="burst">Most calls at once.</param>
/// <param name="seed">Of the pauses.</param>
sealed class PublicCalls(SendHttp send, TimeProvider time, double callsPerSecond, double burst, ulong seed)
{
    const int Tries = 4;
    const int LongestSaid = 200;
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(300);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    static readonly TimeSpan AnswerWait = TimeSpan.FromSeconds(15);
    readonly CallCredits credits = new(time, callsPerSecond, burst);
    readonly Backoff backoff = new(FirstPause, LongestPause, seed);

    /// <summary>The answer as it came; JSON.</summary>
    /// <param name="call">The question.</param>
    /// <param name="what">What is asked, for the exception.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="VenueException">No answer came in a form that is understood.</exception>
    public async Task<string> AskAsync(HttpCall call, string what, CancellationToken cancel)
    {
        string why = "";
        backoff.Reset();
        for (int i = 0; i < Tries; i++)
        {
            if (i > 0)
                await Task.Delay(backoff.Next(), time, cancel);
            await credits.TakeAsync(urgent: false);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(AnswerWait);
            try
            {
                var reply = await send(call, limit.Token);
                if (reply.Status == 200)
                {
                    using var whole = JsonDocument.Parse(reply.Text);
                    return reply.Text;
                }
                why = FormattableString.Invariant($"status {reply.Status}") + Said(reply.Text);
            }
            catch (Exception e)
                when (e is HttpRequestException or IOException or JsonException
                    || e is OperationCanceledException && !cancel.IsCancellationRequested
                )
            {
                why = e is JsonException ? "an answer that is no JSON" : e.Message;
            }
        }
        throw new VenueException($"{call.Address.Host}: {what}: {why}");
    }

    /// <summary>What a venue says in JSON beside a status of failure; other texts are pages of a proxy.</summary>
    static string Said(string text) =>
        text.StartsWith('{') ? ": " + (text.Length > LongestSaid ? text[..LongestSaid] : text) : "";
}
