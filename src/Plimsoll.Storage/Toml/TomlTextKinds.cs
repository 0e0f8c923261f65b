using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>One of a few words, each standing for a value.</summary>
sealed class TomlChoice<T>(params (string Word, T Value)[] choices) : TomlKind<T>
    where T : struct
{
    public override string Expectation => string.Join(" or ", choices.Select(choice => $"\"{choice.Word}\""));

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out T value)
    {
        value = default;
        if (node is not TomlScalar { Kind: TomlScalarKind.Text } scalar)
            return Refuse(node, path, binding);
        foreach (var choice in choices)
            if (choice.Word == scalar.Value)
            {
                value = choice.Value;
                return true;
            }
        string? nearest = NearestName.Of(scalar.Value, choices.Select(choice => choice.Word));
        return Refuse(node, path, binding, nearest is null ? null : $"perhaps \"{nearest}\"");
    }

    public override JsonObject Schema() =>
        new() { ["enum"] = new JsonArray([.. choices.Select(choice => (JsonNode)choice.Word)]) };
}

/// <summary>true or false.</summary>
sealed class TomlFlag : TomlKind<bool>
{
    public override string Expectation => "true or false, without quotes";

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out bool value)
    {
        value = node is TomlScalar { Kind: TomlScalarKind.Flag, Value: "true" };
        return node is TomlScalar { Kind: TomlScalarKind.Flag } || Refuse(node, path, binding);
    }

    public override JsonObject Schema() => new() { ["type"] = "boolean" };
}

/// <summary>Text of a stated form.</summary>
sealed class TomlWords(string expectation, string pattern) : TomlKind<string>
{
    /// <summary>A name that people give.</summary>
    public static TomlWords Name { get; } =
        new("a name of letters, digits, spaces, dots and hyphens", "^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$");

    /// <summary>A coin's ticker.</summary>
    public static TomlWords Ticker { get; } = new("a ticker in capitals, such as \"BTC\"", "^[A-Z][A-Z0-9]{1,9}$");

    /// <summary>A venue's name of an instrument.</summary>
    public static TomlWords Instrument { get; } =
        new("an instrument's name, such as \"BTC-25DEC26-100000-C\"", "^[A-Z0-9][A-Za-z0-9_.-]{1,63}$");

    /// <summary>A name, or a pattern with stars.</summary>
    public static TomlWords Pattern { get; } =
        new("an instrument's name, or a pattern with stars such as \"BTC-*\"", @"^[A-Z0-9*?][A-Za-z0-9_.*?-]{0,63}$");

    /// <summary>A file beside the one that names it.</summary>
    public static TomlWords File { get; } =
        new("a file's name, such as \"hyperliquid-margin.json\"", @"^[^\x00-\x1f]{1,255}$");

    public override string Expectation => expectation;

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out string value)
    {
        value = node is TomlScalar { Kind: TomlScalarKind.Text } scalar ? scalar.Value : "";
        return Regex.IsMatch(value, pattern, RegexOptions.CultureInvariant) || Refuse(node, path, binding);
    }

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = pattern };
}

/// <summary>A currency by its ticker.</summary>
sealed class TomlCurrency : TomlKind<Currency>
{
    public override string Expectation => TomlWords.Ticker.Expectation;

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out Currency value)
    {
        bool good = TomlWords.Ticker.TryBind(node, path, binding, out string code);
        value = good ? new Currency(code) : default;
        return good;
    }

    public override JsonObject Schema() => TomlWords.Ticker.Schema();
}

/// <summary>
/// The range of prices that the tail limits cover, <c>"0.25x to 4x"</c> of spot, or <c>"unbounded"</c>.
/// </summary>
sealed partial class TomlTailRange : TomlKind<TomlTailRange.Range>
{
    /// <summary>Multiples of spot; unbounded ranges keep the default multiples for their finite rows.</summary>
    public readonly record struct Range(double Low, double High, bool Unbounded);

    const string Form = @"^([0-9]+(?:\.[0-9]+)?)x to ([0-9]+(?:\.[0-9]+)?)x$";

    public override string Expectation =>
        "\"unbounded\", or multiples of spot such as \"0.25x to 4x\", "
        + "the first above 0 and below 1, the second above 1";

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out Range value)
    {
        value = new Range(0.25, 4, Unbounded: true);
        if (node is not TomlScalar { Kind: TomlScalarKind.Text } scalar)
            return Refuse(node, path, binding);
        if (scalar.Value == "unbounded")
            return true;
        var match = FormPattern().Match(scalar.Value);
        if (!match.Success)
            return Refuse(node, path, binding);
        double low = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        double high = double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
        value = new Range(low, high, Unbounded: false);
        return (low > 0 && low < 1 && high > 1 && double.IsFinite(high)) || Refuse(node, path, binding);
    }

    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "string",
            ["pattern"] = $"{Form}|^unbounded$",
            ["examples"] = new JsonArray("0.25x to 4x"),
        };

    [GeneratedRegex(Form, RegexOptions.CultureInvariant)]
    private static partial Regex FormPattern();
}
