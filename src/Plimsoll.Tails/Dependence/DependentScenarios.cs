using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Risk;

namespace Plimsoll.Tails;

/// <summary>How coins move together in the law of risk.</summary>
public enum DependenceModel
{
    /// <summary>As they did at the same past instants.</summary>
    History,

    /// <summary>Student copula of daily residuals.</summary>
    StudentCopula,

    /// <summary>The same, leaning towards joint falls as the record does.</summary>
    SkewedStudentCopula,

    /// <summary>Student copula whose joint falls are the recorded ones.</summary>
    TailCopula,

    /// <summary>Student copula at today's dynamic correlation.</summary>
    DynamicCorrelation,

    /// <summary>Past days weighted by how likely tomorrow is of their regime.</summary>
    Regimes,
}

/// <summary>The law of risk under another dependence between coins.</summary>
/// <remarks>
/// Each coin's own drawn rows (return, path, volatility, skew, deliveries) stay as they are and are dealt anew, so that
/// their ranks follow the model (Iman and Conover 1982, with a copula's ranks): the law of one coin is that of filtered
/// history, only what happens together is the model's. Regimes weight the drawn days instead. Models are fitted to
/// returns of whole UTC days up to the snapshot's time over their exponentially weighted volatility; without bars to
/// the
/// drawn rows themselves. Seeded; the same bytes on any number of threads.
/// </remarks>
public static class DependentScenarios
{
    const double VolatilityMemory = 0.94;
    const int BurnIn = 50;
    const int MostDays = 1_500;
    const int FewestDays = 250;
    const double FallShare = 0.05;

    /// <summary>Deals or weights the rows anew.</summary>
    /// <param name="drawn">From history, equally weighted.</param>
    /// <param name="model">Dependence.</param>
    /// <param name="histories">Bars; may be empty.</param>
    /// <param name="asOf">Nothing later is looked at.</param>
    /// <param name="seed">Of every draw.</param>
    public static ScenarioSet Apply(
        ScenarioSet drawn,
        DependenceModel model,
        ImmutableArray<PriceHistory> histories,
        DateTimeOffset asOf,
        ulong seed
    )
    {
        if (model == DependenceModel.History || drawn.Underlyings.Length < 2)
            return drawn;
        string[] coins = [.. drawn.Underlyings.Select(coin => coin.Underlying)];
        var days = DailyReturns.Of(coins, histories, asOf);
        bool hasDays = days is not null && days.Returns.Length >= FewestDays;
        if (model == DependenceModel.Regimes)
            return hasDays ? ByRegime(drawn, days!, seed) : Noted(drawn, "regimes need bars: days weigh the same");
        double[][] sample = hasDays ? Standardised(days!.Returns) : Rows(drawn);
        string from = FormattableString.Invariant($"{sample.Length} {(hasDays ? "days" : "drawn rows: no bars")}");
        var ranks = RankDependence.PseudoObservations(sample);
        double[][] columns;
        string words;
        if (model == DependenceModel.TailCopula)
        {
            var copula = TailCopula.Fit(ranks, FallShare);
            columns = copula.Draw(drawn.Count, seed);
            words = $"recorded joint falls over {Words(copula.Body)}";
        }
        else
        {
            var copula = StudentCopula.Fit(ranks);
            words = Words(copula);
            if (model == DependenceModel.DynamicCorrelation)
            {
                var fit = DynamicCorrelation.Fit(sample);
                copula = copula with { Correlation = fit.Next };
                string parameters = FormattableString.Invariant($"news {fit.News:0.000}, memory {fit.Memory:0.000}");
                words = $"{Words(copula)} at today's dynamic correlation ({parameters})";
            }
            double skew = model == DependenceModel.SkewedStudentCopula ? Skew(copula, ranks, seed) : 0;
            if (skew != 0)
                words += FormattableString.Invariant($", skew {skew:0.0}");
            columns = copula.Draw(drawn.Count, seed, [.. coins.Select(_ => skew)]);
        }
        return Noted(Dealt(drawn, columns), $"{words}, fitted to {from}");
    }

    static string Words(StudentCopula copula) =>
        FormattableString.Invariant($"Student copula with {copula.Degrees:0.0} degrees");

    static ScenarioSet Noted(ScenarioSet set, string words) =>
        set with
        {
            Notes = [.. set.Notes, $"dependence: {words}"],
        };

    /// <summary>Each coin's rows in the order of ranks of a column.</summary>
    internal static ScenarioSet Dealt(ScenarioSet drawn, double[][] columns)
    {
        var orders = new int[columns.Length][];
        Parallel.For(
            0,
            columns.Length,
            i =>
            {
                int[] byReturn = Rearrangement.ByReturn(drawn.Underlyings[i]);
                int[] places = RankDependence.Order(columns[i]);
                orders[i] = new int[places.Length];
                for (int rank = 0; rank < places.Length; rank++)
                    orders[i][places[rank]] = byReturn[rank];
            }
        );
        return Rearrangement.Dealt(drawn, "joint", (_, i) => orders[i]);
    }

