using System.Collections.Immutable;

namespace Plimsoll.Tails;

/// <summary>Forecast at one level; losses positive, percent of the position.</summary>
/// <param name="Probability">Tail probability.</param>
/// <param name="ValueAtRisk">−v of the log return.</param>
/// <param name="ExpectedShortfall">−e of the log return.</param>
/// <param name="Weights">Of the members that had a forecast.</param>
/// <param name="Factor">Calibration.</param>
public sealed record OutlookLevel(
    double Probability,
    double ValueAtRisk,
    double ExpectedShortfall,
    ImmutableArray<MemberForecast> Weights,
    double Factor
);

/// <summary>A member's weight and what it says; null: it had no forecast.</summary>
public sealed record MemberForecast(string Model, double Weight, double? ValueAtRisk, double? ExpectedShortfall);

/// <summary>What may be lost over the next days.</summary>
/// <param name="Underlying">Coin.</param>
/// <param name="From">First day of the horizon; the day before it is the last that was seen.</param>
/// <param name="HorizonDays">Days.</param>
/// <param name="Levels">By level.</param>
/// <param name="Notes">Fallbacks and stale models, in words.</param>
public sealed record TailOutlook(
    string Underlying,
    DateOnly From,
    int HorizonDays,
    ImmutableArray<OutlookLevel> Levels,
    ImmutableArray<string> Notes
)
{
    /// <summary>Forecast after the last day held: the combination is replayed over the days since training.</summary>
    /// <param name="trained">The model.</param>
    /// <param name="history">Days up to now.</param>
    /// <param name="horizonDays">At least 1.</param>
    /// <exception cref="ArgumentException">The history ends before the model's training did.</exception>
    /// <remarks>
    /// Beyond one day the law is widened by the square root of the variance that GARCH expects over the horizon over
    /// that of the first day (Engle and Bollerslev 1986): mean reversion counts, and the tail's shape is kept, which
    /// overstates far quantiles of long horizons, where sums are nearer to normal.
    /// </remarks>
    public static TailOutlook Of(TrainedTail trained, TailHistory history, int horizonDays = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizonDays, 1);
        int start = history.Target.FirstAt(trained.Until);
        int day = history.Target.Count;
        if (history.Target.DateAt(day) < trained.Until)
            throw new ArgumentException(
                $"{trained.Underlying}: bars end before {trained.Until:yyyy-MM-dd}, when the model was trained"
            );
        var members = new IFittedTailModel[]
        {
            new FittedGarch(trained.Volatility, ResidualTail.Parametric, 0),
            new FittedRealisedScale(trained.Scale, ResidualTail.Parametric, new RealisedScaleOptions()),
        };
        double widening = Widening(trained.Volatility, history.Before(day), horizonDays);
        var levels = trained.Levels.Select(level => Level(level, trained, members, history, start, day, widening));
        return new(
            trained.Underlying,
            history.Target.DateAt(day),
            horizonDays,
            [.. levels],
            [.. Warnings(trained, history, day)]
        );
    }

    static OutlookLevel Level(
        TrainedLevel level,
        TrainedTail trained,
        IFittedTailModel[] members,
        TailHistory history,
        int start,
        int day,
        double widening
    )
    {
        var p = new TailProbability(level.Probability);
        var combination = new ForecastCombination(new(level.Sums, level.LogFactor), p, new());
        for (int t = start; t < day; t++)
            combination.Observe([.. members.Select(m => m.Forecast(history, t, p))], history.Target.Days[t].Return);
        TailForecast?[] last = [.. members.Select(m => m.Forecast(history, day, p))];
        var weights = combination.Weights.ToArray();
        double awake = last.Select((f, i) => f is { IsValid: true } ? weights[i] : 0).Sum();
        var made = combination.Combine(last) ?? new(double.NaN, double.NaN);
        return new(
            level.Probability,
            widening * made.ValueAtRisk,
            widening * made.ExpectedShortfall,
            [
                .. last.Select(
                    (f, i) =>
                        new MemberForecast(
                            trained.Members[i],
                            f is { IsValid: true } ? weights[i] / awake : 0,
                            f?.ValueAtRisk * widening,
                            f?.ExpectedShortfall * widening
                        )
                ),
            ],
            combination.Factor
        );
    }

    static double Widening(GarchFit fit, ReadOnlySpan<double> returns, int days)
    {
        double next = fit.Variances(returns)[^1];
        return Math.Sqrt(fit.Parameters.VarianceAhead(next, days).Sum() / next);
    }

    static IEnumerable<string> Warnings(TrainedTail trained, TailHistory history, int day)
    {
        var date = history.Target.DateAt(day);
        int age = date.DayNumber - trained.Until.DayNumber;
        if (age >= TrainedTail.RetrainDays)
            yield return $"the model was trained {age} days ago; train it again after {TrainedTail.RetrainDays}";
        double[] row = [.. TailFeatures.Of(history).Row(day)];
        string fallback = $"{trained.Members[0]} alone is used";
        if (row.Length == 0)
            yield return $"the days before {date:yyyy-MM-dd} are not whole: {fallback}";
        else if (trained.Scale.OutOfRange(row) is { } column)
            yield return $"{column} is outside what the model has seen: {fallback}";
        else if (trained.Scale.LeftOut(row).ToArray() is { Length: > 0 } without)
            yield return history.Market.FindImplied(trained.Underlying)?.Find(date.AddDays(-1)) is null
                ? $"no option chain of {date.AddDays(-1):yyyy-MM-dd}: implied volatility and basis are left out"
                : $"no usable {string.Join(", ", without)} of {date.AddDays(-1):yyyy-MM-dd}: left out";
        foreach (var window in trained.Windows)
            if (history.Market.Find(window.Underlying) is not { } coin || coin.IndexOf(date.AddDays(-1)) < 0)
                yield return $"{window.Underlying}: no bars of {date.AddDays(-1):yyyy-MM-dd}; trained with them";
        if (!trained.Volatility.Converged || !trained.Scale.Converged)
            yield return "a fit did not converge";
    }
}
