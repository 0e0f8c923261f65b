namespace Plimsoll.Storage;

/// <summary>A value of a TOML file with its place.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Written">As it stands in the file, shortened where it is long.</param>
abstract record TomlNode(int Line, string Written);

/// <summary>What a scalar is by TOML's own syntax.</summary>
enum TomlScalarKind
{
    Text,
    Integer,
    Float,
    Flag,
    Date,
}

/// <summary>A scalar; <paramref name="Value"/> is the decoded text, or the digits as written.</summary>
sealed record TomlScalar(int Line, string Written, TomlScalarKind Kind, string Value) : TomlNode(Line, Written);

/// <summary>An array, or the tables of one <c>[[name]]</c>.</summary>
sealed record TomlArray(int Line, string Written, List<TomlNode> Items) : TomlNode(Line, Written);

/// <summary>A table; entries in order of writing.</summary>
sealed record TomlTable(int Line, string Written) : TomlNode(Line, Written)
{
    /// <summary>Keys in order of writing, each with its own line.</summary>
    public List<(string Key, int Line, TomlNode Value)> Entries { get; } = [];

    /// <summary>Value of a key, or null.</summary>
    public TomlNode? Find(string key)
    {
        foreach (var entry in Entries)
            if (entry.Key == key)
                return entry.Value;
        return null;
    }
}
