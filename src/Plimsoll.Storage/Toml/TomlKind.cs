using System.Text.Json.Nodes;

namespace Plimsoll.Storage;

/// <summary>
/// One description of what may stand behind a key, from which the check, the JSON schema and the reference page derive.
/// </summary>
abstract class TomlKind
{
    /// <summary>In words, to follow "expected": <c>a percentage with its sign, such as "20%", above 0%</c>.</summary>
    public abstract string Expectation { get; }

    /// <summary>JSON schema of the value as TOML tools see it.</summary>
    public abstract JsonObject Schema();

    /// <summary>Tables inside, with the path that leads to them relative to the key; for the reference page.</summary>
    public virtual IEnumerable<(string Suffix, TomlTableKind Table)> Tables => [];

    /// <summary>Binds to an object, or null after a fault.</summary>
    public abstract object? BindObject(TomlNode node, string path, TomlBinding binding);
}

/// <summary>A kind that binds to T.</summary>
abstract class TomlKind<T> : TomlKind
    where T : notnull
{
    /// <summary>Binds; false after faults were added.</summary>
    public abstract bool TryBind(TomlNode node, string path, TomlBinding binding, out T value);

    /// <inheritdoc />
    public sealed override object? BindObject(TomlNode node, string path, TomlBinding binding) =>
        TryBind(node, path, binding, out var value) ? value : null;

    /// <summary>Adds the fault and fails.</summary>
    protected bool Refuse(TomlNode node, string path, TomlBinding binding, string? hint = null)
    {
        binding.Refuse(node, path, hint is null ? Expectation : $"{Expectation} ({hint})");
        return false;
    }
}

/// <summary>A key of a table: its name, what may stand there, what it means and what holds when it is absent.</summary>
/// <param name="name">As written in the file.</param>
/// <param name="kind">What may stand there.</param>
/// <param name="meaning">For the reference page and the schema.</param>
/// <param name="required">Whether its absence is a fault.</param>
/// <param name="absent">What its absence means, in words; for keys without a default value.</param>
/// <param name="fallback">Default as TOML text, bound by the same kind.</param>
abstract class TomlKey(string name, TomlKind kind, string meaning, bool required, string? absent, string? fallback)
{
    public string Name { get; } = name;
    public TomlKind Kind { get; } = kind;
    public string Meaning { get; } = meaning;
    public bool Required { get; } = required;
    public string? Absent { get; } = absent;
    public string? Fallback { get; } = fallback;
}

/// <inheritdoc />
sealed class TomlKey<T>(
    string name,
    TomlKind<T> kind,
    string meaning,
    bool required = false,
    string? absent = null,
    string? fallback = null
) : TomlKey(name, kind, meaning, required, absent, fallback)
    where T : notnull;
