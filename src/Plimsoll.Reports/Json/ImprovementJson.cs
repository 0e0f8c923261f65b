using Plimsoll.Margin;

namespace Plimsoll.Reports;

/// <summary>The answer of <c>margin --improve</c> within <c>margin</c>'s.</summary>
static class ImprovementJson
{
    public static void Write(JsonAnswer json, MarginImprovement improvement)
    {
        json.Objects(
            "hedges",
            improvement.Hedges,
            hedge =>
            {
                WriteTrade(json, hedge.Trade);
                json.Number("released_initial_usd", hedge.ReleasedUsd);
                json.Number("released_maintenance_usd", hedge.MaintenanceReleasedUsd);
                json.Number("available_gain_usd", hedge.AvailableUsd);
                json.Number("released_per_cost", Finite(hedge.PerCost));
                json.Flag("cut", hedge.IsCut);
            }
        );
        json.Objects(
            "efficient",
            improvement.Efficient,
            candidate =>
            {
                WriteTrade(json, candidate.Trade);
                json.Number("growth", candidate.Growth);
                json.Number("initial_margin_usd", candidate.InitialUsd);
                json.Number("available_used_usd", candidate.AvailableUsd);
                json.Number("growth_per_thousand_usd", Finite(candidate.GrowthPerThousand));
            }
        );
        json.Objects(
            "cuts",
            improvement.Cuts is { } cuts ? [cuts] : Array.Empty<CutPlan>(),
            plan =>
            {
                json.Number("target_ratio", plan.Target);
                json.Number("ratio_before", Finite(plan.RatioBefore));
                json.Number("ratio_after", Finite(plan.RatioAfter));
                json.Flag("reached", plan.IsReached);
                json.Flag("proved", plan.IsProved);
                json.Number("cost_usd", plan.CostUsd);
                json.Number("cost_bound_usd", plan.BoundUsd);
                json.Number("assessed", plan.Assessed);
                json.Objects("trades", plan.Cuts, trade => WriteTrade(json, trade));
                json.Texts("kept", plan.Kept);
            }
        );
    }

    static void WriteTrade(JsonAnswer json, PortfolioTrade trade)
    {
        json.Text("instrument", trade.Instrument.Name);
        json.Number("contracts", trade.Contracts);
        json.Number("cost_usd", trade.CostUsd);
    }

    static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
