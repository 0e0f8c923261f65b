using Plimsoll.Markets;
using Plimsoll.Risk;
using ScottPlot;

namespace Plimsoll.Reports;

/// <summary>Gain over the spot move, one line for each move of volatility.</summary>
public static class SpotVolatilityChart
{
    /// <summary>Draws one coin's grid.</summary>
    /// <param name="grid">Gains by spot and volatility move.</param>
    /// <param name="home">Their currency.</param>
    public static Chart Draw(SpotVolatilityGrid grid, Currency home)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var plot = new Plot();
        double[] moves = [.. grid.SpotMoves.Select(move => 100 * move)];
        for (int c = 0; c < grid.VolatilityMoves.Length; c++)
        {
            int column = c;
            double[] gains = [.. Enumerable.Range(0, moves.Length).Select(row => grid.GainHome[row, column])];
            var line = plot.Add.ScatterLine(moves, gains, Chart.Palette[c % Chart.Palette.Length]);
            line.LineWidth = 2;
            line.LegendText = FormattableString.Invariant($"volatility {grid.VolatilityMoves[c] * 100:+0;-0;0}%");
        }
        plot.Add.HorizontalLine(0, 1, Colors.Gray);
        plot.Title($"Gain of the account when {grid.Underlying} and its volatility jump");
        plot.XLabel($"move of {grid.Underlying}, %");
        plot.YLabel($"gain, {home}");
        return new Chart(plot);
    }
}
