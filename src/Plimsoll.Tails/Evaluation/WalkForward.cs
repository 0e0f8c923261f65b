using System.Collections.Immutable;

namespace Plimsoll.Tails;

/// <summary>Forecasts of one model for every day of a span, each made from the days before it.</summary>
/// <param name="Model">Name.</param>
/// <param name="Forecasts">By day; null: undetermined.</param>
/// <param name="FailedFits">Fits that did not converge.</param>
public sealed record ForecastSeries(string Model, ImmutableArray<TailForecast?> Forecasts, int FailedFits);

/// <summary>Which days, and how often models are fitted again.</summary>
/// <param name="From">Position of the first day.</param>
/// <param name="To">Position after the last.</param>
/// <param name="RefitDays">Days between fits.</param>
public sealed record WalkForwardSpan(int From, int To, int RefitDays = 50);

/// <summary>
/// Runs models through time as they would have been run: fit on the past, forecast the next day, go on.
/// </summary>
public static class WalkForward
{
    /// <summary>Forecasts at each level, in the order of the levels.</summary>
    public static ForecastSeries[] Run(
        ITailModel model,
        TailHistory history,
        WalkForwardSpan span,
        ReadOnlySpan<TailProbability> levels
    )
    {
        var forecasts = new TailForecast?[levels.Length][];
        for (int k = 0; k < levels.Length; k++)
            forecasts[k] = new TailForecast?[span.To - span.From];
        IFittedTailModel? fit = null;
        int failed = 0;
        for (int day = span.From; day < span.To; day++)
        {
            bool isFitted = (day - span.From) % span.RefitDays == 0;
            if (isFitted)
                fit = model.Fit(history, day, fit);
            var law = (fit as IFittedLawModel)?.Law(history, day);
            for (int k = 0; k < levels.Length; k++)
                forecasts[k][day - span.From] =
                    fit is IFittedLawModel ? law?.Lower(levels[k]) : fit!.Forecast(history, day, levels[k]);
            failed += isFitted && !fit!.Converged ? 1 : 0;
        }
        return [.. forecasts.Select(series => new ForecastSeries(model.Name, [.. series], failed))];
    }
}
