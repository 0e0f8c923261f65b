using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Plimsoll.Storage;

/// <summary>A table whose keys are names of one kind and whose values are of another: at least one entry.</summary>
sealed class TomlByName<T>(TomlWords name, TomlKind<T> item) : TomlKind<ImmutableSortedDictionary<string, T>>
    where T : notnull
{
    public override string Expectation => $"a table by name, each name {name.Expectation}";

    public override IEnumerable<(string, TomlTableKind)> Tables =>
        item.Tables.Select(table => (".NAME" + table.Suffix, table.Table));

    public override bool TryBind(
        TomlNode node,
        string path,
        TomlBinding binding,
        out ImmutableSortedDictionary<string, T> value
    )
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<string, T>(StringComparer.Ordinal);
        value = entries.ToImmutable();
        if (node is not TomlTable { Entries.Count: > 0 } table)
            return Refuse(node, path, binding);
        foreach (var (key, line, child) in table.Entries)
        {
            string childPath = TomlBinding.Join(path, key);
            binding.Note(childPath, line);
            var written = new TomlScalar(line, key, TomlScalarKind.Text, key);
            if (
                name.TryBind(written, childPath, binding, out string bound)
                && item.TryBind(child, childPath, binding, out T content)
            )
                entries[bound] = content;
        }
        value = entries.ToImmutable();
        return value.Count == table.Entries.Count;
    }

    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "object",
            ["minProperties"] = 1,
            ["propertyNames"] = name.Schema(),
            ["additionalProperties"] = item.Schema(),
        };
}
