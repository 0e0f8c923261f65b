using System.Collections.Immutable;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>The nearest joint move of prices and volatilities that leads to liquidation.</summary>
/// <param name="StandardDeviations">
/// Its length in standard deviations of joint moves over the scenarios' horizon; 0: short of margin now.
/// </param>
/// <param name="Moves">By coin: moves as fractions of today's price and volatility.</param>
/// <param name="Pool">The pool that fails there.</param>
/// <param name="Steps">What the venue would do there, first to last; empty where its ladder is not known.</param>
public sealed record JointMove(
    double StandardDeviations,
    ImmutableArray<CoinMove> Moves,
    string Pool,
    ImmutableArray<LadderStep> Steps
);

/// <summary>Move of one coin, fractions of today's.</summary>
/// <param name="Underlying">Ticker.</param>
/// <param name="Price">Of its price.</param>
/// <param name="Volatility">Of its implied volatility; null where no option of it is held.</param>
/// <param name="PriceUsd">Its index there.</param>
public sealed record CoinMove(string Underlying, double Price, double? Volatility, double PriceUsd);

/// <summary>
/// The joint direction in which liquidation is nearest: the design point of a first-order reliability method.
/// </summary>
/// <remarks>
/// The question of reverse stress (<see cref="ReverseStress"/>) for the spare margin of the venue's own rule: the same
/// law (<see cref="FactorLaw"/>: prices, and volatilities of coins whose options are held), the same search from both
/// ends of every axis and from the scenarios that hurt most. The spare margin is neither smooth nor convex in the
/// market; the answer lies on its surface, so it bounds the nearest distance from above. Random nearer moves that try
/// to beat it, and in two dimensions a test of every degree of the circle, find none.
/// </remarks>
public static class JointDirection
{
    /// <summary>Moves of more standard deviations than this are not looked at.</summary>
    public const double Farthest = 12;
    const int HurtingScenarios = 8;
    const int Samples = 256;

    /// <summary>The law of what a portfolio answers to; null: nothing of it moves.</summary>
    public static FactorLaw? LawOf(MovedPortfolio moved, ScenarioSet scenarios)
    {
        ArgumentNullException.ThrowIfNull(moved);
        return FactorLaw.Find(
            scenarios,
            moved.Coins,
            factor => factor.Kind == StressFactorKind.Spot || moved.HasOptions(factor.Underlying)
        );
    }

    /// <summary>A move of a law's factors as moves of prices, then of volatilities.</summary>
    public static double[] Spread(MovedPortfolio moved, FactorLaw law, ReadOnlySpan<double> factors)
    {
        ArgumentNullException.ThrowIfNull(moved);
        ArgumentNullException.ThrowIfNull(law);
        var move = new double[2 * moved.Coins.Length];
        for (int i = 0; i < factors.Length; i++)
            move[PlaceOf(moved, law.Factors[i])] = factors[i];
        return move;
    }

    /// <summary>The nearest joint move found; null when none within <see cref="Farthest"/> leads there.</summary>
    /// <param name="spare">The portfolio under its venue's rule.</param>
    /// <param name="scenarios">Law of joint moves.</param>
    /// <param name="threads">The answer does not depend on it.</param>
    public static JointMove? Nearest(SpareMargin spare, ScenarioSet scenarios, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(spare);
        var moved = spare.Moved;
        if (LawOf(moved, scenarios) is not { } law)
            return null;
        var answer = ReverseStress.Find(
            new ReverseQuestion
            {
                Law = law,
                Level = 0,
                Figure = moves => Shortages(spare, law, moves, threads),
                Starts = [.. Hurting(spare, law, scenarios)],
                Samples = Samples,
                Farthest = Farthest,
            }
        );
        if (answer.Moves.IsEmpty)
            return null;
        var nearest = answer.Moves[0];
        double[] move = Spread(moved, law, nearest.Move);
        var (_, pool, portfolio, statement) = spare.Worst(move);
        int coins = moved.Coins.Length;
        return new JointMove(
            nearest.Distance,
            [
                .. moved.Coins.Select(
                    (coin, c) =>
                        new CoinMove(
                            coin,
                            Math.Exp(move[c]) - 1,
                            moved.HasOptions(coin) ? Math.Exp(move[coins + c]) - 1 : null,
                            portfolio.Market.IndexUsd[coin]
                        )
                ),
            ],
            pool!.Name,
            LiquidationPreview.StepsOf(portfolio, spare.Model, statement, pool.Name, spare.Ladder)
        );
    }

    /// <summary>Maintenance less its balance at each move, USD.</summary>
    static double[] Shortages(SpareMargin spare, FactorLaw law, IReadOnlyList<double[]> moves, int threads)
    {
        var shortages = new double[moves.Count];
        Parallel.For(
            0,
            shortages.Length,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) },
            m => shortages[m] = -spare.At(Spread(spare.Moved, law, moves[m]))
        );
        return shortages;
    }

    /// <summary>Moves of the scenarios with the least spare margin, by the portfolio's approximation.</summary>
    static IEnumerable<double[]> Hurting(SpareMargin spare, FactorLaw law, ScenarioSet scenarios)
    {
        var approximation = new SpareApproximation(spare);
        int coins = spare.Moved.Coins.Length;
        double[][] columns = [.. law.Factors.Select(factor => FactorLaw.Column(scenarios, factor))];
        return Enumerable
            .Range(0, scenarios.Count)
            .Select(s =>
            {
                double[] factors = [.. columns.Select(column => column[s])];
                double[] move = Spread(spare.Moved, law, factors);
                return (factors, s, Spare: approximation.At(move.AsSpan(0, coins), move.AsSpan(coins)));
            })
            .OrderBy(row => row.Spare)
            .ThenBy(row => row.s)
            .Take(HurtingScenarios)
            .Select(row => row.factors);
    }

    static int PlaceOf(MovedPortfolio moved, StressFactor factor) =>
        moved.Coins.IndexOf(factor.Underlying) + (factor.Kind == StressFactorKind.Spot ? 0 : moved.Coins.Length);
}
