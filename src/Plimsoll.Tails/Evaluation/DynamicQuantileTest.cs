using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>Can past hits or the forecast itself foretell the next hit? They must not.</summary>
/// <remarks>
/// Engle and Manganelli, J. Business and Economic Statistics 22 (2004), eq. 11: DQ = b'(X'X)⁻¹b/(p(1 − p)), b = X'Hit,
/// Hit = 1{y &lt; v} − p, X = (1, lagged hits, value at risk), chi-squared with the rank of X. At 1% the asymptotic
/// law rejects too often; <see cref="Simulated"/> draws the null instead.
/// </remarks>
public static class DynamicQuantileTest
{
    /// <summary>With the asymptotic p-value.</summary>
    /// <param name="hits">One a day.</param>
    /// <param name="valueAtRisk">Of the same days, positive.</param>
    /// <param name="p">Level.</param>
    /// <param name="lags">Lagged hits; the first so many days are conditioned on.</param>
    /// <returns>NaN where the regressors are collinear (such as no hit at all).</returns>
    public static TestResult Asymptotic(
        ReadOnlySpan<bool> hits,
        ReadOnlySpan<double> valueAtRisk,
        TailProbability p,
        int lags = 4
    )
    {
        double statistic = Statistic(hits, valueAtRisk, p, lags);
        double tail = double.IsNaN(statistic) ? double.NaN : ChiSquared.UpperTail(statistic, lags + 2);
        return new(statistic, tail);
    }

    /// <summary>With the p-value of independent hits drawn at the promised rate, forecasts as they were.</summary>
    /// <param name="hits">One a day.</param>
    /// <param name="valueAtRisk">Of the same days, positive.</param>
    /// <param name="p">Level.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="draws">Sequences drawn; undefined statistics count as 0.</param>
    /// <param name="lags">Lagged hits.</param>
    public static TestResult Simulated(
        ReadOnlySpan<bool> hits,
        ReadOnlySpan<double> valueAtRisk,
        TailProbability p,
        ulong seed,
        int draws = 999,
        int lags = 4
    )
    {
        double statistic = Statistic(hits, valueAtRisk, p, lags);
        if (double.IsNaN(statistic))
            return new(statistic, double.NaN);
        var random = new SeededRandom(seed, 0xD0);
        var drawn = new bool[hits.Length];
        int asLarge = 0;
        for (int n = 0; n < draws; n++)
        {
            for (int t = 0; t < drawn.Length; t++)
                drawn[t] = random.NextDouble() < p.Value;
            if (Statistic(drawn, valueAtRisk, p, lags) >= statistic)
                asLarge++;
        }
        return new(statistic, (1.0 + asLarge) / (1.0 + draws));
    }

    static double Statistic(ReadOnlySpan<bool> hits, ReadOnlySpan<double> valueAtRisk, TailProbability p, int lags)
    {
        if (hits.Length != valueAtRisk.Length)
            throw new ArgumentException($"{hits.Length} hits need as many forecasts", nameof(valueAtRisk));
        int k = lags + 2;
        var (gram, b, row) = (new double[k * k], new double[k], new double[k]);
        for (int t = lags; t < hits.Length; t++)
        {
            row[0] = 1;
            for (int j = 1; j <= lags; j++)
                row[j] = (hits[t - j] ? 1 : 0) - p.Value;
            row[k - 1] = valueAtRisk[t];
            double hit = (hits[t] ? 1 : 0) - p.Value;
            for (int i = 0; i < k; i++)
            {
                b[i] += row[i] * hit;
                for (int j = 0; j <= i; j++)
                    gram[i * k + j] += row[i] * row[j];
            }
        }
        return SmallSystem.QuadraticFormOfInverse(gram, b) / (p.Value * (1 - p.Value));
    }
}
