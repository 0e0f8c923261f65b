using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Plimsoll's own snapshot of a market, JSON; the format stands in docs/formats.md.</summary>
/// <remarks>
/// Strict: an unknown member, a wrong type, a negative price, a percentage where a fraction is meant, an expired or
/// unknown contract is a fault, all of them at once. What a market may well say (a crossed quote, a missing side, a
/// mark of zero, a missing forward) is repaired and listed. Reading what <see cref="Write"/> gave is exact.
/// </remarks>
public static class SnapshotFile
{
    const string Format = "plimsoll-snapshot";
    const long LargestBytes = 256L << 20;

    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new UtcConverter() },
    };

    /// <summary>Schema of the format.</summary>
    public static string Schema() =>
        JsonSchema.Of(typeof(SnapshotRows), "snapshot.schema.json", "Plimsoll market snapshot");

    /// <summary>The members of the format as tables, for docs/formats.md.</summary>
    public static string Tables() => JsonSchema.Tables(typeof(SnapshotRows));

    /// <summary>The cleaned snapshot of a file, or every fault.</summary>
    public static Parsed<MarketSnapshot> Read(string path)
    {
        var text = InputText.Read(path, LargestBytes);
        return text.Succeeded ? Parse(text.Value.Text, text.Value.Place) : Parsed<MarketSnapshot>.Fail(text.Faults);
    }

    /// <summary>The cleaned snapshot of a text; <paramref name="place"/> names it in faults.</summary>
    public static Parsed<MarketSnapshot> Parse(string text, string place)
    {
        var binding = new JsonBinding(place, strict: true);
        using var document = binding.Parse(text);
        var rows = document is null ? null : binding.Bind<SnapshotRows>(document.RootElement, "");
        if (rows is null)
            return Parsed<MarketSnapshot>.Fail(binding.Faults);
        if (rows.Format != Format)
            binding.Add("format", $"\"{rows.Format}\"", $"\"{Format}\"");
        if (rows.Version != 1)
            binding.Add("version", FormattableString.Invariant($"{rows.Version}"), "1, the only version so far");
        var snapshot = new SnapshotAssembly(rows, binding).Snapshot();
        return binding.Faults.Count > 0
            ? Parsed<MarketSnapshot>.Fail(binding.Faults)
            : Parsed<MarketSnapshot>.Ok(MissingForwards.Complete(SnapshotCleaning.Clean(snapshot)));
    }

    /// <summary>
    /// Text of a snapshot, one line an instrument; <see cref="Parse"/> gives the same snapshot again.
    /// </summary>
    public static string Text(MarketSnapshot snapshot)
    {
        var rows = SnapshotDisassembly.Rows(snapshot, Format);
        string whole = JsonSerializer.Serialize(rows, Options);
        return Lines(whole) + "\n";
    }

    /// <summary>Writes a snapshot whole or not at all.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static void Write(MarketSnapshot snapshot, string path) => TextFile.Write(path, Text(snapshot));

    /// <summary>Breaks the line after each row of a list that stands directly in the root.</summary>
    static string Lines(string json)
    {
        var text = new System.Text.StringBuilder(json.Length + 4096);
        int depth = 0;
        bool quoted = false;
        for (int i = 0; i < json.Length; i++)
        {
            char c = json[i];
            text.Append(c);
            if (c == '"' && (i == 0 || json[i - 1] != '\\'))
                quoted = !quoted;
            if (quoted)
                continue;
            depth +=
                c is '{' or '[' ? 1
                : c is '}' or ']' ? -1
                : 0;
            if ((c == ',' && depth <= 2) || (c is '{' or '[' && depth <= 2 && json[i + 1] is not (']' or '}')))
                text.Append('\n');
        }
        return text.ToString();
    }

    sealed class UtcConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException("files are read by JsonBinding");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(
                value.UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
                    System.Globalization.CultureInfo.InvariantCulture
                )
            );
    }
}
