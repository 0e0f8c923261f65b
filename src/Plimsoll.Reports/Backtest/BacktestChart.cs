using Plimsoll.Backtest;
using ScottPlot;

namespace Plimsoll.Reports;

/// <summary>What a chart of a walk-forward shows, one line a method.</summary>
public enum BacktestFigure
{
    /// <summary>Wealth over that at the start.</summary>
    Equity,

    /// <summary>Fall from the highest wealth so far.</summary>
    Drawdown,

    /// <summary>Gross notional over equity.</summary>
    Exposure,

    /// <summary>Initial margin over equity.</summary>
    Margin,

    /// <summary>Fees, spread and funding so far over equity at the start.</summary>
    Cost,
}

/// <summary>A figure of every method over time.</summary>
public static class BacktestChart
{
    /// <summary>Stretches of a curve, of each of which the lowest and the highest point are drawn.</summary>
    const int Stretches = 1_000;

    /// <summary>Draws the figure.</summary>
    public static Chart Draw(BacktestOutcome outcome, BacktestFigure figure)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var plot = new Plot();
        for (int m = 0; m < outcome.Methods.Length; m++)
        {
            var method = outcome.Methods[m];
            double[] series = Series(method, figure);
            int[] drawn = [.. Drawn(series)];
            double[] times = [.. drawn.Select(i => method.Records[i].Time.UtcDateTime.ToOADate())];
            double[] percent = [.. drawn.Select(i => 100 * series[i])];
            var line = plot.Add.ScatterLine(times, percent, Chart.Palette[m % Chart.Palette.Length]);
            line.LineWidth = 2;
            if (m >= Chart.Palette.Length)
                line.LinePattern = LinePattern.Dashed;
            line.LegendText = method.Name;
        }
        Chart.DatesBelow(plot);
        plot.Title(Title(figure));
        plot.YLabel("%");
        return new Chart(plot);
    }

    /// <summary>All points of a short series; of a long one first, last and each stretch's range.</summary>
    public static IEnumerable<int> Drawn(double[] series)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.Length <= 2 * Stretches)
            return Enumerable.Range(0, series.Length);
        int length = (series.Length + Stretches - 1) / Stretches;
        return Enumerable
            .Range(0, series.Length)
            .Chunk(length)
            .SelectMany(stretch => new[] { stretch.MinBy(i => series[i]), stretch.MaxBy(i => series[i]) })
            .Append(0)
            .Append(series.Length - 1)
            .Distinct()
            .Order();
    }

    /// <summary>Name of a figure for people.</summary>
    public static string Title(BacktestFigure figure) =>
        figure switch
        {
            BacktestFigure.Equity => "Wealth, % of the start",
            BacktestFigure.Drawdown => "Drawdown from the high, %",
            BacktestFigure.Exposure => "Gross notional, % of equity",
            BacktestFigure.Margin => "Initial margin, % of equity",
            _ => "Cost so far, % of equity at the start",
        };

    /// <summary>One value an instant, a fraction.</summary>
    public static double[] Series(MethodOutcome method, BacktestFigure figure)
    {
        ArgumentNullException.ThrowIfNull(method);
        var records = method.Records;
        double start = records[0].EquityBefore,
            high = start,
            cost = 0;
        var series = new double[records.Length];
        for (int i = 0; i < series.Length; i++)
        {
            var record = records[i];
            high = Math.Max(high, record.Equity);
            cost += record.Fees + record.Spread + record.Funding;
            series[i] = figure switch
            {
                BacktestFigure.Equity => record.Equity / start,
                BacktestFigure.Drawdown => record.Equity / high - 1,
                BacktestFigure.Exposure => record.Equity > 0 ? record.Gross / record.Equity : 0,
                BacktestFigure.Margin => record.InitialMarginShare,
                _ => cost / start,
            };
        }
        return series;
    }
}
