using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>
/// Reads a venue's parameter file: <c>dated</c>, <c>source</c>, <c>note</c>, <c>doubts</c> and figures.
/// </summary>
public static class VenueParameters
{
    /// <summary>Text of a file that ships with the program.</summary>
    /// <param name="resource">Path below <c>data</c>, such as <c>venues/deribit/standard-margin.json</c>.</param>
    public static string Shipped(string resource)
    {
        using var stream =
            typeof(VenueParameters).Assembly.GetManifestResourceStream(resource)
            ?? throw new ArgumentException($"{resource} is not embedded", nameof(resource));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Reads a text; every fault at once.</summary>
    /// <param name="json">The text.</param>
    /// <param name="place">What to call it in faults: a file name.</param>
    /// <param name="model">The file's own <c>model</c> must be this.</param>
    /// <param name="make">Makes the parameters; what it asks for and is not there becomes a fault.</param>
    public static Parsed<T> Read<T>(string json, string place, string model, Func<ParameterNode, MarginNote, T> make)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var faults = new List<Fault>();
            var root = new ParameterNode(document.RootElement, "", place, faults);
            string stated = root.Text("model");
            if (stated != model)
                faults.Add(new Fault(place, null, "model", stated, model));
            var note = new MarginNote(root.Date("dated"), root.Text("source"), root.Text("note"), root.Texts("doubts"))
            {
                Parts =
                [
                    .. root.List("parts")
                        .Select(row => new MarginNotePart(row.Text("part"), row.Date("dated"), row.Text("source"))),
                ],
            };
            var made = make(root, note);
            return faults.Count == 0 ? Parsed<T>.Ok(made) : Parsed<T>.Fail(faults);
        }
        catch (JsonException e)
        {
            return Parsed<T>.Fail(
                new Fault(place, (int?)e.LineNumber + 1, "", e.Message, $"parameters of {model} in JSON")
            );
        }
    }
}

/// <summary>A node of a parameter file; what is wrong with it is added to the file's faults.</summary>
public sealed class ParameterNode
{
    const int LongestWritten = 120;
    readonly JsonElement element;
    readonly string path;
    readonly string place;
    readonly List<Fault> faults;

    internal ParameterNode(JsonElement element, string path, string place, List<Fault> faults) =>
        (this.element, this.path, this.place, this.faults) = (element, path, place, faults);

    /// <summary>Whether a key is there and not null.</summary>
    public bool Has(string key) => Find(key) is { ValueKind: not JsonValueKind.Null };

    /// <summary>A number within bounds.</summary>
    public double Number(string key, double least = 0, double most = double.PositiveInfinity)
    {
        if (Find(key) is { ValueKind: JsonValueKind.Number } found && found.GetDouble() is var value)
            if (double.IsFinite(value) && value >= least && value <= most)
                return value;
        Fail(key, FormattableString.Invariant($"a number from {least} to {most}"));
        return least;
    }

