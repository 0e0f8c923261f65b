using System.Globalization;
using System.Net;
using System.Text;
using Plimsoll.Backtest;

namespace Plimsoll.Reports;

/// <summary>A walk-forward as one HTML file that needs nothing else: charts (uPlot, embedded) and tables.</summary>
public static class BacktestPage
{
    /// <summary>More points than this are thinned: a screen shows no more.</summary>
    const int MostPoints = 4_000;

    /// <summary>The page as text.</summary>
    /// <param name="outcome">What to write.</param>
    public static string Write(BacktestOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var records = outcome.Methods[0].Records;
        string subtitle =
            FormattableString.Invariant(
                $"{outcome.Source}, {records[0].Time:yyyy-MM-dd} to {records[^1].Time:yyyy-MM-dd}, "
            )
            + FormattableString.Invariant($"{records.Length} instants, {outcome.Methods[0].Due} decisions, ")
            + $"equity in {outcome.Request.Home}";
        return Asset("backtest.html")
            .Replace("{{title}}", "Walk-forward", StringComparison.Ordinal)
            .Replace("{{subtitle}}", Text(subtitle), StringComparison.Ordinal)
            .Replace("{{tables}}", Tables(outcome), StringComparison.Ordinal)
            .Replace("{{data}}", Data(outcome), StringComparison.Ordinal)
            .Replace("{{uplot-css}}", Asset("uPlot.min.css"), StringComparison.Ordinal)
            .Replace("{{uplot-js}}", Asset("uPlot.iife.min.js"), StringComparison.Ordinal);
    }

    /// <summary>The tables of the command, under the same headings.</summary>
    static string Tables(BacktestOutcome outcome)
    {
        var page = new StringBuilder();
        foreach (var (heading, table) in BacktestTables.Sections(outcome))
            Table(page, heading, table);
        Table(page, BacktestTables.Promised, BacktestTables.Promises(outcome));
        foreach (var (words, kept) in BacktestTables.Verdicts(outcome))
            page.Append(kept ? "<p class=\"good\">" : "<p class=\"bad\">").Append(Text(words)).Append("</p>\n");
        if (BacktestTables.Selection(outcome) is { } selection)
            page.Append(Heading(BacktestTables.Choosing)).Append("<p>").Append(Text(selection)).Append("</p>\n");
        foreach (var method in outcome.Methods)
            List(page, $"Left aside or missing: {method.Name}", method.Notes);
        List(page, "Assumed where the records say nothing", outcome.Assumptions);
        return page.ToString();
    }

    static string Data(BacktestOutcome outcome)
    {
        var records = outcome.Methods[0].Records;
        int step = Math.Max(1, (records.Length + MostPoints - 1) / MostPoints);
        int[] kept = [.. Enumerable.Range(0, records.Length).Where(i => i % step == 0 || i == records.Length - 1)];
        var text = new StringBuilder("{\"methods\":[");
        text.AppendJoin(',', outcome.Methods.Select(method => Quoted(method.Name)));
        text.Append("],\"times\":[");
        text.AppendJoin(',', kept.Select(i => records[i].Time.ToUnixTimeSeconds()));
        text.Append("],\"figures\":[");
        var figures = Enum.GetValues<BacktestFigure>();
        text.AppendJoin(
            ',',
            figures.Select(figure =>
                $"{{\"title\":{Quoted(BacktestChart.Title(figure))},\"series\":["
                + string.Join(',', outcome.Methods.Select(method => Series(method, figure, kept)))
                + "]}"
            )
        );
        return text.Append("]}").ToString();
    }

    static string Series(MethodOutcome method, BacktestFigure figure, int[] kept)
    {
        double[] series = BacktestChart.Series(method, figure);
        return "[" + string.Join(',', kept.Select(i => Number(100 * series[i]))) + "]";
    }

    static string Number(double value) =>
        double.IsFinite(value) ? value.ToString("0.####", CultureInfo.InvariantCulture) : "null";

    // A name inside a script: quotes, and no end of the script.
    static string Quoted(string text) => "\"" + System.Text.Json.JsonEncodedText.Encode(text).ToString() + "\"";

    static void Table(StringBuilder page, string heading, ReportTable table)
    {
        if (!table.IsEmpty)
            page.Append(Heading(heading)).Append("<div class=\"scroll\">").Append(table.Html()).Append("</div>\n");
    }

    static string Heading(string text) => $"<h2>{Text(text)}</h2>";

    static void List(StringBuilder page, string heading, IEnumerable<string> texts)
    {
        string[] lines = [.. texts];
        if (lines.Length == 0)
            return;
        page.Append(Heading(heading)).Append("<ul>");
        foreach (string line in lines)
            page.Append("<li>").Append(Text(line)).Append("</li>");
        page.Append("</ul>\n");
    }

    static string Text(string text) => WebUtility.HtmlEncode(text);

    static string Asset(string name)
    {
        using var stream = typeof(BacktestPage).Assembly.GetManifestResourceStream($"assets/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
