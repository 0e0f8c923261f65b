using System.Security.Cryptography;
using System.Text;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>
/// A key of a venue's account. The secret part cannot be read back, only used; no text ever shows it.
/// </summary>
/// <remarks>
/// Comes from the environment or from a file that its owner alone may read (mode 0600 or less): two lines, the id and
/// the secret; where the venue has passphrases a third.
/// </remarks>
public sealed class VenueKey
{
    readonly byte[] secret;

    VenueKey(string clientId, string secret, string passphrase) =>
        (ClientId, this.secret, Passphrase) = (clientId, Encoding.UTF8.GetBytes(secret), passphrase);

    /// <summary>The public part.</summary>
    public string ClientId { get; }

    /// <summary>A second secret that goes over the line where a venue asks for it; empty without one.</summary>
    internal string Passphrase { get; }

    /// <summary>A key whose parts are at hand.</summary>
    public static VenueKey Of(string clientId, string secret, string passphrase = "") =>
        new(clientId, secret, passphrase);

    /// <summary>
    /// Reads a key: from <paramref name="file"/> where given, else from <c>PREFIX_CLIENT_ID</c>,
    /// <c>PREFIX_CLIENT_SECRET</c> and, if asked for, <c>PREFIX_PASSPHRASE</c>. No fault shows any part of a secret.
    /// </summary>
    /// <param name="file">Path; null: the environment.</param>
    /// <param name="prefix">Such as <c>PLIMSOLL_DERIBIT</c>.</param>
    /// <param name="environment">Variables by name; null where one is not set.</param>
    /// <param name="hasPassphrase">Whether the venue's keys have one.</param>
    public static Parsed<VenueKey> Read(
        string? file,
        string prefix,
        Func<string, string?> environment,
        bool hasPassphrase = false
    )
    {
        (string Name, string What)[] parts =
        [
            ("CLIENT_ID", "id"),
            ("CLIENT_SECRET", "secret"),
            .. hasPassphrase ? new[] { ("PASSPHRASE", "passphrase") } : [],
        ];
        if (file is not null)
        {
            string count = hasPassphrase ? "three" : "two";
            string expected =
                $"{count} lines: the key's {string.Join(", the key's ", parts.Select(part => part.What))}";
            var lines = SecretFile.Read(file, parts.Length, expected);
            return lines.Succeeded ? Parsed<VenueKey>.Ok(Made(lines.Value)) : Parsed<VenueKey>.Fail(lines.Faults);
        }
        string?[] found = [.. parts.Select(part => environment($"{prefix}_{part.Name}"))];
        var faults = new List<Fault>();
        foreach (var (part, value) in parts.Zip(found))
            if (string.IsNullOrWhiteSpace(value))
                faults.Add(
                    new(
                        "environment",
                        null,
                        $"{prefix}_{part.Name}",
                        "not set",
                        $"the key's {part.What}, or a key file"
                    )
                );
        return faults.Count > 0
            ? Parsed<VenueKey>.Fail(faults)
            : Parsed<VenueKey>.Ok(Made([.. found.Select(value => value!.Trim())]));
    }

    /// <summary>HMAC-SHA256 under the secret.</summary>
    public byte[] Sign(string text) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc />
    public override string ToString() => $"key {ClientId}";

    static VenueKey Made(string[] parts) => new(parts[0], parts[1], parts.Length > 2 ? parts[2] : "");
}
