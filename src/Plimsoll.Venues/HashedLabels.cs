namespace Plimsoll.Venues;

/// <summary>Client ids where a venue does not take our labels as they are: a hash of the label, and back.</summary>
/// <remarks>A label leads to its order in any later life of the process too, because the id follows from it.</remarks>
sealed class HashedLabels(Func<string, string> idOf)
{
    readonly Dictionary<string, string> byId = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>An order of this label may come back under its client id.</summary>
    public string Expect(string label)
    {
        string id = idOf(label);
        byId[id] = label;
        return id;
    }

    /// <summary>
    /// Our label of an order or trade; a name that leads back to the venue's id where there is none of ours.
    /// </summary>
    public string Of(string clientId, string orderId) => VenueLabel.Of(byId.GetValueOrDefault(clientId, ""), orderId);

    /// <summary>The label where it is one of ours; else null, as of a trade of somebody else's order.</summary>
    public static string? Own(string label) => VenueLabel.IdOf(label) is null ? label : null;

    /// <summary>The first bytes of a label's keccak in hex.</summary>
    public static string Hex(string label, int bytes) =>
        Convert.ToHexStringLower(Keccak.Of("plimsoll " + label).AsSpan(0, bytes));
}
