using System.Collections.Frozen;
using System.Text.Json;
using Plimsoll.Engine;

namespace Plimsoll.Venues;

/// <summary>What a venue's error codes say of an order request: whether it was executed, and why it was not.</summary>
/// <remarks>From <c>data/venues/VENUE/error-codes.json</c>; a code that is not listed there proves nothing.</remarks>
sealed class ErrorCodes(string venue)
{
    readonly Lazy<FrozenDictionary<int, (bool MayBeExecuted, RefusalKind Refusal)>> codes = new(() => Read(venue));

    /// <summary>Deribit's.</summary>
    public static ErrorCodes Deribit { get; } = new("deribit");

    /// <summary>OKX's.</summary>
    public static ErrorCodes Okx { get; } = new("okx");

    /// <summary>Whether the request may have been executed although it was answered by this code.</summary>
    public bool IsAmbiguous(int code) => !codes.Value.TryGetValue(code, out var known) || known.MayBeExecuted;

    /// <summary>Why an order was refused by this code.</summary>
    public RefusalKind KindOf(int code) =>
        codes.Value.TryGetValue(code, out var known) ? known.Refusal : RefusalKind.Other;

    static FrozenDictionary<int, (bool, RefusalKind)> Read(string venue)
    {
        using var stream =
            typeof(ErrorCodes).Assembly.GetManifestResourceStream($"venues/{venue}/error-codes.json")
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
