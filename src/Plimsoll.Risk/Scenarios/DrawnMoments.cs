namespace Plimsoll.Risk;

/// <summary>Draws mended so that what is known of their law holds exactly.</summary>
public static class DrawnMoments
{
    /// <summary>Values moved and stretched to a mean and a standard deviation (divided by n).</summary>
    /// <param name="values">Draws, not all equal.</param>
    /// <param name="mean">Wanted.</param>
    /// <param name="deviation">Wanted.</param>
    /// <remarks>First and second moment matching; Barraquand, Management Science 41 (1995).</remarks>
    public static double[] Matched(ReadOnlySpan<double> values, double mean, double deviation)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (double x in values)
            sum += x / values.Length;
        foreach (double x in values)
            squares += (x - sum) * (x - sum) / values.Length;
        double stretch = deviation / Math.Sqrt(squares);
        var matched = new double[values.Length];
        for (int i = 0; i < matched.Length; i++)
            matched[i] = mean + stretch * (values[i] - sum);
        return matched;
    }

    /// <summary>Density of a standard normal over that of one with another mean: weights of its draws.</summary>
    /// <param name="draws">From the normal with the mean <paramref name="shift"/>.</param>
    /// <param name="shift">Towards the tail of interest.</param>
    /// <remarks>
    /// e^(−shift·z + shift²/2): exponential twisting of a normal; Glasserman, Heidelberger and Shahabuddin, Management
    /// Science 46 (2000). <see cref="RiskMeasures.EffectiveSample"/> tells how many draws the weights leave.
    /// </remarks>
    public static double[] ShiftWeights(ReadOnlySpan<double> draws, double shift)
    {
        var weights = new double[draws.Length];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = Math.Exp(shift * (shift / 2 - draws[i]));
        return weights;
    }
}
