using System.Runtime.CompilerServices;

namespace Plimsoll.Tails;

/// <summary>
/// Boosted quantiles of the return over the scale of a <see cref="RealisedScaleModel"/>, one a level.
/// </summary>
/// <remarks>
/// The tail mean follows in a second step (Barrera et al. 2022): the mean, over the training days in the tail, of how
/// far beyond the quantile they went. Trained on all coins at once.
/// </remarks>
/// <param name="Name">As in tables.</param>
/// <param name="Scale">Scale of the target.</param>
/// <param name="Levels">Levels that are learnt; others are undetermined.</param>
/// <param name="Options">Size and learning.</param>
public sealed record BoostedModel(
    string Name,
    RealisedScaleOptions Scale,
    TailProbability[] Levels,
    BoostingOptions Options
) : ITailModel
{
    readonly RealisedScaleModel scaleModel = new("scale", ResidualTail.Parametric, Scale);
    readonly ConditionalWeakTable<MarketDays, Dictionary<DateOnly, FittedBoosted>> fits = [];

    /// <inheritdoc />
    public IFittedTailModel Fit(TailHistory history, int day, IFittedTailModel? previous)
    {
        var before = (previous as FittedBoosted)?.Scale;
        var scale = ((FittedRealisedScale)scaleModel.Fit(history, day, before)).Fit;
        var known = fits.GetValue(history.Market, _ => []);
        if (!known.TryGetValue(scale.Until, out var fit))
            known.Add(scale.Until, fit = Train(history.Market, scale));
        return fit;
    }

    FittedBoosted Train(MarketDays market, RealisedScaleFit scale)
    {
        var (table, standardised) = LearntRows.Of(market, scale);
        float[] target = [.. standardised.Select(each => (float)each)];
        int width = TailFeatures.Names.Length;
        var quantiles = Levels
            .Select(level =>
            {
                var booster = BoostedQuantile.Train(table, width, target, level.Value, Options);
                return new LearntLevel(level, booster, Beyond(booster, table, width, target));
            })
            .ToArray();
        return new FittedBoosted(new(scale, ResidualTail.Parametric, Scale), quantiles);
    }

    /// <summary>Mean of target/quantile over the days in the tail; at least 1.</summary>
    static double Beyond(BoostedQuantile booster, double[] table, int width, float[] target)
    {
        var (sum, hits) = (0.0, 0);
        for (int i = 0; i < target.Length; i++)
        {
            double q = booster.At(table.AsSpan(i * width, width));
            if (target[i] < q && q < 0)
                (sum, hits) = (sum + target[i] / q, hits + 1);
        }
        return hits > 0 ? Math.Max(sum / hits, 1) : 1;
    }
}

/// <summary>A learnt quantile and how far beyond it the tail's mean lies.</summary>
/// <param name="Level">Level.</param>
/// <param name="Quantile">Of the standardised return.</param>
/// <param name="MeanOverQuantile">e/v, at least 1.</param>
public sealed record LearntLevel(TailProbability Level, BoostedQuantile Quantile, double MeanOverQuantile);

/// <summary>Boosted quantiles with the scale of their target.</summary>
/// <param name="Scale">Fitted scale.</param>
/// <param name="Levels">By level.</param>
public sealed record FittedBoosted(FittedRealisedScale Scale, LearntLevel[] Levels) : IFittedTailModel
{
    /// <inheritdoc />
    public bool Converged => Scale.Converged;

    /// <inheritdoc />
    public TailForecast? Forecast(TailHistory history, int day, TailProbability p)
    {
        var row = TailFeatures.Of(history).Row(day);
        var level = Levels.FirstOrDefault(learnt => learnt.Level == p);
        if (row.IsEmpty || level is null || Scale.Fit.OutOfRange(row) is not null)
            return null;
        double v = Scale.Fit.Scale(row) * level.Quantile.At(row);
        return v < 0 ? new(v, v * level.MeanOverQuantile) : null;
    }
}
