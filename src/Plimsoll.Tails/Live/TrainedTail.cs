using System.Collections.Immutable;

namespace Plimsoll.Tails;

/// <summary>Data that a model was trained on.</summary>
/// <param name="Underlying">Coin.</param>
/// <param name="First">First day.</param>
/// <param name="Last">Last day.</param>
/// <param name="Days">Days present.</param>
/// <param name="ImpliedDays">Days with an implied volatility.</param>
public sealed record TrainingWindow(string Underlying, DateOnly First, DateOnly Last, int Days, int ImpliedDays);

/// <summary>The combination at one level after training, and how it did on the days it was learnt on.</summary>
/// <param name="Probability">Tail probability.</param>
/// <param name="Sums">Discounted losses by member.</param>
/// <param name="LogFactor">Logarithm of the calibration factor.</param>
/// <param name="Days">Days that weights and factor were learnt on, each forecast from the days before it.</param>
/// <param name="Hits">Of them beyond the quantile.</param>
/// <param name="MeanFz0">Mean joint loss on them.</param>
/// <param name="ReferenceMeanFz0">That of the reference model.</param>
public sealed record TrainedLevel(
    double Probability,
    ImmutableArray<double> Sums,
    double LogFactor,
    int Days,
    int Hits,
    double MeanFz0,
    double ReferenceMeanFz0
);

/// <summary>A trained forecaster with its card: everything that a forecast needs, and what it was made of.</summary>
/// <param name="Underlying">Coin whose return is forecast.</param>
/// <param name="Until">First day that training did not see.</param>
/// <param name="Windows">Data by coin.</param>
/// <param name="Members">Names of the combined models.</param>
/// <param name="Volatility">Fitted GARCH-t, which also remains when inputs are missing.</param>
/// <param name="Scale">Fitted panel model.</param>
/// <param name="Levels">By level.</param>
public sealed record TrainedTail(
    string Underlying,
    DateOnly Until,
    ImmutableArray<TrainingWindow> Windows,
    ImmutableArray<string> Members,
    GarchFit Volatility,
    RealisedScaleFit Scale,
    ImmutableArray<TrainedLevel> Levels
)
{
    /// <summary>Days after which a model is to be trained again.</summary>
    public const int RetrainDays = 50;

    /// <summary>Days over which weights and calibration are learnt before the model is used.</summary>
    public const int LearningDays = 730;

    /// <summary>Trains on the days before one.</summary>
    /// <param name="history">The coin and the market about it.</param>
    /// <param name="day">Position of the first day not to be seen; the count for all.</param>
    /// <exception cref="ArgumentException">Fewer days than an evaluation needs.</exception>
    public static TrainedTail Train(TailHistory history, int day)
    {
        if (day < EvaluationRequest.FewestDays)
            throw new ArgumentException(
                $"{history.Target.Underlying}: {day} days; {EvaluationRequest.FewestDays} are needed",
                nameof(day)
            );
        var span = new WalkForwardSpan(Math.Max(EvaluationRequest.FewestDays, day - LearningDays), day);
        double[] returns = [.. history.Target.Days[span.From..day].Select(d => d.Return)];
        var members = TailModels
            .AutoMembers.Select(model => WalkForward.Run(model, history, span, TailModels.Levels.AsSpan()))
            .ToArray();
        var levels = TailModels.Levels.Select((p, k) => Learn(p, [.. members.Select(member => member[k])], returns));
        var until = history.Target.DateAt(day);
        return new(
            history.Target.Underlying,
            until,
            [.. history.Market.Coins.Select(coin => Window(coin, history.Market, until)).OfType<TrainingWindow>()],
            [.. TailModels.AutoMembers.Select(model => model.Name)],
            ((FittedGarch)TailModels.GarchStudent.Fit(history, day, null)).Fit,
            ((FittedRealisedScale)TailModels.Realised.Fit(history, day, null)).Fit,
            [.. levels]
        );
    }

    static TrainedLevel Learn(TailProbability p, ForecastSeries[] members, double[] returns)
    {
        var combination = new ForecastCombination(CombinationState.Fresh(members.Length), p, new());
        var day = new TailForecast?[members.Length];
        var (hits, made, loss, reference) = (0, 0, 0.0, 0.0);
        for (int t = 0; t < returns.Length; t++)
        {
            for (int i = 0; i < day.Length; i++)
                day[i] = members[i].Forecasts[t];
            if (combination.Combine(day) is { } forecast && day[0] is { IsValid: true } first)
            {
                made++;
                hits += returns[t] < forecast.Quantile ? 1 : 0;
                loss += TailLoss.Fz0(returns[t], forecast.Quantile, forecast.TailMean, p);
                reference += TailLoss.Fz0(returns[t], first.Quantile, first.TailMean, p);
            }
            combination.Observe(day, returns[t]);
        }
        var state = combination.State;
        return new(p.Value, state.Sums, state.LogFactor, made, hits, loss / made, reference / made);
    }

    static TrainingWindow? Window(CoinDays coin, MarketDays market, DateOnly until)
    {
        int to = coin.FirstAt(until);
        int implied = market.FindImplied(coin.Underlying)?.CountBefore(until) ?? 0;
        return to == 0 ? null : new(coin.Underlying, coin.Days[0].Date, coin.Days[to - 1].Date, to, implied);
    }
}
