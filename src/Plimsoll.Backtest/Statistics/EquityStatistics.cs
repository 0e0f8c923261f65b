namespace Plimsoll.Backtest;

/// <summary>What an equity curve did; annual figures on 365 days, drawdowns and losses positive.</summary>
/// <remarks>
/// Days: one observation each UTC day, the first instant of it. Mean, deviation, Sharpe and Sortino are of simple daily
/// returns over cash that earns nothing; growth is of log wealth. A figure without meaning (no deviation, wealth
/// gone) is null.
/// </remarks>
public sealed record EquityStatistics
{
    const double DaysPerYear = 365;

    /// <summary>Daily returns that the figures are of.</summary>
    public required double[] DailyReturns { get; init; }

    /// <summary>Years from the first to the last instant.</summary>
    public required double Years { get; init; }

    /// <summary>Last equity over the first.</summary>
    public required double WealthRatio { get; init; }

    /// <summary>ln(wealth ratio) a year.</summary>
    public required double? GrowthAnnual { get; init; }

    /// <summary>Standard deviation of daily returns, a year.</summary>
    public required double? VolatilityAnnual { get; init; }

    /// <summary>Mean over standard deviation of daily returns, a year.</summary>
    public required double? Sharpe { get; init; }

    /// <summary>
    /// Mean over the root mean square of losses (all days counted), a year: Sortino and Price (1994), target 0.
    /// </summary>
    public required double? Sortino { get; init; }

    /// <summary>Compound return a year over the largest drawdown: Young (1991).</summary>
    public required double? Calmar { get; init; }

    /// <summary>Largest loss of a day; 0 when no day lost.</summary>
    public required double WorstDay { get; init; }

    /// <summary>Largest fall from a previous high, over all instants.</summary>
    public required double MaximumDrawdown { get; init; }

    /// <summary>Longest time below a previous high, days.</summary>
    public required double LongestUnderWaterDays { get; init; }

    /// <summary>Share of the time spent below a previous high.</summary>
    public required double UnderWaterShare { get; init; }

    /// <summary>Third standardised moment of daily returns.</summary>
    public required double Skewness { get; init; }

    /// <summary>Fourth standardised moment; 3 for a normal law.</summary>
    public required double Kurtosis { get; init; }

    /// <summary>Figures of a curve.</summary>
    /// <param name="times">Rising; at least two.</param>
    /// <param name="equity">As many; the first positive.</param>
    public static EquityStatistics Of(ReadOnlySpan<DateTimeOffset> times, ReadOnlySpan<double> equity)
    {
        if (times.Length != equity.Length || times.Length < 2)
            throw new ArgumentException($"{times.Length} times and {equity.Length} equities: expected two or more");
        double[] daily = Daily(times, equity);
        double years = (times[^1] - times[0]).TotalDays / DaysPerYear;
        double ratio = equity[^1] / equity[0];
        var moments = Moments.Of(daily);
        double lossSquare = 0;
        foreach (double day in daily)
            lossSquare += day < 0 ? day * day : 0;
        double downside = daily.Length == 0 ? 0 : Math.Sqrt(lossSquare / daily.Length);
        var water = UnderWater(times, equity);
        double? growth = ratio > 0 && years > 0 ? Math.Log(ratio) / years : null;
        double root = Math.Sqrt(DaysPerYear);
        return new EquityStatistics
        {
            DailyReturns = daily,
            Years = years,
            WealthRatio = ratio,
            GrowthAnnual = growth,
            VolatilityAnnual = daily.Length > 1 ? moments.Deviation * root : null,
            Sharpe = moments.Deviation > 0 ? moments.Mean / moments.Deviation * root : null,
            Sortino = downside > 0 ? moments.Mean / downside * root : null,
            Calmar = growth is { } g && water.Drawdown > 0 ? (Math.Exp(g) - 1) / water.Drawdown : null,
            WorstDay = daily.Length == 0 ? 0 : Math.Max(0, -daily.Min()),
            MaximumDrawdown = water.Drawdown,
            LongestUnderWaterDays = water.LongestDays,
            UnderWaterShare = water.Share,
            Skewness = moments.Skewness,
            Kurtosis = moments.Kurtosis,
        };
    }

    /// <summary>Simple returns between the first instants of successive UTC days; none after wealth is gone.</summary>
    public static double[] Daily(ReadOnlySpan<DateTimeOffset> times, ReadOnlySpan<double> equity)
    {
        var returns = new List<double>();
        double last = equity[0];
        var day = times[0].UtcDateTime.Date;
        for (int i = 1; i < times.Length && last > 0; i++)
        {
            if (times[i].UtcDateTime.Date == day)
                continue;
            day = times[i].UtcDateTime.Date;
            returns.Add(equity[i] / last - 1);
            last = equity[i];
        }
        return [.. returns];
    }

    static (double Drawdown, double LongestDays, double Share) UnderWater(
        ReadOnlySpan<DateTimeOffset> times,
        ReadOnlySpan<double> equity
    )
    {
        double high = equity[0],
            deepest = 0,
            longest = 0,
            below = 0;
        var since = times[0];
        for (int i = 1; i < times.Length; i++)
        {
            if (equity[i] >= high)
            {
                (high, since) = (equity[i], times[i]);
                continue;
            }
            deepest = Math.Max(deepest, 1 - equity[i] / high);
            longest = Math.Max(longest, (times[i] - since).TotalDays);
            below += (times[i] - times[i - 1]).TotalDays;
        }
        double span = (times[^1] - times[0]).TotalDays;
        return (deepest, longest, span > 0 ? below / span : 0);
    }
}

/// <summary>Mean, sample deviation (n − 1) and standardised moments (n) of a list.</summary>
public readonly record struct Moments(double Mean, double Deviation, double Skewness, double Kurtosis)
{
    /// <summary>Moments; zeros for fewer than two values or no spread (kurtosis 3).</summary>
    public static Moments Of(ReadOnlySpan<double> values)
    {
        if (values.Length < 2)
            return new Moments(values.Length == 1 ? values[0] : 0, 0, 0, 3);
        double mean = 0,
            second = 0,
            third = 0,
            fourth = 0;
        foreach (double value in values)
            mean += value;
        mean /= values.Length;
        foreach (double value in values)
        {
            double d = value - mean;
            second += d * d;
            third += d * d * d;
            fourth += d * d * d * d;
        }
        double variance = second / values.Length;
        if (!(variance > 0))
            return new Moments(mean, 0, 0, 3);
        return new Moments(
            mean,
            Math.Sqrt(second / (values.Length - 1)),
            third / values.Length / Math.Pow(variance, 1.5),
            fourth / values.Length / (variance * variance)
        );
    }
}
