using System.Collections.Immutable;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>Reverse stress over joint moves: found, checked, and put beside the model and the record.</summary>
sealed class PlausibleMoves
{
    /// <summary>Fewer scenarios than this beyond a level say too little of its frequency.</summary>
    const int FewestScenarios = 10;
    const int MostStarts = 12;
    const int MostMoves = 3;

    readonly StressWork work;
    readonly FactorLaw law;
    readonly RecordedMoves? record;
    readonly double[][] rows;
    readonly double[][] whitened;

    public PlausibleMoves(StressWork work, FactorLaw law)
    {
        (this.work, this.law) = (work, law);
        var risk = work.Risk;
        record = RecordedMoves.Of(law, work.Request.Histories, risk.Market.Snapshot.AsOf, risk.Scenarios.Horizon.Days);
        double[][] columns = [.. law.Factors.Select(factor => FactorLaw.Column(risk.Scenarios, factor))];
        rows =
        [
            .. Enumerable.Range(0, risk.Scenarios.Count).Select(s => columns.Select(column => column[s]).ToArray()),
        ];
        whitened = [.. rows.Select(row => law.Whitened(row))];
    }

    /// <summary>Moves that lose each share of equity, then those that liquidate.</summary>
    public ImmutableArray<ReverseResult> All()
    {
        var results = ImmutableArray.CreateBuilder<ReverseResult>();
        var losses = new Sight(this, moves => [.. work.GainsUnder(moves).Select(gain => -gain)]);
        foreach (double share in work.Request.Losses)
            results.Add(losses.Answer("loss", share, share * work.Equity));
        if (work.HasMargin && !work.Book.Holdings.IsEmpty)
            results.Add(new Sight(this, work.Shortfalls).Answer("liquidation", null, 0));
        return results.ToImmutable();
    }

    /// <summary>A factor where its coin is lowest or highest on the way; volatility answers the price.</summary>
    double[] Extreme(StressFactor factor, bool low)
    {
        var moves = work.Risk.Scenarios.Of(factor.Underlying);
        double[] end = low ? moves.PathLow : moves.PathHigh;
        if (factor.Kind == StressFactorKind.Spot)
            return end;
        // The drawn move of volatility, and its answer to what the price does beyond its end.
        var response = VolatilityResponses.For(factor.Underlying);
        return
        [
            .. end.Select(
                (extreme, s) =>
                    moves.LogVolatilityMove[s] + response.AnswerTo(extreme) - response.AnswerTo(moves.LogReturn[s])
            ),
        ];
    }

    ScenarioSet Set(IReadOnlyList<double[]> moves) =>
        law.Scenarios(moves, work.Risk.Market.Snapshot, work.Risk.Scenarios.Horizon);

    /// <summary>One figure over the law's scenarios and the record, computed once for all levels.</summary>
    sealed class Sight
    {
        readonly PlausibleMoves all;
        readonly Func<ScenarioSet, double[]> figure;
        readonly double[] drawn;
        readonly double[] onTheWay;
        readonly double still;
        readonly (string Label, double[] Move, double AtClose, double OnTheWay)[] seen;
        readonly string where;

        public Sight(PlausibleMoves all, Func<ScenarioSet, double[]> figure)
        {
            (this.all, this.figure) = (all, figure);
            drawn = figure(all.Set(all.rows));
            onTheWay = OnTheWay();
            still = figure(all.Set([new double[all.law.Factors.Length]]))[0];
            (seen, where) = all.record is { } record ? InRecord(record) : InDays();
        }

        /// <summary>
        /// Worst of the end, and of every coin at its low or at its high: an upper bound of the path.
        /// </summary>
        double[] OnTheWay()
        {
            var worst = (double[])drawn.Clone();
            foreach (bool low in new[] { true, false })
            {
                double[][] ends = [.. all.law.Factors.Select(factor => all.Extreme(factor, low))];
                double[] figures = figure(
                    all.Set([.. Enumerable.Range(0, worst.Length).Select(s => ends.Select(end => end[s]).ToArray())])
                );
                for (int s = 0; s < worst.Length; s++)
                    worst[s] = Math.Max(worst[s], figures[s]);
            }
            return worst;
        }

        (string, double[], double, double)[] InWindows(RecordedMoves record)
        {
            double[] close = figure(all.Set(record.AtClose));
            double[] low = figure(all.Set(record.AtLow));
            double[] high = figure(all.Set(record.AtHigh));
            return
            [
                .. record.Labels.Select(
                    (label, i) =>
                        (
                            FormattableString.Invariant($"{label:yyyy-MM-dd}"),
                            // The end of the window that hurts most says which way it went.
                            low[i] >= Math.Max(close[i], high[i])
                                ? record.AtLow[i]
                            : high[i] > close[i] ? record.AtHigh[i]
                            : record.AtClose[i],
                            close[i],
                            Math.Max(close[i], Math.Max(low[i], high[i]))
                        )
                ),
            ];
        }

        ((string, double[], double, double)[], string) InRecord(RecordedMoves record) =>
            (InWindows(record), FormattableString.Invariant($"since {record.Since.Year}"));

