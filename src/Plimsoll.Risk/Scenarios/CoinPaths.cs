namespace Plimsoll.Risk;

/// <summary>Where one coin's paths start, and what comes out of them; one entry per scenario.</summary>
internal sealed class CoinPaths
{
    /// <summary>Ticker.</summary>
    public string Underlying { get; }

    /// <summary>Forecast variance of the first bar, without season.</summary>
    public double Variance { get; }

    /// <summary>Slow level to which the variance returns.</summary>
    public double Level { get; }

    /// <summary>Factor on the standard deviation of each bar of the path: season and length of the bar.</summary>
    public double[] BarScale { get; }

    public double[] LogReturn { get; }
    public double[] RecentReturn { get; }
    public double[] Low { get; }
    public double[] LowTime { get; }
    public double[] High { get; }
    public double[] HighTime { get; }

    /// <summary>One array for each settlement.</summary>
    public double[][] Delivery { get; }

    /// <summary>The bars on the way; null where they are not kept.</summary>
    public BarRecord? Bars { get; }

    public CoinPaths(CoinStart start, PathClock clock, DateTimeOffset asOf, int count, bool keepsPath)
    {
        Bars = keepsPath ? new BarRecord(clock.Duration.Length, count) : null;
        (Underlying, Variance, Level) = (start.Underlying, start.Variance, start.Level);
        BarScale = new double[clock.Duration.Length];
        long barTicks = (long)(clock.BarDays * TimeSpan.TicksPerDay);
        for (int j = 0; j < BarScale.Length; j++)
            BarScale[j] = Math.Sqrt(
                clock.Duration[j] * start.Season.VarianceFactor(asOf.UtcTicks + j * barTicks, clock.Duration[j])
            );
        (LogReturn, RecentReturn) = (new double[count], new double[count]);
        (Low, LowTime, High, HighTime) = (new double[count], new double[count], new double[count], new double[count]);
        Delivery = [.. clock.Deliveries.Select(_ => new double[count])];
    }
}

/// <summary>Today's volatility of one coin.</summary>
/// <param name="Underlying">Ticker.</param>
/// <param name="Variance">Forecast variance of the next bar, without season.</param>
/// <param name="Level">Slow level of the variance of a bar.</param>
/// <param name="Season">Season of the week.</param>
internal sealed record CoinStart(string Underlying, double Variance, double Level, WeeklySeason Season);
