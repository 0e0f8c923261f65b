using System.Collections.Immutable;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>
/// Figures of a book as the sizing reckons them, by stable keys: the same before and after the trades. Those of the
/// risk report stand beside them in the answer.
/// </summary>
static class BookFigures
{
    public static ImmutableArray<RiskFigure> Of(ContinuousSolve solve)
    {
        var (prepared, evaluator) = (solve.Parts.Prepared, solve.Evaluator);
        var figures = ImmutableArray.CreateBuilder<RiskFigure>();
        void Add(string key, double? value, string unit, string words) =>
            figures.Add(new RiskFigure(key, value is { } known && double.IsFinite(known) ? known : null, unit, words));
        double[] raw = evaluator.RawWealth();
        var losses = new LossDistribution([.. raw.Select(g => g - 1)], prepared.Law.Prior);
        double[] growth = evaluator.GrowthWealth();
        Add("growth_per_horizon", BookEvaluator.Growth(growth, prepared.Law.Weights, 1), "log", "E log g per horizon");
        if (prepared.Mandate.Survival.Drawdown is { } drawdown)
            Add(
                "drawdown_probability_bound",
                DrawdownProbability(prepared, drawdown, evaluator),
                "fraction",
                FormattableString.Invariant(
                    $"bound on the probability of losing {drawdown.Limit * 100:0.##}% in the time"
                )
            );
        foreach (double level in new[] { 0.95, 0.99 })
        {
            string suffix = FormattableString.Invariant($"{level * 100:0}");
            Add(
                $"value_at_risk_{suffix}",
                losses.ValueAtRisk(level),
                "fraction",
                $"loss at {suffix}%, share of equity"
            );
            Add(
                $"expected_shortfall_{suffix}",
                losses.ExpectedShortfall(level),
                "fraction",
                $"mean loss beyond {suffix}%, share of equity"
            );
        }
        foreach (var touch in solve.Parts.Touches)
            Add(
                touch.Key,
                touch.Risk.Touched(
                    evaluator.Positions,
                    prepared.Law.Prior,
                    touch.Above - touch.CostShare * evaluator.Cost
                ),
                "fraction",
                touch.Words
            );
        Add("worst_scenario", losses.WorstLoss, "fraction", "largest loss among the scenarios, share of equity");
        AddStress(prepared, evaluator, Add);
        AddGreeks(prepared, evaluator, Add);
        return figures.ToImmutable();
    }

    public static double DrawdownProbability(PreparedSizing prepared, DrawdownLimit limit, BookEvaluator evaluator)
    {
        double periods = limit.Within is { } within
            ? Math.Max(1, within.Value / prepared.Mandate.Horizon.Value)
            : double.PositiveInfinity;
        return DrawdownBound.Of(evaluator.DrawdownWealth(), prepared.Law.Weights, limit.Limit, periods).Probability;
    }

    static void AddStress(PreparedSizing prepared, BookEvaluator evaluator, Action<string, double?, string, string> add)
    {
        var gain = prepared.StressMatrix.Gain;
        var wealth = (double[])prepared.StressCollateral.Clone();
        for (int i = 0; i < evaluator.Positions.Length; i++)
        {
            if (evaluator.Positions[i] == 0)
                continue;
            var column = gain.Column(prepared.Lines[i].Column);
            for (int r = 0; r < wealth.Length; r++)
                wealth[r] += evaluator.Positions[i] * column[r];
            bool isLong = evaluator.Positions[i] > 0;
            if (prepared.Forgone?.Stress.Of(prepared.Lines[i].Column, isLong) is { } forgone)
                for (int r = 0; r < wealth.Length; r++)
                    wealth[r] -= Math.Abs(evaluator.Positions[i]) * forgone[r];
        }
        string closed = prepared.Forgone is null ? "" : ", winning futures deleveraged";
        int worst = 0;
        for (int r = 1; r < wealth.Length; r++)
            if (wealth[r] < wealth[worst])
                worst = r;
        if (wealth.Length > 0)
            add(
                "worst_case_stress",
                1 - wealth[worst] / prepared.Equity + evaluator.Cost,
                "fraction",
                $"loss in the worst stress scenario ({prepared.Stress.Origins[worst]}){closed}, share of equity"
            );
        foreach (var tail in prepared.Tails)
            add(
                $"worst_case_tail[{tail.Name}]",
                tail.Loss(prepared, evaluator.Positions),
                "fraction",
                $"loss at expiry anywhere in the tail range{closed}, share of equity"
            );
    }

    static void AddGreeks(PreparedSizing prepared, BookEvaluator evaluator, Action<string, double?, string, string> add)
    {
        var coins = prepared.Lines.Select(line => line.Instrument.Underlying).Union(prepared.CollateralDelta.Keys);
        foreach (string coin in coins.Order(StringComparer.Ordinal))
        {
            var sum = new LineGreeks(0, 0, 0, 0);
            for (int i = 0; i < evaluator.Positions.Length; i++)
            {
                double held = evaluator.Positions[i];
                if (held == 0 || prepared.Lines[i].Instrument.Underlying != coin)
                    continue;
                var one = prepared.Greeks[prepared.Lines[i].Column];
                sum = new LineGreeks(
                    0,
                    sum.Gamma1Pct + held * one.Gamma1Pct,
                    sum.Vega1Pt + held * one.Vega1Pt,
                    sum.Theta1D + held * one.Theta1D
                );
            }
            string unit = prepared.Home.Code;
            add($"gamma_1pct_home[{coin}]", sum.Gamma1Pct, unit, "change of delta for a move of 1%");
            add($"vega_1pt_home[{coin}]", sum.Vega1Pt, unit, "gain for one point of implied volatility");
            add($"theta_1d_home[{coin}]", sum.Theta1D, unit, "gain of one day");
        }
    }
}
