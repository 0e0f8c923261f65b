using System.Collections.Immutable;

namespace Plimsoll.Tails;

/// <summary>What to evaluate.</summary>
/// <param name="Models">Names, the first is the reference of the comparisons.</param>
/// <param name="Levels">Tail probabilities.</param>
/// <param name="From">First day judged; a coin needs <see cref="FewestDays"/> before it.</param>
/// <param name="To">First day not judged; null: all days.</param>
/// <param name="Seed">Of simulated p-values and bootstraps.</param>
public sealed record EvaluationRequest(
    ImmutableArray<string> Models,
    ImmutableArray<TailProbability> Levels,
    DateOnly From,
    DateOnly? To = null,
    ulong Seed = 1
)
{
    /// <summary>Days of returns before the first forecast.</summary>
    public const int FewestDays = 500;

    /// <summary>Lags of the comparisons' long-run variance, as Patton, Ziegel and Chen (2019) use.</summary>
    public const int Lags = 20;
}

/// <summary>Mean loss and hits in a calendar year.</summary>
public sealed record YearFigures(int Year, int Days, double MeanFz0, int Hits);

/// <summary>One model on one coin at one level.</summary>
/// <param name="Underlying">Coin.</param>
/// <param name="Level">Level.</param>
/// <param name="Model">Name.</param>
/// <param name="Days">Days judged.</param>
/// <param name="Undetermined">Days without a forecast; any voids the row's figures.</param>
/// <param name="FailedFits">Fits that did not converge.</param>
/// <param name="MeanFz0">Mean joint loss, returns in percent; differences count, not ratios.</param>
/// <param name="MeanQuantileLoss">Mean tick loss, percent.</param>
/// <param name="Hits">Days beyond the quantile.</param>
/// <param name="Kupiec">Coverage.</param>
/// <param name="Independence">First-order independence.</param>
/// <param name="Conditional">Both.</param>
/// <param name="DynamicQuantile">With a simulated p-value.</param>
/// <param name="Z1">Size of hits; null without one.</param>
/// <param name="Z1PValue">Of a smaller Z1 under right forecasts, simulated.</param>
/// <param name="Z2">Frequency and size.</param>
/// <param name="Z2PValue">Of a smaller Z2 under right forecasts, simulated.</param>
/// <param name="MeanValueAtRisk">Percent.</param>
/// <param name="MeanExpectedShortfall">Percent.</param>
/// <param name="AgainstReference">t of the loss less the reference's; negative is better; null for itself.</param>
/// <param name="WithoutLargest">
/// The same without the three days of largest difference; NaN where fewer than five days are left that went beyond
/// either forecast.
/// </param>
/// <param name="ConfidenceSetPValue">In the set of the best at 25% where at least 0.25.</param>
/// <param name="Years">By year.</param>
/// <param name="HitDates">Days beyond the quantile.</param>
/// <param name="Series">Date, return, value at risk and shortfall of each day, for charts.</param>
public sealed record EvaluationRow(
    string Underlying,
    TailProbability Level,
    string Model,
    int Days,
    int Undetermined,
    int FailedFits,
    double MeanFz0,
    double MeanQuantileLoss,
    int Hits,
    TestResult Kupiec,
    TestResult Independence,
    TestResult Conditional,
    TestResult DynamicQuantile,
    double? Z1,
    double Z1PValue,
    double Z2,
    double Z2PValue,
    double MeanValueAtRisk,
    double MeanExpectedShortfall,
    double? AgainstReference,
    double? WithoutLargest,
    double ConfidenceSetPValue,
    ImmutableArray<YearFigures> Years,
    ImmutableArray<DateOnly> HitDates,
    ImmutableArray<JudgedDay> Series
);

/// <summary>A day that was judged; figures in percent, the forecast as returns.</summary>
public readonly record struct JudgedDay(DateOnly Date, double Return, TailForecast Forecast);

/// <summary>Forecasters run through time and judged.</summary>
public static class TailEvaluation
{
    const int ShortfallDraws = 1_999;

    /// <summary>Rows of one coin by level and model; none where the coin is too young.</summary>
    public static ImmutableArray<EvaluationRow> Of(TailHistory history, EvaluationRequest request)
    {
        int from = Math.Max(history.Target.FirstAt(request.From), EvaluationRequest.FewestDays);
        int to = request.To is { } end ? history.Target.FirstAt(end) : history.Target.Count;
        if (to - from < 100)
            return [];
        double[] returns = [.. history.Target.Days.AsSpan(from, to - from).ToArray().Select(day => day.Return)];
        var series = Series(history, request, new WalkForwardSpan(from, to), returns);
        var rows = ImmutableArray.CreateBuilder<EvaluationRow>();
        for (int k = 0; k < request.Levels.Length; k++)
            rows.AddRange(AtLevel(history.Target, from, returns, [.. series.Select(s => s[k])], k, request));
        return rows.ToImmutable();
    }

    /// <summary>By model, then level.</summary>
    static ForecastSeries[][] Series(
        TailHistory history,
        EvaluationRequest request,
        WalkForwardSpan span,
        double[] returns
    )
    {
        var levels = request.Levels.AsSpan();
        var made = new Dictionary<string, ForecastSeries[]>();
        ForecastSeries[] Single(ITailModel model)
        {
            if (!made.TryGetValue(model.Name, out var series))
                made.Add(model.Name, series = WalkForward.Run(model, history, span, request.Levels.AsSpan()));
            return series;
        }
        var all = new List<ForecastSeries[]>();
        foreach (string name in request.Models)
        {
            if (TailModels.Find(name) is { } model)
            {
                all.Add(Single(model));
                continue;
            }
            var members = TailModels.AutoMembers.Select(Single).ToArray();
            var combined = new ForecastSeries[levels.Length];
            for (int k = 0; k < levels.Length; k++)
                combined[k] = ForecastCombination.Run(
                    name,
                    [.. members.Select(member => member[k])],
                    returns,
                    levels[k],
                    new()
                );
            all.Add(combined);
        }
        return [.. all];
    }

