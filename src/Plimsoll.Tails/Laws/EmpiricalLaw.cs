namespace Plimsoll.Tails;

/// <summary>Equally likely atoms, such as the residuals of past days.</summary>
/// <remarks>
/// Quantile of type 7 of Hyndman and Fan (1996), the default of R and numpy; tail mean over the atoms at or below it
/// (the convention of filtered historical simulation, Barone-Adesi, Giannopoulos and Vosper, 1999).
/// </remarks>
public sealed class EmpiricalLaw : ITailLaw
{
    readonly double[] sorted;
    readonly double[] partial;

    /// <param name="atoms">At least one, finite, in any order.</param>
    /// <exception cref="ArgumentException">Empty or not finite.</exception>
    public EmpiricalLaw(ReadOnlySpan<double> atoms)
    {
        if (atoms.IsEmpty)
            throw new ArgumentException("no atoms", nameof(atoms));
        sorted = atoms.ToArray();
        Array.Sort(sorted);
        if (!double.IsFinite(sorted[0]) || !double.IsFinite(sorted[^1]))
            throw new ArgumentException("atoms must be finite", nameof(atoms));
        partial = new double[sorted.Length + 1];
        for (int i = 0; i < sorted.Length; i++)
            partial[i + 1] = partial[i] + sorted[i];
    }

    /// <inheritdoc />
    public double Quantile(double probability)
    {
        double position = (sorted.Length - 1) * probability;
        int below = (int)position;
        return below + 1 < sorted.Length
            ? sorted[below] + (position - below) * (sorted[below + 1] - sorted[below])
            : sorted[^1];
    }

    /// <inheritdoc />
    public double LowerTailMean(double probability)
    {
        double q = Quantile(probability);
        int count = (int)((sorted.Length - 1) * probability);
        while (count < sorted.Length && sorted[count] <= q)
            count++;
        return partial[count] / count;
    }

    /// <inheritdoc />
    public ITailLaw Mirrored => new EmpiricalLaw([.. sorted.Select(atom => -atom)]);
}
