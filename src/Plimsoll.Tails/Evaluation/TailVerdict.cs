using System.Collections.Immutable;

namespace Plimsoll.Tails;

/// <summary>One model against another at one level, over all coins.</summary>
/// <param name="Level">Level.</param>
/// <param name="Model">Who is judged.</param>
/// <param name="Against">By whom.</param>
/// <param name="Coins">On which both have a forecast for every day.</param>
/// <param name="Lower">Of them with a lower mean FZ0.</param>
/// <param name="Better">Coins with a t below −1.65.</param>
/// <param name="Worse">Coins with a t above 1.65.</param>
public sealed record ModelContest(
    TailProbability Level,
    string Model,
    string Against,
    int Coins,
    int Lower,
    ImmutableArray<string> Better,
    ImmutableArray<string> Worse
);

/// <summary>On how many coins a model's hits pass at 5%.</summary>
/// <param name="Level">Level.</param>
/// <param name="Model">Model.</param>
/// <param name="Coins">All.</param>
/// <param name="Kupiec">With the right number of hits.</param>
/// <param name="Independence">With hits that do not follow each other (Christoffersen).</param>
/// <param name="Both">With both at once (conditional coverage).</param>
public sealed record CoverageCount(
    TailProbability Level,
    string Model,
    int Coins,
    int Kupiec,
    int Independence,
    int Both
);

/// <summary>An evaluation of many coins in a few lines: one model against each of the others.</summary>
public static class TailVerdict
{
    /// <summary>|t| that counts: 5% on one side.</summary>
    public const double SignificantT = 1.65;

    const double PassesAt = 0.05;

    /// <summary>The model that is judged: the combination where it is among the rows, else the last.</summary>
    public static string? Judged(ImmutableArray<EvaluationRow> rows) =>
        rows.Any(row => row.Model == TailModels.Auto) ? TailModels.Auto : rows.LastOrDefault()?.Model;

    /// <summary>It against each other model, by level; t as in the rows, of the loss less the other's.</summary>
    public static ImmutableArray<ModelContest> Contests(ImmutableArray<EvaluationRow> rows)
    {
        string? judged = Judged(rows);
        var contests = ImmutableArray.CreateBuilder<ModelContest>();
        foreach (var level in rows.GroupBy(row => row.Level))
        foreach (string against in level.Select(row => row.Model).Distinct().Where(model => model != judged))
        {
            var pairs = level
                .GroupBy(row => row.Underlying)
                .Select(coin => (Own: Row(coin, judged!), Other: Row(coin, against)))
                .Where(pair => pair.Own is { Undetermined: 0 } && pair.Other is { Undetermined: 0 })
                .Select(pair => (pair.Own!.Underlying, T: T(pair.Own, pair.Other!), pair.Own, pair.Other))
                .ToArray();
            contests.Add(
                new ModelContest(
                    level.Key,
                    judged!,
                    against,
                    pairs.Length,
                    pairs.Count(pair => pair.Own.MeanFz0 < pair.Other!.MeanFz0),
                    [.. pairs.Where(pair => pair.T < -SignificantT).Select(pair => pair.Underlying)],
                    [.. pairs.Where(pair => pair.T > SignificantT).Select(pair => pair.Underlying)]
                )
            );
        }
        return contests.ToImmutable();
    }

    /// <summary>Coverage of every model, by level.</summary>
    public static ImmutableArray<CoverageCount> Coverage(ImmutableArray<EvaluationRow> rows) =>
        [
            .. rows.GroupBy(row => (row.Level, row.Model))
                .Select(of => new CoverageCount(
                    of.Key.Level,
                    of.Key.Model,
                    of.Count(),
                    of.Count(row => row.Kupiec.PValue >= PassesAt),
                    of.Count(row => row.Independence.PValue >= PassesAt),
                    of.Count(row => row.Conditional.PValue >= PassesAt)
                )),
        ];

    static EvaluationRow? Row(IEnumerable<EvaluationRow> coin, string model) =>
        coin.FirstOrDefault(row => row.Model == model);

    static double T(EvaluationRow own, EvaluationRow other)
    {
        double Loss(EvaluationRow row, int t)
        {
            var day = row.Series[t];
            return TailLoss.Fz0(day.Return, day.Forecast.Quantile, day.Forecast.TailMean, row.Level);
        }
        double[] difference = [.. Enumerable.Range(0, own.Series.Length).Select(t => Loss(own, t) - Loss(other, t))];
        return DieboldMariano.Compare(difference, EvaluationRequest.Lags).Statistic;
    }
}
