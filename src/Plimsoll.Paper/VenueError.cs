namespace Plimsoll.Paper;

/// <summary>The venue's error codes that the paper venue answers with; the member's name is the venue's.</summary>
/// <remarks>Codes and names: the venue's published list.</remarks>
#pragma warning disable CS1591 // the names are the venue's own and say what they mean
public enum VenueError
{
    None = 0,
    AuthorizationRequired = 10000,
    QtyTooLow = 10002,
    OrderOverlap = 10003,
    OrderNotFound = 10004,
    PriceTooLow = 10005,
    PriceTooHigh = 10007,
    NotEnoughFunds = 10009,
    AlreadyClosed = 10010,
    BookClosed = 10012,
    InvalidOrUnsupportedInstrument = 10020,
    InvalidAmount = 10021,
    InvalidPrice = 10023,
    InvalidOrderId = 10025,
    TooManyRequests = 10028,
    NotOwnerOfOrder = 10029,
    MustBeWebsocketRequest = 10030,
    TriggerPriceTooHigh = 10034,
    TriggerPriceTooLow = 10035,
    SettlementInProgress = 10041,
    PriceWrongTick = 10043,
    TriggerPriceWrongTick = 10044,
    MatchingEngineQueueFull = 10047,
    InvalidArguments = 11029,
    OtherReject = 11030,
    NoMoreTriggers = 11035,
    InvalidTriggerPrice = 11036,
    NotOpenOrder = 11044,
    UnsupportedArgCombination = 11047,
    BadRequest = 11050,
    PostOnlyReject = 11054,
    PostOnlyNotAllowed = 11055,
    AccountLocked = 11098,
    InvalidCredentials = 13004,
    Unauthorized = 13009,
    NotFound = 13020,
    Forbidden = 13021,
    NonUniqueOrderLabel = 13032,
    RawSubscriptionsNotAvailableForUnauthorized = 13778,
    TimedOut = 13888,
    TooManyQuotes = 13903,
    RequestEntityTooLarge = -32600,
    MethodNotFound = -32601,
    InvalidParams = -32602,
    ParseError = -32700,
}
#pragma warning restore CS1591

/// <summary>Names and wire texts of the errors.</summary>
public static class VenueErrors
{
    /// <summary>The name on the wire: <c>NotEnoughFunds</c> is <c>not_enough_funds</c>.</summary>
    public static string Name(this VenueError error) => SnakeCase(error.ToString());

    internal static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : $"{c}"));
}

/// <summary>What came of an order command.</summary>
/// <param name="Error">None when it was done.</param>
/// <param name="Detail">What was wrong, in words; empty when nothing.</param>
/// <param name="Order">The order as it stands; null when there is none.</param>
/// <param name="Fills">The command's own fills.</param>
public sealed record OrderAnswer(VenueError Error, string Detail, Order? Order, IReadOnlyList<Fill> Fills)
{
    /// <summary>A refusal: nothing changed.</summary>
    public static OrderAnswer Refused(VenueError error, string detail = "") => new(error, detail, null, []);
}
