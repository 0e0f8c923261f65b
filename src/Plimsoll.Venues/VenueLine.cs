using System.Text.Json.Nodes;

namespace Plimsoll.Venues;

/// <summary>
/// The way to the venue as it is now: one connection at a time, credits and clock kept over all of them.
/// </summary>
/// <param name="time">Clock.</param>
/// <param name="matching">Order messages.</param>
/// <param name="other">Everything that is neither an order nor a subscription.</param>
/// <param name="subscribing">Subscriptions.</param>
sealed class VenueLine(TimeProvider time, CallCredits matching, CallCredits other, CallCredits subscribing)
{
    const string NoSession = "no session";
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    RpcConnection? connection;

    /// <summary>Order messages.</summary>
    public CallCredits Matching => matching;

    /// <summary>Everything that is neither an order nor a subscription.</summary>
    public CallCredits Other => other;

    /// <summary>Subscriptions.</summary>
    public CallCredits Subscribing => subscribing;

    /// <summary>Whether a session is logged in and subscribed.</summary>
    public bool IsUp { get; private set; }

    /// <summary>The venue's clock less ours.</summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>Our time.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>An instant of ours on the venue's clock, milliseconds since 1970.</summary>
    public long VenueMilliseconds(DateTimeOffset at) => (at + ClockOffset).ToUnixTimeMilliseconds();

    /// <summary>Takes a connection into use.</summary>
    public void Use(RpcConnection made) => connection = made;

    /// <summary>From now on orders may go over it.</summary>
    public void RaiseUp() => IsUp = true;

    /// <summary>The connection is of no use any more.</summary>
    public void TakeDown() => (IsUp, connection) = (false, null);

    /// <summary>Calls a method over the connection; without one the outcome is unknown.</summary>
    public Task<RpcAnswer> CallAsync(string method, JsonObject parameters, Action<RpcAnswer>? answered = null) =>
        connection is { } open
            ? open.CallAsync(method, parameters, answered)
            : Task.FromResult(RpcAnswer.Lost(NoSession));

    /// <summary>Waits for leave to send an order; null: it may be sent now, else why it will not be.</summary>
    /// <param name="urgent">Whether it may use what is kept for cuts.</param>
    /// <param name="validUntil">Instant after which it must not be sent any more.</param>
    public async Task<string?> WhyNotSentAsync(bool urgent, DateTimeOffset validUntil)
    {
        if (!IsUp)
            return NoSession;
        if (!await Matching.TakeAsync(urgent, validUntil))
            return "the rate limit leaves no message before valid-until";
        return !IsUp ? NoSession
            : Now >= validUntil ? "valid-until had passed before it could be sent"
            : null;
    }

    /// <summary>The venue said that nothing is left; what comes back first is for cuts and cancels.</summary>
    public void Empty()
    {
        foreach (var credits in (CallCredits[])[matching, other, subscribing])
            credits.Empty();
    }

    /// <summary>Waits a moment before something is asked again.</summary>
    public Task PauseAsync() => Task.Delay(Pause, time);
}
