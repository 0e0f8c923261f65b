using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Plimsoll.Reports;

/// <summary>
/// Writes an answer as JSON: numbers as numbers, instants in ISO 8601 UTC, an unknown figure as null, never NaN.
/// </summary>
public sealed class JsonAnswer : IDisposable
{
    readonly ArrayBufferWriter<byte> buffer = new();
    readonly Utf8JsonWriter writer;

    JsonAnswer() =>
        writer = new Utf8JsonWriter(
            buffer,
            new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );

    /// <summary>One JSON object as text, ending with a newline.</summary>
    public static string Write(Action<JsonAnswer> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        using var answer = new JsonAnswer();
        answer.writer.WriteStartObject();
        members(answer);
        answer.writer.WriteEndObject();
        answer.writer.Flush();
        return Encoding.UTF8.GetString(answer.buffer.WrittenSpan) + "\n";
    }

    /// <summary>Text, or null.</summary>
    public void Text(string key, string? value) => writer.WriteString(key, value);

    /// <summary>An instant.</summary>
    public void Instant(string key, DateTimeOffset? value) => writer.WriteString(key, value is { } at ? Utc(at) : null);

    /// <summary>true or false.</summary>
    public void Flag(string key, bool value) => writer.WriteBoolean(key, value);

    /// <summary>A whole number.</summary>
    public void Number(string key, int value) => writer.WriteNumber(key, value);

    /// <summary>An exact number, or null.</summary>
    public void Number(string key, decimal? value)
    {
        if (value is { } number)
            writer.WriteNumber(key, Trimmed(number));
        else
            writer.WriteNull(key);
    }

    /// <summary>An estimate in its shortest form that reads back the same; null when absent or not finite.</summary>
    public void Number(string key, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            writer.WriteNumber(key, number == 0 ? 0 : number);
        else
            writer.WriteNull(key);
    }

    /// <summary>A list of texts.</summary>
    public void Texts(string key, IEnumerable<string> values)
    {
        writer.WriteStartArray(key);
        foreach (string value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    /// <summary>A list of estimates.</summary>
    public void Numbers(string key, IEnumerable<double> values)
    {
        writer.WriteStartArray(key);
        foreach (double value in values)
            if (double.IsFinite(value))
                writer.WriteNumberValue(value == 0 ? 0 : value);
            else
                writer.WriteNullValue();
        writer.WriteEndArray();
    }

    /// <summary>An object.</summary>
    public void Object(string key, Action members)
    {
        writer.WriteStartObject(key);
        members();
        writer.WriteEndObject();
    }

    /// <summary>A list of objects.</summary>
    public void Objects<T>(string key, IEnumerable<T> items, Action<T> members)
    {
        writer.WriteStartArray(key);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            members(item);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <inheritdoc />
    public void Dispose() => writer.Dispose();

    static string Utc(DateTimeOffset at) => FormattableString.Invariant($"{at.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}");

    // A decimal remembers trailing zeros of its source; a figure has none.
    static decimal Trimmed(decimal value) => value / 1.0000000000000000000000000000m;
}
