using System.Globalization;
using System.Text.Json.Nodes;

namespace Plimsoll.Storage;

/// <summary>A percentage as text with its sign, <c>"20%"</c>; binds to the fraction 0.2.</summary>
sealed class TomlPercentage(TomlBounds bounds, string example) : TomlKind<double>
{
    // Beyond this many digits nothing is a percentage that a person meant.
    const int LongestText = 24;

    public override string Expectation =>
        $"a percentage with its sign, such as \"{example}\""
        + (bounds == TomlBounds.None ? "" : ", " + bounds.Words("%"));

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out double value)
    {
        value = 0;
        if (node is not TomlScalar scalar)
            return Refuse(node, path, binding);
        if (scalar.Kind is TomlScalarKind.Integer or TomlScalarKind.Float)
            return Refuse(node, path, binding, "a bare number could mean a fraction or a percentage");
        if (scalar.Kind != TomlScalarKind.Text || !scalar.Value.EndsWith('%'))
            return Refuse(node, path, binding);
        string digits = scalar.Value[..^1];
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (
            digits.Length > LongestText
            || !decimal.TryParse(digits, Style, CultureInfo.InvariantCulture, out decimal percent)
            || !bounds.Contains(percent)
        )
            return Refuse(node, path, binding);
        value = (double)(percent / 100);
        return true;
    }

    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "string",
            ["pattern"] = @"^[+-]?[0-9]+(\.[0-9]+)?%$",
            ["examples"] = new JsonArray(example),
        };
}

/// <summary>A pure number; binds to double.</summary>
sealed class TomlNumber(TomlBounds bounds, string unit = "") : TomlKind<double>
{
    public override string Expectation => TomlExactNumber.NumberWords(bounds, unit);

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out double value)
    {
        value = 0;
        if (!TomlExactNumber.TryRead(node, out decimal exact, out string? hint) || !bounds.Contains(exact))
            return Refuse(node, path, binding, hint);
        value = (double)exact;
        return true;
    }

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "number" };
        bounds.AddTo(schema);
        return schema;
    }
}

/// <summary>A number that a venue or a ledger states; binds to decimal without loss.</summary>
sealed class TomlExactNumber(TomlBounds bounds, string unit = "", bool zeroRefused = false) : TomlKind<decimal>
{
    public override string Expectation => NumberWords(bounds, unit) + (zeroRefused ? ", not zero" : "");

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out decimal value) =>
        (TryRead(node, out value, out string? hint) && bounds.Contains(value) && !(zeroRefused && value == 0))
        || Refuse(node, path, binding, hint);

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "number" };
        bounds.AddTo(schema);
        if (zeroRefused)
            schema["not"] = new JsonObject { ["const"] = 0 };
        return schema;
    }

    public static string NumberWords(TomlBounds bounds, string unit)
    {
        string what = unit.Length == 0 ? "a number" : $"a number of {unit}";
        return bounds == TomlBounds.None ? what : $"{what}, {bounds.Words("")}";
    }

    /// <summary>
    /// Exact value of a TOML number, with a remark where something else stands there that looks like one.
    /// </summary>
    public static bool TryRead(TomlNode node, out decimal value, out string? hint)
    {
        value = 0;
        hint = null;
        if (node is not TomlScalar scalar)
            return false;
        if (scalar.Kind == TomlScalarKind.Text)
        {
            hint = scalar.Value.EndsWith('%') ? "without a percent sign, such as 0.5 for 50%" : "without quotes";
            return false;
        }
        if (scalar.Kind is not (TomlScalarKind.Integer or TomlScalarKind.Float))
            return false;
        if (decimal.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return true;
        hint = scalar.Value.Contains("nan", StringComparison.Ordinal)
            ? "not a number is no value"
            : "finite, below 1e28";
        return false;
    }
}

/// <summary>A whole number in a range.</summary>
sealed class TomlWhole(int least, int most) : TomlKind<int>
{
    public override string Expectation =>
        FormattableString.Invariant($"a whole number, at least {least} and at most {most}");

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out int value)
    {
        value = 0;
        if (
            !TomlExactNumber.TryRead(node, out decimal exact, out string? hint)
            || exact % 1 != 0
            || exact < least
            || exact > most
        )
            return Refuse(node, path, binding, hint);
        value = (int)exact;
        return true;
    }

    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "integer",
            ["minimum"] = least,
            ["maximum"] = most,
        };
}
