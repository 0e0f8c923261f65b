namespace Plimsoll.Tails;

/// <summary>Law of a day from the days before it alone, nothing fitted.</summary>
/// <param name="Name">As in tables.</param>
/// <param name="LawOf">Null: too few days.</param>
sealed record RuleModel(string Name, Func<TailHistory, int, ReturnForecast?> LawOf) : ITailModel, IFittedLawModel
{
    /// <inheritdoc />
    public bool Converged => true;

    /// <inheritdoc />
    public IFittedTailModel Fit(TailHistory history, int day, IFittedTailModel? previous) => this;

    /// <inheritdoc />
    public ReturnForecast? Law(TailHistory history, int day) => LawOf(history, day);
}

/// <summary>Forecasters without a fit: the floor that others have to clear.</summary>
public static class SimpleModels
{
    /// <summary>RiskMetrics' decay of daily squares.</summary>
    public const double Decay = 0.94;

    /// <summary>EWMA variance, normal law, mean 0.</summary>
    public static ITailModel EwmaNormal { get; } =
        new RuleModel(
            "EWMA-normal",
            (history, day) =>
                day < EwmaFilter.StartDays
                    ? null
                    : new ReturnForecast(0, Math.Sqrt(Ewma(history.Before(day))[^1]), NormalLaw.Standard)
        );

    /// <summary>EWMA variance, residuals of the last days as law, mean 0.</summary>
    public static ITailModel FilteredEwma(int pool = 1000) =>
        new RuleModel(
            "FHS-EWMA",
            (history, day) =>
            {
                var returns = history.Before(day);
                if (day < EwmaFilter.StartDays)
                    return null;
                double[] variances = Ewma(returns);
                return new ReturnForecast(
                    0,
                    Math.Sqrt(variances[^1]),
                    new EmpiricalLaw(Residuals.Standardised(returns, 0, variances, pool))
                );
            }
        );

    /// <summary>The returns of the last days themselves.</summary>
    public static ITailModel Historical(int days = 500) =>
        new RuleModel(
            $"HS-{days}",
            (history, day) =>
                day < 100
                    ? null
                    : new ReturnForecast(0, 1, new EmpiricalLaw(history.Before(day)[^Math.Min(days, day)..]))
        );

    static double[] Ewma(ReadOnlySpan<double> returns)
    {
        var variances = new double[returns.Length + 1];
        EwmaFilter.Run(returns, Decay, EwmaFilter.First(returns), variances);
        return variances;
    }
}

/// <summary>Returns over their forecast deviation.</summary>
static class Residuals
{
    /// <summary>(r − mean)/√h of the last days, or of all if fewer.</summary>
    public static double[] Standardised(
        ReadOnlySpan<double> returns,
        double mean,
        ReadOnlySpan<double> variances,
        int last
    )
    {
        int from = Math.Max(0, returns.Length - last);
        var z = new double[returns.Length - from];
        for (int t = from; t < returns.Length; t++)
            z[t - from] = (returns[t] - mean) / Math.Sqrt(variances[t]);
        return z;
    }
}
