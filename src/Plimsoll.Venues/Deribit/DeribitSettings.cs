namespace Plimsoll.Venues;

/// <summary>How to reach Deribit, or a venue that speaks its API.</summary>
public sealed record DeribitSettings
{
    /// <summary>The venue's test net.</summary>
    public static Uri TestNet { get; } = new("https://test.deribit.com");

    /// <summary>The venue itself; used only where configuration names it.</summary>
    public static Uri Live { get; } = new("https://www.deribit.com");

    /// <summary>Where the venue listens: scheme, host and port. Plain <c>http</c> on loopback only.</summary>
    public Uri Url { get; init; } = TestNet;

    /// <summary>
    /// Whether configuration says that real money may be traded; without it the live host is refused.
    /// </summary>
    public bool IsLive { get; init; }

    /// <summary>Whether orders may be sent; without it a key that only reads will do.</summary>
    public bool Trades { get; init; }

    /// <summary>
    /// Whether an account that is enabled for the venue's binary gateway may be followed; such orders do not show here.
    /// </summary>
    public bool AllowDirectAccess { get; init; }

    /// <summary>
    /// Whether order books are followed level by level; without it the ticker's best quotes are taken.
    /// </summary>
    public bool FollowBooks { get; init; } = true;

    /// <summary>Seed of the jitter of reconnections.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Longest wait for an answer before its outcome counts as unknown.</summary>
    public TimeSpan AnswerWait { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Interval of the venue's heartbeats; the venue takes 10 seconds at least.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection on which nothing came for so long is dead.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time between two readings of the account's figures; the venue also pushes them.</summary>
    public TimeSpan AccountInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Time between two measurements of the clocks' difference.</summary>
    public TimeSpan ClockInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>First pause before connecting again.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause before connecting again.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How far back the first reading of a run looks for trades.</summary>
    public TimeSpan TradesAtStart { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Order messages of the burst that only cuts and cancels may use.</summary>
    public int ReservedMessages { get; init; } = 5;

    /// <summary>Address of the WebSocket.</summary>
    internal Uri Socket =>
        new UriBuilder(Url) { Scheme = Url.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = "/ws/api/v2" }.Uri;

    /// <summary>Why the settings cannot be used; null when they can.</summary>
    public string? Problem =>
        Url.Scheme != Uri.UriSchemeHttps && !(Url.Scheme == Uri.UriSchemeHttp && Url.IsLoopback)
            ? $"{Url}: https, or http on loopback"
        : IsLiveHost(Url.Host) && !IsLive ? $"{Url.Host} is the live venue and the configuration does not say live"
        : null;

    // Whatever is neither loopback nor the test net may be the venue itself by another name.
    bool IsLiveHost(string host) => !Url.IsLoopback && host != TestNet.Host;
}
