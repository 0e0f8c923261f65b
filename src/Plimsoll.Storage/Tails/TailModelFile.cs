using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Plimsoll.Markets;
using Plimsoll.Tails;

namespace Plimsoll.Storage;

/// <summary>Trained tail forecasters as JSON: the model, its card and its data window in one file.</summary>
public static class TailModelFile
{
    const string Format = "plimsoll-tail-model";

    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new DayConverter() },
    };

    /// <summary>The model of a file, or every fault.</summary>
    public static Parsed<TrainedTail> Read(string path)
    {
        var text = InputText.Read(path);
        return text.Succeeded ? Parse(text.Value.Text, text.Value.Place) : Parsed<TrainedTail>.Fail(text.Faults);
    }

    /// <summary>The model of a text; <paramref name="place"/> names it in faults.</summary>
    public static Parsed<TrainedTail> Parse(string text, string place)
    {
        var binding = new JsonBinding(place, strict: true);
        using var document = binding.Parse(text);
        var rows = document is null ? null : binding.Bind<TailModelRows>(document.RootElement, "");
        if (rows is null || binding.Faults.Count > 0)
            return Parsed<TrainedTail>.Fail(binding.Faults);
        if (rows.Format != Format)
            binding.Add("format", $"\"{rows.Format}\"", $"\"{Format}\"");
        if (rows.Version != 1)
            binding.Add("version", FormattableString.Invariant($"{rows.Version}"), "1, the only version so far");
        if (!rows.Scale.Features.SequenceEqual(TailFeatures.Names))
            binding.Add("scale.features", "other features", string.Join(", ", TailFeatures.Names));
        CheckLength(binding, "scale.coefficients", rows.Scale.Coefficients.Length, TailFeatures.Names.Length);
        CheckLength(binding, "scale.centre", rows.Scale.Centre.Length, TailFeatures.Names.Length);
        CheckLength(binding, "scale.spread", rows.Scale.Spread.Length, TailFeatures.Names.Length);
        if (!rows.Members.SequenceEqual(TailModels.AutoMembers.Select(model => model.Name)))
            binding.Add(
                "members",
                string.Join(", ", rows.Members),
                string.Join(", ", TailModels.AutoMembers.Select(model => model.Name))
            );
        for (int k = 0; k < rows.Levels.Length; k++)
            CheckLength(binding, $"levels[{k}].sums", rows.Levels[k].Sums.Length, rows.Members.Length);
        if (rows.Levels.Length == 0)
            binding.Add("levels", "an empty list", "at least one level");
        return binding.Faults.Count > 0
            ? Parsed<TrainedTail>.Fail(binding.Faults)
            : Parsed<TrainedTail>.Ok(Model(rows));
    }

    /// <summary>Text of a model; <see cref="Parse"/> gives the same model again.</summary>
    public static string Text(TrainedTail model) => JsonSerializer.Serialize(Rows(model), Options) + "\n";

    /// <summary>Writes a model whole or not at all.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static void Write(TrainedTail model, string path) => TextFile.Write(path, Text(model));

    static void CheckLength(JsonBinding binding, string path, int found, int expected)
    {
        if (found != expected)
            binding.Add(
                path,
                FormattableString.Invariant($"{found} numbers"),
                FormattableString.Invariant($"{expected}")
            );
    }

    static TrainedTail Model(TailModelRows rows)
    {
        var v = rows.Volatility;
        var s = rows.Scale;
        return new(
            rows.Underlying,
            Day(rows.TrainedUntil),
            [
                .. rows.Windows.Select(w => new TrainingWindow(
                    w.Underlying,
                    Day(w.First),
                    Day(w.Last),
                    (int)w.Days,
                    (int)w.ImpliedDays
                )),
            ],
            rows.Members,
            new GarchFit(
                TailModels.GarchStudent.Specification,
                new GarchParameters(v.Mean, v.Omega, v.Alpha, 0, v.Beta, v.Degrees),
                v.FirstVariance,
                v.LogLikelihood,
                v.Converged,
                (int)v.Observations
            ),
            new RealisedScaleFit(
                s.Location,
                s.Constant,
                [.. s.Coefficients],
                s.Degrees,
                s.Skew,
                [.. s.Centre],
                [.. s.Spread],
                s.Converged,
                (int)s.Observations,
                Day(rows.TrainedUntil)
            ),
            [
                .. rows.Levels.Select(l => new TrainedLevel(
                    l.Probability,
                    l.Sums,
                    l.LogFactor,
                    (int)l.Days,
                    (int)l.Hits,
                    l.MeanFz0,
                    l.ReferenceMeanFz0
                )),
            ]
        );
    }

    static TailModelRows Rows(TrainedTail model)
    {
        var v = model.Volatility;
        var s = model.Scale;
        return new(
            Format,
            1,
            model.Underlying,
            Instant(model.Until),
            [
                .. model.Windows.Select(w => new TailWindowRow(
                    w.Underlying,
                    Instant(w.First),
                    Instant(w.Last),
                    w.Days,
                    w.ImpliedDays
                )),
            ],
            model.Members,
            new(
                v.Parameters.Mean,
                v.Parameters.Omega,
                v.Parameters.Alpha,
                v.Parameters.Beta,
                v.Parameters.Degrees,
                v.FirstVariance,
                v.LogLikelihood,
                v.Converged,
                v.Observations
            ),
            new(
                TailFeatures.Names,
                s.Location,
                s.Constant,
                [.. s.Coefficients],
                [.. s.Centre],
                [.. s.Spread],
                s.Degrees,
                s.Skew,
                s.Converged,
                s.Observations
            ),
            [
                .. model.Levels.Select(l => new TailLevelRow(
                    l.Probability,
                    l.Sums,
                    l.LogFactor,
                    l.Days,
                    l.Hits,
                    l.MeanFz0,
                    l.ReferenceMeanFz0
                )),
            ]
        );
    }

    static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    static DateTimeOffset Instant(DateOnly day) => new(day, default, TimeSpan.Zero);

    /// <summary>Instants as the reader expects them.</summary>
    sealed class DayConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException("files are read by their rows");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(FormattableString.Invariant($"{value.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"));
    }
}
