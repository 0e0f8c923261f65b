namespace Plimsoll.Backtest;

/// <summary>What choosing the best of several methods is worth out of sample.</summary>
/// <param name="Splits">Splits of the days.</param>
/// <param name="OverfitProbability">Share of splits in which the method chosen ranks in the lower half outside.</param>
/// <param name="MedianOutside">Median annual Sharpe ratio, outside, of the method chosen inside.</param>
/// <param name="LowOutside">5 % quantile of it.</param>
/// <param name="HighOutside">95 % quantile of it.</param>
/// <param name="LossProbability">Share of splits in which the method chosen has a negative ratio outside.</param>
public sealed record SelectionRisk(
    int Splits,
    double OverfitProbability,
    double MedianOutside,
    double LowOutside,
    double HighOutside,
    double LossProbability
)
{
    /// <summary>
    /// By combinatorially symmetric splits, half of the groups each way: Bailey, Borwein, López de Prado and Zhu, The
    /// probability of backtest overfitting, J. Computational Finance 20(4) (2017); purged as in
    /// <see cref="PurgedCrossValidation"/>.
    /// </summary>
    /// <param name="returns">Daily returns by method, all of one length.</param>
    /// <param name="groups">Even number of groups.</param>
    /// <param name="horizon">Days purged on either side of a tested group.</param>
    /// <param name="embargo">Days left out after it.</param>
    /// <returns>Null for fewer than two methods, or fewer than five days a group.</returns>
    public static SelectionRisk? Of(double[][] returns, int groups, int horizon, int embargo)
    {
        ArgumentNullException.ThrowIfNull(returns);
        int days = returns.Length == 0 ? 0 : returns.Min(series => series.Length);
        if (returns.Length < 2 || days < 5 * groups)
            return null;
        var outside = new List<double>();
        int overfit = 0,
            lost = 0;
        foreach (var split in PurgedCrossValidation.Splits(days, groups, groups / 2, horizon, embargo))
        {
            double[] inside = [.. returns.Select(series => Ratio(series, split.Train))];
            double[] test = [.. returns.Select(series => Ratio(series, split.Test))];
            int best = Array.IndexOf(inside, inside.Max());
            // Rank in (0, 1): the logit of 2017, section 2, is not positive when it is at most a half.
            double rank =
                (test.Count(ratio => ratio < test[best]) + (test.Count(ratio => ratio == test[best]) + 1) / 2.0)
                / (returns.Length + 1);
            overfit += rank <= 0.5 ? 1 : 0;
            lost += test[best] < 0 ? 1 : 0;
            outside.Add(test[best]);
        }
        outside.Sort();
        double count = outside.Count;
        return new SelectionRisk(
            outside.Count,
            overfit / count,
            outside[outside.Count / 2],
            outside[(int)(0.05 * (outside.Count - 1))],
            outside[(int)(0.95 * (outside.Count - 1))],
            lost / count
        );
    }

    static double Ratio(double[] series, IReadOnlyList<int> days)
    {
        double[] chosen = [.. days.Select(t => series[t])];
        var moments = Moments.Of(chosen);
        return moments.Deviation > 0 ? moments.Mean / moments.Deviation * Math.Sqrt(365) : 0;
    }
}
