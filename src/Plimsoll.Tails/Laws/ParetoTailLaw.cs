namespace Plimsoll.Tails;

/// <summary>Atoms in the body and a generalised Pareto tail below a threshold of standardised losses.</summary>
/// <remarks>McNeil and Frey, J. Empirical Finance 7 (2000), eq. 11 to 17; the upper tail has its own fit.</remarks>
public sealed class ParetoTailLaw : ITailLaw
{
    readonly EmpiricalLaw body;
    readonly GeneralisedPareto? lower;
    readonly GeneralisedPareto? upper;

    /// <param name="body">Residuals, losses negative.</param>
    /// <param name="lower">Tail of −Z over its threshold; null: the atoms themselves.</param>
    /// <param name="upper">Tail of Z; null: the atoms themselves.</param>
    /// <exception cref="ArgumentOutOfRangeException">A tail without a mean (ξ ≥ 1).</exception>
    public ParetoTailLaw(EmpiricalLaw body, GeneralisedPareto? lower, GeneralisedPareto? upper = null)
    {
        foreach (var tail in (GeneralisedPareto?[])[lower, upper])
            if (tail is { Shape: >= 1 })
                throw new ArgumentOutOfRangeException(nameof(lower), tail.Shape, "a tail with shape ≥ 1 has no mean");
        (this.body, this.lower, this.upper) = (body, lower, upper);
    }

    /// <inheritdoc />
    public double Quantile(double probability) =>
        lower is { } tail && probability <= tail.TailShare ? -tail.ValueAtRisk(new(probability))
        : upper is { } high && 1 - probability <= high.TailShare ? high.ValueAtRisk(new(1 - probability))
        : body.Quantile(probability);

    /// <inheritdoc />
    public double LowerTailMean(double probability)
    {
        if (lower is not { } tail)
            return body.LowerTailMean(probability);
        if (probability <= tail.TailShare)
            return -tail.ExpectedShortfall(new(probability))!.Value;
        // The tail's mean beyond the threshold, then the atoms between.
        double share = tail.TailShare;
        double between = probability * body.LowerTailMean(probability) - share * body.LowerTailMean(share);
        return (-share * tail.ExpectedShortfall(new(share))!.Value + between) / probability;
    }

    /// <inheritdoc />
    public ITailLaw Mirrored => new ParetoTailLaw((EmpiricalLaw)body.Mirrored, upper, lower);
}
