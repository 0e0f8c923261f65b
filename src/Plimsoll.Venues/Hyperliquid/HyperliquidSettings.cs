namespace Plimsoll.Venues;

/// <summary>How to reach Hyperliquid and for which account.</summary>
public sealed record HyperliquidSettings
{
    /// <summary>The venue's test net.</summary>
    public static Uri TestNet { get; } = new("https://api.hyperliquid-testnet.xyz");

    /// <summary>The venue itself; used only where configuration says so.</summary>
    public static Uri Live { get; } = new("https://api.hyperliquid.xyz");

    /// <summary>Where the venue listens. Plain <c>http</c> on loopback only.</summary>
    public Uri Url { get; init; } = TestNet;

    /// <summary>
    /// Whether configuration says that real money may be traded; without it the live host is refused.
    /// </summary>
    public bool IsLive { get; init; }

    /// <summary>Address of the account, never of the agent that signs for it; 0x and 40 hex digits.</summary>
    public required string Account { get; init; }

    /// <summary>Whether the account is a subaccount or vault that the signer's master owns.</summary>
    public bool IsVault { get; init; }

    /// <summary>Seed of the jitter of reconnections.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Longest wait for an answer before its outcome counts as unknown.</summary>
    public TimeSpan AnswerWait { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A connection on which nothing came for so long is dead.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Time between two readings of the account's figures.</summary>
    public TimeSpan AccountInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The venue cancels every order when nothing renews this for so long (its <c>scheduleCancel</c>); null leaves it
    /// out. It costs an action a renewal and needs an account that has traded.
    /// </summary>
    public TimeSpan? DeadMansSwitch { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How far back the first reading of a run looks for trades.</summary>
    public TimeSpan TradesAtStart { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Order messages of the burst that only cuts and cancels may use.</summary>
    public int ReservedMessages { get; init; } = 5;

    /// <summary>Whether signatures are for the main network.</summary>
    internal bool IsMainnet => Url.Host == Live.Host;

    /// <summary>Address of the WebSocket.</summary>
    internal Uri Socket =>
        new UriBuilder(Url) { Scheme = Url.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = "/ws" }.Uri;

    /// <summary>Why the settings cannot be used; null when they can.</summary>
    public string? Problem =>
        Url.Scheme != Uri.UriSchemeHttps && !(Url.Scheme == Uri.UriSchemeHttp && Url.IsLoopback)
            ? $"{Url}: https, or http on loopback"
        : !Url.IsLoopback && Url.Host != TestNet.Host && !IsLive
            ? $"{Url.Host} is the live venue and the configuration does not say live"
        : IsAddress(Account) ? null
        : $"{Account} is no address";

    /// <summary>Whether a text is an address: 0x and 40 hex digits.</summary>
    public static bool IsAddress(string text) =>
        text.Length == 42 && text.StartsWith("0x", StringComparison.Ordinal) && text.Skip(2).All(char.IsAsciiHexDigit);

    /// <summary>Nobody's address, for questions that want one whoever it is.</summary>
    public const string NobodysAddress = "0x0000000000000000000000000000000000000000";
}
