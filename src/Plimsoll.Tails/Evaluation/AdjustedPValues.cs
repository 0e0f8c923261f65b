namespace Plimsoll.Tails;

/// <summary>p-values of several claims made at once.</summary>
public static class AdjustedPValues
{
    /// <summary>Holm (1979): controls the chance of any false claim.</summary>
    public static double[] Holm(ReadOnlySpan<double> p)
    {
        int[] order = Order(p);
        var adjusted = new double[p.Length];
        double running = 0;
        for (int k = 0; k < order.Length; k++)
        {
            running = Math.Max(running, Math.Min(1, (order.Length - k) * p[order[k]]));
            adjusted[order[k]] = running;
        }
        return adjusted;
    }

    /// <summary>Benjamini and Hochberg (1995): controls the share of false claims.</summary>
    public static double[] BenjaminiHochberg(ReadOnlySpan<double> p)
    {
        int[] order = Order(p);
        var adjusted = new double[p.Length];
        double running = 1;
        for (int k = order.Length - 1; k >= 0; k--)
        {
            running = Math.Min(running, p[order[k]] * order.Length / (k + 1));
            adjusted[order[k]] = running;
        }
        return adjusted;
    }

    static int[] Order(ReadOnlySpan<double> p)
    {
        double[] keys = p.ToArray();
        int[] order = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(keys, order);
        return order;
    }
}
