using System.Collections.Immutable;

namespace Plimsoll.Venues;

/// <summary>How to reach OKX.</summary>
public sealed record OkxSettings
{
    const int SocketPort = 8443;

    /// <summary>The venue; demo trading has the same address for requests and another for sockets.</summary>
    public static Uri Venue { get; } = new("https://www.okx.com");

    /// <summary>Where requests go. Plain <c>http</c> on loopback only.</summary>
    public Uri Url { get; init; } = Venue;

    /// <summary>
    /// Whether configuration says that real money may be traded; without it everything is marked as demo trading,
    /// whose keys are others.
    /// </summary>
    public bool IsLive { get; init; }

    /// <summary>Whether orders may be sent; without it a key that only reads will do.</summary>
    public bool Trades { get; init; }

    /// <summary>Families whose options are listed.</summary>
    public ImmutableArray<string> OptionFamilies { get; init; } = ["BTC-USD", "ETH-USD"];

    /// <summary>Seed of the jitter of reconnections.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Longest wait for an answer before its outcome counts as unknown.</summary>
    public TimeSpan AnswerWait { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A connection on which nothing came for so long is dead.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Time between two measurements of the clocks' difference.</summary>
    public TimeSpan ClockInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The venue cancels every order when nothing renews this for so long (its <c>cancel-all-after</c>, 10 to 120
    /// seconds); null leaves it out.
    /// </summary>
    public TimeSpan? DeadMansSwitch { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How far back the first reading of a run looks for trades; the venue keeps three days.</summary>
    public TimeSpan TradesAtStart { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Order messages of the burst that only cuts and cancels may use.</summary>
    public int ReservedMessages { get; init; } = 5;

    /// <summary>Address of a socket: <c>public</c> or <c>private</c>.</summary>
    internal Uri Socket(string kind)
    {
        var at = Url.IsLoopback
            ? new UriBuilder(Url) { Scheme = Url.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }
            : new UriBuilder("wss", IsLive ? "ws.okx.com" : "wspap.okx.com", SocketPort);
        at.Path = $"/ws/v5/{kind}";
        return at.Uri;
    }

    /// <summary>Why the settings cannot be used; null when they can.</summary>
    public string? Problem =>
        Url.IsLoopback && Url.Scheme is "http" or "https" ? null
        : Url.Scheme != Uri.UriSchemeHttps ? $"{Url}: https, or http on loopback"
        : Url.Host != Venue.Host ? $"{Url.Host}: {Venue.Host}, or loopback; regional hosts have sockets not known here"
        : null;
}
