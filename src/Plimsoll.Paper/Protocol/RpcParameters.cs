using System.Globalization;
using System.Text.Json;

namespace Plimsoll.Paper;

/// <summary>A request that the venue refuses, with the error that it answers.</summary>
/// <param name="error">Code.</param>
/// <param name="reason">What was wrong, in words.</param>
/// <param name="parameter">Which parameter; null when none in particular.</param>
public sealed class RpcRefusal(VenueError error, string reason = "", string? parameter = null) : Exception(reason)
{
    /// <summary>Code.</summary>
    public VenueError Error { get; } = error;

    /// <summary>What was wrong, in words; may be empty.</summary>
    public string Reason { get; } = reason;

    /// <summary>Which parameter; null when none in particular.</summary>
    public string? Parameter { get; } = parameter;

    internal static RpcRefusal Bad(string parameter, string reason) => new(VenueError.InvalidParams, reason, parameter);
}

/// <summary>Named parameters of a JSON object or a query string; each is read by the type that is asked for.</summary>
public sealed class RpcParameters
{
    readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    readonly HashSet<string> read = new(StringComparer.Ordinal);

    /// <summary>No parameters.</summary>
    public static RpcParameters Empty => new();

    /// <summary>Names that were sent and that nobody asked for.</summary>
    public IEnumerable<string> Unread => values.Keys.Where(name => !read.Contains(name)).Order(StringComparer.Ordinal);

    /// <summary>Parameters of a JSON object.</summary>
    /// <exception cref="RpcRefusal">Not an object: parameters are named, never positional.</exception>
    public static RpcParameters Of(JsonElement element)
    {
        var parameters = new RpcParameters();
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return parameters;
        if (element.ValueKind != JsonValueKind.Object)
            throw new RpcRefusal(VenueError.InvalidParams, "must be an object", "params");
        foreach (var member in element.EnumerateObject())
            if (member.Value.ValueKind != JsonValueKind.Null)
                parameters.values[member.Name] =
                    member.Value.ValueKind == JsonValueKind.String
                        ? member.Value.GetString()!
                        : member.Value.GetRawText();
        return parameters;
    }

    /// <summary>Parameters of a raw query string, without the question mark.</summary>
    public static RpcParameters Of(string query)
    {
        var parameters = new RpcParameters();
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int at = pair.IndexOf('=');
            string name = Decode(at < 0 ? pair : pair[..at]);
            parameters.values[name] = at < 0 ? "" : Decode(pair[(at + 1)..]);
        }
        return parameters;
    }

    /// <summary>A text that must be there.</summary>
    public string Text(string name) => OptionalText(name) ?? throw RpcRefusal.Bad(name, "value required");

    /// <summary>A text, or null.</summary>
    public string? OptionalText(string name)
    {
        read.Add(name);
        return values.GetValueOrDefault(name);
    }

    /// <summary>A number that must be there.</summary>
    public decimal Number(string name) => OptionalNumber(name) ?? throw RpcRefusal.Bad(name, "value required");

    /// <summary>A number, or null.</summary>
    public decimal? OptionalNumber(string name)
    {
        if (OptionalText(name) is not { } text)
            return null;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            ? number
            : throw RpcRefusal.Bad(name, "must be a number");
    }

    /// <summary>A whole number, or null.</summary>
    public long? Whole(string name)
    {
        if (OptionalNumber(name) is not { } number)
            return null;
        return number == decimal.Truncate(number) && Math.Abs(number) < long.MaxValue
            ? (long)number
            : throw RpcRefusal.Bad(name, "must be an integer");
    }

    /// <summary>A truth value, or null.</summary>
    public bool? Flag(string name) =>
        OptionalText(name) switch
        {
            null => null,
            "true" => true,
            "false" => false,
            _ => throw RpcRefusal.Bad(name, "must be true or false"),
        };

    /// <summary>A list of texts that must be there.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        string text = Text(name);
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Array)
                return [.. document.RootElement.EnumerateArray().Select(item => item.GetString()!)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Answered below, as any other thing that is no list of texts.
        }
        throw RpcRefusal.Bad(name, "must be a list of texts");
    }

    /// <summary>A list of objects that must be there.</summary>
    public IReadOnlyList<RpcParameters> Objects(string name)
    {
        if (Parsed(Text(name)) is { ValueKind: JsonValueKind.Array } list)
            return [.. list.EnumerateArray().Select(Of)];
        throw RpcRefusal.Bad(name, "must be a list of objects");
    }

    /// <summary>An object, or null.</summary>
    public RpcParameters? Object(string name) =>
        OptionalText(name) is not { } text ? null
        : Parsed(text) is { } element ? Of(element)
        : throw RpcRefusal.Bad(name, "must be an object");

    /// <summary>Numbers by name; none when it is absent.</summary>
    public IReadOnlyDictionary<string, decimal> Numbers(string name)
    {
        if (OptionalText(name) is not { } text)
            return new Dictionary<string, decimal>();
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document
                    .RootElement.EnumerateObject()
                    .ToDictionary(row => row.Name, row => row.Value.GetDecimal());
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            // Answered below, as any other thing that is no such object.
        }
        throw RpcRefusal.Bad(name, "must be an object of numbers");
    }

    /// <summary>One of some words, or null.</summary>
    public T? Word<T>(string name, IReadOnlyDictionary<string, T> words)
        where T : struct
    {
        if (OptionalText(name) is not { } text)
            return null;
        return words.TryGetValue(text, out var found)
            ? found
            : throw RpcRefusal.Bad(name, $"must be one of {string.Join(", ", words.Keys)}");
    }

    static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    static JsonElement? Parsed(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
