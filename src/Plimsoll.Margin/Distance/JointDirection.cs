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
/// Searches the joint direction in which liquidation is nearest: the design point of a first-order reliability method.
/// </summary>
/// <remarks>
/// Hasofer and Lind (1974): the point of a limit surface with the least length in whitened coordinates. The spare
/// margin is neither smooth nor convex in the market, so rays are used in place of gradients: along every axis, every
/// coordinate's own direction, the corners, and the scenarios that hurt most; the best three are refined by turning
/// them, with steps halved from 0.5 to 0.005. The answer lies on the surface, so it bounds the nearest distance from
/// above; in two dimensions it is tested against every degree of the circle.
/// </remarks>
public static class JointDirection
{
    /// <summary>Moves of more standard deviations than this are not looked at.</summary>
    public const double Farthest = 12;
    const int Steps = 48;
    const int HurtingScenarios = 16;
    const int Refined = 3;

    /// <summary>The nearest joint move found; null when none within <see cref="Farthest"/> leads there.</summary>
    public static JointMove? Nearest(SpareMargin spare, ScenarioSet scenarios)
    {
        ArgumentNullException.ThrowIfNull(spare);
        var law = new MoveLaw(spare.Moved, scenarios);
        if (law.Count == 0)
            return null;
        var found = Starts(spare, law, scenarios)
            .Select(direction => (Direction: direction, Length: Length(spare, law, direction, Farthest)))
            .Where(ray => ray.Length is not null)
            .OrderBy(ray => ray.Length)
            .Take(Refined)
            .Select(ray => Refine(spare, law, ray.Direction, ray.Length!.Value))
            .ToList();
        if (found.Count == 0)
            return null;
        var (best, length) = found.MinBy(ray => ray.Length);
        double[] move = law.Move([.. best.Select(value => value * length)]);
        var (_, pool, portfolio, statement) = spare.Worst(move);
        var moved = spare.Moved;
        int coins = moved.Coins.Length;
        return new JointMove(
            length,
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

    static IEnumerable<double[]> Starts(SpareMargin spare, MoveLaw law, ScenarioSet scenarios)
    {
        int n = law.Count;
        for (int i = 0; i < n; i++)
            foreach (double sign in (double[])[-1, 1])
                yield return Unit([.. Enumerable.Range(0, n).Select(k => k == i ? sign : 0)]);
        foreach (var (place, deviation) in law.Deviations())
        foreach (double sign in (double[])[-1, 1])
        {
            var move = new double[spare.Dimensions];
            move[place] = sign * deviation;
            yield return Unit(law.Whitened(move));
        }
        if (n <= 6)
            for (int corner = 0; corner < 1 << n; corner++)
                yield return Unit([.. Enumerable.Range(0, n).Select(k => (corner >> k & 1) == 0 ? -1.0 : 1)]);
        foreach (double[] move in Hurting(spare, scenarios))
            yield return Unit(law.Whitened(move));
    }

    /// <summary>Moves of the scenarios with the least spare margin, by the portfolio's approximation.</summary>
    static IEnumerable<double[]> Hurting(SpareMargin spare, ScenarioSet scenarios)
    {
        var approximation = new SpareApproximation(spare);
        int coins = spare.Moved.Coins.Length;
        var moves = Enumerable.Range(0, scenarios.Count).Select(s => MoveOf(spare.Moved, scenarios, s)).ToArray();
        return moves
            .Select((move, s) => (move, s, Spare: approximation.At(move.AsSpan(0, coins), move.AsSpan(coins))))
            .OrderBy(row => row.Spare)
            .ThenBy(row => row.s)
            .Take(HurtingScenarios)
            .Select(row => row.move);
    }

    static double[] MoveOf(MovedPortfolio moved, ScenarioSet scenarios, int scenario)
    {
        int coins = moved.Coins.Length;
        var move = new double[2 * coins];
        for (int c = 0; c < coins; c++)
            if (MoveLaw.Find(scenarios, moved.Coins[c]) is { } moves)
                (move[c], move[coins + c]) = (moves.LogReturn[scenario], moves.LogVolatilityMove[scenario]);
        return move;
    }

    static double? Length(SpareMargin spare, MoveLaw law, double[] direction, double farthest) =>
        spare.FirstShort(law.Move(direction), farthest, Math.Max(4, (int)Math.Ceiling(Steps * farthest / Farthest)));

    /// <summary>Turns a direction as long as that brings the surface nearer.</summary>
    static (double[] Direction, double Length) Refine(SpareMargin spare, MoveLaw law, double[] start, double length)
    {
        double[] best = start;
        for (double step = 0.5; step >= 0.005 && length > 0; step *= 0.5)
        {
            bool turned = true;
            for (int round = 0; turned && round < 8; round++)
            {
                turned = false;
                for (int i = 0; i < best.Length; i++)
                    foreach (double sign in (double[])[-1, 1])
                    {
                        double[] other = [.. best];
                        other[i] += sign * step;
                        other = Unit(other);
                        // One look just inside tells whether the surface is nearer here; only then is it searched.
                        double inside = length * (1 - 1e-6);
                        if (!(spare.At(law.Move([.. other.Select(z => z * inside)])) < 0))
                            continue;
                        if (Length(spare, law, other, inside) is not { } nearer)
                            nearer = inside;
                        (best, length, turned) = (other, nearer, true);
                    }
            }
        }
        return (best, length);
    }

    static double[] Unit(double[] vector)
    {
        double length = Math.Sqrt(vector.Sum(value => value * value));
        return length > 0 ? [.. vector.Select(value => value / length)] : vector;
    }
}
