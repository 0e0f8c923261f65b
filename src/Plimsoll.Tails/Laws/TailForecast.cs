namespace Plimsoll.Tails;

/// <summary>
/// What a model says of one tail of one return: its quantile and the mean beyond it, as returns in percent.
/// </summary>
/// <param name="Quantile">v; negative in a lower tail of interest.</param>
/// <param name="TailMean">e = E[r | r ≤ v]; at most v.</param>
public readonly record struct TailForecast(double Quantile, double TailMean)
{
    /// <summary>Value at risk in percent of the position, positive: −v.</summary>
    public double ValueAtRisk => -Quantile;

    /// <summary>Expected shortfall in percent, positive: −e.</summary>
    public double ExpectedShortfall => -TailMean;

    /// <summary>Whether e ≤ v &lt; 0 and both are finite: what a loss function can judge.</summary>
    public bool IsValid => TailMean <= Quantile && Quantile < 0 && double.IsFinite(TailMean);
}
