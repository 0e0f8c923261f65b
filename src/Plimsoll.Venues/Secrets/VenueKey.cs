using System.Security.Cryptography;
using System.Text;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>
/// A key of a venue's account. The secret part cannot be read back, only used; no text ever shows it.
/// </summary>
/// <remarks>
/// Comes from the environment or from a file that its owner alone may read (mode 0600 or less): two lines, the id and
/// the secret.
/// </remarks>
public sealed class VenueKey
{
    readonly byte[] secret;

    VenueKey(string clientId, string secret) => (ClientId, this.secret) = (clientId, Encoding.UTF8.GetBytes(secret));

    /// <summary>The public part.</summary>
    public string ClientId { get; }

    /// <summary>A key whose parts are at hand.</summary>
    public static VenueKey Of(string clientId, string secret) => new(clientId, secret);

    /// <summary>
    /// Reads a key: from <paramref name="file"/> where given, else from <c>PREFIX_CLIENT_ID</c> and
    /// <c>PREFIX_CLIENT_SECRET</c>. No fault shows any part of a secret.
    /// </summary>
    /// <param name="file">Path; null: the environment.</param>
    /// <param name="prefix">Such as <c>PLIMSOLL_DERIBIT</c>.</param>
    /// <param name="environment">Variables by name; null where one is not set.</param>
    public static Parsed<VenueKey> Read(string? file, string prefix, Func<string, string?> environment)
    {
        if (file is not null)
            return ReadFile(file);
        string idName = $"{prefix}_CLIENT_ID",
            secretName = $"{prefix}_CLIENT_SECRET";
        string? id = environment(idName),
            secret = environment(secretName);
        var faults = new List<Fault>();
        if (string.IsNullOrWhiteSpace(id))
            faults.Add(new("environment", null, idName, "not set", "the key's id, or a key file"));
        if (string.IsNullOrWhiteSpace(secret))
            faults.Add(new("environment", null, secretName, "not set", "the key's secret, or a key file"));
        return faults.Count > 0 ? Parsed<VenueKey>.Fail(faults) : Parsed<VenueKey>.Ok(new(id!.Trim(), secret!.Trim()));
    }

    /// <summary>HMAC-SHA256 under the secret.</summary>
    public byte[] Sign(string text) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc />
    public override string ToString() => $"key {ClientId}";

    static Parsed<VenueKey> ReadFile(string file)
    {
        var lines = SecretFile.Read(file, 2, "two lines: the key's id, the key's secret");
        return lines.Succeeded
            ? Parsed<VenueKey>.Ok(new VenueKey(lines.Value[0], lines.Value[1]))
            : Parsed<VenueKey>.Fail(lines.Faults);
    }
}
