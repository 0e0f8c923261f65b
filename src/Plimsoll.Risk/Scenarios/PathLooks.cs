using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>The markets on the way of every scenario's path, each as a set of joint moves of its own.</summary>
/// <remarks>
/// A bar is looked at three times: all coins at their low, at their high, at their close, with the time that has
/// passed at its end. Volatility answers the price that is looked at; skew, bases and noise have come as far as a
/// deviation grows. The last look is the horizon itself, bit for bit. Bars of one look, where a horizon has more than
/// <see cref="MostBars"/>, are taken together: the lowest low, the highest high and the last close of them.
/// </remarks>
public static class PathLooks
{
    /// <summary>Bars at most; a horizon with more of them has neighbours taken together.</summary>
    public const int MostBars = 12;

    /// <summary>Low, high and close of each bar in order of time; weights are the law's.</summary>
    /// <param name="law">With its path kept.</param>
    /// <param name="asOf">Now.</param>
    /// <param name="mostBars">Bars at most; 1: the extremes of the whole way and the horizon.</param>
    /// <exception cref="ArgumentException">The path was not kept.</exception>
    public static ImmutableArray<ScenarioSet> Of(ScenarioSet law, DateTimeOffset asOf, int mostBars = MostBars)
    {
        ArgumentNullException.ThrowIfNull(law);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBars, 1);
        var path = law.Path ?? throw new ArgumentException("the bars were not kept", nameof(law));
        int together = (path.Days.Length + mostBars - 1) / mostBars;
        var looks = ImmutableArray.CreateBuilder<ScenarioSet>();
        for (int first = 0; first < path.Days.Length; first += together)
        {
            int last = Math.Min(first + together, path.Days.Length) - 1;
            looks.Add(At(law, asOf, last, coin => Extreme(coin.Low, coin.LowVolatilityMove, first, last, -1)));
            looks.Add(At(law, asOf, last, coin => Extreme(coin.High, coin.HighVolatilityMove, first, last, 1)));
            looks.Add(
                last == path.Days.Length - 1
                    ? law with
                    {
                        Path = null,
                    }
                    : At(law, asOf, last, coin => (coin.Close[last], coin.LogVolatilityMove[last]))
            );
        }
        return looks.ToImmutable();
    }

    /// <summary>The lowest or highest of some bars, and the volatility there.</summary>
    static (double[] Price, double[] Volatility) Extreme(
        double[][] price,
        double[][] volatility,
        int first,
        int last,
        int sign
    )
    {
        if (first == last)
            return (price[first], volatility[first]);
        var (most, at) = ((double[])price[first].Clone(), (double[])volatility[first].Clone());
        for (int bar = first + 1; bar <= last; bar++)
        for (int s = 0; s < most.Length; s++)
            if (sign * price[bar][s] > sign * most[s])
                (most[s], at[s]) = (price[bar][s], volatility[bar][s]);
        return (most, at);
    }

    static ScenarioSet At(
        ScenarioSet law,
        DateTimeOffset asOf,
        int bar,
        Func<UnderlyingPath, (double[] Price, double[] Volatility)> look
    )
    {
        var path = law.Path!;
        double days = path.Days[bar];
        double grown = VolatilityMoves.NoiseScale(days) / VolatilityMoves.NoiseScale(path.Days[^1]);
        double[] SoFar(double[] move) => [.. move.Select(each => grown * each)];
        return law with
        {
            Horizon = Years.FromDays(days),
            Path = null,
            Underlyings =
            [
                .. law.Underlyings.Select(moves =>
                {
                    var (price, volatility) = look(path.Of(moves.Underlying)!);
                    return new UnderlyingScenarios
                    {
                        Underlying = moves.Underlying,
                        LogReturn = price,
                        LogVolatilityMove = volatility,
                        SkewMove = SoFar(moves.SkewMove),
                        PathLow = moves.PathLow,
                        PathHigh = moves.PathHigh,
                        DeliveryLogReturn = moves
                            .DeliveryLogReturn.Where(pair => Years.Between(asOf, pair.Key).Days <= days)
                            .ToImmutableSortedDictionary(),
                        TermMove = SoFar(moves.TermMove),
                        PerpetualBasisMove = SoFar(moves.PerpetualBasisMove),
                        ForwardRateMove = SoFar(moves.ForwardRateMove),
                    };
                }),
            ],
        };
    }
}
