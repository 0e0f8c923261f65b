using Plimsoll.Numerics;

namespace Plimsoll.Backtest;

/// <summary>A figure's range by resampling blocks of days.</summary>
/// <param name="Low">Lower quantile.</param>
/// <param name="High">Upper quantile.</param>
public readonly record struct Band(double Low, double High);

/// <summary>Resamples a series in blocks of random length, so that its dependence is kept.</summary>
/// <remarks>
/// Politis and Romano, The stationary bootstrap, JASA 89 (1994): blocks start anywhere, wrap around, and end with
/// probability 1/b at each step. The mean block b is that of Politis and White, Econometric Reviews 23 (2004), with the
/// correction of Patton, Politis and White, 28 (2009).
/// </remarks>
public static class StationaryBootstrap
{
    const int FewestDays = 10;

    /// <summary>Quantiles of some figures over resampled series; null for fewer than ten days.</summary>
    /// <param name="series">Daily returns.</param>
    /// <param name="figures">Writes the figures of one resampled series; NaN ones are left out.</param>
    /// <param name="count">Number of figures.</param>
    /// <param name="meanBlock">Mean block length, at least 1.</param>
    /// <param name="draws">Resampled series.</param>
    /// <param name="confidence">Of the band, two-sided, such as 0.9.</param>
    /// <param name="seed">Seed; each draw has a stream of its own.</param>
    public static Band[]? Bands(
        double[] series,
        Action<double[], double[]> figures,
        int count,
        double meanBlock,
        int draws,
        double confidence,
        ulong seed
    )
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(figures);
        if (series.Length < FewestDays)
            return null;
        var found = new List<double>[count];
        for (int f = 0; f < count; f++)
            found[f] = new List<double>(draws);
        var resampled = new double[series.Length];
        var values = new double[count];
        for (int draw = 0; draw < draws; draw++)
        {
            Resample(series, meanBlock, new SeededRandom(seed, (ulong)draw), resampled);
            figures(resampled, values);
            for (int f = 0; f < count; f++)
                if (!double.IsNaN(values[f]))
                    found[f].Add(values[f]);
        }
        return [.. found.Select(list => Quantiles(list, (1 - confidence) / 2))];
    }

    /// <summary>One resampled series.</summary>
    public static void Resample(
        ReadOnlySpan<double> series,
        double meanBlock,
        SeededRandom random,
        Span<double> resampled
    )
    {
        double stop = 1 / Math.Max(1, meanBlock);
        int at = random.NextInt(series.Length);
        for (int t = 0; t < resampled.Length; t++)
        {
            resampled[t] = series[at];
            at = random.NextDouble() < stop ? random.NextInt(series.Length) : (at + 1) % series.Length;
        }
    }

    /// <summary>Mean block that minimises the error of the variance of a mean, at least 1.</summary>
    public static double AutomaticBlock(ReadOnlySpan<double> series)
    {
        int n = series.Length;
        if (n < FewestDays)
            return 1;
        int calm = Math.Max(5, (int)Math.Ceiling(Math.Sqrt(Math.Log10(n))));
        int most = Math.Min(n - 1, (int)Math.Ceiling(Math.Sqrt(n)) + calm);
        double[] covariance = Autocovariances(series, most);
        if (!(covariance[0] > 0))
            return 1;
        double small = 2 * Math.Sqrt(Math.Log10(n) / n);
        int last = LastCorrelated(covariance, calm, most, small);
        int window = Math.Min(2 * Math.Max(last, 1), most);
        double weighted = 0,
            spectrum = covariance[0];
        for (int k = 1; k <= window; k++)
        {
            double share = (double)k / window;
            double taper = share <= 0.5 ? 1 : 2 * (1 - share);
            weighted += 2 * taper * k * covariance[k];
            spectrum += 2 * taper * covariance[k];
        }
        double block = Math.Cbrt(weighted * weighted / (spectrum * spectrum) * n);
        return Math.Clamp(block, 1, Math.Ceiling(Math.Min(3 * Math.Sqrt(n), n / 3.0)));
    }

    /// <summary>Smallest lag after which a run of lags is within the noise.</summary>
    static int LastCorrelated(double[] covariance, int calm, int most, double small)
    {
        int run = 0;
        for (int k = 1; k <= most; k++)
        {
            run = Math.Abs(covariance[k] / covariance[0]) < small ? run + 1 : 0;
            if (run == calm)
                return k - calm;
        }
        for (int k = most; k > 0; k--)
            if (Math.Abs(covariance[k] / covariance[0]) >= small)
                return k;
        return 0;
    }

    static double[] Autocovariances(ReadOnlySpan<double> series, int most)
    {
        double mean = FixedOrderSum.Sum(series) / series.Length;
        var covariance = new double[most + 1];
        for (int k = 0; k <= most; k++)
        {
            for (int t = k; t < series.Length; t++)
                covariance[k] += (series[t] - mean) * (series[t - k] - mean);
            covariance[k] /= series.Length;
        }
        return covariance;
    }

    static Band Quantiles(List<double> values, double tail)
    {
        if (values.Count == 0)
            return new Band(double.NaN, double.NaN);
        values.Sort();
        return new Band(At(tail), At(1 - tail));

        double At(double p)
        {
            double place = p * (values.Count - 1);
            int low = (int)place;
            double part = place - low;
            return part == 0 ? values[low] : values[low] + part * (values[low + 1] - values[low]);
        }
    }
}
