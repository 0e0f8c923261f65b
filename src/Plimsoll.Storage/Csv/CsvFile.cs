using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>One line of a CSV file.</summary>
/// <param name="Line">1-based, the heading being line 1.</param>
/// <param name="Text">The line, without its end; fields are cut out of it when they are asked for.</param>
sealed record CsvRow(int Line, ReadOnlyMemory<char> Text)
{
    /// <summary>A field by its place, trimmed.</summary>
    public ReadOnlySpan<char> Field(int index)
    {
        var rest = Text.Span;
        for (; index > 0; index--)
            rest = rest[(rest.IndexOf(',') + 1)..];
        int end = rest.IndexOf(',');
        return (end < 0 ? rest : rest[..end]).Trim();
    }
}

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
        int end = LineEnd(text, 0);
        string[] heading = [.. text[..end].TrimEnd('\r').TrimStart('\uFEFF').Split(',').Select(name => name.Trim())];
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
        var rows = ImmutableArray.CreateBuilder<CsvRow>();
        for (int at = end + 1, number = 2; at <= text.Length; at = end + 1, number++)
        {
            end = LineEnd(text, at);
            var line = text.AsMemory(at, end - at).TrimEnd('\r');
            if (line.IsEmpty || !line.Span.StartsWith(start, StringComparison.Ordinal))
                continue;
            int fields = line.Span.Count(',') + 1;
            if (fields == heading.Length)
                rows.Add(new(number, line));
            else
                faults.Add(new(place, number, "", $"{fields} fields", $"{heading.Length}, as in the heading"));
        }
        return faults.Count > 0
            ? Parsed<CsvFile>.Fail(faults)
            : Parsed<CsvFile>.Ok(new(place, columns, rows.ToImmutable()));
    }

    static int LineEnd(string text, int from)
    {
        int end = text.IndexOf('\n', from);
        return end < 0 ? text.Length : end;
    }

    /// <summary>Whether a file can be read and its heading is exactly these columns.</summary>
    public static bool HasHeading(string path, IReadOnlyList<string> names) =>
        TextFile.Read(path).Text is { } text
        && text.AsSpan(0, Math.Max(0, text.IndexOf('\n'))).TrimEnd('\r').SequenceEqual(string.Join(',', names));

    /// <summary>Text of a column, trimmed; empty where the column is absent.</summary>
    public string Text(CsvRow row, string column) => Span(row, column).ToString();

    /// <summary>The same without a string of its own.</summary>
    public ReadOnlySpan<char> Span(CsvRow row, string column) =>
        columns.TryGetValue(column, out int index) ? row.Field(index) : [];

    /// <summary>A fault at a field.</summary>
    public Fault Fault(CsvRow row, string column, string expected) =>
        new(Place, row.Line, column, Text(row, column), expected);

    /// <summary>An exact number; null where the field is empty, and where it is no number, which is a fault.</summary>
    public decimal? Exact(CsvRow row, string column, List<Fault> faults)
    {
        var text = Span(row, column);
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
        var text = Span(row, column);
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
