using Plimsoll.Engine;

namespace Plimsoll.Venues;

/// <summary>Why an order was refused: the venue writes it in words, and in a word of its state.</summary>
/// <remarks>Source: the developer book's page of error responses and the states of <c>orderUpdates</c>.</remarks>
static class HyperliquidErrors
{
    static readonly (string Part, RefusalKind Kind)[] parts =
    [
        ("tick size", RefusalKind.Tick),
        ("tickRejected", RefusalKind.Tick),
        ("minimum value", RefusalKind.Amount),
        ("minTradeNtlRejected", RefusalKind.Amount),
        ("Insufficient margin", RefusalKind.Funds),
        ("perpMarginRejected", RefusalKind.Funds),
        ("insufficientSpotBalanceRejected", RefusalKind.Funds),
        ("Reduce only", RefusalKind.WouldOpen),
        ("reduceOnlyRejected", RefusalKind.WouldOpen),
        ("Post only", RefusalKind.WouldTrade),
        ("badAloPxRejected", RefusalKind.WouldTrade),
        ("too far from oracle", RefusalKind.Price),
        ("oracleRejected", RefusalKind.Price),
        ("pen interest", RefusalKind.VenueLimit),
        ("margin tier limit", RefusalKind.VenueLimit),
        ("perpMaxPositionRejected", RefusalKind.VenueLimit),
        ("Too many cumulative requests", RefusalKind.RateLimit),
        ("does not exist", RefusalKind.Access),
        ("Invalid nonce", RefusalKind.Access),
        ("xpired", RefusalKind.Late),
    ];

    static readonly string[] limits = ["Too many", "rate limit", "429"];

    /// <summary>What the venue's words mean for a session that they end: it has no codes.</summary>
    public static EndKind EndOf(string words) =>
        limits.Any(part => words.Contains(part, StringComparison.OrdinalIgnoreCase))
            ? EndKind.RateLimit
            : EndKind.Plain;

    /// <summary>What a failure means for the session that it ends.</summary>
    public static SessionEnd EndOf(VenueException fault) =>
        fault is VenueRefusal refusal ? new(EndOf(refusal.Message), refusal.Message) : SessionEnd.Of(fault);

    /// <summary>The kind that the words say.</summary>
    public static RefusalKind KindOf(string words) =>
        parts.FirstOrDefault(one => words.Contains(one.Part, StringComparison.Ordinal)) is { Part: not null } found
            ? found.Kind
            : RefusalKind.Other;
}
