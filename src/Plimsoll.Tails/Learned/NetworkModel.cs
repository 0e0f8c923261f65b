using System.Runtime.CompilerServices;

namespace Plimsoll.Tails;

/// <summary>
/// Quantile and shortfall of the return over the scale of a <see cref="RealisedScaleModel"/> by one network a level.
/// </summary>
/// <remarks>Trained on all coins at once, as <see cref="BoostedModel"/> is.</remarks>
/// <param name="Name">As in tables.</param>
/// <param name="Scale">Scale of the target.</param>
/// <param name="Levels">Levels that are learnt; others are undetermined.</param>
/// <param name="Options">Size and learning.</param>
public sealed record NetworkModel(
    string Name,
    RealisedScaleOptions Scale,
    TailProbability[] Levels,
    NetworkOptions Options
) : ITailModel
{
    readonly RealisedScaleModel scaleModel = new("scale", ResidualTail.Parametric, Scale);
    readonly ConditionalWeakTable<MarketDays, Dictionary<DateOnly, FittedNetwork>> fits = [];

    /// <inheritdoc />
    public IFittedTailModel Fit(TailHistory history, int day, IFittedTailModel? previous)
    {
        var before = (previous as FittedNetwork)?.Scale;
        var scale = ((FittedRealisedScale)scaleModel.Fit(history, day, before)).Fit;
        var known = fits.GetValue(history.Market, _ => []);
        if (!known.TryGetValue(scale.Until, out var fit))
            known.Add(scale.Until, fit = Train(history.Market, scale));
        return fit;
    }

    FittedNetwork Train(MarketDays market, RealisedScaleFit scale)
    {
        var (rows, targets) = LearntRows.Of(market, scale);
        int width = TailFeatures.Names.Length;
        return new FittedNetwork(
            new(scale, ResidualTail.Parametric, Scale),
            Levels,
            [.. Levels.Select(level => JointNetwork.Train(rows, width, targets, level, Options))]
        );
    }
}

/// <summary>Networks with the scale of their target.</summary>
/// <param name="Scale">Fitted scale.</param>
/// <param name="Levels">Levels.</param>
/// <param name="Networks">One a level.</param>
public sealed record FittedNetwork(FittedRealisedScale Scale, TailProbability[] Levels, JointNetwork[] Networks)
    : IFittedTailModel
{
    /// <inheritdoc />
    public bool Converged => Scale.Converged;

    /// <inheritdoc />
    public TailForecast? Forecast(TailHistory history, int day, TailProbability p)
    {
        var row = TailFeatures.Of(history).Row(day);
        int at = Array.IndexOf(Levels, p);
        if (row.IsEmpty || at < 0 || Scale.Fit.OutOfRange(row) is not null)
            return null;
        double scale = Scale.Fit.Scale(row);
        var (v, e) = Networks[at].At(row);
        return new(scale * v, scale * e);
    }
}

/// <summary>Rows of features and returns over their scale, of all coins on the days before a fit.</summary>
static class LearntRows
{
    public static (double[] Rows, double[] Targets) Of(MarketDays market, RealisedScaleFit scale)
    {
        var (rows, targets) = (new List<double>(), new List<double>());
        foreach (var coin in market.Coins)
        {
            var features = TailFeatures.Of(new TailHistory(coin, market));
            for (int t = TailFeatures.FewestDays; t < coin.Count && coin.Days[t].Date < scale.Until; t++)
            {
                var row = features.Row(t);
                if (row.IsEmpty)
                    continue;
                rows.AddRange(row);
                targets.Add(coin.Days[t].Return / scale.Scale(row));
            }
        }
        return ([.. rows], [.. targets]);
    }
}
