namespace Plimsoll.Numerics;

/// <summary>
/// Φ(y, t) = t·log Σ p_s·y_s^(−1/t), jointly convex in (y, t): the drawdown bound and, at t = 1/(a − 1), minus the
/// certainty-equivalent growth of risk aversion a. At t infinite it is −E log y.
/// </summary>
static class TailMean
{
    /// <summary>Value, and with it the tilted law π_s ∝ p_s·y_s^(−1/t); infinite where a weighted y is not
    /// positive.</summary>
    /// <param name="y">Values.</param>
    /// <param name="weights">Probabilities p; a row of weight zero is not looked at.</param>
    /// <param name="t">Positive, perhaps infinite.</param>
    /// <param name="tilted">Receives π.</param>
    /// <param name="negativeLog">Receives −log y (zero where the weight is zero).</param>
    /// <param name="slope">Receives ∂Φ/∂t = −KL(π ‖ p).</param>
    public static double Evaluate(
        ReadOnlySpan<double> y,
        ReadOnlySpan<double> weights,
        double t,
        Span<double> tilted,
        Span<double> negativeLog,
        out double slope
    )
    {
        slope = 0;
        if (!NegativeLog(y, weights, negativeLog))
            return double.PositiveInfinity;
        if (!double.IsPositiveInfinity(t))
            return FromLog(negativeLog, weights, t, tilted, out slope);
        weights.CopyTo(tilted);
        return ColumnProducts.Dot(weights, negativeLog);
    }

    /// <summary>−log y by row; false where a weighted y is not positive.</summary>
    public static bool NegativeLog(ReadOnlySpan<double> y, ReadOnlySpan<double> weights, Span<double> negativeLog)
    {
        for (int s = 0; s < y.Length; s++)
        {
            if (weights[s] == 0)
            {
                negativeLog[s] = 0;
                continue;
            }
            if (!(y[s] > 0))
                return false;
            negativeLog[s] = -Math.Log(y[s]);
        }
        return true;
    }

    /// <summary>Φ from −log y at a finite t.</summary>
    public static double FromLog(
        ReadOnlySpan<double> negativeLog,
        ReadOnlySpan<double> weights,
        double t,
        Span<double> tilted,
        out double slope
    )
    {
        double top = double.NegativeInfinity;
        for (int s = 0; s < weights.Length; s++)
            if (weights[s] > 0)
                top = Math.Max(top, negativeLog[s]);
        double inverse = 1 / t;
        double sum = 0;
        double excess = 0;
        for (int s = 0; s < weights.Length; s++)
        {
            if (weights[s] == 0)
            {
                tilted[s] = 0;
                continue;
            }
            double mass = weights[s] * Math.Exp((negativeLog[s] - top) * inverse);
            tilted[s] = mass;
            sum += mass;
            excess += mass * (negativeLog[s] - top);
        }
        double normal = 1 / sum;
        for (int s = 0; s < weights.Length; s++)
            tilted[s] *= normal;
        double log = Math.Log(sum);
        slope = log - excess * normal * inverse;
        return top + t * log;
    }

    /// <summary>The t at which Φ(y, t) + t·rate is least: KL(π_t ‖ p) = rate, which falls in t.</summary>
    /// <param name="negativeLog">−log y.</param>
    /// <param name="weights">Probabilities.</param>
    /// <param name="rate">At least 0.</param>
    /// <param name="guess">Where to start, positive.</param>
    /// <param name="tilted">Room for the law.</param>
    public static double BestT(
        ReadOnlySpan<double> negativeLog,
        ReadOnlySpan<double> weights,
        double rate,
        double guess,
        Span<double> tilted
    )
    {
        const double Least = 1e-9;
        const double Most = 1e9;
        double low = Math.Log(Least);
        double high = Math.Log(Most);
        double at = Math.Clamp(Math.Log(guess), low, high);
        for (int round = 0; round < 100 && high - low > 1e-15 * Math.Abs(at); round++)
        {
            double t = Math.Exp(at);
            FromLog(negativeLog, weights, t, tilted, out double slope);
            double derivative = slope + rate;
            if (derivative < 0)
                low = at;
            else if (derivative > 0)
                high = at;
            else
                break;
            double mean = ColumnProducts.Dot(tilted, negativeLog);
            double variance = 0;
            for (int s = 0; s < weights.Length; s++)
                variance += tilted[s] * (negativeLog[s] - mean) * (negativeLog[s] - mean);
            // d/d(log t) of the derivative is Var_π(−log y)/t²; the root is nearly linear in log KL.
            double curvature = variance / (t * t);
            double divergence = -slope;
            double step =
                divergence > 0 && rate > 0 && curvature > 0 ? divergence * Math.Log(divergence / rate) / curvature : 0;
            double next = at + step;
            bool usable = step != 0 && next > low && next < high;
            if (usable && Math.Abs(step) < 1e-14)
                break;
            at = usable ? next : 0.5 * (low + high);
        }
        return Math.Exp(at);
    }
}
