using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>The same law of each coin with another dependence between coins.</summary>
/// <remarks>
/// Rows of each coin (its return with its own volatility, low, high and deliveries) stay whole and are dealt anew, so
/// every law of one coin is untouched and only what happens together changes: correlation one pairs worst with worst
/// (comonotone), correlation zero deals each coin by its own shuffle. Needs equal weights.
/// </remarks>
public static class Rearrangement
{
    const ulong ShuffleStreams = 8UL << 40;

    /// <summary>All coins at their worst together, by rank of return.</summary>
    public static ScenarioSet CorrelationOne(ScenarioSet scenarios) =>
        Dealt(scenarios, "one", (moves, _) => ByReturn(moves));

    /// <summary>Coins independent of each other.</summary>
    public static ScenarioSet CorrelationZero(ScenarioSet scenarios, ulong seed) =>
        Dealt(scenarios, "zero", (moves, i) => Shuffled(moves.LogReturn.Length, seed, i));

    /// <summary>Every coin's rows in an order of its own.</summary>
    /// <param name="scenarios">Equally weighted.</param>
    /// <param name="label">Put before the number of each row as its origin.</param>
    /// <param name="orderOf">Row of the coin that stands at each place; by coin and its index.</param>
    /// <exception cref="ArgumentException">Unequal weights.</exception>
    public static ScenarioSet Dealt(ScenarioSet scenarios, string label, Func<UnderlyingScenarios, int, int[]> orderOf)
    {
        foreach (double weight in scenarios.Weights)
            if (Math.Abs(weight - scenarios.Weights[0]) > 1e-12)
                throw new ArgumentException("rows can be dealt anew only where all weigh the same", nameof(scenarios));
        int[][] orders = [.. scenarios.Underlyings.Select(orderOf)];
        var dealt = new UnderlyingScenarios[orders.Length];
        void Deal(int i)
        {
            double[] Take(double[] values) => Taken(values, orders[i]);
            dealt[i] = scenarios.Underlyings[i].Each(Take, Take);
        }
        Parallel.For(0, orders.Length, Deal);
        return scenarios with
        {
            Path = scenarios.Path?.Dealt(
                scenarios.Underlyings.Select((moves, i) => (moves.Underlying, orders[i])).ToDictionary()
            ),
            Origins =
            [
                .. Enumerable.Range(0, scenarios.Count).Select(s => FormattableString.Invariant($"{label}:{s}")),
            ],
            Underlyings = [.. dealt],
        };
    }

    /// <summary>Rows from the lowest return to the highest, ties in order.</summary>
    public static int[] ByReturn(UnderlyingScenarios moves) => StableOrder.Of(moves.LogReturn);

    static double[] Taken(double[] values, int[] order)
    {
        var taken = new double[order.Length];
        for (int s = 0; s < taken.Length; s++)
            taken[s] = values[order[s]];
        return taken;
    }

    static int[] Shuffled(int count, ulong seed, int coin)
    {
        var random = new SeededRandom(seed, ShuffleStreams + (ulong)coin);
        int[] order = [.. Enumerable.Range(0, count)];
        for (int place = 0; place < count - 1; place++)
        {
            int other = place + random.NextInt(count - place);
            (order[place], order[other]) = (order[other], order[place]);
        }
        return order;
    }
}
