namespace Plimsoll.Margin;

/// <summary>
/// Spare margin as a sum over coins of a function of each coin's price and volatility alone: a guess that says where to
/// look, never an answer.
/// </summary>
/// <remarks>
/// spare(x) ≈ spare(0) + Σ_c (spare_c(price, volatility) − spare(0)), each coin's function exact on a grid and bilinear
/// between. Exact at the nodes for a portfolio of one coin while no time passes.
/// </remarks>
sealed class SpareApproximation
{
    const int PriceNodes = 41;
    const int VolatilityNodes = 7;
    const double Reach = 1.6;

    readonly double now;
    readonly double[]?[] excess;

    public SpareApproximation(SpareMargin spare)
    {
        int coins = spare.Moved.Coins.Length;
        var move = new double[2 * coins];
        now = spare.At(move);
        excess = new double[coins][];
        for (int c = 0; c < coins; c++)
        {
            int nodes = spare.Moved.HasOptions(spare.Moved.Coins[c]) ? VolatilityNodes : 1;
            double[] table = excess[c] = new double[PriceNodes * nodes];
            for (int p = 0; p < PriceNodes; p++)
            for (int v = 0; v < nodes; v++)
            {
                move[c] = Node(p, PriceNodes);
                move[coins + c] = Node(v, nodes);
                table[p * nodes + v] = spare.At(move) - now;
            }
            (move[c], move[coins + c]) = (0, 0);
        }
    }

    /// <summary>The guess, USD.</summary>
    public double At(ReadOnlySpan<double> logPrice, ReadOnlySpan<double> logVolatility)
    {
        double sum = now;
        for (int c = 0; c < excess.Length; c++)
        {
            double[] table = excess[c]!;
            int nodes = table.Length / PriceNodes;
            var (p, up) = Place(logPrice[c], PriceNodes);
            if (nodes == 1)
            {
                sum += (1 - up) * table[p] + up * table[p + 1];
                continue;
            }
            var (v, right) = Place(logVolatility[c], nodes);
            double low = (1 - right) * table[p * nodes + v] + right * table[p * nodes + v + 1];
            double high = (1 - right) * table[(p + 1) * nodes + v] + right * table[(p + 1) * nodes + v + 1];
            sum += (1 - up) * low + up * high;
        }
        return sum;
    }

    static double Node(int i, int nodes) => nodes == 1 ? 0 : Reach * (2.0 * i / (nodes - 1) - 1);

    static (int Node, double Share) Place(double value, int nodes)
    {
        double at = (Math.Clamp(value, -Reach, Reach) / Reach + 1) / 2 * (nodes - 1);
        int node = Math.Min((int)at, nodes - 2);
        return (node, at - node);
    }
}
