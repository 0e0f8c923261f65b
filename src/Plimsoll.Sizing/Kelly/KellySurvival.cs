using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>How likely wealth falls to a floor when one bet is repeated at one fraction of wealth.</summary>
/// <remarks>
/// Busseti, Ryu, Boyd (2016), "Risk-constrained Kelly gambling", J. Investing 25(3), section 4: with E g^−λ ≤ 1 the
/// products of g^−λ are a supermartingale, so P(wealth ever ≤ α) ≤ α^λ. The bound overshoots where bets are coarse; the
/// probability within a number of bets is exact for two outcomes and drawn with a standard error for more.
/// </remarks>
public static class KellySurvival
{
    const int Paths = 20_000;
    const double AtFloor = 1e-9;

    /// <summary>
    /// Largest λ with E g^−λ ≤ 1: 0 when log wealth does not grow, +∞ when no outcome loses.
    /// </summary>
    /// <param name="ratios">Gross wealth ratio g by outcome; a ratio that is not positive gives 0.</param>
    /// <param name="probabilities">Their probabilities.</param>
    public static double Exponent(ReadOnlySpan<double> ratios, ReadOnlySpan<double> probabilities)
    {
        double growth = 0,
            least = double.PositiveInfinity;
        for (int i = 0; i < ratios.Length; i++)
        {
            if (!(ratios[i] > 0))
                return 0;
            growth += probabilities[i] * Math.Log(ratios[i]);
            least = Math.Min(least, ratios[i]);
        }
        if (least >= 1)
            return double.PositiveInfinity;
        if (!(growth > 0))
            return 0;
        double low = 0,
            high = 1;
        while (LogMoment(ratios, probabilities, high) <= 0 && high < 1e12)
            (low, high) = (high, 2 * high);
        for (int step = 0; step < 200 && high - low > low * 1e-16; step++)
        {
            double middle = low + (high - low) / 2;
            if (LogMoment(ratios, probabilities, middle) <= 0)
                low = middle;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>
    /// Largest fraction up to <paramref name="most"/> at which the bound keeps P(wealth ever ≤ floor) ≤ probability.
    /// </summary>
    /// <remarks>E (1 + fR)^−λ ≤ 1 at λ = ln(probability)/ln(floor), equation (8); convex in f and 1 at f = 0.</remarks>
    public static double LargestFraction(
        ReadOnlySpan<double> outcomes,
        ReadOnlySpan<double> probabilities,
        double floor,
        double probability,
        double most
    )
    {
        double exponent = Math.Log(probability) / Math.Log(floor);
        Span<double> ratios = stackalloc double[outcomes.Length];
        double low = 0,
            high = most;
        for (int step = 0; step < 200 && high - low > low * 1e-16; step++)
        {
            double middle = step == 0 ? most : low + (high - low) / 2;
            bool isPositive = true;
            for (int i = 0; i < ratios.Length; i++)
                isPositive &= (ratios[i] = 1 + middle * outcomes[i]) > 0;
            if (isPositive && LogMoment(ratios, probabilities, exponent) <= 0)
                low = middle;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>P(wealth ≤ floor at some bet of the first <paramref name="bets"/>), and its standard error.</summary>
    /// <remarks>
    /// Two outcomes: forward recursion over bets won, exact (standard error 0). More: seeded paths.
    /// </remarks>
    public static (double Probability, double StandardError) Within(
        ReadOnlySpan<double> ratios,
        ReadOnlySpan<double> probabilities,
        double floor,
        int bets,
        ulong seed
    )
    {
        double logFloor = Math.Log(floor) + AtFloor;
        Span<double> logs = stackalloc double[ratios.Length];
        for (int i = 0; i < logs.Length; i++)
            logs[i] = ratios[i] > 0 ? Math.Log(ratios[i]) : double.NegativeInfinity;
        return logs.Length == 2
            ? (OfTwo(logs, probabilities, logFloor, bets), 0)
            : Drawn(logs, probabilities, logFloor, bets, seed);
    }

    static double OfTwo(ReadOnlySpan<double> logs, ReadOnlySpan<double> probabilities, double logFloor, int bets)
    {
        var alive = new double[bets + 1];
        alive[0] = 1;
        double fallen = 0;
        for (int done = 1; done <= bets; done++)
        {
            for (int first = done; first >= 0; first--)
            {
                double arrived =
                    (first > 0 ? alive[first - 1] * probabilities[0] : 0)
                    + (first < done ? alive[first] * probabilities[1] : 0);
                double wealth = Sum(first, logs[0]) + Sum(done - first, logs[1]);
                bool isBelow = wealth <= logFloor;
                fallen += isBelow ? arrived : 0;
                alive[first] = isBelow ? 0 : arrived;
            }
        }
        return Math.Min(fallen, 1);
    }

    // A total loss that never happened counts nothing: 0 · −∞ is no number.
    static double Sum(int count, double log) => count == 0 ? 0 : count * log;

    static (double, double) Drawn(
        ReadOnlySpan<double> logs,
        ReadOnlySpan<double> probabilities,
        double logFloor,
        int bets,
        ulong seed
    )
    {
        var random = new SeededRandom(seed, 0);
        int fallen = 0;
        for (int path = 0; path < Paths; path++)
        {
            double wealth = 0;
            for (int bet = 0; bet < bets && wealth > logFloor; bet++)
            {
                double left = random.NextDouble();
                int outcome = 0;
                while (outcome < logs.Length - 1 && (left -= probabilities[outcome]) >= 0)
                    outcome++;
                wealth += logs[outcome];
            }
            fallen += wealth <= logFloor ? 1 : 0;
        }
        double share = (double)fallen / Paths;
        return (share, Math.Sqrt(share * (1 - share) / Paths));
    }

    static double LogMoment(ReadOnlySpan<double> ratios, ReadOnlySpan<double> probabilities, double exponent)
    {
        double most = double.NegativeInfinity;
        for (int i = 0; i < ratios.Length; i++)
            if (probabilities[i] > 0)
                most = Math.Max(most, -exponent * Math.Log(ratios[i]));
        double sum = 0;
        for (int i = 0; i < ratios.Length; i++)
            sum += probabilities[i] * Math.Exp(-exponent * Math.Log(ratios[i]) - most);
        return most + Math.Log(sum);
    }
}
