using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Tails;
using ScottPlot;

namespace Plimsoll.Reports;

/// <summary>What a chart of an evaluation shows.</summary>
public enum TailPlot
{
    /// <summary>Hits so far over hits promised, by model.</summary>
    Coverage,

    /// <summary>Returns, the first model's value at risk, and the days beyond it.</summary>
    Hits,

    /// <summary>Mean joint loss by year less the reference's, by model.</summary>
    Years,
}

/// <summary>Charts of an evaluation; one coin and level.</summary>
public static class TailChart
{
    /// <summary>Draws the rows of one coin and level.</summary>
    /// <param name="rows">At least one; the first is the reference.</param>
    /// <param name="what">Which chart.</param>
    public static Chart Draw(ImmutableArray<EvaluationRow> rows, TailPlot what)
    {
        var plot = new Plot();
        string place = FormattableString.Invariant($"{rows[0].Underlying} at {100 * rows[0].Level.Value:0.##}%");
        switch (what)
        {
            case TailPlot.Coverage:
                Coverage(plot, rows);
                plot.Title($"{place}: hits so far, less those promised");
                plot.YLabel("days");
                Chart.DatesBelow(plot);
                break;
            case TailPlot.Hits:
                Hits(plot, rows[^1]);
                plot.Title($"{place}: {rows[^1].Model}, return and value at risk");
                plot.YLabel("return, %");
                Chart.DatesBelow(plot);
                break;
            default:
                Years(plot, rows);
                plot.Title($"{place}: mean FZ0 by year less that of {rows[0].Model} (below 0 is better)");
                plot.YLabel("FZ0");
                break;
        }
        return new Chart(plot);
    }

    static void Coverage(Plot plot, ImmutableArray<EvaluationRow> rows)
    {
        for (int m = 0; m < rows.Length; m++)
        {
            double sum = 0;
            double[] excess =
            [
                .. rows[m]
                    .Series.Select(day => sum += (day.Return < day.Forecast.Quantile ? 1 : 0) - rows[m].Level.Value),
            ];
            Line(plot, Time(rows[m]), excess, rows[m].Model, m);
        }
    }

    static void Hits(Plot plot, EvaluationRow row)
    {
        double[] time = Time(row);
        Line(plot, time, [.. row.Series.Select(day => day.Return)], "return", 6);
        Line(plot, time, [.. row.Series.Select(day => day.Forecast.Quantile)], "value at risk", 0);
        var hits = row.Series.Where(day => day.Return < day.Forecast.Quantile).ToArray();
        if (hits.Length == 0)
            return;
        var marks = plot.Add.Markers(
            hits.Select(day => Date(day.Date)).ToArray(),
            hits.Select(day => day.Return).ToArray(),
            MarkerShape.FilledCircle,
            6,
            Chart.Palette[1]
        );
        marks.LegendText = "hit";
    }

    static void Years(Plot plot, ImmutableArray<EvaluationRow> rows)
    {
        for (int m = 1; m < rows.Length; m++)
        {
            double[] years = [.. rows[m].Years.Select(year => (double)year.Year)];
            double[] gain = [.. rows[m].Years.Select((year, i) => year.MeanFz0 - rows[0].Years[i].MeanFz0)];
            Line(plot, years, gain, rows[m].Model, m).MarkerSize = 6;
        }
        plot.Add.HorizontalLine(0, 1, Colors.Gray);
        // A year is a whole number and no amount: one tick each, without a thousands' mark.
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. rows[0].Years.Select(year => (double)year.Year)],
            [.. rows[0].Years.Select(year => year.Year.ToString(CultureInfo.InvariantCulture))]
        );
    }

    static ScottPlot.Plottables.Scatter Line(Plot plot, double[] x, double[] y, string name, int colour)
    {
        var line = plot.Add.ScatterLine(x, y, Chart.Palette[colour % Chart.Palette.Length]);
        line.LineWidth = 1.5f;
        line.LegendText = name;
        return line;
    }

    static double[] Time(EvaluationRow row) => [.. row.Series.Select(day => Date(day.Date))];

    static double Date(DateOnly date) => date.ToDateTime(TimeOnly.MinValue).ToOADate();
}