        /// <summary>Without bars: the single recorded days.</summary>
        ((string, double[], double, double)[], string) InDays()
        {
            var market = all.work.Risk.Market;
            var days = all.work.Request.Definition.Days.Where(day =>
                !day.Label.Contains("..", StringComparison.Ordinal)
            );
            var (set, names) = StressScenarios.Named(
                market.Snapshot,
                market.Surfaces,
                all.work.Risk.Scenarios.Horizon,
                all.work.Request.Definition with
                {
                    Days = [.. days],
                    Cases = [],
                }
            );
            double[] figures = figure(set);
            var rows = new List<(string, double[], double, double)>();
            for (int s = 0; s + 1 < set.Count; s += 2)
            {
                int worse = figures[s + 1] > figures[s] ? s + 1 : s;
                double[] move = [.. all.law.Factors.Select(factor => FactorLaw.Column(set, factor)[worse])];
                rows.Add((names[s].Name, move, figures[s], figures[worse]));
            }
            return ([.. rows], FormattableString.Invariant($"in the {rows.Count} recorded days"));
        }

        public ReverseResult Answer(string target, double? share, double level)
        {
            double[][] starts =
            [
                .. Enumerable
                    .Range(0, drawn.Length)
                    .Where(s => drawn[s] >= level)
                    .OrderBy(s => Square(all.whitened[s]))
                    .ThenBy(s => s)
                    .Take(MostStarts)
                    .Select(s => all.rows[s]),
                .. seen.Where(day => day.OnTheWay >= level).Select(day => day.Move).Take(MostStarts),
            ];
            var answer = ReverseStress.Find(
                new ReverseQuestion
                {
                    Law = all.law,
                    Figure = moves => figure(all.Set(moves)),
                    Level = level,
                    Starts = starts,
                    Seed = all.work.Request.Seed,
                }
            );
            return new ReverseResult(
                target,
                share,
                share is null ? null : level,
                [.. answer.Moves.Take(MostMoves).Select((move, i) => Plausible(answer.Moves, i, level))],
                answer.Samples,
                answer.Exceeding,
                answer.Searched,
                answer.Evaluations
            );
        }

        PlausibleMove Plausible(ImmutableArray<ReverseMove> moves, int which, double level)
        {
            bool Ours(double[] y) => Nearest(moves, y) == which;
            var (perYear, isExtrapolated) = Frequency(drawn, Ours, level);
            double perYearOnTheWay = Math.Max(perYear, Frequency(onTheWay, Ours, level).PerYear);
            var days = seen.Where(day => day.OnTheWay >= level && Ours(all.law.Whitened(day.Move))).ToArray();
            int atClose = days.Count(day => day.AtClose >= level);
            var risk = all.work.Risk;
            var set = all.Set([moves[which].Move]);
            ImmutableArray<CoinMoves> coins =
            [
                .. all
                    .law.Factors.Select(factor => factor.Underlying)
                    .Distinct()
                    .Select(coin => all.work.MovesOf(set.Of(coin), 0)),
            ];
            string words =
                $"{StressWords.Move(coins, risk.Scenarios.Horizon.Days)}: "
                + $"{StressWords.Often(perYear, isExtrapolated)}, {StressWords.Seen(atClose, where)}";
            if (days.Length > atClose)
                words +=
                    $"; with the lows and highs on the way {StressWords.Often(perYearOnTheWay)}, "
                    + StressWords.Seen(days.Length);
            return new PlausibleMove(
                words,
                coins,
                moves[which].Distance,
                moves[which].Misalignment,
                perYear,
                isExtrapolated,
                perYearOnTheWay,
                atClose,
                days.Length,
                [.. days.Select(day => day.Label)]
            );
        }

        /// <summary>
        /// Times a year that a scenario which goes this way reaches the level: counted, or where fewer than ten do by a
        /// Pareto tail over the largest figures of that way (Hill 1975; Weissman 1978).
        /// </summary>
        (double PerYear, bool IsExtrapolated) Frequency(double[] figures, Func<double[], bool> ours, double level)
        {
            const int LeastTail = 50;
            const int SmallestShare = 100;
            var scenarios = all.work.Risk.Scenarios;
            double perYear = 365 / scenarios.Horizon.Days;
            int[] own = [.. Enumerable.Range(0, figures.Length).Where(s => ours(all.whitened[s]))];
            int[] beyond = [.. own.Where(s => figures[s] >= level)];
            if (beyond.Length >= FewestScenarios)
                return (perYear * beyond.Sum(s => scenarios.Weights[s]), false);
            int[] order = [.. own.Where(s => figures[s] > still).OrderByDescending(s => figures[s]).ThenBy(s => s)];
            int count = Math.Max(LeastTail, figures.Length / SmallestShare);
            if (order.Length <= count)
                return (perYear * beyond.Sum(s => scenarios.Weights[s]), false);
            double threshold = figures[order[count]] - still;
            double index = order[..count].Average(s => Math.Log((figures[s] - still) / threshold));
            double weight = order[..count].Sum(s => scenarios.Weights[s]);
            return (perYear * weight * Math.Pow((level - still) / threshold, -1 / index), true);
        }

        static int Nearest(ImmutableArray<ReverseMove> moves, double[] y)
        {
            int best = 0;
            for (int i = 1; i < moves.Length; i++)
                if (ReverseStress.Cosine(moves[i].Whitened, y) > ReverseStress.Cosine(moves[best].Whitened, y))
                    best = i;
            return best;
        }

        static double Square(double[] y)
        {
            double sum = 0;
            foreach (double value in y)
                sum += value * value;
            return sum;
        }
    }
}
