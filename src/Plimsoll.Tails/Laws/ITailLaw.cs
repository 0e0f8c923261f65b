namespace Plimsoll.Tails;

/// <summary>A law of one standardised or raw return, asked for its lower tail at any level.</summary>
public interface ITailLaw
{
    /// <summary>v with P(Z ≤ v) = p.</summary>
    /// <param name="probability">In (0, 1).</param>
    double Quantile(double probability);

    /// <summary>E[Z | Z ≤ v], the mean of the lower tail; a return, so negative for small p.</summary>
    /// <param name="probability">In (0, 1).</param>
    double LowerTailMean(double probability);

    /// <summary>The law of −Z: its lower tail is the upper tail of Z.</summary>
    ITailLaw Mirrored { get; }
}

/// <summary>Mean + Scale·Z: the forecast of one return, in percent.</summary>
/// <param name="Mean">Location in percent.</param>
/// <param name="Scale">Positive, percent.</param>
/// <param name="Law">Law of Z.</param>
public sealed record ReturnForecast(double Mean, double Scale, ITailLaw Law)
{
    /// <summary>Lower tail: losses of a long position.</summary>
    public TailForecast Lower(TailProbability p) =>
        new(Mean + Scale * Law.Quantile(p.Value), Mean + Scale * Law.LowerTailMean(p.Value));

    /// <summary>Upper tail with its sign changed: losses of a short position, as if they were returns.</summary>
    public TailForecast Upper(TailProbability p) => (this with { Mean = -Mean, Law = Law.Mirrored }).Lower(p);
}
