namespace Plimsoll.Tails;

/// <summary>Backtests of expected shortfall.</summary>
/// <remarks>
/// Acerbi and Szekely, Risk (December 2014). Expected 0; negative: risk was understated. P-values:
/// <see cref="ShortfallNull"/>.
/// </remarks>
public static class ShortfallBacktest
{
    /// <summary>Z1 = Σ y·1{hit}/ES /hits + 1, the size of hits alone; null without a hit (undefined, not 0).</summary>
    public static double? Z1(ReadOnlySpan<double> returns, ReadOnlySpan<TailForecast> forecasts)
    {
        var (sum, hits) = Sum(returns, forecasts);
        return hits == 0 ? null : sum / hits + 1;
    }

    /// <summary>Z2 = Σ y·1{hit}/(T·p·ES) + 1, frequency and size together.</summary>
    public static double Z2(ReadOnlySpan<double> returns, ReadOnlySpan<TailForecast> forecasts, TailProbability p) =>
        Sum(returns, forecasts).Sum / (returns.Length * p.Value) + 1;

    static (double Sum, int Hits) Sum(ReadOnlySpan<double> returns, ReadOnlySpan<TailForecast> forecasts)
    {
        if (returns.Length != forecasts.Length || returns.IsEmpty)
            throw new ArgumentException($"{returns.Length} returns need as many forecasts", nameof(forecasts));
        var (sum, hits) = (0.0, 0);
        for (int t = 0; t < returns.Length; t++)
            if (returns[t] < forecasts[t].Quantile)
            {
                sum += returns[t] / forecasts[t].ExpectedShortfall;
                hits++;
            }
        return (sum, hits);
    }
}
