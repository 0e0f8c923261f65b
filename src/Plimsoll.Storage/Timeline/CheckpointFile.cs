using System.Text.Json;
using System.Text.Json.Serialization;
using Plimsoll.Backtest;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Where a walk-forward stands, as one JSON file: exact both ways, whole or not there.</summary>
public static class CheckpointFile
{
    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new CurrencyText() },
    };

    /// <summary>Writes the checkpoint beside its place and moves it there.</summary>
    public static void Write(WalkCheckpoint checkpoint, string path) =>
        WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(checkpoint, Options));

    /// <summary>The checkpoint of a file, or its fault: no JSON of this form, or one of another walk.</summary>
    public static Parsed<WalkCheckpoint> Read(string path, string fingerprint)
    {
        string place = Path.GetFileName(path);
        try
        {
            var checkpoint = JsonSerializer.Deserialize<WalkCheckpoint>(File.ReadAllBytes(path), Options)!;
            return checkpoint.Fingerprint == fingerprint
                ? Parsed<WalkCheckpoint>.Ok(checkpoint)
                : Fail(place, "a checkpoint of another run", "one of the same command, files and records");
        }
        catch (JsonException fault)
        {
            return Fail(place, $"no checkpoint: {fault.Message}", "a file that --checkpoint wrote");
        }
    }

    static Parsed<WalkCheckpoint> Fail(string place, string found, string expected) =>
        Parsed<WalkCheckpoint>.Fail(new Fault(place, null, "", found, expected));

    sealed class CurrencyText : JsonConverter<Currency>
    {
        public override Currency Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetString() ?? throw new JsonException("a currency's code is missing"));

        public override void Write(Utf8JsonWriter writer, Currency value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Code);
    }
}
