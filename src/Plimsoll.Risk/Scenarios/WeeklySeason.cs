namespace Plimsoll.Risk;

/// <summary>
/// How the volatility of a bar depends on its place in the week: a factor by time of day times one by weekday.
/// </summary>
/// <remarks>
/// Saturdays move about half as much as Mondays and the bar of 12:00 UTC half as much again as that of 04:00 (BTC,
/// 2024 to 2026), and the pattern has grown over the years: hence exponential means with a half-life of a year,
/// updated bar by bar, so that no bar is judged by what came after it. The mean square of the factor over a week is
/// 1.
/// </remarks>
internal sealed class WeeklySeason
{
    const double HalfLifeDays = 365;
    const double TypicalAbsoluteResidual = 0.7;

    readonly double[] byTime;
    readonly double[] byWeekday = new double[7];
    readonly long barTicks;
    readonly double timeGain;
    readonly double weekdayGain;
    double normaliser = 1 / TypicalAbsoluteResidual;

    public WeeklySeason(TimeSpan barLength)
    {
        barTicks = barLength.Ticks;
        byTime = new double[Math.Max(1, (int)(TimeSpan.TicksPerDay / barTicks))];
        Array.Fill(byTime, Math.Sqrt(TypicalAbsoluteResidual));
        Array.Fill(byWeekday, Math.Sqrt(TypicalAbsoluteResidual));
        timeGain = 1 - Math.Pow(0.5, 1 / HalfLifeDays);
        weekdayGain = 1 - Math.Pow(0.5, 7 / (HalfLifeDays * byTime.Length));
        Normalise();
    }

    /// <summary>A season with given factors, as deep copies.</summary>
    public WeeklySeason(TimeSpan barLength, double[] byTime, double[] byWeekday)
        : this(barLength)
    {
        byTime.CopyTo(this.byTime, 0);
        byWeekday.CopyTo(this.byWeekday, 0);
        Normalise();
    }

    /// <summary>Factors by time of day, of mean square 1.</summary>
    public double[] ByTime => Normalised(byTime);

    /// <summary>Factors by weekday from Monday, of mean square 1.</summary>
    public double[] ByWeekday => Normalised(byWeekday);

    /// <summary>Factor on the standard deviation of the bar that opens at a time.</summary>
    public double Factor(long openTicks) => byTime[Time(openTicks)] * byWeekday[Weekday(openTicks)] * normaliser;

    /// <summary>Mean factor on the variance over a span of at most one bar, which may lie across two bars.</summary>
    public double VarianceFactor(long fromTicks, double bars)
    {
        long open = fromTicks - fromTicks % barTicks;
        double first = Math.Min(bars, 1 - (double)(fromTicks - open) / barTicks);
        double here = Factor(open);
        double after = Factor(open + barTicks);
        return (first * here * here + (bars - first) * after * after) / bars;
    }

    /// <summary>Takes in one return divided by its standard deviation without season.</summary>
    public void Update(long openTicks, double residual)
    {
        ref double time = ref byTime[Time(openTicks)];
        ref double weekday = ref byWeekday[Weekday(openTicks)];
        double size = Math.Min(Math.Abs(residual), 6);
        double timeTarget = size / weekday;
        double weekdayTarget = size / time;
        time += timeGain * (timeTarget - time);
        weekday += weekdayGain * (weekdayTarget - weekday);
        Normalise();
    }

    void Normalise() => normaliser = 1 / Math.Sqrt(MeanSquare(byTime) * MeanSquare(byWeekday));

    int Time(long ticks) => (int)(ticks % TimeSpan.TicksPerDay / barTicks) % byTime.Length;

    static int Weekday(long ticks) => (int)(ticks / TimeSpan.TicksPerDay % 7);

    static double[] Normalised(double[] values) => [.. values.Select(value => value / Math.Sqrt(MeanSquare(values)))];

    static double MeanSquare(double[] values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value * value;
        return sum / values.Length;
    }
}
