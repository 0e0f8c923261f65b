namespace Plimsoll.Risk;

/// <summary>How the variance of one bar's return follows its past, and returns to its slow level.</summary>
/// <remarks>
/// v' = v + (1 − ρ)·(q − v) + α·v·(s − 1), s = 5z²/(2 + z²), z = return without its weekly season over √v;
/// q' = q + (1 − κ)·(v − q). The score s is that of a Student law with four degrees of freedom (Creal, Koopman and
/// Lucas, 2013; Harvey, 2013), so that one crash bar raises the forecast by what crashes have been followed by and
/// not by its square; q is a slow level as in Engle and Lee (1999). The figures forecast the next bar, day and month
/// of BTC and ETH (four-hour bars, 2018-02 to 2026-03) best or nearly so on a grid, and better at all three than
/// GARCH(1,1) does; they are the same for each coin, so no build depends on an optimiser.
/// </remarks>
/// <param name="ShockWeight">α: weight of the last bar's score.</param>
/// <param name="Persistence">ρ: share of a deviation from the slow level that is left after one bar.</param>
/// <param name="LevelKept">κ: share of the slow level that is kept from one bar to the next.</param>
internal readonly record struct VolatilityDynamics(double ShockWeight, double Persistence, double LevelKept)
{
    const double ReferenceHours = 4;
    const double ReferenceShockWeight = 0.08;
    const double ReferencePersistence = 0.99;
    const double LevelHalfLifeDays = 90;

    /// <summary>The figures for bars of a length, from those for four hours: the same half-lives in time.</summary>
    public static VolatilityDynamics For(TimeSpan barLength)
    {
        double bars = barLength.TotalHours / ReferenceHours;
        return new VolatilityDynamics(
            Math.Min(ReferenceShockWeight * Math.Sqrt(bars), 0.15),
            Math.Pow(ReferencePersistence, bars),
            Math.Pow(0.5, barLength.TotalDays / LevelHalfLifeDays)
        );
    }

    /// <summary>Variance of the next bar after a residual.</summary>
    public double Next(double variance, double level, double residual)
    {
        double square = residual * residual;
        double score = 5 * square / (2 + square);
        return variance + (1 - Persistence) * (level - variance) + ShockWeight * variance * (score - 1);
    }

    /// <summary>Slow level after a bar of a variance.</summary>
    public double NextLevel(double level, double variance) => LevelKept * level + (1 - LevelKept) * variance;

    /// <summary>
    /// The variance a bar now whose forecast, averaged over <paramref name="bars"/> bars, is
    /// <paramref name="averageVariance"/>; at least a quarter of it.
    /// </summary>
    public double StartForAverage(double averageVariance, double level, double bars)
    {
        double kept = (1 - Math.Pow(Persistence, bars)) / (bars * (1 - Persistence));
        return Math.Max(level + (averageVariance - level) / kept, averageVariance / 4);
    }
}
