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

    static string Tables(BacktestOutcome outcome)
    {
        var page = new StringBuilder();
        Table(
            page,
            "What came of it",
            ["method", "growth a year", "90% band", "volatility", "Sharpe", "Sortino", "Calmar", "P(S>0)", "deflated"],
            outcome.Methods.Select(method =>
                new[]
                {
                    method.Name,
                    Figures.Percent(method.Statistics.GrowthAnnual),
                    method.Bands is { } bands
                        ? $"{Figures.Percent(bands.Growth.Low)} to {Figures.Percent(bands.Growth.High)}"
                        : Figures.Unknown,
                    Figures.Percent(method.Statistics.VolatilityAnnual),
                    Figures.Ratio(method.Statistics.Sharpe),
                    Figures.Ratio(method.Statistics.Sortino),
                    Figures.Ratio(method.Statistics.Calmar),
                    Figures.Percent(method.ProbabilisticSharpe),
                    Figures.Percent(method.DeflatedSharpe),
                }
            )
        );
        Table(
            page,
            "On the way",
            ["method", "last equity", "max. drawdown", "worst day", "time under water", "exposure", "turnover a year"],
            outcome.Methods.Select(method =>
                new[]
                {
                    method.Name,
                    Figures.Amount(method.Records[^1].Equity),
                    Figures.Percent(method.Statistics.MaximumDrawdown),
                    Figures.Percent(method.Statistics.WorstDay),
                    Figures.Percent(method.Statistics.UnderWaterShare),
                    Figures.Percent(method.MeanExposure),
                    Figures.Ratio(method.TurnoverAnnual),
                }
            )
        );
        Table(
            page,
            "Promised and happened",
            [
                "method",
                "days beyond VaR 99%",
                "promised",
                "p-value",
                "days beyond VaR 95%",
                "promised",
                "p-value",
                "drawdown: happened",
                "promised",
                "broken",
            ],
            outcome.Methods.Select(Promises)
        );
        List(page, "Assumed where the records say nothing", outcome.Assumptions);
        foreach (var method in outcome.Methods)
            List(page, $"Left aside or missing: {method.Name}", method.Notes);
        return page.ToString();
    }

    static string[] Promises(MethodOutcome method)
    {
        var (tail, body) = (method.Promises.Coverage99, method.Promises.Coverage95);
        string broken = string.Join(", ", method.Promises.Broken());
        return
        [
            method.Name,
            Figures.Exact(tail.Hits),
            Figures.Ratio(tail.Expected),
            Figures.Ratio(tail.KupiecPValue),
            Figures.Exact(body.Hits),
            Figures.Ratio(body.Expected),
            Figures.Ratio(body.KupiecPValue),
            Figures.Percent(method.Promises.Drawdown?.Share),
            Figures.Percent(method.Promises.Drawdown?.Probability),
            broken.Length == 0 ? "nothing" : broken,
        ];
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

    static void Table(StringBuilder page, string heading, string[] columns, IEnumerable<string[]> rows)
    {
        page.Append("<h2>").Append(Text(heading)).Append("</h2><div class=\"scroll\"><table><tr>");
        foreach (string column in columns)
            page.Append("<th>").Append(Text(column)).Append("</th>");
        page.Append("</tr>");
        foreach (string[] row in rows)
        {
            page.Append("<tr>");
            foreach (string cell in row)
                page.Append("<td>").Append(Text(cell)).Append("</td>");
            page.Append("</tr>");
        }
        page.Append("</table></div>\n");
    }

    static void List(StringBuilder page, string heading, IEnumerable<string> texts)
    {
        string[] lines = [.. texts];
        if (lines.Length == 0)
            return;
        page.Append("<h2>").Append(Text(heading)).Append("</h2><ul>");
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
