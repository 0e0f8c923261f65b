using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Collects the faults and the lines of one file while its nodes are bound.</summary>
sealed class TomlBinding(string place)
{
    readonly List<Fault> faults = [];
    readonly Dictionary<string, int> lines = new(StringComparer.Ordinal);

    /// <summary>Every fault so far, in order of line.</summary>
    public ImmutableArray<Fault> Faults => [.. faults.OrderBy(fault => fault.Line)];

    /// <summary>Line of each key path that was met.</summary>
    public ImmutableDictionary<string, int> Lines => lines.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Remembers where a key path stands.</summary>
    public void Note(string path, int line) => lines.TryAdd(path, line);

    /// <summary>Adds a fault for a value found.</summary>
    public void Refuse(TomlNode found, string path, string expected) =>
        faults.Add(new Fault(place, found.Line, path, found.Written, expected));

    /// <summary>Adds a fault for a key that is absent.</summary>
    public void Miss(TomlTable table, string path, string expected) =>
        faults.Add(new Fault(place, table.Line, path, "", expected + "; it is missing"));

    /// <summary>Adds the faults of a file that this one names.</summary>
    public void Add(IEnumerable<Fault> others) => faults.AddRange(others);

    /// <summary>Key path of a member.</summary>
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
