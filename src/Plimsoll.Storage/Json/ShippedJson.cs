using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Plimsoll.Storage;

/// <summary>
/// Reads an object of a JSON file that ships with the program: every member is known and none is absent.
/// </summary>
/// <remarks>
/// By hand, member by member: a serializer builds its converters anew in each process, which costs the command a tenth
/// of a second before it has read a word. What is wrong with a shipped file is a fault of the program.
/// </remarks>
readonly struct ShippedJson
{
    readonly JsonElement element;

    /// <param name="element">The object.</param>
    /// <param name="members">All its members.</param>
    /// <exception cref="InvalidDataException">A member is absent or unknown.</exception>
    public ShippedJson(JsonElement element, params ReadOnlySpan<string> members)
    {
        this.element = element;
        int known = 0;
        foreach (var member in element.EnumerateObject())
        {
            bool isKnown = false;
            foreach (string name in members)
                isKnown |= member.NameEquals(name);
            known += isKnown ? 1 : throw new InvalidDataException($"{member.Name}: an unknown member");
        }
        if (known != members.Length)
            throw new InvalidDataException(
                $"{known} members where {string.Join(", ", members.ToArray())} are expected"
            );
    }

    public JsonElement this[string member] => element.GetProperty(member);

    public string Text(string member) => this[member].GetString()!;

    public double Number(string member) => this[member].GetDouble();

    public decimal Exact(string member) => this[member].GetDecimal();

    public decimal? OptionalExact(string member) =>
        this[member].ValueKind == JsonValueKind.Null ? null : this[member].GetDecimal();

    public DateOnly Day(string member) => Day(this[member]);

    public static DateOnly Day(JsonElement element) =>
        DateOnly.ParseExact(element.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The entries of a list.</summary>
    public ImmutableArray<T> List<T>(string member, Func<JsonElement, T> one) => List(this[member], one);

    public static ImmutableArray<T> List<T>(JsonElement list, Func<JsonElement, T> one)
    {
        var entries = new T[list.GetArrayLength()];
        for (int i = 0; i < entries.Length; i++)
            entries[i] = one(list[i]);
        return ImmutableCollectionsMarshal.AsImmutableArray(entries);
    }
}
