namespace Plimsoll.Numerics;

/// <summary>The worst of weighted outcomes in order, as far as a mass of probability reaches.</summary>
/// <remarks>
/// A tail mean needs the order of the tail alone. A threshold is guessed from a sample of every sixteenth outcome, what
/// lies below it is sorted, and where that is too little the guess is doubled. Order and values are those of sorting
/// everything: outcomes ascend, equal ones keep the order of their scenarios.
/// </remarks>
public static class WorstOutcomes
{
    const int SampleStep = 16;
    const int SortAll = 512;

    /// <summary>
    /// Scenarios of the least outcomes of positive weight, ascending: all of them, or so many that their weights, added
    /// in that order, reach the mass.
    /// </summary>
    /// <param name="outcomes">Finite; a loss is negative.</param>
    /// <param name="weights">As many, at least 0.</param>
    /// <param name="mass">Probability that is wanted.</param>
    public static int[] Below(ReadOnlySpan<double> outcomes, ReadOnlySpan<double> weights, double mass)
    {
        if (outcomes.Length <= SortAll)
            return Sorted(outcomes, weights, double.PositiveInfinity);
        var sample = new double[outcomes.Length / SampleStep];
        for (int i = 0; i < sample.Length; i++)
            sample[i] = outcomes[i * SampleStep];
        Array.Sort(sample);
        for (int at = (int)(1.5 * mass * sample.Length) + 4; at < sample.Length / 2; at *= 2)
        {
            int[] worst = Sorted(outcomes, weights, sample[at]);
            if (Reaches(worst, weights, mass))
                return worst;
        }
        return Sorted(outcomes, weights, double.PositiveInfinity);
    }

    /// <summary>Every scenario, outcomes ascending, equal ones in their order.</summary>
    public static int[] Order(ReadOnlySpan<double> outcomes)
    {
        var keys = outcomes.ToArray();
        var order = new int[keys.Length];
        for (int s = 0; s < order.Length; s++)
            order[s] = s;
        Sort(keys, order);
        return order;
    }

    static bool Reaches(int[] worst, ReadOnlySpan<double> weights, double mass)
    {
        double left = mass;
        for (int i = 0; i < worst.Length && left > 0; i++)
            left -= weights[worst[i]];
        return !(left > 0);
    }

    static int[] Sorted(ReadOnlySpan<double> outcomes, ReadOnlySpan<double> weights, double threshold)
    {
        int count = 0;
        for (int s = 0; s < outcomes.Length; s++)
            count += weights[s] > 0 && outcomes[s] <= threshold ? 1 : 0;
        var keys = new double[count];
        var order = new int[count];
        int at = 0;
        for (int s = 0; s < outcomes.Length; s++)
            if (weights[s] > 0 && outcomes[s] <= threshold)
                (keys[at], order[at++]) = (outcomes[s], s);
        Sort(keys, order);
        return order;
    }

    /// <summary>Sorting by bare numbers is several times faster than by a comparison, and leaves ties to be put in
    /// order.</summary>
    static void Sort(double[] keys, int[] order)
    {
        Array.Sort(keys, order);
        for (int first = 0; first < keys.Length; )
        {
            int end = first + 1;
            while (end < keys.Length && keys[end] == keys[first])
                end++;
            if (end - first > 1)
                Array.Sort(order, first, end - first);
            first = end;
        }
    }
}
