using Plimsoll.Margin;
using ScottPlot;

namespace Plimsoll.Reports;

/// <summary>Heat map of a venue's scenario grid: losses warm, gains cold, the worst cell framed.</summary>
public static class MarginGridChart
{
    const double Gap = 0.03;
    const byte Strongest = 220;

    /// <summary>Draws one netting unit of one pool.</summary>
    public static Chart Draw(PoolStatement pool, MarginGrid grid)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(grid);
        var map = MarginGridMap.Of(grid);
        var plot = new Plot();
        double largest = Math.Max(grid.Cells.Max(cell => Math.Abs(cell.Gain)), double.Epsilon);
        var worst = grid.Worst is { } at ? grid.Cells[at] : null;
        for (int m = 0; m < map.Moves.Length; m++)
        for (int v = 0; v < map.Shocks.Length; v++)
        {
            if (map.Cells[m, v] is not { } cell)
                continue;
            var tile = plot.Add.Rectangle(m - 0.5 + Gap, m + 0.5 - Gap, v - 0.5 + Gap, v + 0.5 - Gap);
            var shade = Chart.Palette[cell.Gain < 0 ? 1 : 0];
            tile.FillColor = shade.WithAlpha((byte)(Strongest * Math.Abs(cell.Gain) / largest));
            tile.LineColor = cell == worst ? Colors.Black : Colors.LightGray;
            tile.LineWidth = cell == worst ? 3 : 1;
            var text = plot.Add.Text(Figures.Amount(cell.Gain, largest), m, v);
            text.LabelAlignment = Alignment.MiddleCenter;
            text.LabelFontSize = 11;
            text.LabelRotation = -60;
        }
        plot.Title($"{grid.Unit} scenarios of {pool.Name}, gain in {pool.Currency}");
        plot.XLabel($"move of {grid.Unit} (* beyond the grid, as the venue scales it)");
        plot.YLabel("volatility");
        plot.Axes.Bottom.SetTicks(
            [.. Enumerable.Range(0, map.Moves.Length).Select(m => (double)m)],
            [.. map.Moves.Select(row => row.Name)]
        );
        plot.Axes.Bottom.TickLabelStyle.FontSize = 10;
        plot.Axes.Left.SetTicks(
            [.. Enumerable.Range(0, map.Shocks.Length).Select(v => (double)v)],
            [.. map.Shocks.Select(shock => shock.ToString().ToLowerInvariant())]
        );
        plot.HideGrid();
        plot.Axes.SetLimits(-0.6, map.Moves.Length - 0.4, -0.6, map.Shocks.Length - 0.4);
        return new Chart(plot);
    }
}
