using System.Collections.Frozen;
using System.Text.Json;
using Plimsoll.Engine;

namespace Plimsoll.Venues;

/// <summary>What the venue's error codes say of an order: whether it was executed, and why it was not.</summary>
/// <remarks>From <c>data/venues/deribit/error-codes.json</c>; a code that is not listed there proves nothing.</remarks>
static class DeribitErrors
{
    public const int TooManyRequests = 10028;
    public const int InvalidCredentials = 13004;
    static readonly Lazy<FrozenDictionary<int, (bool MayBeExecuted, RefusalKind Refusal)>> codes = new(Read);

    /// <summary>Whether the request may have been executed although it was answered by this code.</summary>
    public static bool IsAmbiguous(int code) => !codes.Value.TryGetValue(code, out var known) || known.MayBeExecuted;

    /// <summary>Why an order was refused by this code.</summary>
    public static RefusalKind KindOf(int code) =>
        codes.Value.TryGetValue(code, out var known) ? known.Refusal : RefusalKind.Other;

    static FrozenDictionary<int, (bool, RefusalKind)> Read()
    {
        using var stream =
            typeof(DeribitErrors).Assembly.GetManifestResourceStream("venues/deribit/error-codes.json")
            ?? throw new InvalidOperationException("the program lacks its error codes");
        using var document = JsonDocument.Parse(stream);
        return document
            .RootElement.GetProperty("codes")
            .EnumerateArray()
            .ToFrozenDictionary(
                row => row.GetProperty("code").GetInt32(),
                row => (row.GetProperty("executed").GetString() != "no", Kind(row))
            );
    }

    static RefusalKind Kind(JsonElement row) =>
        row.TryGetProperty("refusal", out var name)
            ? Enum.Parse<RefusalKind>(name.GetString()!.Replace("-", "", StringComparison.Ordinal), ignoreCase: true)
            : RefusalKind.Other;
}
