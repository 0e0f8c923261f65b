namespace Plimsoll.Risk;

/// <summary>Scenarios kept one by one so that the rest lies near them, and the weights that they take over.</summary>
/// <param name="Chosen">Rows in the order in which they were chosen.</param>
/// <param name="Weights">Of the chosen, each with those of the rows nearest to it.</param>
/// <param name="Distance">Σ weight·distance of rows left out to the nearest kept (Wasserstein of order 1).</param>
/// <remarks>
/// Heitsch and Römisch, Computational Optimization and Applications 24 (2003), fast forward selection; Dupačová,
/// Gröwe-Kuska and Römisch, Mathematical Programming 95 (2003). One dimension, n²·k steps, ties to the first row. It
/// looks at the body and loses the tail: <see cref="ScenarioReduction"/> is what the command uses.
/// </remarks>
public sealed record ForwardSelection(int[] Chosen, double[] Weights, double Distance)
{
    /// <summary>Chooses.</summary>
    /// <param name="values">One a row.</param>
    /// <param name="weights">Of the rows.</param>
    /// <param name="count">Rows to keep, at least 1 and no more than there are.</param>
    public static ForwardSelection Of(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, values.Length);
        var near = new double[values.Length];
        Array.Fill(near, double.PositiveInfinity);
        var chosen = new List<int>(count);
        double distance = double.PositiveInfinity;
        while (chosen.Count < count)
        {
            (int best, distance) = (-1, double.PositiveInfinity);
            for (int candidate = 0; candidate < values.Length; candidate++)
            {
                double left = chosen.Contains(candidate) ? double.PositiveInfinity : 0;
                for (int s = 0; s < values.Length; s++)
                    left += weights[s] * Math.Min(near[s], Math.Abs(values[s] - values[candidate]));
                if (left < distance)
                    (best, distance) = (candidate, left);
            }
            chosen.Add(best);
            for (int s = 0; s < values.Length; s++)
                near[s] = Math.Min(near[s], Math.Abs(values[s] - values[best]));
        }
        var taken = new double[count];
        for (int s = 0; s < values.Length; s++)
        {
            int nearest = 0;
            for (int k = 1; k < count; k++)
                if (Math.Abs(values[s] - values[chosen[k]]) < Math.Abs(values[s] - values[chosen[nearest]]))
                    nearest = k;
            taken[nearest] += weights[s];
        }
        return new([.. chosen], taken, distance);
    }
}
