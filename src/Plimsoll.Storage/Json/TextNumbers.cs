using System.Globalization;
using System.Text.Json;

namespace Plimsoll.Storage;

/// <summary>Numbers that a venue writes as texts; an empty text is no number.</summary>
public static class TextNumbers
{
    /// <summary>A number; null where it is absent, null or empty.</summary>
    /// <exception cref="FormatException">The text is no number.</exception>
    public static decimal? Amount(this JsonElement row, string name) =>
        row.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
            ? Of(text)
            : null;

    /// <summary>A number that must be there.</summary>
    /// <exception cref="FormatException">It is not there, or no number.</exception>
    public static decimal NeededAmount(this JsonElement row, string name) =>
        row.Amount(name) ?? throw new FormatException($"{name} is missing");

    /// <summary>The number that a text is.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static decimal Of(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>A number without trailing zeros or exponent.</summary>
    public static string Write(decimal number) =>
        (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);
}
