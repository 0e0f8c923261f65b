using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>An array of one kind; for tables written as <c>[[name]]</c>.</summary>
sealed class TomlList<T>(TomlKind<T> item, int least = 0) : TomlKind<ImmutableArray<T>>
    where T : notnull
{
    public override string Expectation =>
        item.Tables.Any() ? "a list of tables, each headed by its name in double brackets"
        : least == 0 ? $"a list, each entry {item.Expectation}"
        : $"a list of at least {least}, each entry {item.Expectation}";

    public override IEnumerable<(string, TomlTableKind)> Tables =>
        item.Tables.Select(table => ("[]" + table.Suffix, table.Table));

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out ImmutableArray<T> value)
    {
        value = [];
        if (node is not TomlArray array || array.Items.Count < least)
            return Refuse(node, path, binding, node is TomlTable ? $"[[{path}]] in place of [{path}]" : null);
        var items = ImmutableArray.CreateBuilder<T>(array.Items.Count);
        for (int i = 0; i < array.Items.Count; i++)
        {
            string itemPath = FormattableString.Invariant($"{path}[{i}]");
            binding.Note(itemPath, array.Items[i].Line);
            if (item.TryBind(array.Items[i], itemPath, binding, out T bound))
                items.Add(bound);
        }
        value = items.ToImmutable();
        return items.Count == array.Items.Count;
    }

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = item.Schema() };
        if (least > 0)
            schema["minItems"] = least;
        return schema;
    }
}

/// <summary>Amounts by currency: <c>{ BTC = 1.2, USDC = 50000 }</c>.</summary>
sealed class TomlBalances : TomlKind<ImmutableArray<Balance>>
{
    static readonly TomlExactNumber Amount = new(TomlBounds.None, "units of the currency");

    public override string Expectation => "amounts by ticker, such as { BTC = 1.2, USDC = 50000 }";

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out ImmutableArray<Balance> value)
    {
        value = [];
        if (node is not TomlTable table)
            return Refuse(node, path, binding);
        var balances = ImmutableArray.CreateBuilder<Balance>();
        foreach (var (key, line, child) in table.Entries)
        {
            string childPath = TomlBinding.Join(path, key);
            binding.Note(childPath, line);
            var name = new TomlScalar(line, key, TomlScalarKind.Text, key);
            if (
                TomlWords.Ticker.TryBind(name, path, binding, out string code)
                && Amount.TryBind(child, childPath, binding, out decimal amount)
            )
                balances.Add(new Balance(new Currency(code), amount));
        }
        value = balances.ToImmutable();
        return value.Length == table.Entries.Count;
    }

    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "object",
            ["propertyNames"] = TomlWords.Ticker.Schema(),
            ["additionalProperties"] = new JsonObject { ["type"] = "number" },
        };
}

/// <summary>A table whose <c>kind</c> decides which keys it has.</summary>
sealed class TomlVariants(TomlKey<string> discriminator, params (string Word, TomlTableKind Table)[] variants)
    : TomlKind<(string Word, BoundTable Table)>
{
    /// <summary>The kind of a discriminator that names these words.</summary>
    public static TomlWords Words(params string[] words) =>
        new(string.Join(" or ", words.Select(word => $"\"{word}\"")), $"^({string.Join('|', words)})$");

    public override string Expectation => $"a table with {discriminator.Name} = {discriminator.Kind.Expectation}";

    public override IEnumerable<(string, TomlTableKind)> Tables =>
        variants.Select(variant => ($" with {discriminator.Name} = \"{variant.Word}\"", variant.Table));

    public override bool TryBind(
        TomlNode node,
        string path,
        TomlBinding binding,
        out (string Word, BoundTable Table) value
    )
    {
        value = default;
        if (node is not TomlTable table)
            return Refuse(node, path, binding);
        string wordPath = TomlBinding.Join(path, discriminator.Name);
        if (table.Find(discriminator.Name) is not { } wordNode)
        {
            binding.Miss(table, wordPath, discriminator.Kind.Expectation);
            return false;
        }
        if (!((TomlKind<string>)discriminator.Kind).TryBind(wordNode, wordPath, binding, out string word))
            return false;
        var variant = variants.First(candidate => candidate.Word == word);
        bool good = variant.Table.TryBind(table, path, binding, out var bound);
        value = (word, bound);
        return good;
    }

    public override JsonObject Schema() =>
        new()
        {
            ["oneOf"] = new JsonArray([
                .. variants.Select(variant =>
                {
                    var schema = variant.Table.Schema();
                    var properties = schema["properties"]!.AsObject();
                    properties[discriminator.Name] = new JsonObject
                    {
                        ["const"] = variant.Word,
                        ["description"] = discriminator.Meaning,
                    };
                    return (JsonNode)schema;
                }),
            ]),
        };
}
