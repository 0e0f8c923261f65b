using Plimsoll.Engine;

namespace Plimsoll.Venues;

/// <summary>Error codes of the venue that the client itself acts on.</summary>
static class DeribitErrors
{
    public const int TooManyRequests = 10028;
    const int Retry = 10040;
    const int SettlementInProgress = 10041;
    const int QueueFull = 10047;
    const int TooManyConcurrent = 10066;
    const int SystemMaintenance = 11051;
    const int LoginOverLimit = 12003;

    /// <summary>Whether the same question may be asked again in a moment: nothing was done, and it passes.</summary>
    public static bool Passes(int code) =>
        code is TooManyRequests or Retry or SettlementInProgress or QueueFull or TooManyConcurrent;

    /// <summary>Whether the account has no credits left.</summary>
    public static bool IsRateLimit(int code) => code is TooManyRequests or TooManyConcurrent or LoginOverLimit;

    /// <summary>Whether a login that was answered by this code will be answered so again.</summary>
    public static bool IsAccess(int code) => ErrorCodes.Deribit.KindOf(code) == RefusalKind.Access;

    /// <summary>What a failure means for the session that it ends.</summary>
    public static SessionEnd EndOf(VenueException fault) =>
        fault is not VenueRefusal refusal
            ? SessionEnd.Of(fault)
            : new(
                IsRateLimit(refusal.Code) ? EndKind.RateLimit
                    : refusal.Code == SystemMaintenance ? EndKind.Maintenance
                    : EndKind.Plain,
                refusal.Message
            );
}
