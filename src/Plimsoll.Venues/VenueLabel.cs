namespace Plimsoll.Venues;

/// <summary>Names of orders towards the engine.</summary>
static class VenueLabel
{
    const string IdMark = "id:";

    /// <summary>The label, or for an order without one of ours a name that leads back to it.</summary>
    public static string Of(string label, string orderId) => label.Length > 0 ? label : IdMark + orderId;

    /// <summary>The venue's id in a name made by <see cref="Of"/>; null for a label of its own.</summary>
    public static string? IdOf(string label) =>
        label.StartsWith(IdMark, StringComparison.Ordinal) ? label[IdMark.Length..] : null;
}