    static IEnumerable<EvaluationRow> AtLevel(
        CoinDays coin,
        int from,
        double[] returns,
        ForecastSeries[] series,
        int level,
        EvaluationRequest request
    )
    {
        var p = request.Levels[level];
        double[][] losses = [.. series.Select(s => Losses(s, returns, p))];
        // A model that has no forecast on some day cannot be in the set; the others are compared without it.
        int[] whole = [.. Enumerable.Range(0, losses.Length).Where(m => !losses[m].Any(double.IsNaN))];
        var best =
            whole.Length > 0
                ? ModelConfidenceSet.Of([.. whole.Select(m => losses[m])], request.Seed, draws: 2000)
                : null;
        for (int m = 0; m < series.Length; m++)
            yield return Row(
                coin,
                from,
                returns,
                series[m],
                p,
                losses[m],
                losses[0],
                HitsOf(series[0], returns),
                m == 0,
                Array.IndexOf(whole, m) is >= 0 and var at ? best!.PValues[at] : double.NaN,
                request.Seed
            );
    }

    /// <summary>NaN where there is no forecast, so that a mean over a missing day is no number.</summary>
    static double[] Losses(ForecastSeries series, double[] returns, TailProbability p) =>
        [
            .. series.Forecasts.Select(
                (f, t) =>
                    f is { IsValid: true } made ? TailLoss.Fz0(returns[t], made.Quantile, made.TailMean, p) : double.NaN
            ),
        ];

    static EvaluationRow Row(
        CoinDays coin,
        int from,
        double[] returns,
        ForecastSeries series,
        TailProbability p,
        double[] losses,
        double[] reference,
        bool[] referenceHits,
        bool isReference,
        double confidence,
        ulong seed
    )
    {
        int missing = losses.Count(double.IsNaN);
        TailForecast[] forecasts = [.. series.Forecasts.Select(f => f ?? new(double.NaN, double.NaN))];
        bool[] hits = HitsOf(series, returns);
        int count = hits.Count(hit => hit);
        var kupiec = CoverageTests.Kupiec(count, hits.Length, p);
        var independence = CoverageTests.Independence(HitTransitions.Of(hits));
        double[] valueAtRisk = [.. forecasts.Select(f => f.ValueAtRisk)];
        double[] difference = [.. losses.Select((loss, t) => loss - reference[t])];
        var days = coin.Days.AsSpan(from, returns.Length).ToArray();
        var (z1, z2) = (ShortfallBacktest.Z1(returns, forecasts), ShortfallBacktest.Z2(returns, forecasts, p));
        var (null1, null2) =
            missing == 0 ? ShortfallNull.Of(forecasts, p).Draw(hits.Length, seed, ShortfallDraws) : ([], []);
        return new EvaluationRow(
            coin.Underlying,
            p,
            series.Model,
            returns.Length,
            missing,
            series.FailedFits,
            losses.Average(),
            forecasts.Select((f, t) => TailLoss.Quantile(returns[t], f.Quantile, p)).Average(),
            count,
            kupiec,
            independence,
            CoverageTests.Conditional(kupiec, independence),
            DynamicQuantileTest.Simulated(hits, valueAtRisk, p, seed, 499),
            z1,
            ShortfallNull.PValue(z1, null1),
            z2,
            ShortfallNull.PValue(z2, null2),
            valueAtRisk.Average(),
            forecasts.Average(f => f.ExpectedShortfall),
            isReference ? null : DieboldMariano.Compare(difference, EvaluationRequest.Lags).Statistic,
            isReference ? null : WithoutLargest(difference, [.. hits.Select((hit, t) => hit || referenceHits[t])]),
            confidence,
            [
                .. days.Select((day, t) => (day.Date.Year, Loss: losses[t], Hit: hits[t]))
                    .GroupBy(day => day.Year)
                    .Select(year => new YearFigures(
                        year.Key,
                        year.Count(),
                        year.Average(day => day.Loss),
                        year.Count(day => day.Hit)
                    )),
            ],
            [.. days.Where((_, t) => hits[t]).Select(day => day.Date)],
            [.. days.Select((day, t) => new JudgedDay(day.Date, day.Return, forecasts[t]))]
        );
    }

    static bool[] HitsOf(ForecastSeries series, double[] returns) =>
        [.. series.Forecasts.Select((f, t) => f is { } made && returns[t] < made.Quantile)];

    /// <summary>
    /// Whether a verdict rests on three days; NaN where a forecast lacks or too few days differ. What the losses vary
    /// by is the days beyond a forecast: without enough of them the rest is a smooth difference of level, whose t is
    /// large and says nothing.
    /// </summary>
    internal static double WithoutLargest(double[] difference, bool[] hits)
    {
        const int FewestHits = 5;
        double limit = difference.Select(Math.Abs).OrderDescending().ElementAt(2);
        int[] rest = [.. Enumerable.Range(0, difference.Length).Where(t => Math.Abs(difference[t]) < limit)];
        return
            difference.Any(double.IsNaN)
            || rest.Length < EvaluationRequest.Lags + 2
            || rest.Count(t => hits[t]) < FewestHits
            ? double.NaN
            : DieboldMariano.Compare([.. rest.Select(t => difference[t])], EvaluationRequest.Lags).Statistic;
    }
}
