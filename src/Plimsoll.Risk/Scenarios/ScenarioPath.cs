using System.Collections.Immutable;

namespace Plimsoll.Risk;

/// <summary>The bars between now and the horizon, for what a close hides: liquidation on the way.</summary>
/// <remarks>
/// The same paths as the set's moves at the horizon, whose drift is removed evenly in time. Immutable by convention.
/// </remarks>
/// <param name="Days">Days from now to the end of each bar, ascending; the last is the horizon.</param>
/// <param name="Underlyings">By underlying, in order of ticker.</param>
public sealed record ScenarioPath(double[] Days, ImmutableArray<UnderlyingPath> Underlyings)
{
    /// <summary>Bars of one coin, or null.</summary>
    public UnderlyingPath? Of(string underlying) => Underlyings.FirstOrDefault(path => path.Underlying == underlying);

    /// <summary>Every coin's scenarios in an order of its own; coins in the order of the set.</summary>
    public ScenarioPath Dealt(IReadOnlyDictionary<string, int[]> orders) =>
        this with
        {
            Underlyings =
            [
                .. Underlyings.Select(path =>
                    path.Each(bars => [.. bars.Select(bar => orders[path.Underlying].Select(s => bar[s]).ToArray())])
                ),
            ],
        };

    /// <summary>A drift that is even in time on every coin's prices, by ticker; volatility stays.</summary>
    public ScenarioPath Shifted(IReadOnlyDictionary<string, double> shifts) =>
        this with
        {
            Underlyings =
            [
                .. Underlyings.Select(path =>
                    path.Each(
                        (bars) =>
                            [
                                .. bars.Select(
                                    (bar, b) =>
                                        bar.Select(x => x + shifts[path.Underlying] * Days[b] / Days[^1]).ToArray()
                                ),
                            ]
                    ) with
                    {
                        LogVolatilityMove = path.LogVolatilityMove,
                        LowVolatilityMove = path.LowVolatilityMove,
                        HighVolatilityMove = path.HighVolatilityMove,
                    }
                ),
            ],
        };
}

/// <summary>Bars of one coin; every array is [bar][scenario].</summary>
/// <param name="Underlying">Ticker.</param>
/// <param name="Close">ln(index at the bar's end / index now).</param>
/// <param name="Low">Lowest within the bar; at most the bar's two ends.</param>
/// <param name="High">Highest within the bar; at least its two ends.</param>
/// <param name="LogVolatilityMove">
/// Change of ln(at-the-money volatility) at 30 days by the bar's end: the answer to the return so far, and the
/// scenario's noise as far as its deviation has grown.
/// </param>
/// <param name="LowVolatilityMove">The same where the price is at the bar's low: the answer to that price.</param>
/// <param name="HighVolatilityMove">The same at the bar's high.</param>
public sealed record UnderlyingPath(
    string Underlying,
    double[][] Close,
    double[][] Low,
    double[][] High,
    double[][] LogVolatilityMove,
    double[][] LowVolatilityMove,
    double[][] HighVolatilityMove
)
{
    /// <summary>The same change to every array.</summary>
    internal UnderlyingPath Each(Func<double[][], double[][]> change) =>
        new(
            Underlying,
            change(Close),
            change(Low),
            change(High),
            change(LogVolatilityMove),
            change(LowVolatilityMove),
            change(HighVolatilityMove)
        );
}

/// <summary>Bars of one coin while they are drawn; every array is [bar][scenario].</summary>
internal sealed class BarRecord(int bars, int count)
{
    public double[][] Close { get; } = Arrays(bars, count);
    public double[][] Low { get; } = Arrays(bars, count);
    public double[][] High { get; } = Arrays(bars, count);
    public double[][] Recent { get; } = Arrays(bars, count);

    /// <summary>Adds a drift that is even in time to every bar.</summary>
    public void Shift(double perBar, double[] duration)
    {
        double start = 0;
        for (int bar = 0; bar < duration.Length; bar++)
        {
            double end = start + duration[bar];
            for (int s = 0; s < Close[bar].Length; s++)
            {
                double opened = bar == 0 ? 0 : Close[bar - 1][s];
                Close[bar][s] += perBar * end;
                Low[bar][s] = Math.Min(Low[bar][s] + perBar * start, Math.Min(opened, Close[bar][s]));
                High[bar][s] = Math.Max(High[bar][s] + perBar * start, Math.Max(opened, Close[bar][s]));
            }
            start = end;
        }
    }

    /// <summary>The path of a coin whose volatility ends at <paramref name="level"/>.</summary>
    public UnderlyingPath With(string underlying, VolatilityResponse response, double[] level, double[] days)
    {
        double whole = VolatilityMoves.NoiseScale(days[^1]);
        var (close, low, high) = (
            Arrays(days.Length, level.Length),
            Arrays(days.Length, level.Length),
            Arrays(days.Length, level.Length)
        );
        for (int bar = 0; bar < days.Length; bar++)
        {
            double share = VolatilityMoves.NoiseScale(days[bar]) / whole;
            for (int s = 0; s < level.Length; s++)
            {
                double noise = share * (level[s] - VolatilityMoves.Answer(response, Recent[^1][s]));
                double recent = Recent[bar][s],
                    closed = Close[bar][s];
                close[bar][s] = VolatilityMoves.Answer(response, recent) + noise;
                low[bar][s] = VolatilityMoves.Answer(response, recent + Low[bar][s] - closed) + noise;
                high[bar][s] = VolatilityMoves.Answer(response, recent + High[bar][s] - closed) + noise;
            }
        }
        return new UnderlyingPath(underlying, Close, Low, High, close, low, high);
    }

    static double[][] Arrays(int bars, int count)
    {
        var arrays = new double[bars][];
        for (int bar = 0; bar < bars; bar++)
            arrays[bar] = new double[count];
        return arrays;
    }
}
