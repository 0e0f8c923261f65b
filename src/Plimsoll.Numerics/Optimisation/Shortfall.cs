namespace Plimsoll.Numerics;

/// <summary>Expected shortfall of weighted outcomes, the atom at the quantile split (Rockafellar, Uryasev
/// 2002).</summary>
static class Shortfall
{
    /// <summary>Mean of −y over the worst 1 − level of probability; a loss is positive.</summary>
    public static double Of(double[] y, double[] weights, double level) => Of(y, weights, level, out _);

    /// <summary>The same, with the loss at the quantile.</summary>
    public static double Of(double[] y, double[] weights, double level, out double valueAtRisk)
    {
        int[] worst = WorstOutcomes.Below(y, weights, 1 - level);
        double left = 1 - level;
        double sum = 0;
        valueAtRisk = worst.Length > 0 ? -y[worst[^1]] : 0;
        for (int i = 0; i < worst.Length && left > 0; i++)
        {
            int s = worst[i];
            double mass = Math.Min(weights[s], left);
            sum += mass * -y[s];
            left -= mass;
            valueAtRisk = -y[s];
        }
        return sum / (1 - level);
    }

    /// <summary>
    /// Multipliers by scenario moved into the dual set 0 ≤ v_s ≤ λ·w_s/(1 − level), Σ v_s = λ: cut to the caps, then
    /// scaled down, or filled up where the loss is worst.
    /// </summary>
    /// <param name="y">Outcomes.</param>
    /// <param name="limit">For weights and level.</param>
    /// <param name="rows">Scenarios with a multiplier.</param>
    /// <param name="duals">Theirs.</param>
    /// <param name="total">λ.</param>
    public static double[] DualWeights(
        double[] y,
        ExpectedShortfallConstraint limit,
        int[] rows,
        double[] duals,
        double total
    )
    {
        var v = new double[y.Length];
        double cap = total / (1 - limit.Level);
        double sum = 0;
        for (int r = 0; r < rows.Length; r++)
        {
            v[rows[r]] = Math.Clamp(duals[r], 0, cap * limit.Weights[rows[r]]);
            sum += v[rows[r]];
        }
        if (sum > total)
        {
            foreach (int s in rows)
                v[s] *= total / sum;
            return v;
        }
        double left = total - sum;
        if (left == 0)
            return v;
        foreach (int s in WorstOutcomes.Order(y))
        {
            double more = Math.Min(left, cap * limit.Weights[s] - v[s]);
            if (!(more > 0))
                continue;
            v[s] += more;
            left -= more;
            if (left <= 0)
                break;
        }
        return v;
    }
}
