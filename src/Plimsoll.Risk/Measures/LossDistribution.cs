using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>Weighted gains sorted once, for value at risk and expected shortfall at any number of levels.</summary>
/// <remarks>
/// Discrete law: gain_s with probability p_s. Losses are positive. Expected shortfall splits the atom at the quantile
/// (Acerbi and Tasche 2002, eq. 4.12; Rockafellar and Uryasev 2002, prop. 8): averaging a whole number of scenarios is
/// wrong. Ties keep the order of the scenarios, sums run from the worst loss upward: one fixed order. Immutable.
/// </remarks>
public sealed class LossDistribution
{
    readonly double[] loss;
    readonly double[] weight;

    /// <param name="gains">A gain is positive; finite.</param>
    /// <param name="weights">Probabilities, at least 0, sum 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Lengths differ or are zero, or the weights do not sum to 1.
    /// </exception>
    public LossDistribution(ReadOnlySpan<double> gains, ReadOnlySpan<double> weights)
    {
        Check(gains, weights);
        int[] order = WorstOutcomes.Order(gains);
        loss = new double[order.Length];
        weight = new double[order.Length];
        for (int i = 0; i < order.Length; i++)
            (loss[i], weight[i]) = (-gains[order[i]], weights[order[i]]);
    }

    /// <summary>Largest loss of positive probability; negative when every scenario gains.</summary>
    public double WorstLoss
    {
        get
        {
            for (int i = 0; i < loss.Length; i++)
                if (weight[i] > 0)
                    return loss[i];
            return loss[0];
        }
    }

    /// <summary>Least loss x with P(loss ≤ x) ≥ level; negative when even that quantile gains.</summary>
    /// <param name="level">In (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A level outside (0, 1).</exception>
    public double ValueAtRisk(double level)
    {
        double tail = Tail(level);
        double above = 0;
        for (int i = 0; i < loss.Length; i++)
        {
            above += weight[i];
            if (above > tail)
                return loss[i];
        }
        return loss[^1];
    }

    /// <summary>Mean of the worst 1 − level of probability, the atom at its border taken in part.</summary>
    /// <param name="level">In (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A level outside (0, 1).</exception>
    public double ExpectedShortfall(double level)
    {
        double tail = Tail(level);
        double left = tail,
            sum = 0;
        for (int i = 0; i < loss.Length && left > 0; i++)
        {
            double taken = Math.Min(weight[i], left);
            sum += taken * loss[i];
            left -= taken;
        }
        return (sum + Math.Max(left, 0) * loss[^1]) / tail;
    }

    /// <summary>The same figure of gains that are asked for one level only: their tail alone is sorted.</summary>
    /// <param name="gains">A gain is positive; finite.</param>
    /// <param name="weights">Probabilities, at least 0, sum 1.</param>
    /// <param name="level">In (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Lengths differ or are zero, the weights do not sum to 1, or the level is outside (0, 1).
    /// </exception>
    public static double ExpectedShortfall(ReadOnlySpan<double> gains, ReadOnlySpan<double> weights, double level)
    {
        Check(gains, weights);
        double tail = Tail(level);
        double left = tail,
            sum = 0;
        foreach (int s in WorstOutcomes.Below(gains, weights, tail))
        {
            double taken = Math.Min(weights[s], left);
            sum += taken * -gains[s];
            left -= taken;
            if (!(left > 0))
                return sum / tail;
        }
        // Rounding left some of the tail over: it belongs to the best outcome, as in the whole distribution.
        return new LossDistribution(gains, weights).ExpectedShortfall(level);
    }

    /// <summary>P(loss &gt; <paramref name="threshold"/>).</summary>
    public double ProbabilityOfLossAbove(double threshold)
    {
        double above = 0;
        for (int i = 0; i < loss.Length && loss[i] > threshold; i++)
            above += weight[i];
        return above;
    }

    /// <summary>1 − level; a scenario whose weight ends within rounding of it counts as ending on it.</summary>
    static double Tail(double level)
    {
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "a level lies in (0, 1)");
        return (1 - level) * (1 + 1e-12);
    }

    static void Check(ReadOnlySpan<double> gains, ReadOnlySpan<double> weights)
    {
        if (gains.Length != weights.Length || gains.IsEmpty)
            throw new ArgumentOutOfRangeException(
                nameof(weights),
                weights.Length,
                $"{gains.Length} gains need as many weights"
            );
        double total = FixedSum(weights);
        if (!(Math.Abs(total - 1) <= 1e-9))
            throw new ArgumentOutOfRangeException(nameof(weights), total, "probabilities sum to 1");
    }

    static double FixedSum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum;
    }
}
