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
        var loss = new double[y.Length];
        var order = new int[y.Length];
        int count = 0;
        for (int s = 0; s < y.Length; s++)
            if (weights[s] > 0)
            {
                loss[count] = -y[s];
                order[count++] = s;
            }
        Array.Sort(loss, order, 0, count);
        double left = 1 - level;
        double sum = 0;
        valueAtRisk = count > 0 ? loss[0] : 0;
        for (int s = count - 1; s >= 0 && left > 0; s--)
        {
            double mass = Math.Min(weights[order[s]], left);
            sum += mass * loss[s];
            left -= mass;
            valueAtRisk = loss[s];
        }
        return sum / (1 - level);
    }
}
