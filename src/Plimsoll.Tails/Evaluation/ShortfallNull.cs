using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>Z1 and Z2 of samples in which the forecasts are right: p-values and critical values.</summary>
/// <remarks>
/// Acerbi and Szekely, Risk (December 2014): neither statistic has a law of its own; it is drawn from the forecast's.
/// Their −0.7 and −1.8 for Z2 hold for 250 days at 2.5% and tails from the normal to Student's with ten degrees.
/// </remarks>
public sealed class ShortfallNull
{
    const int Strata = 1024;
    const int Exact = 32;

    readonly double[] ratios;
    readonly ITailLaw law;
    readonly double tailMean;
    readonly double p;

    /// <param name="law">Law of the standardised return under the forecast.</param>
    /// <param name="level">Level.</param>
    public ShortfallNull(ITailLaw law, TailProbability level)
    {
        (this.law, p) = (law, level.Value);
        tailMean = law.LowerTailMean(p);
        ratios = [.. Enumerable.Range(0, Strata + 1).Select(i => i == 0 ? 0 : Ratio(p * i / Strata))];
    }

    /// <summary>
    /// Law with the forecasts' mean ratio of shortfall to value at risk: Student's with the degrees that have it, or
    /// the normal where the ratio is not above the normal's.
    /// </summary>
    /// <param name="forecasts">All valid, at least one.</param>
    /// <param name="level">Level.</param>
    public static ShortfallNull Of(ReadOnlySpan<TailForecast> forecasts, TailProbability level)
    {
        double ratio = 0;
        foreach (var forecast in forecasts)
            ratio += forecast.TailMean / forecast.Quantile / forecasts.Length;
        return new(LawOf(ratio, level.Value), level);
    }

    /// <summary>Z1 (NaN without a hit) and Z2 of each sample.</summary>
    /// <param name="days">T.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="draws">Samples.</param>
    public (double[] Z1, double[] Z2) Draw(int days, ulong seed, int draws)
    {
        var random = new SeededRandom(seed, 0x22);
        var (first, second) = (new double[draws], new double[draws]);
        double logCalm = SpecialFunctions.Log1p(-p);
        for (int n = 0; n < draws; n++)
        {
            var (sum, hits) = (0.0, 0);
            // Days between hits are geometric: calm days need no draw.
            for (double t = Calm(); t < days; t += 1 + Calm())
                (sum, hits) = (sum + RatioAt(p * random.NextDouble()), hits + 1);
            (first[n], second[n]) = (1 - sum / hits, 1 - sum / (days * p));
        }
        return (first, second);

        double Calm() => Math.Floor(Math.Log(1 - random.NextDouble()) / logCalm);
    }

    /// <summary>Share of samples at or below the statistic found; NaN where it is undefined.</summary>
    /// <param name="found">Z1 or Z2 of the data; null: no hit.</param>
    /// <param name="drawn">The same of samples.</param>
    public static double PValue(double? found, ReadOnlySpan<double> drawn)
    {
        if (found is not { } value || double.IsNaN(value))
            return double.NaN;
        var (atMost, defined) = (0, 0);
        foreach (double z in drawn)
            if (!double.IsNaN(z))
                (atMost, defined) = (atMost + (z <= value ? 1 : 0), defined + 1);
        return (1.0 + atMost) / (1.0 + defined);
    }

    /// <summary>Below this the test of a size rejects: the quantile of the defined samples.</summary>
    public static double CriticalValue(ReadOnlySpan<double> drawn, double size)
    {
        double[] sorted = [.. drawn.ToArray().Where(z => !double.IsNaN(z)).Order()];
        double at = size * (sorted.Length - 1);
        int low = (int)at;
        return sorted[low] + (at - low) * (sorted[Math.Min(low + 1, sorted.Length - 1)] - sorted[low]);
    }

    /// <summary>Return over tail mean at a level; between strata linear, in the far tail exact.</summary>
    double RatioAt(double u)
    {
        double at = u / p * Strata;
        int low = (int)at;
        return low < Exact ? Ratio(u) : ratios[low] + (at - low) * (ratios[low + 1] - ratios[low]);
    }

    double Ratio(double u) => law.Quantile(u) / tailMean;

    static ITailLaw LawOf(double ratio, double p)
    {
        double Of(ITailLaw law) => law.LowerTailMean(p) / law.Quantile(p);
        if (!(ratio > Of(NormalLaw.Standard)))
            return NormalLaw.Standard;
        // The ratio falls with the degrees: halve on their logarithm over 2.
        var (low, high) = (Math.Log(0.02), Math.Log(300));
        for (int n = 0; n < 60; n++)
        {
            double middle = (low + high) / 2;
            if (Of(SkewedStudentLaw.Symmetric(2 + Math.Exp(middle))) > ratio)
                low = middle;
            else
                high = middle;
        }
        return SkewedStudentLaw.Symmetric(2 + Math.Exp(high));
    }
}
