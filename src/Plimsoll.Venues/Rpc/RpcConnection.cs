using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Venues;

/// <summary>
/// Calls and notifications over frames: calls matched with answers by id, notifications handed on in order.
/// </summary>
/// <remarks>
/// Lives in one synchronisation context, so nothing here is locked. An answer is handed to its caller within the frame
/// that brought it, before the next frame is looked at, also when it comes after the caller stopped waiting.
/// </remarks>
sealed class RpcConnection(
    IFrames frames,
    IRpcDialect dialect,
    TimeProvider time,
    TimeSpan patience,
    Action<JsonElement> notified
)
{
    /// <summary>Why a connection ended that nobody but ourselves closed.</summary>
    public const string ClosedHere = "closed here";
    readonly Dictionary<long, Waiting> waiting = [];
    long lastId;
    SessionEnd? ended;

    /// <summary>When the last frame came.</summary>
    public DateTimeOffset HeardAt { get; private set; } = time.GetUtcNow();

    /// <summary>Whether calls can still be answered.</summary>
    public bool IsOpen => ended is null;

    /// <summary>Reads frames until the connection ends.</summary>
    /// <returns>Why it ended.</returns>
    public async Task<SessionEnd> RunAsync(CancellationToken cancel)
    {
        SessionEnd why;
        try
        {
            while (await frames.ReceiveAsync(cancel) is { } frame)
            {
                HeardAt = time.GetUtcNow();
                Take(frame);
            }
            why = dialect.Ended(frames.Closed?.Status, frames.Closed?.Words ?? "");
        }
        catch (OperationCanceledException)
        {
            why = SessionEnd.Plain(ClosedHere);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            why = e is VenueException known
                ? SessionEnd.Of(known)
                : SessionEnd.Plain($"the connection broke: {e.GetType().Name}");
        }
        End(why);
        return why;
    }

    /// <summary>Calls a method.</summary>
    /// <param name="method">Such as <c>private/buy</c>.</param>
    /// <param name="parameters">Named parameters.</param>
    /// <param name="answered">
    /// Called with the venue's own answer as soon as it comes, however late; not called when none comes.
    /// </param>
    /// <returns>The answer, or that there was none in time.</returns>
    public async Task<RpcAnswer> CallAsync(string method, JsonObject parameters, Action<RpcAnswer>? answered = null)
    {
        if (ended is { } over)
            return RpcAnswer.Lost(over.Words);
        long id = ++lastId;
        var entry = new Waiting(answered);
        waiting.Add(id, entry);
        string frame = dialect.Write(id, method, parameters);
        var context = SynchronizationContext.Current;
        using var timer = time.CreateTimer(
            _ => Within(context, () => entry.Answer.TrySetResult(RpcAnswer.Lost("no answer in time"))),
            null,
            patience,
            Timeout.InfiniteTimeSpan
        );
        try
        {
            await frames.SendAsync(frame, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Part of the frame may have left: this is not proof that the venue did not take it.
            entry.Answer.TrySetResult(RpcAnswer.Lost($"sending broke: {e.GetType().Name}"));
        }
        return await entry.Answer.Task;
    }

    /// <summary>Sends a frame that nobody answers by id.</summary>
    public async Task TellAsync(JsonObject frame)
    {
        try
        {
            await frames.SendAsync(frame.ToJsonString(), CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The connection is over; whoever reads it finds out.
        }
    }

    void Take(string frame)
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(frame);
        }
        catch (JsonException)
        {
            // What it said is lost, so everything that was built on hearing every frame has to start anew.
            throw new VenueException("a frame that is no JSON");
        }
        if (root.ValueKind != JsonValueKind.Object)
            throw new VenueException("a frame that is no object");
        try
        {
            if (dialect.Read(root) is not { } found)
                notified(root);
            else if (waiting.Remove(found.Id, out var entry))
            {
                entry.Answered?.Invoke(found.Answer);
                entry.Answer.TrySetResult(found.Answer);
            }
        }
        catch (Exception e)
            when (e is InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new VenueException($"a frame that is not understood: {Shape(root)}");
        }
    }

    void End(SessionEnd why)
    {
        ended = why;
        foreach (var entry in waiting.Values.ToList())
            entry.Answer.TrySetResult(RpcAnswer.Lost(why.Words));
        waiting.Clear();
    }

    static void Within(SynchronizationContext? context, Action work)
    {
        if (context is null)
            work();
        else
            context.Post(_ => work(), null);
    }

    // Names of members only: values may be anybody's.
    static string Shape(JsonElement root) =>
        root.TryGetProperty("params", out var parameters)
        && parameters.ValueKind == JsonValueKind.Object
        && parameters.TryGetProperty("channel", out var channel)
            ? channel.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"answer with {root.EnumerateObject().Count()} members");

    sealed class Waiting(Action<RpcAnswer>? answered)
    {
        public Action<RpcAnswer>? Answered { get; } = answered;

        public TaskCompletionSource<RpcAnswer> Answer { get; } = new();
    }
}
