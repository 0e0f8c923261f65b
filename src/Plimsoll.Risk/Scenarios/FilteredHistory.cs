using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>
/// One coin's bars divided by the volatility that was forecast for each, and the forecast that follows the last.
/// </summary>
/// <remarks>
/// Every figure of a bar depends on that bar and earlier ones only, but for the level of the burn-in.
/// </remarks>
internal sealed class FilteredHistory
{
    /// <summary>Bars at the start that set the filter's level and are never drawn: 30 days.</summary>
    const double BurnInDays = 30;

    /// <summary>
    /// A low below this share of open and close is a stray print (LINK at 0.0001 on 2020-03-12), not a price.
    /// </summary>
    const double StrayPrint = 0.2;

    /// <summary>Ticker.</summary>
    public required string Underlying { get; init; }

    /// <summary>Open of each bar, UTC ticks.</summary>
    public required long[] OpenTicks { get; init; }

    /// <summary>Log return of each bar over its forecast standard deviation.</summary>
    public required double[] Residual { get; init; }

    /// <summary>ln(low / reference) on the same scale; at most min(0, residual).</summary>
    public required double[] Low { get; init; }

    /// <summary>ln(high / reference) on the same scale; at least max(0, residual).</summary>
    public required double[] High { get; init; }

    /// <summary>Forecast variance of the next bar, without season.</summary>
    public required double Variance { get; init; }

    /// <summary>Slow level of the variance of a bar.</summary>
    public required double Level { get; init; }

    /// <summary>Season as known at the end.</summary>
    public required WeeklySeason Season { get; init; }

    /// <summary>Mean square of the residuals; the forecast variance times this is the variance of a bar.</summary>
    public required double ResidualMeanSquare { get; init; }

    /// <summary>When the last bar closes.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>The history filtered, or null where it is shorter than two months.</summary>
    /// <remarks>
    /// The first bar after a gap is measured from its own open: what moved in the gap is not one bar's return.
    /// </remarks>
    public static FilteredHistory? Of(PriceHistory history)
    {
        var bars = history.Bars;
        int burnIn = (int)(BurnInDays / history.BarLength.TotalDays);
        if (bars.Length < 2 * burnIn + 1)
            return null;
        var dynamics = VolatilityDynamics.For(history.BarLength);
        var season = new WeeklySeason(history.BarLength);
        var first = new double[burnIn];
        for (int i = 0; i < burnIn; i++)
            first[i] = Moves(history, i + 1).Return;
        double variance = Math.Max(MeanSquare(first), 1e-12);
        double level = variance;
        int kept = bars.Length - burnIn;
        var (ticks, residual, low, high) = (new long[kept], new double[kept], new double[kept], new double[kept]);
        for (int i = 1; i < bars.Length; i++)
        {
            var (r, lowest, highest) = Moves(history, i);
            long open = bars[i].OpenTime.UtcTicks;
            double deviation = season.Factor(open) * Math.Sqrt(variance);
            if (i >= burnIn)
                (ticks[i - burnIn], residual[i - burnIn], low[i - burnIn], high[i - burnIn]) = (
                    open,
                    r / deviation,
                    lowest / deviation,
                    highest / deviation
                );
            season.Update(open, r / Math.Sqrt(variance));
            level = dynamics.NextLevel(level, variance);
            variance = dynamics.Next(variance, level, r / deviation);
        }
        return new FilteredHistory
        {
            Underlying = history.Underlying,
            OpenTicks = ticks,
            Residual = residual,
            Low = low,
            High = high,
            Variance = variance,
            Level = level,
            Season = season,
            ResidualMeanSquare = MeanSquare(residual),
            End = bars[^1].OpenTime + history.BarLength,
        };
    }

    static (double Return, double Low, double High) Moves(PriceHistory history, int i)
    {
        var bar = history.Bars[i];
        var before = history.Bars[i - 1];
        double reference = bar.OpenTime - before.OpenTime == history.BarLength ? before.Close : bar.Open;
        double r = Math.Log(bar.Close / reference);
        double low = LowOf(bar);
        return (
            r,
            Math.Min(Math.Log(low / reference), Math.Min(0, r)),
            Math.Max(Math.Log(bar.High / reference), Math.Max(0, r))
        );
    }

    /// <summary>The bar's low, or its lower end where the low is a stray print.</summary>
    internal static double LowOf(Bar bar) =>
        bar.Low < StrayPrint * Math.Min(bar.Open, bar.Close) ? Math.Min(bar.Open, bar.Close) : bar.Low;

    static double MeanSquare(double[] values) => FixedOrderSum.Dot(values, values) / values.Length;
}
