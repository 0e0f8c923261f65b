namespace Plimsoll.Venues;

/// <summary>The key will not do, today or at the next try: wrong, or with other rights than the run needs.</summary>
public sealed class VenueKeyRefused(string message, Exception? inner = null) : VenueException(message, inner);
