using Plimsoll.Numerics;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>Deviations and correlations of a market's moves over the horizon of a scenario set.</summary>
/// <remarks>
/// Coordinates: a log price for each coin, and a log volatility for each coin whose options are held. A coin that the
/// scenarios do not move rests. A direction of unit length in whitened coordinates z, x = L z with L Lᵀ the covariance,
/// is one standard deviation of a joint move.
/// </remarks>
public sealed class MoveLaw
{
    readonly int coins;
    readonly int[] active;
    readonly double[,] factor;

    /// <param name="moved">The portfolio that moves.</param>
    /// <param name="scenarios">Weighted moves.</param>
    public MoveLaw(MovedPortfolio moved, ScenarioSet scenarios)
    {
        ArgumentNullException.ThrowIfNull(moved);
        ArgumentNullException.ThrowIfNull(scenarios);
        coins = moved.Coins.Length;
        var columns = new List<double[]>();
        var places = new List<int>();
        for (int c = 0; c < coins; c++)
            if (Find(scenarios, moved.Coins[c]) is { } moves)
            {
                columns.Add(moves.LogReturn);
                places.Add(c);
                if (!moved.HasOptions(moved.Coins[c]))
                    continue;
                columns.Add(moves.LogVolatilityMove);
                places.Add(coins + c);
            }
        active = [.. places];
        factor = Factor(columns, scenarios.Weights);
    }

    /// <summary>Number of whitened coordinates.</summary>
    public int Count => active.Length;

    /// <summary>Horizon's standard deviation of each active coordinate, with its place among all of them.</summary>
    public IEnumerable<(int Place, double Deviation)> Deviations()
    {
        for (int i = 0; i < Count; i++)
        {
            double square = 0;
            for (int j = 0; j <= i; j++)
                square += factor[i, j] * factor[i, j];
            yield return (active[i], Math.Sqrt(square));
        }
    }

    /// <summary>Moves of prices, then of volatilities, of a point in whitened coordinates.</summary>
    public double[] Move(ReadOnlySpan<double> whitened)
    {
        var move = new double[2 * coins];
        for (int i = 0; i < Count; i++)
        for (int j = 0; j <= i; j++)
            move[active[i]] += factor[i, j] * whitened[j];
        return move;
    }

    /// <summary>The whitened point of moves; the inverse of <see cref="Move"/>.</summary>
    public double[] Whitened(ReadOnlySpan<double> move)
    {
        var z = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            double rest = move[active[i]];
            for (int j = 0; j < i; j++)
                rest -= factor[i, j] * z[j];
            z[i] = factor[i, i] > 0 ? rest / factor[i, i] : 0;
        }
        return z;
    }

    internal static UnderlyingScenarios? Find(ScenarioSet scenarios, string coin) =>
        scenarios.Underlyings.FirstOrDefault(moves => moves.Underlying == coin);

    /// <summary>
    /// Lower Cholesky factor of the weighted covariance; a coordinate without spread of its own adds none.
    /// </summary>
    static double[,] Factor(List<double[]> columns, double[] weights)
    {
        int n = columns.Count;
        var centred = new double[n][];
        for (int i = 0; i < n; i++)
        {
            double mean = RiskMeasures.Mean(columns[i], weights);
            centred[i] = [.. columns[i].Select(value => value - mean)];
        }
        var factor = new double[n, n];
        var products = new double[weights.Length];
        for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
        {
            for (int s = 0; s < products.Length; s++)
                products[s] = weights[s] * centred[i][s] * centred[j][s];
            double rest = FixedOrderSum.Sum(products);
            double whole = rest;
            for (int k = 0; k < j; k++)
                rest -= factor[i, k] * factor[j, k];
            if (i == j)
                factor[i, i] = rest > 1e-12 * whole ? Math.Sqrt(rest) : 0;
            else
                factor[i, j] = factor[j, j] > 0 ? rest / factor[j, j] : 0;
        }
        return factor;
    }
}