    /// <summary>A number within bounds, written as a number or, as venues do, as a text.</summary>
    public double Amount(string key, double least = 0, double most = double.PositiveInfinity)
    {
        if (Find(key) is not { ValueKind: JsonValueKind.String } found)
            return Number(key, least, most);
        if (double.TryParse(found.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            if (double.IsFinite(value) && value >= least && value <= most)
                return value;
        Fail(key, FormattableString.Invariant($"a number from {least} to {most}"));
        return least;
    }

    /// <summary>A number within bounds, or null where it is not stated.</summary>
    public double? OptionalNumber(string key, double least = 0, double most = double.PositiveInfinity) =>
        Has(key) ? Number(key, least, most) : null;

    /// <summary>Numbers within bounds, at least one.</summary>
    public ImmutableArray<double> Numbers(string key, double least, double most = double.PositiveInfinity)
    {
        if (Find(key) is { ValueKind: JsonValueKind.Array } found && found.GetArrayLength() > 0)
        {
            var numbers = ImmutableArray.CreateBuilder<double>();
            foreach (var entry in found.EnumerateArray())
                if (entry.ValueKind == JsonValueKind.Number && entry.GetDouble() is var value)
                    if (value >= least && value <= most)
                        numbers.Add(value);
            if (numbers.Count == found.GetArrayLength())
                return numbers.ToImmutable();
        }
        Fail(key, FormattableString.Invariant($"a list of numbers from {least} to {most}"));
        return [least];
    }

    /// <summary>A text that is not empty.</summary>
    public string Text(string key)
    {
        if (Find(key) is { ValueKind: JsonValueKind.String } found && found.GetString() is { Length: > 0 } text)
            return text;
        Fail(key, "a text");
        return "";
    }

    /// <summary>Texts; none where the key is not there.</summary>
    public ImmutableArray<string> Texts(string key)
    {
        if (!Has(key))
            return [];
        if (
            Find(key) is { ValueKind: JsonValueKind.Array } found
            && found.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String)
        )
            return [.. found.EnumerateArray().Select(entry => entry.GetString()!)];
        Fail(key, "a list of texts");
        return [];
    }

    /// <summary>true or false.</summary>
    public bool Flag(string key)
    {
        if (Find(key) is { ValueKind: JsonValueKind.True or JsonValueKind.False } found)
            return found.GetBoolean();
        Fail(key, "true or false");
        return false;
    }

    /// <summary>A day, yyyy-MM-dd.</summary>
    public DateOnly Date(string key)
    {
        if (
            Find(key) is { ValueKind: JsonValueKind.String } found
            && DateOnly.TryParseExact(
                found.GetString(),
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var day
            )
        )
            return day;
        Fail(key, "a day, yyyy-MM-dd");
        return default;
    }

    /// <summary>A node; an empty one, whose every number is a fault, where it is missing.</summary>
    public ParameterNode Node(string key)
    {
        if (Find(key) is { ValueKind: JsonValueKind.Object } found)
            return new ParameterNode(found, PathOf(key), place, faults);
        Fail(key, "an object");
        return new ParameterNode(default, PathOf(key), place, faults);
    }

    /// <summary>The nodes of a list; none where the key is not there.</summary>
    public ImmutableArray<ParameterNode> List(string key) =>
        Find(key) is { ValueKind: JsonValueKind.Array } found
            ?
            [
                .. found
                    .EnumerateArray()
                    .Select((row, i) => new ParameterNode(row, $"{PathOf(key)}[{i}]", place, faults)),
            ]
            : [];

    /// <summary>Whether a key is absent or, as venues say nothing, an empty text.</summary>
    public bool IsBlank(string key) =>
        !Has(key) || Find(key) is { ValueKind: JsonValueKind.String } found && found.GetString()!.Length == 0;

    /// <summary>Whether this is a list.</summary>
    public bool IsList => element.ValueKind == JsonValueKind.Array;

    /// <summary>Whether a key holds a list.</summary>
    public bool HasList(string key) => Find(key) is { ValueKind: JsonValueKind.Array };

    /// <summary>Whether a key holds an object.</summary>
    public bool HasNode(string key) => Find(key) is { ValueKind: JsonValueKind.Object };

    /// <summary>Whether a key says true; absent or null: no.</summary>
    public bool IsSet(string key) => Has(key) && Flag(key);

    /// <summary>The nodes of this list; none where it is none.</summary>
    public ImmutableArray<ParameterNode> Rows() =>
        IsList
            ? [.. element.EnumerateArray().Select((row, i) => new ParameterNode(row, $"{path}[{i}]", place, faults))]
            : [];

    /// <summary>Itself, to stand in another file.</summary>
    public JsonNode? Json() => JsonNode.Parse(element.GetRawText());

    /// <summary>Itself as a number, or null.</summary>
    public double? Value() => element.ValueKind == JsonValueKind.Number ? element.GetDouble() : null;

    /// <summary>The named nodes of this object, in the file's order; none where it is none.</summary>
    public ImmutableArray<(string Key, ParameterNode Node)> Members() =>
        element.ValueKind == JsonValueKind.Object
            ? [.. element.EnumerateObject().Select(row => (row.Name, At(row.Name, row.Value)))]
            : [];

    /// <summary>The named nodes of an object, in the file's order; none where the key is not there.</summary>
    public ImmutableArray<(string Key, ParameterNode Node)> Entries(string key) =>
        Find(key) is { ValueKind: JsonValueKind.Object } found
            ?
            [
                .. found
                    .EnumerateObject()
                    .Select(row =>
                        (row.Name, new ParameterNode(row.Value, $"{PathOf(key)}.{row.Name}", place, faults))
                    ),
            ]
            : [];

    /// <summary>Adds a fault of a key.</summary>
    public void Fail(string key, string expected) =>
        faults.Add(new Fault(place, null, PathOf(key), Written(key), expected));

    /// <summary>What is written, cut where it is long; of an empty key the node itself.</summary>
    string Written(string key)
    {
        var found = key.Length > 0 ? Find(key) : element;
        string text = found is { ValueKind: not JsonValueKind.Undefined } node ? node.GetRawText() : "";
        return text.Length > LongestWritten ? text[..LongestWritten] + " ..." : text;
    }

    ParameterNode At(string key, JsonElement value) => new(value, PathOf(key), place, faults);

    JsonElement? Find(string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var found) ? found : null;

    string PathOf(string key) =>
        path.Length == 0 ? key
        : key.Length == 0 ? path
        : $"{path}.{key}";
}
