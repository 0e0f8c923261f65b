using System.Globalization;
using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>
/// A span such as <c>"8h"</c> or <c>"30d"</c>; one word of its own may be allowed, which binds to null.
/// </summary>
sealed class TomlSpan(double mostDays, string? word = null) : TomlKind<TomlSpan.Span>
{
    /// <summary>A span, or null where the kind's own word stood.</summary>
    public readonly record struct Span(Years? Years);

    public override string Expectation =>
        (word is null ? "" : $"\"{word}\" or ")
        + FormattableString.Invariant($"hours or days such as \"8h\" or \"1d\", above 0 and at most {mostDays:0} days");

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out Span value)
    {
        value = default;
        if (node is not TomlScalar { Kind: TomlScalarKind.Text } scalar)
            return Refuse(node, path, binding, node is TomlScalar ? "in quotes" : null);
        if (scalar.Value == word)
            return true;
        double daysOfOne =
            scalar.Value.EndsWith('d') ? 1
            : scalar.Value.EndsWith('h') ? 1.0 / 24
            : 0;
        string digits = daysOfOne > 0 ? scalar.Value[..^1] : "";
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count))
            return Refuse(node, path, binding);
        double days = count * daysOfOne;
        if (!(days > 0 && days <= mostDays))
            return Refuse(node, path, binding);
        value = new Span(Years.FromDays(days));
        return true;
    }

    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "string",
            ["pattern"] = word is null ? @"^[0-9]+(\.[0-9]+)?[hd]$" : $@"^({word}|[0-9]+(\.[0-9]+)?[hd])$",
        };
}

/// <summary>
/// A calendar day, <c>"2026-12-25"</c> with or without quotes; binds to 08:00 UTC, the hour of expiry.
/// </summary>
sealed class TomlDay : TomlKind<DateTimeOffset>
{
    const int ExpiryHour = 8;

    public override string Expectation => "a day that exists, written \"YYYY-MM-DD\"";

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out DateTimeOffset value)
    {
        value = default;
        if (
            node is not TomlScalar { Kind: TomlScalarKind.Text or TomlScalarKind.Date } scalar
            || !DateOnly.TryParseExact(scalar.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out var day)
        )
            return Refuse(node, path, binding);
        value = new DateTimeOffset(day.ToDateTime(new TimeOnly(ExpiryHour, 0)), TimeSpan.Zero);
        return true;
    }

    public override JsonObject Schema() => new() { ["type"] = "string", ["format"] = "date" };
}

/// <summary>A moment in UTC, <c>"2026-03-18T18:00Z"</c> in quotes.</summary>
sealed class TomlInstant : TomlKind<DateTimeOffset>
{
    public override string Expectation => "a moment in UTC, written \"YYYY-MM-DDTHH:MMZ\"";

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out DateTimeOffset value)
    {
        value = default;
        return (
                node is TomlScalar { Kind: TomlScalarKind.Text } scalar
                && DateTimeOffset.TryParseExact(
                    scalar.Value,
                    "yyyy-MM-dd'T'HH:mm'Z'",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                    out value
                )
            ) || Refuse(node, path, binding, node is TomlScalar ? "in quotes" : null);
    }

    public override JsonObject Schema() =>
        new() { ["type"] = "string", ["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z$" };
}
