using System.Collections.Immutable;

namespace Plimsoll.Risk;

/// <summary>Something held whose gains are looked at together.</summary>
/// <param name="Name">Risk unit, contract, or collateral of a coin.</param>
/// <param name="Gains">Home currency by scenario.</param>
public sealed record StressUnit(string Name, double[] Gains);

/// <summary>Two holdings of which one hedges the other in calm and fails to in a tail of the market.</summary>
/// <param name="Hedged">Loses more of the two in the tail.</param>
/// <param name="Hedge">Gains in calm where the other loses.</param>
/// <param name="Tail"><c>fall</c> or <c>rise</c> of the market.</param>
/// <param name="CalmCorrelation">Of their gains in the calm half of the law.</param>
/// <param name="TailCorrelation">Of their gains inside the tail.</param>
/// <param name="HedgedLoss">Mean loss of the hedged one in the tail, positive.</param>
/// <param name="HedgeLoss">Mean loss of the hedge in the tail; negative: it gains.</param>
/// <param name="CalmHedgeLoss">What the calm slope makes of the hedge there: slope times the hedged loss.</param>
public sealed record HiddenPair(
    string Hedged,
    string Hedge,
    string Tail,
    double CalmCorrelation,
    double TailCorrelation,
    double HedgedLoss,
    double HedgeLoss,
    double CalmHedgeLoss
)
{
    /// <summary>Loss of both in the tail.</summary>
    public double Loss => HedgedLoss + HedgeLoss;

    /// <summary>What the calm slope shows of it.</summary>
    public double CalmLoss => HedgedLoss + CalmHedgeLoss;

    /// <summary>What it hides.</summary>
    public double HiddenLoss => Loss - CalmLoss;

    /// <summary>Whether the hedge itself loses there: the two add up.</summary>
    public bool AddsUp => HedgeLoss > 0;
}

/// <summary>The answer of <see cref="HiddenCorrelation.Of"/>.</summary>
/// <param name="Pairs">Most hidden first.</param>
/// <param name="Level">Of the expected shortfalls.</param>
/// <param name="Loss">Expected shortfall of the account.</param>
/// <param name="CalmLoss">Of its units' own expected shortfalls, put together by their calm correlation.</param>
/// <param name="Sizes">The cheapest reductions that remove the difference; null where nothing is hidden.</param>
public sealed record HiddenReport(
    ImmutableArray<HiddenPair> Pairs,
    double Level,
    double Loss,
    double CalmLoss,
    ReducedSizes? Sizes
)
{
    /// <summary>What the calm correlation hides, at least 0.</summary>
    public double HiddenLoss => Math.Max(0, Loss - CalmLoss);
}

/// <summary>
/// What hedges in calm and adds up in stress, the loss that hides there, and the sizes that remove it.
/// </summary>
/// <remarks>
/// Correlations of calm days understate joint losses where holders are forced to sell together (Cont and Wagalath 2013,
/// 2016), and where a payoff bends. Pairs: the slope of the hedge's gain on the hedged one's in the calm half of the
/// law,
/// carried to the mean loss in a tail of the market, against what happens there. Account: expected shortfalls of its
/// units put together by the square-root rule K = √(kᵀRk) with R their calm correlations, against the account's own.
/// Sizes: least cost of reductions with an expected shortfall of K, <see cref="ReducedSizes"/>.
/// </remarks>
public static class HiddenCorrelation
{
    /// <summary>Calm correlation below which two units count as a hedge.</summary>
    public const double HedgeCorrelation = -0.2;

    /// <summary>
    /// A pair that gains, or hides less than this share of the account's expected shortfall, is not named.
    /// </summary>
    public const double SmallestShare = 0.01;
    const int MostPairs = 12;

    /// <summary>The report.</summary>
    /// <param name="weights">The law of risk.</param>
    /// <param name="tails">Its calm half and its tails.</param>
    /// <param name="holdings">What pairs are made of.</param>
    /// <param name="units">What the account is put together of.</param>
    /// <param name="positions">What may be reduced.</param>
    /// <param name="level">Of the expected shortfalls.</param>
    public static HiddenReport Of(
        double[] weights,
        StressTails tails,
        ImmutableArray<StressUnit> holdings,
        ImmutableArray<StressUnit> units,
        ImmutableArray<ReduciblePosition> positions,
        double level
    )
    {
        var gains = new double[weights.Length];
        foreach (var unit in units)
            for (int s = 0; s < gains.Length; s++)
                gains[s] += unit.Gains[s];
        double loss = Shortfall(gains);
        double calm = CalmShortfall(tails, units, [.. units.Select(unit => Shortfall(unit.Gains))]);
        var pairs = Pairs(tails, holdings)
            .Where(pair => pair.Loss > 0 && pair.HiddenLoss > SmallestShare * Math.Abs(loss));
        return new HiddenReport(
            [.. pairs.OrderByDescending(pair => pair.HiddenLoss).Take(MostPairs)],
            level,
            loss,
            calm,
            loss > calm ? ReducedSizes.Of(gains, positions, weights, level, calm) : null
        );

        double Shortfall(double[] own) => new LossDistribution(own, weights).ExpectedShortfall(level);
    }

    static double CalmShortfall(StressTails tails, ImmutableArray<StressUnit> units, double[] own)
    {
        double square = 0;
        for (int i = 0; i < own.Length; i++)
        for (int j = 0; j < own.Length; j++)
        {
            double rho = i == j ? 1 : Moments(units[i].Gains, units[j].Gains, tails.Calm).Correlation;
            square += rho * own[i] * own[j];
        }
        return Math.Sqrt(Math.Max(0, square));
    }

    static IEnumerable<HiddenPair> Pairs(StressTails tails, ImmutableArray<StressUnit> holdings)
    {
        foreach (var (name, law) in new[] { ("fall", tails.Fall), ("rise", tails.Rise) })
        {
            double[] loss = [.. holdings.Select(unit => -RiskMeasures.Mean(unit.Gains, law))];
            for (int i = 0; i < holdings.Length; i++)
            for (int j = 0; j < holdings.Length; j++)
            {
                if (i == j || loss[i] <= 0 || loss[i] < loss[j] || (loss[i] == loss[j] && i > j))
                    continue;
                var (rho, slope) = Moments(holdings[i].Gains, holdings[j].Gains, tails.Calm);
                if (!(rho < HedgeCorrelation))
                    continue;
                double inside = Moments(holdings[i].Gains, holdings[j].Gains, law).Correlation;
                yield return new HiddenPair(
                    holdings[i].Name,
                    holdings[j].Name,
                    name,
                    rho,
                    inside,
                    loss[i],
                    loss[j],
                    slope * loss[i]
                );
            }
        }
    }

    /// <summary>Correlation of two columns under a law, and the slope of the second on the first.</summary>
    static (double Correlation, double Slope) Moments(double[] first, double[] second, double[] law)
    {
        double meanFirst = RiskMeasures.Mean(first, law),
            meanSecond = RiskMeasures.Mean(second, law);
        double product = 0,
            squareFirst = 0,
            squareSecond = 0;
        for (int s = 0; s < law.Length; s++)
        {
            if (law[s] == 0)
                continue;
            double x = first[s] - meanFirst,
                y = second[s] - meanSecond;
            product += law[s] * x * y;
            squareFirst += law[s] * x * x;
            squareSecond += law[s] * y * y;
        }
        return squareFirst > 0 && squareSecond > 0
            ? (product / Math.Sqrt(squareFirst * squareSecond), product / squareFirst)
            : (0, 0);
    }
}
