using Plimsoll.Markets;
using ScottPlot;

namespace Plimsoll.Reports;

/// <summary>The smiles of one coin's surface, with the venue's mark volatilities of two-sided quotes.</summary>
public static class SmileChart
{
    const int SmilesShown = 7;
    const int PointsPerSmile = 121;

    // Beyond this many standard deviations smiles are extrapolation.
    const double Reach = 2.6;

    /// <summary>Draws at most seven expiries, evenly chosen.</summary>
    public static Chart Draw(UnderlyingReport coin)
    {
        ArgumentNullException.ThrowIfNull(coin);
        var plot = new Plot();
        var chosen = Chosen(coin);
        for (int i = 0; i < chosen.Length; i++)
        {
            var slice = chosen[i].Slice;
            double reach = Reach * Math.Sqrt(slice.TotalVariance(0));
            double[] strikes = new double[PointsPerSmile];
            double[] volatility = new double[PointsPerSmile];
            for (int p = 0; p < PointsPerSmile; p++)
            {
                double k = reach * (2.0 * p / (PointsPerSmile - 1) - 1);
                strikes[p] = slice.ForwardUsd * Math.Exp(k) / 1000;
                volatility[p] = 100 * slice.VolatilityAnnual(k);
            }
            var line = plot.Add.ScatterLine(strikes, volatility, Chart.Palette[i]);
            line.LineWidth = 2;
            line.LegendText = FormattableString.Invariant($"{slice.Expiry:yyyy-MM-dd}");
            AddMarks(plot, coin, chosen[i], strikes[0], strikes[^1], Chart.Palette[i]);
        }
        plot.Title($"{coin.Market.Underlying} implied volatility: fitted smiles and venue marks");
        plot.XLabel("strike, thousand USD");
        plot.YLabel("volatility, % a year");
        return new Chart(plot);
    }

    static ExpiryLine[] Chosen(UnderlyingReport coin)
    {
        int count = Math.Min(SmilesShown, coin.Expiries.Length);
        return count < 2
            ? [.. coin.Expiries]
            : [.. Enumerable.Range(0, count).Select(i => coin.Expiries[i * (coin.Expiries.Length - 1) / (count - 1)])];
    }

    static void AddMarks(Plot plot, UnderlyingReport coin, ExpiryLine line, double least, double most, Color color)
    {
        var marks = coin
            .Options.Where(quote => quote.Instrument.SettlesAt == line.Slice.Expiry && quote.IsTwoSided)
            .Where(quote => quote.MarkImpliedVolatility is > 0)
            .Select(quote =>
                (
                    Strike: (double)((OptionInstrument)quote.Instrument).StrikeUsd / 1000,
                    Volatility: 100 * quote.MarkImpliedVolatility!.Value
                )
            )
            .Where(mark => mark.Strike >= least && mark.Strike <= most)
            .ToArray();
        if (marks.Length > 0)
            plot.Add.Markers(
                marks.Select(mark => mark.Strike).ToArray(),
                marks.Select(mark => mark.Volatility).ToArray(),
                MarkerShape.OpenCircle,
                5,
                color
            );
    }
}