    /// <summary>
    /// The common skew at which the copula's joint falls exceed its joint rises by as much as the record's do, at 5%.
    /// </summary>
    static double Skew(StudentCopula copula, double[][] ranks, ulong seed)
    {
        const int Draws = 20_000;
        double wanted = Lean([
            .. Enumerable.Range(0, ranks[0].Length).Select(i => ranks.Select(row => row[i]).ToArray()),
        ]);
        double best = 0,
            miss = double.PositiveInfinity;
        for (int step = 0; step <= 10; step++)
        {
            double skew = -0.1 * step;
            double own = Math.Abs(Lean(copula.Draw(Draws, seed, [.. ranks[0].Select(_ => skew)])) - wanted);
            if (own < miss)
                (best, miss) = (skew, own);
        }
        return best;

        static double Lean(double[][] columns)
        {
            int k = columns[0].Length / 20;
            double sum = 0;
            for (int i = 0; i + 1 < columns.Length; i++)
            {
                double[] x = columns[i],
                    y = columns[i + 1];
                double upper = RankDependence.LowerTail([.. x.Select(v => -v)], [.. y.Select(v => -v)], k);
                sum += RankDependence.LowerTail(x, y, k) - upper;
            }
            return sum / (columns.Length - 1);
        }
    }

    /// <summary>
    /// Two regimes of the days' returns; a drawn day weighs as much as tomorrow is likely to be of its regime.
    /// </summary>
    static ScenarioSet ByRegime(ScenarioSet drawn, DailyReturns days, ulong seed)
    {
        var chain = RegimeModel.Fit(days.Returns, 2, seed);
        var reading = RegimeModel.Read(days.Returns, chain);
        var of = days.Dates.Select((date, t) => (date, t)).ToDictionary(pair => pair.date, pair => pair.t);
        var share = new double[drawn.Count][];
        var mass = new double[2];
        for (int s = 0; s < drawn.Count; s++)
        {
            share[s] =
                DayOf(drawn.Origins[s]) is { } date && of.TryGetValue(date, out int t)
                    ? reading.Smoothed[t]
                    : reading.PredictedNext;
            for (int i = 0; i < 2; i++)
                mass[i] += share[s][i];
        }
        var weights = new double[drawn.Count];
        for (int s = 0; s < weights.Length; s++)
        for (int i = 0; i < 2; i++)
            weights[s] += mass[i] > 0 ? reading.PredictedNext[i] * share[s][i] / mass[i] : 0;
        double sum = FixedOrderSum.Sum(weights);
        for (int s = 0; s < weights.Length; s++)
            weights[s] /= sum;
        string loud = FormattableString.Invariant($"{reading.PredictedNext[1] * 100:0}% likely of the louder regime");
        string stays = FormattableString.Invariant($"{1 / (1 - chain.Transition[1][1]):0} days");
        return Noted(
            WithoutDrift(drawn with { Weights = weights }),
            $"two regimes of {days.Returns.Length} days, tomorrow {loud}, which lasts {stays}"
        );
    }

    /// <summary>The law of risk has no drift under its own weights.</summary>
    static ScenarioSet WithoutDrift(ScenarioSet set)
    {
        var shifts = set.Underlyings.ToDictionary(
            coin => coin.Underlying,
            coin =>
            {
                double mean = 0;
                for (int s = 0; s < set.Count; s++)
                    mean += set.Weights[s] * Math.Exp(coin.LogReturn[s]);
                return -Math.Log(mean);
            }
        );
        return set with
        {
            Path = set.Path?.Shifted(shifts),
            Underlyings = [.. set.Underlyings.Select(coin => Shifted(coin, shifts[coin.Underlying]))],
        };
    }

    static UnderlyingScenarios Shifted(UnderlyingScenarios coin, double shift)
    {
        double[] Plus(double[] values) => [.. values.Select(value => value + shift)];
        double[] returns = Plus(coin.LogReturn);
        return coin with
        {
            LogReturn = returns,
            PathLow = [.. coin.PathLow.Select((low, s) => Math.Min(low + shift, Math.Min(0, returns[s])))],
            PathHigh = [.. coin.PathHigh.Select((high, s) => Math.Max(high + shift, Math.Max(0, returns[s])))],
            DeliveryLogReturn = coin.DeliveryLogReturn.ToImmutableSortedDictionary(
                pair => pair.Key,
                pair => Plus(pair.Value)
            ),
        };
    }

    /// <summary>The day of a label <c>fhs:2021-05-19T04</c>; null for any other.</summary>
    static DateOnly? DayOf(string origin) =>
        origin.StartsWith("fhs:", StringComparison.Ordinal)
        && origin.Length >= 14
        && DateOnly.TryParseExact(
            origin.AsSpan(4, 10),
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            default,
            out var date
        )
            ? date
            : null;

    static double[][] Rows(ScenarioSet drawn) =>
        [
            .. Enumerable
                .Range(0, Math.Min(drawn.Count, MostDays))
                .Select(s => drawn.Underlyings.Select(coin => coin.LogReturn[s]).ToArray()),
        ];

    /// <summary>Returns over their exponentially weighted volatility, the latest days.</summary>
    static double[][] Standardised(double[][] returns)
    {
        int n = returns[0].Length;
        var variance = new double[n];
        for (int t = 0; t < BurnIn; t++)
        for (int i = 0; i < n; i++)
            variance[i] += returns[t][i] * returns[t][i] / BurnIn;
        var standardised = new List<double[]>();
        for (int t = BurnIn; t < returns.Length; t++)
        {
            standardised.Add([.. returns[t].Select((r, i) => r / Math.Sqrt(Math.Max(variance[i], 1e-12)))]);
            for (int i = 0; i < n; i++)
                variance[i] = VolatilityMemory * variance[i] + (1 - VolatilityMemory) * returns[t][i] * returns[t][i];
        }
        return [.. standardised.TakeLast(MostDays)];
    }
}
