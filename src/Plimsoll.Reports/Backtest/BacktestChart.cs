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
    /// <summary>Draws the figure.</summary>
    public static Chart Draw(BacktestOutcome outcome, BacktestFigure figure)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var plot = new Plot();
        for (int m = 0; m < outcome.Methods.Length; m++)
        {
            var method = outcome.Methods[m];
            double[] times = [.. method.Records.Select(record => record.Time.UtcDateTime.ToOADate())];
            double[] percent = [.. Series(method, figure).Select(value => 100 * value)];
            var line = plot.Add.ScatterLine(times, percent, Chart.Palette[m % Chart.Palette.Length]);
            line.LineWidth = 2;
            line.LegendText = method.Name;
        }
        plot.Axes.DateTimeTicksBottom();
        plot.Title(Title(figure));
        plot.YLabel("%");
        return new Chart(plot);
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
