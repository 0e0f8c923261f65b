using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Binds JSON to records and lists every fault with its path: <c>quotes[12].bid</c>.</summary>
/// <param name="place">File name, for faults.</param>
/// <param name="strict">Whether members that the record has not are faults; foreign answers carry many more.</param>
sealed class JsonBinding(string place, bool strict)
{
    static readonly MethodInfo Array = typeof(JsonBinding).GetMethod(
        nameof(Immutable),
        BindingFlags.NonPublic | BindingFlags.Static
    )!;

    /// <summary>Every fault so far.</summary>
    public List<Fault> Faults { get; } = [];

    /// <summary>Parses a text; what is no JSON is a fault with its line.</summary>
    public JsonDocument? Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException error)
        {
            int? line = error.LineNumber is { } number ? (int)number + 1 : null;
            Faults.Add(new(place, line, "", "a syntax error", "well-formed JSON"));
            return null;
        }
    }

    /// <summary>
    /// The record that an element states; null where it or a member is wrong. A list keeps an empty place (null) for
    /// each wrong item, so that what is right can be checked further and every fault is found at once.
    /// </summary>
    public T? Bind<T>(JsonElement element, string path)
        where T : class => (T?)Value(element, typeof(T), null, path);

    /// <summary>A fault at a path.</summary>
    public void Add(string path, string found, string expected) => Faults.Add(new(place, null, path, found, expected));

    object? Value(JsonElement element, Type type, MustBeAttribute? rule, string path)
    {
        if (type == typeof(JsonElement))
            return element.Clone();
        if (type == typeof(string))
            return element.ValueKind == JsonValueKind.String ? element.GetString() : Wrong(element, path, "a text");
        if (type == typeof(bool))
            return element.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? element.GetBoolean()
                : Wrong(element, path, "true or false");
        if (type == typeof(decimal) || type == typeof(double) || type == typeof(long))
            return Number(element, type, rule, path);
        if (type == typeof(DateTimeOffset))
            return Time(element, path);
        if (type.IsEnum)
            return Word(element, type, path);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return Items(element, type.GetGenericArguments()[0], path);
        return Record(element, type, path);
    }

    object? Number(JsonElement element, Type type, MustBeAttribute? rule, string path)
    {
        string expected = rule?.Expected ?? "a number";
        if (element.ValueKind != JsonValueKind.Number)
            return Wrong(element, path, expected);
        object? value = null;
        double size = element.GetDouble();
        if (!double.IsFinite(size))
            return Wrong(element, path, "a finite number");
        if (type == typeof(decimal) && element.TryGetDecimal(out decimal exact))
            value = exact;
        else if (type == typeof(double))
            value = size;
        else if (type == typeof(long) && element.TryGetInt64(out long whole))
            value = whole;
        bool good =
            rule is null || (size >= rule.Least && size <= rule.Most && !(rule.ZeroRefused && value is 0m or 0d));
        return value is not null && good ? value : Wrong(element, path, expected);
    }

    object? Time(JsonElement element, string path)
    {
        if (
            element.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParseExact(
                element.GetString(),
                ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var time
            )
        )
            return time;
        return Wrong(element, path, "a UTC time such as \"2026-03-04T09:33:15Z\"");
    }

    object? Word(JsonElement element, Type type, string path)
    {
        string[] words = [.. Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];
        int index = element.ValueKind == JsonValueKind.String ? System.Array.IndexOf(words, element.GetString()) : -1;
        return index >= 0
            ? Enum.GetValues(type).GetValue(index)
            : Wrong(element, path, string.Join(" or ", words.Select(word => $"\"{word}\"")));
    }

    object? Items(JsonElement element, Type type, string path)
    {
        if (element.ValueKind != JsonValueKind.Array)
            return Wrong(element, path, "a list");
        var items = new List<object?>();
        foreach (var item in element.EnumerateArray())
            items.Add(Value(item, type, null, FormattableString.Invariant($"{path}[{items.Count}]")));
        return Array.MakeGenericMethod(type).Invoke(null, [items]);
    }

    static ImmutableArray<T> Immutable<T>(List<object?> items) =>
        [.. items.Select(item => item is T good ? good : default!)];

    /// <summary>
    /// Null where a member is missing or wrong; a wrong item inside a list only leaves its place empty.
    /// </summary>
    object? Record(JsonElement element, Type type, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return Wrong(element, path, "an object");
        var members = JsonMembers.Of(type);
        object?[] values = new object?[members.All.Length];
        bool[] seen = new bool[values.Length];
        bool whole = true;
        foreach (var property in element.EnumerateObject())
        {
            string own = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            int index = members.IndexOf(property.Name);
            if (index < 0 && strict)
                Add(own, Text(property.Value), "no such member; there are " + Names(members));
            if (index < 0)
                continue;
            if (seen[index])
                Add(own, "", "each member once");
            seen[index] = true;
            var member = members.All[index];
            if (member.Optional && property.Value.ValueKind == JsonValueKind.Null)
                continue;
            values[index] = Value(property.Value, member.Type, member.Rule, own);
            whole &= values[index] is not null;
        }
        for (int i = 0; i < seen.Length; i++)
            if (!seen[i] && !members.All[i].Optional)
            {
                Add(
                    path.Length == 0 ? members.All[i].Name : $"{path}.{members.All[i].Name}",
                    "",
                    "a value; it is missing"
                );
                whole = false;
            }
        return whole ? members.Make(values) : null;
    }

    static string Names(JsonMembers members) => string.Join(", ", members.All.Select(member => member.Name));

    object? Wrong(JsonElement element, string path, string expected)
    {
        Add(path, Text(element), expected);
        return null;
    }

    static string Text(JsonElement element)
    {
        string text = element.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}
