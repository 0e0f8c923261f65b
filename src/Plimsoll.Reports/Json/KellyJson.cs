using Plimsoll.Sizing;

namespace Plimsoll.Reports;

/// <summary>The answer of <c>kelly --json</c>; every key is described in docs/commands.md.</summary>
public static class KellyJson
{
    /// <summary>The plan as text.</summary>
    /// <param name="plan">What to write.</param>
    /// <param name="equity">Wealth that the fraction is of; null: not stated.</param>
    public static string Write(KellyPlan plan, double? equity)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var request = plan.Request;
        return JsonAnswer.Write(json =>
        {
            json.Text("status", plan.HasEdge ? "bet" : "no_edge");
            json.Objects(
                "outcomes",
                request.Outcomes,
                outcome =>
                {
                    json.Number("probability", outcome.Probability);
                    json.Number("return", outcome.Return);
                }
            );
            json.Number("edge", plan.Edge);
            json.Number("full_fraction", plan.FullFraction);
            json.Number("full_growth_per_bet", plan.FullGrowth);
            json.Number("kelly_fraction", request.Multiple);
            json.Number("fraction", plan.Fraction);
            json.Number("stake", equity * plan.Fraction);
            json.Number("growth_per_bet", plan.Growth);
            json.Number("growth_share", plan.HasEdge ? plan.Growth / plan.FullGrowth : null);
            json.Number("log_deviation_per_bet", plan.LogDeviation);
            json.Number("bets_to_double", plan.Growth > 0 ? Math.Log(2) / plan.Growth : null);
            json.Number("power_utility_fraction", plan.PowerUtilityFraction);
            json.Number("zero_growth_fraction", plan.HasEdge ? plan.ZeroGrowthFraction : null);
            json.Number("no_ruin_fraction", plan.NoRuinFraction);
            json.Number("worst_loss", plan.WorstLoss);
            json.Object(
                "drawdown",
                () =>
                {
                    json.Number("limit", request.Drawdown);
                    json.Number("exponent", plan.DrawdownExponent);
                    json.Number("ever_bound", plan.DrawdownBound);
                    json.Number("ever_continuous", plan.DrawdownContinuous);
                    json.Number("bets", request.Bets);
                    json.Number("within_bets", plan.DrawdownWithin);
                    json.Number("within_bets_standard_error", plan.DrawdownWithinError);
                    json.Number("probability", request.DrawdownProbability);
                    json.Number("constrained_fraction", plan.ConstrainedFraction);
                    json.Number("constrained_growth_per_bet", plan.ConstrainedGrowth);
                }
            );
        });
    }
}
