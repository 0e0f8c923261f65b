namespace Plimsoll.Tails;

/// <summary>
/// Weights of forecasters from their past losses: exponential in the discounted sum, never quite nought.
/// </summary>
/// <remarks>
/// Freund and Schapire (1997); discount as in Taylor, International J. Forecasting 36 (2020); a share goes back to
/// equal weights each day so that a model can return (fixed share, Herbster and Warmuth, Machine Learning 32 (1998)).
/// Losses of a day enter clipped: one crash must not freeze the weights for years.
/// </remarks>
public sealed class HedgeWeights
{
    readonly double[] sums;
    readonly double[] weights;

    /// <param name="count">Forecasters.</param>
    /// <param name="rate">η.</param>
    /// <param name="discount">Of yesterday's sums; 1 forgets nothing.</param>
    /// <param name="share">Part of the weights that is spread equally; 0: none.</param>
    public HedgeWeights(int count, double rate, double discount, double share)
        : this(new double[count], rate, discount, share) { }

    /// <param name="sums">Discounted sums of an earlier run, by forecaster.</param>
    /// <param name="rate">η.</param>
    /// <param name="discount">Of yesterday's sums.</param>
    /// <param name="share">Part of the weights that is spread equally.</param>
    public HedgeWeights(ReadOnlySpan<double> sums, double rate, double discount, double share)
    {
        (Rate, Discount, Share) = (rate, discount, share);
        this.sums = sums.ToArray();
        weights = new double[sums.Length];
        Weigh();
    }

    /// <summary>η.</summary>
    public double Rate { get; }

    /// <summary>Discount of a day.</summary>
    public double Discount { get; }

    /// <summary>Part spread equally.</summary>
    public double Share { get; }

    /// <summary>Discounted sums of losses, from which the weights follow.</summary>
    public ReadOnlySpan<double> Sums => sums;

    /// <summary>Weights for the next day; they sum to 1.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>Takes a day's losses in; NaN: the forecaster slept and keeps the mean of the others.</summary>
    public void Observe(ReadOnlySpan<double> losses)
    {
        var (awake, mean) = (0.0, 0.0);
        for (int i = 0; i < sums.Length; i++)
            if (!double.IsNaN(losses[i]))
                (awake, mean) = (awake + weights[i], mean + weights[i] * losses[i]);
        mean = awake > 0 ? mean / awake : 0;
        for (int i = 0; i < sums.Length; i++)
            sums[i] = Discount * sums[i] + (double.IsNaN(losses[i]) ? mean : losses[i]);
        Weigh();
    }

    void Weigh()
    {
        double least = double.PositiveInfinity;
        foreach (double sum in sums)
            least = Math.Min(least, sum);
        double total = 0;
        for (int i = 0; i < sums.Length; i++)
            total += weights[i] = Math.Exp(-Rate * (sums[i] - least));
        for (int i = 0; i < sums.Length; i++)
            weights[i] = (1 - Share) * weights[i] / total + Share / sums.Length;
    }
}
