namespace Plimsoll.Venues;

/// <summary>Why a connection ended, as far as it decides what is done next.</summary>
enum EndKind
{
    /// <summary>As lines end: it is opened again with a short pause.</summary>
    Plain = 0,

    /// <summary>Too much was asked of the venue: every credit is gone, the next try waits for some.</summary>
    RateLimit = 1,

    /// <summary>The venue is down for maintenance or for an upgrade: it is waited for.</summary>
    Maintenance = 2,

    /// <summary>The venue does not take the key: trying again would not help, so the run ends.</summary>
    Access = 3,
}

/// <summary>Why a connection ended.</summary>
/// <param name="Kind">What is done next.</param>
/// <param name="Words">For people.</param>
readonly record struct SessionEnd(EndKind Kind, string Words)
{
    const int Normal = 1000;
    const int PolicyViolation = 1008;
    const int ServiceRestart = 1012;
    const int TryAgainLater = 1013;

    /// <summary>Status of an answer over HTTP to one who asks too much.</summary>
    public const int TooManyRequests = 429;
    const int LeastServerFault = 500;

    /// <summary>An end that says nothing but that.</summary>
    public static SessionEnd Plain(string words) => new(EndKind.Plain, words);

    /// <summary>How a failure ended it.</summary>
    public static SessionEnd Of(VenueException fault) => new(fault.Kind, fault.Message);

    /// <summary>
    /// By the status of a close frame: RFC 6455, section 7.4, and the registry of IANA that it made. A policy that was
    /// violated is, towards a client that only sends what the venue documents, one of how much or how fast.
    /// </summary>
    /// <param name="status">Status; null: the connection was closed without one.</param>
    /// <param name="said">The venue's words.</param>
    public static SessionEnd OfClose(int? status, string said)
    {
        var kind = status switch
        {
            PolicyViolation => EndKind.RateLimit,
            ServiceRestart or TryAgainLater => EndKind.Maintenance,
            _ => EndKind.Plain,
        };
        return OfClose(kind, status, said);
    }

    /// <summary>The same where the venue's own manual says what a status means.</summary>
    public static SessionEnd OfClose(EndKind kind, int? status, string said)
    {
        string words = "the venue closed the connection";
        if (said.Length > 0)
            words += $": {said}";
        return new SessionEnd(
            kind,
            status is null or Normal ? words : FormattableString.Invariant($"{words} ({status})")
        );
    }

    /// <summary>
    /// By the status of an answer over HTTP, also of one that refuses to open a socket. No venue is shown a key there,
    /// so none of them says anything of it.
    /// </summary>
    public static EndKind OfHttp(int status) =>
        status switch
        {
            TooManyRequests => EndKind.RateLimit,
            >= LeastServerFault => EndKind.Maintenance,
            _ => EndKind.Plain,
        };
}
