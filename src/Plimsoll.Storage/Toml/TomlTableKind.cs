using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Plimsoll.Storage;

/// <summary>What a table held, by key.</summary>
sealed class BoundTable(TomlTable source, string path, Dictionary<TomlKey, object> values)
{
    /// <summary>The table as written.</summary>
    public TomlTable Source { get; } = source;

    /// <summary>Key path of the table.</summary>
    public string Path { get; } = path;

    /// <summary>Value written or the key's default.</summary>
    /// <exception cref="InvalidOperationException">
    /// Neither is there: read optional keys without default otherwise.
    /// </exception>
    public T Get<T>(TomlKey<T> key)
        where T : notnull =>
        values.TryGetValue(key, out object? value) ? (T)value
        : key.Fallback is { } text ? (T)key.Kind.BindObject(TomlText.Value(text), key.Name, new TomlBinding("default"))!
        : throw new InvalidOperationException($"{key.Name} is neither written nor has it a default");

    /// <summary>Value written, or null.</summary>
    public T? Number<T>(TomlKey<T> key)
        where T : struct => values.TryGetValue(key, out object? value) ? (T)value : null;

    /// <summary>Value written, or null.</summary>
    public T? Find<T>(TomlKey<T> key)
        where T : class => values.TryGetValue(key, out object? value) ? (T)value : null;
}

/// <summary>A table with a closed set of keys.</summary>
sealed class TomlTableKind(string meaning, params ImmutableArray<TomlKey> keys) : TomlKind<BoundTable>
{
    /// <summary>Keys that are refused with a remark of their own rather than as unknown.</summary>
    public ImmutableDictionary<string, string> Refused { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What the table is for.</summary>
    public string Meaning { get; } = meaning;

    public ImmutableArray<TomlKey> Keys { get; } = keys;

    public override string Expectation => $"a table with the keys {string.Join(", ", Keys.Select(key => key.Name))}";

    public override IEnumerable<(string, TomlTableKind)> Tables => [("", this)];

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out BoundTable value)
    {
        var values = new Dictionary<TomlKey, object>();
        value = null!;
        if (node is not TomlTable table)
            return Refuse(node, path, binding);
        bool good = true;
        foreach (var (name, line, child) in table.Entries)
        {
            string childPath = TomlBinding.Join(path, name);
            binding.Note(childPath, line);
            if (Keys.FirstOrDefault(key => key.Name == name) is not { } key)
            {
                binding.Refuse(child with { Line = line }, childPath, UnknownKey(name));
                good = false;
            }
            else if (key.Kind.BindObject(child, childPath, binding) is { } bound)
                values[key] = bound;
            else
                good = false;
        }
        foreach (var key in Keys.Where(key => key.Required && table.Find(key.Name) is null))
        {
            binding.Miss(table, TomlBinding.Join(path, key.Name), key.Kind.Expectation);
            good = false;
        }
        value = new BoundTable(table, path, values);
        return good;
    }

    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var key in Keys)
        {
            var schema = key.Kind.Schema();
            schema["description"] = key.Meaning;
            if (key.Fallback is { } text && TomlText.Value(text) is TomlScalar scalar)
                schema["default"] = JsonDefault(scalar);
            properties[key.Name] = schema;
        }
        var table = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        var required = Keys.Where(key => key.Required).Select(key => (JsonNode)key.Name).ToArray();
        if (required.Length > 0)
            table["required"] = new JsonArray(required);
        return table;
    }

    string UnknownKey(string name)
    {
        if (Refused.TryGetValue(name, out string? remark))
            return remark;
        string known = string.Join(", ", Keys.Select(key => key.Name));
        string? nearest = NearestName.Of(name, Keys.Select(key => key.Name));
        return nearest is null ? $"a known key: {known}" : $"a known key, perhaps \"{nearest}\" (known: {known})";
    }

    static JsonNode JsonDefault(TomlScalar scalar) =>
        scalar.Kind switch
        {
            TomlScalarKind.Flag => JsonValue.Create(scalar.Value == "true"),
            TomlScalarKind.Text => JsonValue.Create(scalar.Value),
            _ => JsonNode.Parse(scalar.Value)!,
        };
}
