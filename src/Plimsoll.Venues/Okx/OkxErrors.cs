using System.Globalization;

namespace Plimsoll.Venues;

/// <summary>The venue's codes as far as they decide over a session.</summary>
/// <remarks>Source: the manual's error codes of REST and WebSocket, and its table of close frames.</remarks>
static class OkxErrors
{
    const int ServiceUnavailable = 50001;

    // The key is of demo trading or of the real one; and what is wrong with a key, its signature or its rights. The
    // clock's own code, 50102, may mend itself, and so may 50112, a time that is not understood.
    const int WrongEnvironment = 50101;
    const int FirstOfKeys = 50103;
    const int LastOfKeys = 50119;
    const int InvalidTime = 50112;
    const int LoginFailed = 4001;
    const int TooManyForKey = 4003;
    const int TooManyChannels = 4008;
    const int TooManyOnConnection = 4009;

    // Key, signature, login, passphrase, key of another environment.
    static readonly int[] logins = [60005, 60007, 60009, 60024, 60032];
    static readonly int[] limits = [50011, 50061, 60014, 60023];

    /// <summary>Whether too much was asked.</summary>
    public static bool IsRateLimit(int code) => limits.Contains(code);

    /// <summary>Whether the venue will not take the key at the next try either.</summary>
    public static bool IsAccess(int code) =>
        code == WrongEnvironment
        || code is >= FirstOfKeys and <= LastOfKeys and not InvalidTime
        || logins.Contains(code);

    /// <summary>What a code means for a session that it ends.</summary>
    public static EndKind KindOf(int code) =>
        IsRateLimit(code) ? EndKind.RateLimit
        : IsAccess(code) ? EndKind.Access
        : code == ServiceUnavailable ? EndKind.Maintenance
        : EndKind.Plain;

    /// <summary>The same of a code as the venue writes it.</summary>
    public static EndKind KindOf(string code) =>
        int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? KindOf(number)
            : EndKind.Plain;

    /// <summary>What a failure means for the session that it ends.</summary>
    public static SessionEnd EndOf(VenueException fault) =>
        fault is VenueRefusal refusal ? new(KindOf(refusal.Code), refusal.Message) : SessionEnd.Of(fault);

    /// <summary>
    /// What a close frame means: the venue's own statuses lie from 4001 on. That a key was changed or deleted (4007)
    /// ends a connection; whether it still is one, the next login says.
    /// </summary>
    public static SessionEnd OfClose(int? status, string said) =>
        status switch
        {
            LoginFailed => SessionEnd.OfClose(EndKind.Access, status, said),
            TooManyForKey or TooManyChannels or TooManyOnConnection => SessionEnd.OfClose(
                EndKind.RateLimit,
                status,
                said
            ),
            _ => SessionEnd.OfClose(status, said),
        };
}
