using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>
/// Errors of margin models against their venues' own statements: JSON lines, one comparison a line, kept for good.
/// </summary>
public static class MarginErrorsFile
{
    /// <summary>Adds comparisons to a file, which is made where it is not there; it is replaced whole.</summary>
    public static void Append(string path, IEnumerable<MarginError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var text = new StringBuilder(File.Exists(path) ? File.ReadAllText(path) : "");
        foreach (var error in errors)
            text.Append(Line(error)).Append('\n');
        WholeFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Reads a file, every fault at once.</summary>
    public static Parsed<ImmutableList<MarginError>> Read(string path)
    {
        string place = Path.GetFileName(path);
        var faults = new List<Fault>();
        var errors = ImmutableList.CreateBuilder<MarginError>();
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
                continue;
            var binding = new JsonBinding(place, strict: true);
            using var document = binding.Parse(lines[i]);
            var row = document is null ? null : binding.Bind<ErrorRow>(document.RootElement, "");
            faults.AddRange(binding.Faults.Select(fault => fault with { Line = i + 1 }));
            if (row is not null && binding.Faults.Count == 0)
                errors.Add(
                    new MarginError(
                        row.Model,
                        row.Pool,
                        row.AsOf,
                        new Currency(row.Currency),
                        row.Initial,
                        row.StatedInitial,
                        row.Maintenance,
                        row.StatedMaintenance
                    )
                );
        }
        return faults.Count > 0
            ? Parsed<ImmutableList<MarginError>>.Fail(faults)
            : Parsed<ImmutableList<MarginError>>.Ok(errors.ToImmutable());
    }

    static string Line(MarginError error)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model", error.Model);
            json.WriteString("pool", error.Pool);
            json.WriteString("as_of", error.AsOf.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("currency", error.Currency.Code);
            json.WriteNumber("initial", error.Initial);
            json.WriteNumber("stated_initial", error.StatedInitial);
            json.WriteNumber("maintenance", error.Maintenance);
            json.WriteNumber("stated_maintenance", error.StatedMaintenance);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    sealed record ErrorRow(
        string Model,
        string Pool,
        DateTimeOffset AsOf,
        string Currency,
        [MustBe(0, double.PositiveInfinity, "an amount that is not negative")] double Initial,
        [MustBe(0, double.PositiveInfinity, "an amount that is not negative")] double StatedInitial,
        [MustBe(0, double.PositiveInfinity, "an amount that is not negative")] double Maintenance,
        [MustBe(0, double.PositiveInfinity, "an amount that is not negative")] double StatedMaintenance
    );
}
