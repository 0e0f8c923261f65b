using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>
/// A notional in dollars, <c>"200000 USD"</c>: for every kind of contract, or a table with one for each kind.
/// </summary>
sealed partial class TomlNotional : TomlKind<NotionalByKind>
{
    const string Form = @"^([0-9]{1,15}(?:\.[0-9]{1,6})?) USD$";
    const string Amount = "a notional in dollars above 0, such as \"200000 USD\"";
    static readonly string[] Kinds = ["options", "perpetuals", "futures", "spot"];

    public override string Expectation => $"{Amount}, or one by kind such as {{ options = \"200000 USD\" }}";

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out NotionalByKind value)
    {
        value = NotionalByKind.Same(1);
        if (node is TomlTable table)
            return TryBindTable(table, path, binding, out value);
        if (TryRead(node) is not { } usd)
            return Refuse(node, path, binding, Hint(node));
        value = NotionalByKind.Same(usd);
        return true;
    }

    static bool TryBindTable(TomlTable table, string path, TomlBinding binding, out NotionalByKind value)
    {
        var stated = new decimal?[Kinds.Length];
        bool good = true;
        foreach (var (key, line, child) in table.Entries)
        {
            string childPath = TomlBinding.Join(path, key);
            binding.Note(childPath, line);
            int at = Array.IndexOf(Kinds, key);
            if (at < 0)
                binding.Refuse(child with { Line = line }, childPath, $"a known key: {string.Join(", ", Kinds)}");
            else if (TryRead(child) is { } usd)
                stated[at] = usd;
            else
                binding.Refuse(child, childPath, Hint(child) is { } hint ? $"{Amount} ({hint})" : Amount);
            good &= at >= 0 && stated[at] is not null;
        }
        value = new NotionalByKind(stated[0], stated[1], stated[2], stated[3]);
        return good;
    }

    static decimal? TryRead(TomlNode node)
    {
        if (node is not TomlScalar { Kind: TomlScalarKind.Text } scalar)
            return null;
        var match = FormPattern().Match(scalar.Value);
        if (!match.Success)
            return null;
        decimal usd = decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return usd > 0 ? usd : null;
    }

    static string? Hint(TomlNode node) =>
        node is TomlScalar { Kind: TomlScalarKind.Integer or TomlScalarKind.Float }
            ? "a bare number could mean contracts, coins or dollars"
            : null;

    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (string kind in Kinds)
        {
            var text = Text();
            text["description"] = $"Of {kind} alone.";
            properties[kind] = text;
        }
        var table = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        return new JsonObject { ["oneOf"] = new JsonArray(Text(), table) };
    }

    static JsonObject Text() =>
        new()
        {
            ["type"] = "string",
            ["pattern"] = Form,
            ["examples"] = new JsonArray("200000 USD"),
        };

    [GeneratedRegex(Form, RegexOptions.CultureInvariant)]
    private static partial Regex FormPattern();
}
