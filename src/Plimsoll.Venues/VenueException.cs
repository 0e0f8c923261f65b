namespace Plimsoll.Venues;

/// <summary>A venue refused, did not answer or answered in a form that is not understood; never holds a secret.</summary>
public class VenueException(string message, Exception? inner = null) : Exception(message, inner);
