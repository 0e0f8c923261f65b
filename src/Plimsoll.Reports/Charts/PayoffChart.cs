using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;
using ScottPlot;

namespace Plimsoll.Reports;

/// <summary>Gain of a book over one coin's price: today, at the horizon, at the last expiry.</summary>
public static class PayoffChart
{
    /// <summary>Draws the curves.</summary>
    /// <param name="curves">At least one.</param>
    /// <param name="underlying">The coin that moves.</param>
    /// <param name="home">Currency of the gains.</param>
    public static Chart Draw(ImmutableArray<PayoffCurve> curves, string underlying, Currency home)
    {
        var plot = new Plot();
        for (int c = 0; c < curves.Length; c++)
        {
            double[] prices = [.. curves[c].PriceUsd.Select(price => price / 1000)];
            var line = plot.Add.ScatterLine(prices, curves[c].GainHome, Chart.Palette[c]);
            line.LineWidth = 2;
            line.LegendText =
                curves[c].Ahead.Days == 0 ? curves[c].Name : $"{curves[c].Name}, in {curves[c].Ahead.Days:0.#} d";
        }
        plot.Add.HorizontalLine(0, 1, Colors.Gray);
        plot.Title($"Gain of the sized account over the price of {underlying}, volatility at rest");
        plot.XLabel($"{underlying}, thousand USD");
        plot.YLabel($"gain, {home}");
        return new Chart(plot);
    }
}
