namespace Plimsoll.Engine;

/// <summary>Why a venue did not take an order, as its client understood the venue's own code.</summary>
/// <remarks>Numbers stand in journals and never move. The words beside a kind are for people alone.</remarks>
public enum RefusalKind
{
    /// <summary>Nothing was refused.</summary>
    None = 0,

    /// <summary>Refused or failed, and the code says none of what follows.</summary>
    Other = 1,

    /// <summary>The price lies outside the venue's band: nearer to its mark it might be taken.</summary>
    Price = 2,

    /// <summary>The price is on no tick or has too many digits: the terms that are known here may be old.</summary>
    Tick = 3,

    /// <summary>Too small, too large, or not a whole number of lots.</summary>
    Amount = 4,

    /// <summary>Equity or margin does not carry it.</summary>
    Funds = 5,

    /// <summary>Too many messages; later it might be taken.</summary>
    RateLimit = 6,

    /// <summary>The venue or the book is closed for now: settlement, maintenance, a full queue.</summary>
    Paused = 7,

    /// <summary>The instrument is unknown there, expired or not open to this account.</summary>
    Instrument = 8,

    /// <summary>A post-only order would have traded at once.</summary>
    WouldTrade = 9,

    /// <summary>It would have opened or turned a position though it may only reduce one.</summary>
    WouldOpen = 10,

    /// <summary>A limit of the venue on orders or positions of one account.</summary>
    VenueLimit = 11,

    /// <summary>It would have met an order of the same account.</summary>
    SelfMatch = 12,

    /// <summary>The key may not trade, or the account is locked.</summary>
    Access = 13,

    /// <summary>Its valid-until had passed.</summary>
    Late = 14,

    /// <summary>It never left: no session, no key, no message left before its valid-until.</summary>
    NotSent = 15,

    /// <summary>The label was used before.</summary>
    Label = 16,
}
