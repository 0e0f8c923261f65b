using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>Moves of the at-the-money level and of the skew at 30 days that go with a path's return.</summary>
/// <remarks>
/// level: β·R + noise, R the path's return in which a day's return fades with a half-life of 30 days, β by R's sign;
/// skew: β·R + noise. Noise is normal with the estimate's deviation a day and variance (1 − e^(−2κh))/(2κ) over h days,
/// κ = ln 2/30 d. On the recorded chains (2025-12-30 to 2026-05-31) the deviation of ln(level) over 1, 10 and 30 days
/// was 4.4, 13.4 and 17.8 points for BTC and 3.6, 12.1 and 14.2 for ETH, which a half-life of 30 days gives to a
/// tenth, and its slope on the return stayed about the same from 1 day to 30. Noise is correlated between coins,
/// level 0.78, skew 0.43. The law has no drift: the expected ratio of the level is 1 and the expected move of the
/// skew 0.
/// </remarks>
internal static class VolatilityMoves
{
    /// <summary>Half-life, in days, of what a return does to volatility.</summary>
    public const double HalfLifeDays = 30;

    /// <summary>
    /// Largest move of ln(level): the at-the-money volatility falls to no less than a fifth and rises fivefold at
    /// most.
    /// </summary>
    public const double LargestLogMove = 1.6;
    const double LevelNoiseCorrelation = 0.78;
    const double SkewNoiseCorrelation = 0.43;
    const ulong NoiseStreams = 3UL << 40;

    /// <summary>Deviation of the noise over some days, for one day's deviation 1.</summary>
    public static double NoiseScale(double days)
    {
        double reversion = Math.Log(2) / HalfLifeDays;
        return Math.Sqrt((1 - Math.Exp(-2 * reversion * days)) / (2 * reversion));
    }

    /// <summary>Answer of ln(level) to a return, before noise.</summary>
    public static double Answer(VolatilityResponse response, double logReturn) => response.AnswerTo(logReturn);

    /// <summary>Moves of all coins, with noise, without drift; returns by coin and scenario.</summary>
    public static (double[] Level, double[] Skew)[] Draw(
        VolatilityResponse[] responses,
        double[][] recentReturn,
        double days,
        ulong seed
    )
    {
        int count = recentReturn[0].Length;
        double scale = NoiseScale(days);
        var moves = responses.Select(_ => (Level: new double[count], Skew: new double[count])).ToArray();
        for (int s = 0; s < count; s++)
        {
            var random = new SeededRandom(seed, NoiseStreams + (ulong)s);
            double levelCommon = random.NextNormal();
            double skewCommon = random.NextNormal();
            for (int coin = 0; coin < responses.Length; coin++)
            {
                double r = recentReturn[coin][s];
                double levelNoise = Mixed(LevelNoiseCorrelation, levelCommon, random.NextNormal());
                double skewNoise = Mixed(SkewNoiseCorrelation, skewCommon, random.NextNormal());
                var response = responses[coin];
                moves[coin].Level[s] = Answer(response, r) + response.ResidualLogVolatilityPerDay * scale * levelNoise;
                moves[coin].Skew[s] = response.SkewBeta * r + response.ResidualSkewPerDay * scale * skewNoise;
            }
        }
        foreach (var (level, skew) in moves)
        {
            double levelDrift = -LogMeanExp(level);
            double skewDrift = FixedOrderSum.Sum(skew) / count;
            for (int s = 0; s < count; s++)
            {
                level[s] = Math.Clamp(level[s] + levelDrift, -LargestLogMove, LargestLogMove);
                skew[s] -= skewDrift;
            }
        }
        return moves;
    }

    /// <summary>ln of the mean of the exponentials.</summary>
    public static double LogMeanExp(double[] values)
    {
        var grown = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
            grown[i] = Math.Exp(values[i]);
        return Math.Log(FixedOrderSum.Sum(grown) / values.Length);
    }

    static double Mixed(double correlation, double common, double own) =>
        Math.Sqrt(correlation) * common + Math.Sqrt(1 - correlation) * own;
}
