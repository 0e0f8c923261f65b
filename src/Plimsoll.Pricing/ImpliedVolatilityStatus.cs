namespace Plimsoll.Pricing;

/// <summary>Whether a price has an implied volatility, and if not, why.</summary>
public enum ImpliedVolatilityStatus
{
    /// <summary>The volatility that gives this price.</summary>
    Solved,

    /// <summary>
    /// Below max(0, forward − strike) (put: strike − forward): usual for bids deep in the money. No volatility.
    /// </summary>
    BelowIntrinsic,

    /// <summary>
    /// Exactly the intrinsic value: every small volatility gives this double, so the price says none.
    /// </summary>
    AtIntrinsic,

    /// <summary>Exactly the forward (call) or strike (put): only an infinite volatility.</summary>
    AtMaximum,

    /// <summary>Above the forward (call) or strike (put). No volatility.</summary>
    AboveMaximum,

    /// <summary>No time left although the price is above intrinsic.</summary>
    Expired,

    /// <summary>An input is NaN or infinite, the forward or strike not positive, or the time negative.</summary>
    Domain,
}
