using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>The law of risk for coins without bars.</summary>
static class EmbeddedScenarioModel
{
    const int Bars = 16_384;
    const double FreedomDegrees = 4;
    const double CommonShare = 0.8;
    const ulong ModelSeed = 20260304;

    /// <summary>Bars of four hours.</summary>
    public static TimeSpan BarLength => TimeSpan.FromHours(4);

    /// <summary>What the model is, for notes.</summary>
    public const string Description = "Student residuals with four degrees of freedom and a common factor";

    /// <summary>Residuals of some coins, at the instants of a reference where there is one.</summary>
    public static FilteredHistory[] Histories(string[] coins, FilteredHistory? reference) =>
        [.. coins.Select((coin, index) => One(coin, index, reference))];

    static FilteredHistory One(string coin, int index, FilteredHistory? reference)
    {
        var start = new DateTimeOffset(2018, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;
        var ticks = reference?.OpenTicks ?? [.. Enumerable.Range(0, Bars).Select(bar => start + bar * BarLength.Ticks)];
        var common = new SeededRandom(ModelSeed, 0);
        var own = new SeededRandom(ModelSeed, (ulong)index + 1);
        var (residual, low, high) = (new double[ticks.Length], new double[ticks.Length], new double[ticks.Length]);
        for (int i = 0; i < ticks.Length; i++)
        {
            double factor = common.NextNormal();
            double chi = 0;
            for (int k = 0; k < FreedomDegrees; k++)
            {
                double normal = common.NextNormal();
                chi += normal * normal;
            }
            double scale = Math.Sqrt((FreedomDegrees - 2) / chi);
            double joint = reference is null
                ? Math.Sqrt(CommonShare) * factor * scale
                : CommonShare * reference.Residual[i];
            double z = joint + Math.Sqrt(1 - CommonShare) * own.NextNormal() * scale;
            residual[i] = z;
            low[i] = 0.5 * (z - Math.Sqrt(z * z - 2 * Math.Log(own.NextDouble())));
            high[i] = 0.5 * (z + Math.Sqrt(z * z - 2 * Math.Log(own.NextDouble())));
        }
        double level = 0.6 * 0.6 * BarLength.TotalDays / 365;
        return new FilteredHistory
        {
            Underlying = coin,
            OpenTicks = ticks,
            Residual = residual,
            Low = low,
            High = high,
            Variance = level,
            Level = level,
            Season = new WeeklySeason(BarLength),
            ResidualMeanSquare = 1,
            End = new DateTimeOffset(ticks[^1], TimeSpan.Zero) + BarLength,
        };
    }
}
