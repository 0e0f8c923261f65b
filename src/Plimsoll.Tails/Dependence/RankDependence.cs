using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>What ranks say of dependence, whatever the laws of the single series.</summary>
public static class RankDependence
{
    /// <summary>Ranks over n + 1 by column: pseudo-observations, never 0 or 1; ties in order.</summary>
    public static double[][] PseudoObservations(IReadOnlyList<double[]> rows)
    {
        int n = rows[0].Length;
        double[][] observations = [.. rows.Select(_ => new double[n])];
        for (int i = 0; i < n; i++)
        {
            int[] order = Order([.. rows.Select(row => row[i])]);
            for (int place = 0; place < order.Length; place++)
                observations[order[place]][i] = (place + 1.0) / (order.Length + 1);
        }
        return observations;
    }

    /// <summary>Indices from the lowest value to the highest, ties in order.</summary>
    public static int[] Order(double[] values) => StableOrder.Of(values);

    /// <summary>(concordant − discordant pairs)/(n(n − 1)/2).</summary>
    public static double KendallTau(double[] x, double[] y)
    {
        long sum = 0;
        for (int i = 0; i < x.Length; i++)
        for (int j = i + 1; j < x.Length; j++)
        {
            double product = (x[i] - x[j]) * (y[i] - y[j]);
            sum +=
                product > 0 ? 1
                : product < 0 ? -1
                : 0;
        }
        return 2.0 * sum / ((double)x.Length * (x.Length - 1));
    }

    /// <summary>Correlation of ranks.</summary>
    public static double SpearmanRho(double[] x, double[] y)
    {
        int[] first = Ranks(x),
            second = Ranks(y);
        double sum = 0;
        for (int i = 0; i < first.Length; i++)
            sum += Math.Pow(first[i] - second[i], 2);
        double n = first.Length;
        return 1 - 6 * sum / (n * (n * n - 1));
    }

    /// <summary>Of the k lowest of one series, the share that are among the k lowest of the other.</summary>
    /// <remarks>
    /// Schmidt and Stadtmüller 2006. High under a normal law too at any k that data allow: compare with a copula's
    /// figure
    /// at the same k, never with 0.
    /// </remarks>
    public static double LowerTail(double[] x, double[] y, int k)
    {
        int[] first = Ranks(x),
            second = Ranks(y);
        int both = 0;
        for (int i = 0; i < first.Length; i++)
            if (first[i] < k && second[i] < k)
                both++;
        return (double)both / k;
    }

    static int[] Ranks(double[] values)
    {
        int[] order = Order(values);
        var ranks = new int[order.Length];
        for (int place = 0; place < order.Length; place++)
            ranks[order[place]] = place;
        return ranks;
    }
}
