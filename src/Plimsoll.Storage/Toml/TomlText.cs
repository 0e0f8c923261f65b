using Plimsoll.Markets;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Plimsoll.Storage;

/// <summary>TOML text to nodes with lines; duplicate keys and tables are refused, since TOML refuses them.</summary>
static class TomlText
{
    const int LongestWritten = 60;

    public static Parsed<TomlTable> Parse(string place, string text)
    {
        try
        {
            var document = SyntaxParser.ParseStrict(text, place, true);
            var root = new TomlTable(1, "the file");
            foreach (var pair in document.KeyValues)
                Add(root, pair);
            foreach (var table in document.Tables)
            {
                var target = Open(root, table);
                foreach (var pair in table.Items)
                    Add(target, pair);
            }
            return Parsed<TomlTable>.Ok(root);
        }
        catch (TomlException e)
        {
            return Parsed<TomlTable>.Fail(SyntaxFaults(place, e));
        }
    }

    /// <summary>One value, such as a default written in a description.</summary>
    public static TomlNode Value(string text) => Parse("default", "value = " + text).Value.Find("value")!;

    // A single mistake makes the parser complain several times on its line: the first complaint is the one that helps.
    static IEnumerable<Fault> SyntaxFaults(string place, TomlException exception)
    {
        var seen = new HashSet<int>();
        foreach (var message in exception.Diagnostics)
            if (seen.Add(message.Span.Start.Line))
                yield return new Fault(
                    place,
                    message.Span.Start.Line + 1,
                    "",
                    message.Message,
                    Remedy(message.Message)
                );
    }

    static string Remedy(string message) =>
        message.Contains("already defined", StringComparison.Ordinal) ? "each key and table once"
        : message.Contains("parse the date", StringComparison.Ordinal) ? "a day that exists, written YYYY-MM-DD"
        : message.Contains("parse integer", StringComparison.Ordinal) ? "a whole number of at most 18 digits"
        : "valid TOML (text in quotes, one key = value a line)";

    static TomlTable Open(TomlTable root, TableSyntaxBase header)
    {
        var table = root;
        var names = Names(header.Name!);
        int line = header.Span.Start.Line + 1;
        for (int i = 0; i < names.Count - 1; i++)
            table = Enter(table, names[i], line);
        if (header is not TableArraySyntax)
            return Enter(table, names[^1], line);
        var item = new TomlTable(line, "{...}");
        if (table.Find(names[^1]) is TomlArray array)
            array.Items.Add(item);
        else
            table.Entries.Add((names[^1], line, new TomlArray(line, "[[...]]", [item])));
        return item;
    }

    static TomlTable Enter(TomlTable table, string name, int line)
    {
        switch (table.Find(name))
        {
            case TomlTable found:
                return found;
            case TomlArray array:
                return (TomlTable)array.Items[^1];
            default:
                var made = new TomlTable(line, "{...}");
                table.Entries.Add((name, line, made));
                return made;
        }
    }

    static void Add(TomlTable table, KeyValueSyntax pair)
    {
        var names = Names(pair.Key!);
        int line = pair.Span.Start.Line + 1;
        for (int i = 0; i < names.Count - 1; i++)
            table = Enter(table, names[i], line);
        table.Entries.Add((names[^1], line, Node(pair.Value!)));
    }

    static List<string> Names(KeySyntax key)
    {
        var names = new List<string> { Name(key.Key!) };
        foreach (var dotted in key.DotKeys)
            names.Add(Name(dotted.Key!));
        return names;
    }

    static string Name(BareKeyOrStringValueSyntax name) =>
        name is StringValueSyntax quoted ? quoted.Value ?? "" : ((BareKeySyntax)name).Key?.Text ?? "";

    static TomlNode Node(ValueSyntax value)
    {
        int line = value.Span.Start.Line + 1;
        string written = Shorten((value.ToString() ?? "").Trim());
        return value switch
        {
            StringValueSyntax text => new TomlScalar(line, written, TomlScalarKind.Text, text.Value ?? ""),
            IntegerValueSyntax whole => Scalar(
                line,
                written,
                TomlScalarKind.Integer,
                FormattableString.Invariant($"{whole.Value}")
            ),
            FloatValueSyntax => Scalar(
                line,
                written,
                TomlScalarKind.Float,
                written.Replace("_", "", StringComparison.Ordinal)
            ),
            BooleanValueSyntax flag => Scalar(line, written, TomlScalarKind.Flag, flag.Value ? "true" : "false"),
            DateTimeValueSyntax => Scalar(line, written, TomlScalarKind.Date, written),
            ArraySyntax array => new TomlArray(line, written, [.. array.Items.Select(item => Node(item.Value!))]),
            InlineTableSyntax inline => Inline(line, written, inline),
            _ => throw new InvalidOperationException($"TOML has no such value: {value.GetType().Name}"),
        };
    }

    static TomlScalar Scalar(int line, string written, TomlScalarKind kind, string value) =>
        new(line, written, kind, value);

    static TomlTable Inline(int line, string written, InlineTableSyntax inline)
    {
        var table = new TomlTable(line, written);
        foreach (var item in inline.Items)
            Add(table, item.KeyValue!);
        return table;
    }

    static string Shorten(string written)
    {
        string oneLine = string.Join(' ', written.Split('\n', StringSplitOptions.TrimEntries));
        return oneLine.Length <= LongestWritten ? oneLine : oneLine[..LongestWritten] + "...";
    }
}
