using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>What every page of tables shares: headings, notes and repairs.</summary>
static class ReportPage
{
    public static Style Good { get; } = new(Color.Green);
    public static Style Bad { get; } = new(Color.Red);
    public static Style Attention { get; } = new(Color.Yellow);
    public static Style Dim { get; } = new(decoration: Decoration.Dim);

    public static void Heading(IAnsiConsole console, string text)
    {
        console.WriteLine();
        console.WriteLine(text, new Style(decoration: Decoration.Bold));
    }

    public static void Line(IAnsiConsole console, string text, Style? style = null) =>
        console.WriteLine(text, style ?? Style.Plain);

    /// <summary>A wrapped, indented paragraph.</summary>
    public static void Paragraph(IAnsiConsole console, string text, Style? style = null) =>
        console.Write(new Padder(new Text(text, style ?? Style.Plain), new Padding(2, 0, 0, 0)));

    /// <summary>A table below its heading; nothing for an empty one.</summary>
    public static void Section(IAnsiConsole console, string heading, ReportTable table)
    {
        if (table.IsEmpty)
            return;
        Heading(console, heading);
        console.Write(table.Render());
    }

    /// <summary>Texts as a list below a heading; nothing for an empty one.</summary>
    public static void List(IAnsiConsole console, string heading, IEnumerable<string> texts, Style? style = null)
    {
        string[] lines = [.. texts];
        if (lines.Length == 0)
            return;
        Heading(console, heading);
        foreach (string line in lines)
            Paragraph(console, line, style);
    }

    /// <summary>What is missing; the same figure of many instruments on one line with the first few names.</summary>
    public static void Missing(IAnsiConsole console, IEnumerable<string> missing) =>
        List(console, "Missing", MissingWords.Shortened(missing), Attention);

    /// <summary>Repairs counted by kind, each kind with one example: a chain may have hundreds.</summary>
    public static void Repairs(IAnsiConsole console, IEnumerable<Markets.Repair> repairs)
    {
        var table = new ReportTable("repair", "#count", "for example");
        foreach (var kind in repairs.GroupBy(repair => repair.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
            table.Add(kind.Key, Figures.Exact(kind.Count()), $"{kind.First().Instrument}: {kind.First().Detail}");
        Section(console, "Repairs of the market data", table);
    }
}
