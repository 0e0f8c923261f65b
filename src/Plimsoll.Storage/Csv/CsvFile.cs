using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>One line of a CSV file.</summary>
/// <param name="Line">1-based, the heading being line 1.</param>
/// <param name="Fields">In the order of the heading.</param>
sealed record CsvRow(int Line, string[] Fields);

/// <summary>A comma-separated file with a heading, plain or gzip, read whole.</summary>
/// <remarks>Fields carry no quotes or commas: none of the files that Plimsoll reads needs them.</remarks>
sealed class CsvFile
{
    readonly Dictionary<string, int> columns;

    CsvFile(string place, Dictionary<string, int> columns, ImmutableArray<CsvRow> rows) =>
        (Place, this.columns, Rows) = (place, columns, rows);

    /// <summary>File name without its folder, for faults.</summary>
    public string Place { get; }

    /// <summary>Every line that is not empty, after the heading.</summary>
    public ImmutableArray<CsvRow> Rows { get; }

    /// <summary>Reads a file that must have the required columns, or gives every fault.</summary>
    /// <remarks>Lines that do not begin with <paramref name="start"/> are passed over unread.</remarks>
    public static Parsed<CsvFile> Read(
        string path,
        IReadOnlyList<string> required,
        IReadOnlyList<string> optional,
        string start = ""
    )
    {
        string place = Path.GetFileName(path);
        var (text, fault) = TextFile.Read(path);
        if (text is null)
            return Parsed<CsvFile>.Fail(fault!);
        string[] lines = text.Split('\n');
        string[] heading = [.. lines[0].TrimEnd('\r').TrimStart('\uFEFF').Split(',').Select(name => name.Trim())];
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        var faults = new List<Fault>();
        for (int i = 0; i < heading.Length; i++)
            if (!required.Contains(heading[i]) && !optional.Contains(heading[i]))
                faults.Add(
                    new(place, 1, heading[i], "", "one of the columns " + string.Join(", ", required.Concat(optional)))
                );
            else if (!columns.TryAdd(heading[i], i))
                faults.Add(new(place, 1, heading[i], "", "each column once"));
        string missing = string.Join(", ", required.Where(name => !columns.ContainsKey(name)));
        if (missing.Length > 0)
            faults.Add(new(place, 1, "", $"no column {missing}", "the columns " + string.Join(", ", required)));
        if (faults.Count > 0)
            return Parsed<CsvFile>.Fail(faults);
        var rows = ImmutableArray.CreateBuilder<CsvRow>(lines.Length);
        for (int i = 1; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r');
            if (line.Length == 0 || !line.StartsWith(start, StringComparison.Ordinal))
                continue;
            string[] fields = line.Split(',');
            if (fields.Length == heading.Length)
                rows.Add(new(i + 1, fields));
            else
                faults.Add(new(place, i + 1, "", $"{fields.Length} fields", $"{heading.Length}, as in the heading"));
        }
        return faults.Count > 0
            ? Parsed<CsvFile>.Fail(faults)
            : Parsed<CsvFile>.Ok(new(place, columns, rows.ToImmutable()));
    }

    /// <summary>Whether a file can be read and its heading is exactly these columns.</summary>
    public static bool HasHeading(string path, IReadOnlyList<string> names) =>
        TextFile.Read(path).Text is { } text
        && text.AsSpan(0, Math.Max(0, text.IndexOf('\n'))).TrimEnd('\r').SequenceEqual(string.Join(',', names));

    /// <summary>Text of a column, trimmed; empty where the column is absent.</summary>
    public string Text(CsvRow row, string column) =>
        columns.TryGetValue(column, out int index) ? row.Fields[index].Trim() : "";

    /// <summary>A fault at a field.</summary>
    public Fault Fault(CsvRow row, string column, string expected) =>
        new(Place, row.Line, column, Text(row, column), expected);

    /// <summary>An exact number; null where the field is empty, and where it is no number, which is a fault.</summary>
    public decimal? Exact(CsvRow row, string column, List<Fault> faults)
    {
        string text = Text(row, column);
        if (text.Length == 0)
            return null;
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
            return number;
        faults.Add(Fault(row, column, "a finite decimal number"));
        return null;
    }

    /// <summary>A finite number; null where the field is empty, and where it is no number, which is a fault.</summary>
    public double? Number(CsvRow row, string column, List<Fault> faults)
    {
        string text = Text(row, column);
        if (text.Length == 0)
            return null;
        if (
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number)
        )
            return number;
        faults.Add(Fault(row, column, "a finite number"));
        return null;
    }
}
