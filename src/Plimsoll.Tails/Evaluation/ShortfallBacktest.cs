using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>Backtests of expected shortfall.</summary>
/// <remarks>Acerbi and Szekely, Risk (December 2014). Expected 0; negative: risk was understated.</remarks>
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

    /// <summary>Share of samples from the law whose Z2 is at or below the one found: the test's p-value.</summary>
    /// <param name="found">Z2 of the data.</param>
    /// <param name="days">T.</param>
    /// <param name="p">Level.</param>
    /// <param name="law">Law of the standardised return under the forecast.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="draws">Samples drawn.</param>
    public static double Z2PValue(double found, int days, TailProbability p, ITailLaw law, ulong seed, int draws = 999)
    {
        var random = new SeededRandom(seed, 0x22);
        double e = law.LowerTailMean(p.Value);
        int atMost = 0;
        for (int n = 0; n < draws; n++)
            if (DrawZ2(random, days, p, law, e) <= found)
                atMost++;
        return (1.0 + atMost) / (1.0 + draws);
    }

    /// <summary>One Z2 under the null; only days in the tail need the law's quantile.</summary>
    internal static double DrawZ2(SeededRandom random, int days, TailProbability p, ITailLaw law, double e)
    {
        double sum = 0;
        for (int t = 0; t < days; t++)
        {
            double u = random.NextDouble();
            if (u < p.Value)
                sum += law.Quantile(u) / -e;
        }
        return sum / (days * p.Value) + 1;
    }

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
