using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>
/// Finds each coin's volatility at the time of the snapshot: filtered from bars, or implied where bars are old.
/// </summary>
internal static class StartingVolatility
{
    /// <summary>Bars that end earlier than this before the snapshot do not know today's volatility.</summary>
    public static readonly TimeSpan OldestEnd = TimeSpan.FromDays(1);

    /// <summary>
    /// Shortest tenor of the implied level: a week, so that the season of the week, which the paths bring back in, is
    /// averaged out of it.
    /// </summary>
    const double ShortestTenorDays = 7;

    /// <summary>Start of one coin's paths; says in <paramref name="notes"/> where it is not the filter's own.</summary>
    public static CoinStart Of(
        FilteredHistory history,
        bool isModel,
        VolatilitySurface? surface,
        DateTimeOffset asOf,
        Years horizon,
        TimeSpan barLength,
        List<string> notes
    )
    {
        if (!isModel && asOf - history.End <= OldestEnd)
            return new CoinStart(history.Underlying, history.Variance, history.Level, history.Season);
        string why = isModel
            ? $"{history.Underlying}: no bars"
            : FormattableString.Invariant($"{history.Underlying}: bars end {history.End:yyyy-MM-dd HH:mm}");
        double tenorDays = Math.Max(horizon.Days, ShortestTenorDays);
        if (surface is null)
        {
            notes.Add($"{why} and no surface: volatility taken from the last that is known");
            return new CoinStart(history.Underlying, history.Variance, history.Level, history.Season);
        }
        double implied = surface.AtTheMoneyVolatility(Years.FromDays(tenorDays).Value);
        double barYears = Years.From(barLength).Value;
        double average = implied * implied * barYears / history.ResidualMeanSquare;
        double start = VolatilityDynamics
            .For(barLength)
            .StartForAverage(average, history.Level, tenorDays / barLength.TotalDays);
        notes.Add(
            FormattableString.Invariant(
                $"{why}: today's volatility is the implied {implied * 100:0.#}% at the money at {tenorDays:0.#} days"
            )
        );
        return new CoinStart(history.Underlying, start, history.Level, history.Season);
    }
}
