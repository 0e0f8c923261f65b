namespace Plimsoll.Venues;

/// <summary>A venue refused, did not answer or answered in a form that is not understood.</summary>
/// <remarks>Its text never holds a secret.</remarks>
public class VenueException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is done next where it ends a session.</summary>
    internal EndKind Kind { get; init; }
}
