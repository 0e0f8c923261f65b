using System.Runtime.CompilerServices;

namespace Plimsoll.Tails;

/// <summary>
/// Volatility read from ranges, realised measures and the other coins, fitted by the likelihood of the returns
/// themselves.
/// </summary>
/// <remarks>
/// r = m·s + s·z with ln s = b₀ + b·x, x the row of <see cref="TailFeatures"/>, z Hansen's skewed t: a heterogeneous
/// autoregression in logarithms (Corsi 2009; with semivariances Patton and Sheppard 2015), estimated by maximum
/// likelihood of the daily return with a ridge on standardised columns. One set of coefficients for all coins:
/// each coin is measured against its own long volatility, so seven coins teach what one cannot. Law: the residuals of
/// all coins with Pareto tails.
/// </remarks>
/// <param name="Name">As in tables.</param>
/// <param name="Tail">Of the residuals.</param>
/// <param name="Options">Ridge, pool and memory.</param>
public sealed record RealisedScaleModel(string Name, ResidualTail Tail, RealisedScaleOptions Options) : ITailModel
{
    readonly ConditionalWeakTable<MarketDays, Dictionary<DateOnly, RealisedScaleFit>> fits = [];

    /// <inheritdoc />
    public IFittedTailModel Fit(TailHistory history, int day, IFittedTailModel? previous)
    {
        var date = history.Target.DateAt(day);
        var known = fits.GetValue(history.Market, _ => []);
        if (!known.TryGetValue(date, out var fit))
        {
            fit = RealisedScaleEstimator.Fit(history.Market, date, Options, (previous as FittedRealisedScale)?.Fit);
            known.Add(date, fit);
        }
        return new FittedRealisedScale(fit, Tail, Options);
    }
}

/// <summary>How a realised-scale model is fitted.</summary>
/// <param name="Ridge">Penalty on squared coefficients of standardised columns, in observations.</param>
/// <param name="PoolDays">Days of residuals that make the law.</param>
/// <param name="HalfLifeDays">Age at which an observation counts half; infinite: all alike.</param>
public sealed record RealisedScaleOptions(
    double Ridge = 20,
    int PoolDays = 1000,
    double HalfLifeDays = double.PositiveInfinity
);

/// <summary>Coefficients by raw column, the shape of the residual's law, and the window.</summary>
/// <param name="Location">m, the mean of the standardised return.</param>
/// <param name="Constant">b₀.</param>
/// <param name="Coefficients">b, in order of <see cref="TailFeatures.Names"/>.</param>
/// <param name="Degrees">ν.</param>
/// <param name="Skew">λ.</param>
/// <param name="Centre">Mean of each column over the window.</param>
/// <param name="Spread">Its deviation.</param>
/// <param name="Converged">Whether the search met its stopping rule.</param>
/// <param name="Observations">Coin days.</param>
/// <param name="Until">First day that was not seen.</param>
public sealed record RealisedScaleFit(
    double Location,
    double Constant,
    double[] Coefficients,
    double Degrees,
    double Skew,
    double[] Centre,
    double[] Spread,
    bool Converged,
    int Observations,
    DateOnly Until
)
{
    /// <summary>A column further from its mean than this many deviations is outside what the fit has seen.</summary>
    public const double LargestDeviation = 10;

    /// <summary>
    /// Name of the first column that is outside what the fit has seen; null: none. Columns that may be missing do not
    /// count: outside, they are left out of the scale.
    /// </summary>
    public string? OutOfRange(ReadOnlySpan<double> row)
    {
        for (int k = 0; k < TailFeatures.Always; k++)
            if (!IsSeen(row, k))
                return TailFeatures.Names[k];
        return null;
    }

    /// <summary>Columns that the fit uses and that this row leaves out: missing, or outside what was seen.</summary>
    public IEnumerable<string> LeftOut(double[] row) =>
        Enumerable
            .Range(TailFeatures.Always, row.Length - TailFeatures.Always)
            .Where(k => Coefficients[k] != 0 && !IsSeen(row, k))
            .Select(k => TailFeatures.Names[k]);

    /// <summary>s of a row, percent; a column left out counts as its mean.</summary>
    public double Scale(ReadOnlySpan<double> row)
    {
        double log = Constant;
        for (int k = 0; k < TailFeatures.Always; k++)
            log += Coefficients[k] * row[k];
        for (int k = TailFeatures.Always; k < row.Length; k++)
            log += Coefficients[k] * (IsSeen(row, k) ? row[k] : Centre[k]);
        return Math.Exp(log);
    }

    bool IsSeen(ReadOnlySpan<double> row, int column) =>
        Math.Abs(row[column] - Centre[column]) <= LargestDeviation * Spread[column];
}

/// <summary>A fitted realised-scale model as a forecaster.</summary>
/// <param name="Fit">Parameters.</param>
/// <param name="Tail">Of the residuals.</param>
/// <param name="Options">Pool.</param>
public sealed record FittedRealisedScale(RealisedScaleFit Fit, ResidualTail Tail, RealisedScaleOptions Options)
    : IFittedLawModel
{
    readonly ConditionalWeakTable<MarketDays, Dictionary<DateOnly, ITailLaw>> laws = [];

    /// <inheritdoc />
    public bool Converged => Fit.Converged;

    /// <inheritdoc />
    public ReturnForecast? Law(TailHistory history, int day)
    {
        var row = TailFeatures.Of(history).Row(day);
        if (row.IsEmpty || Fit.OutOfRange(row) is not null)
            return null;
        double scale = Fit.Scale(row);
        if (Tail == ResidualTail.Parametric)
            return new(Fit.Location * scale, scale, new SkewedStudentLaw(Fit.Degrees, Fit.Skew));
        // The law of all coins' residuals moves little in a fit's life: it is that of the fit's own window.
        var known = laws.GetValue(history.Market, _ => []);
        if (!known.TryGetValue(Fit.Until, out var law))
            known.Add(Fit.Until, law = ResidualLaw.Of(PooledResiduals(history.Market), Tail));
        return new(0, scale, law);
    }

    double[] PooledResiduals(MarketDays market)
    {
        var pool = new List<double>();
        foreach (var coin in market.Coins)
        {
            var features = TailFeatures.Of(new TailHistory(coin, market));
            int to = coin.FirstAt(Fit.Until);
            for (int t = Math.Max(TailFeatures.FewestDays, to - Options.PoolDays); t < to; t++)
                if (features.Row(t) is { IsEmpty: false } row)
                    pool.Add(coin.Days[t].Return / Fit.Scale(row));
        }
        return [.. pool];
    }
}
