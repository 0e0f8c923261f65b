namespace Plimsoll.Risk;

/// <summary>
/// Figures of one weighted column of gains. Losses are positive; every sum runs in the order of scenarios.
/// </summary>
public static class RiskMeasures
{
    /// <summary>Least loss x with P(loss ≤ x) ≥ level; see <see cref="LossDistribution.ValueAtRisk"/>.</summary>
    public static double ValueAtRisk(ReadOnlySpan<double> gains, ReadOnlySpan<double> weights, double level) =>
        new LossDistribution(gains, weights).ValueAtRisk(level);

    /// <summary>
    /// Mean loss of the worst 1 − level, the atom split; see <see cref="LossDistribution.ExpectedShortfall(double)"/>.
    /// </summary>
    public static double ExpectedShortfall(ReadOnlySpan<double> gains, ReadOnlySpan<double> weights, double level) =>
        LossDistribution.ExpectedShortfall(gains, weights, level);

    /// <summary>Σ p·gain.</summary>
    public static double Mean(ReadOnlySpan<double> gains, ReadOnlySpan<double> weights)
    {
        SameLength(gains, weights);
        double sum = 0;
        for (int s = 0; s < gains.Length; s++)
            sum += weights[s] * gains[s];
        return sum;
    }

    /// <summary>√(Σ p·(gain − mean)²): of the law itself, without a small-sample correction.</summary>
    public static double StandardDeviation(ReadOnlySpan<double> gains, ReadOnlySpan<double> weights)
    {
        double mean = Mean(gains, weights);
        double sum = 0;
        for (int s = 0; s < gains.Length; s++)
            sum += weights[s] * (gains[s] - mean) * (gains[s] - mean);
        return Math.Sqrt(sum);
    }

    /// <summary>(Σ p)² / Σ p²: equal weights give their count (Kish 1965).</summary>
    public static double EffectiveSample(ReadOnlySpan<double> weights)
    {
        double sum = 0,
            squares = 0;
        foreach (double weight in weights)
        {
            sum += weight;
            squares += weight * weight;
        }
        return sum * sum / squares;
    }

    /// <summary>Scenario with the least gain, the first of equals, and its loss (negative when all gain).</summary>
    /// <exception cref="ArgumentOutOfRangeException">No scenario.</exception>
    public static (int Scenario, double Loss) WorstScenario(ReadOnlySpan<double> gains)
    {
        if (gains.IsEmpty)
            throw new ArgumentOutOfRangeException(nameof(gains), 0, "a worst scenario needs one");
        int worst = 0;
        for (int s = 1; s < gains.Length; s++)
            if (gains[s] < gains[worst])
                worst = s;
        return (worst, -gains[worst]);
    }

    static void SameLength(ReadOnlySpan<double> gains, ReadOnlySpan<double> weights)
    {
        if (gains.Length != weights.Length)
            throw new ArgumentOutOfRangeException(
                nameof(weights),
                weights.Length,
                $"{gains.Length} gains need as many weights"
            );
    }
}
