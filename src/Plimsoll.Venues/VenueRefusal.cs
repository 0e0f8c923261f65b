namespace Plimsoll.Venues;

/// <summary>The venue answered a call by an error of its own.</summary>
/// <param name="method">What was asked.</param>
/// <param name="code">The venue's code.</param>
/// <param name="words">The venue's message.</param>
public sealed class VenueRefusal(string method, int code, string words)
    : VenueException(FormattableString.Invariant($"{method}: {words} ({code})"))
{
    /// <summary>The venue's code.</summary>
    public int Code => code;
}
