using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.Sizing;

namespace Plimsoll.Reports;

/// <summary>
/// The answer of <c>size --json</c>; every key is described in docs/commands.md, and a test compares the two.
/// </summary>
public static class DecisionJson
{
    /// <summary>The decision as text.</summary>
    /// <param name="decision">What to write.</param>
    /// <param name="source">Where the market came from.</param>
    /// <param name="bets">What the book was betting on before the trades, where that was asked for.</param>
    public static string Write(Decision decision, string source, ImpliedViews? bets = null)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return JsonAnswer.Write(json =>
        {
            WriteHead(json, decision, source);
            json.Objects("targets", decision.Targets, line => WriteTarget(json, line));
            WriteGrowth(json, decision);
            json.Objects("limits", decision.Limits, line => WriteLimit(json, line));
            WriteFigures(json, decision);
            json.Objects("views", decision.Views, view => WriteView(json, view));
            WriteBets(json, bets);
            WriteAdvice(json, decision);
            WriteNotes(json, decision.Repairs, decision.Assumptions, decision.Warnings);
        });
    }

    /// <summary>What was mended, assumed and is worth a warning; the same keys in every answer.</summary>
    internal static void WriteNotes(
        JsonAnswer json,
        ImmutableArray<Repair> repairs,
        ImmutableArray<string> assumptions,
        ImmutableArray<string> warnings
    )
    {
        json.Texts("assumptions", assumptions);
        json.Objects(
            "repairs",
            repairs,
            repair =>
            {
                json.Text("instrument", repair.Instrument);
                json.Text("kind", repair.Kind);
                json.Text("detail", repair.Detail);
            }
        );
        json.Texts("warnings", warnings);
    }

    /// <summary>Figures by key, and beside them what each key means.</summary>
    internal static void WriteFigures(JsonAnswer json, string key, ImmutableArray<RiskFigure> figures) =>
        json.Object(
            key,
            () =>
            {
                foreach (var figure in figures)
                    json.Number(figure.Key, figure.Value);
            }
        );

    /// <summary>Unit and meaning of each figure's key.</summary>
    internal static void WriteLegend(JsonAnswer json, ImmutableArray<RiskFigure> figures) =>
        json.Objects(
            "figures",
            figures,
            figure =>
            {
                json.Text("key", figure.Key);
                json.Text("unit", figure.Unit);
                json.Text("description", figure.Description);
            }
        );

    /// <summary>What chose the book: growth, protect, or the key of a sizing method.</summary>
    internal static string Objective(Decision decision) =>
        decision.Method ?? (decision.Objective == ObjectiveKind.Growth ? "growth" : "protect");

    static void WriteHead(JsonAnswer json, Decision decision, string source)
    {
        json.Text("status", Status(decision.Status));
        json.Instant("as_of", decision.AsOf);
        json.Text("market", source);
        json.Number("equity", decision.Equity);
        json.Text("currency", decision.Currency.Code);
        json.Text("objective", Objective(decision));
        json.Number("horizon_days", decision.Horizon.Days);
    }

    static void WriteTarget(JsonAnswer json, TargetLine line)
    {
        json.Text("instrument", line.Instrument);
        json.Text("subaccount", line.Subaccount);
        json.Number("current", line.Current);
        json.Number("target", line.Target);
        json.Number("trade", line.Trade);
        json.Number("continuous", line.Continuous);
        json.Number("order_amount", line.OrderAmount);
        json.Text("order_amount_unit", line.OrderAmountUnit);
        json.Number("price", line.Price);
        json.Number("step", line.Step);
        json.Text("combination", line.Combination);
        json.Number("target_range_least", line.TargetRange?.Least);
        json.Number("target_range_most", line.TargetRange?.Most);
        json.Texts("reasons", line.Reasons);
    }

    static void WriteGrowth(JsonAnswer json, Decision decision)
    {
        json.Number("growth_per_horizon", decision.GrowthPerHorizon);
        json.Number("growth_per_horizon_before", decision.GrowthPerHorizonBefore);
        json.Number("growth_standard_error", decision.GrowthStandardError);
        json.Number("growth_rate_annual", decision.GrowthRateAnnual);
        json.Number("continuous_growth_rate_annual", decision.ContinuousGrowthRateAnnual);
        json.Text("governs", decision.Governs);
        var certificate = decision.Certificate;
        json.Object(
            "certificate",
            () =>
            {
                json.Number("relative_gap", certificate.RelativeGap);
                json.Number("absolute_gap", certificate.AbsoluteGap);
                json.Number("max_violation", certificate.MaximumViolation);
                json.Number("iterations", certificate.Iterations);
                json.Number("best_excluded_gain", certificate.BestExcludedGain);
                json.Number("method_iterations", (double?)certificate.Method?.Iterations);
                json.Number("method_residual", certificate.Method?.Residual);
                json.Number("method_gap", certificate.Method?.Gap);
                json.Text("best_excluded", certificate.BestExcluded);
                json.Number("lot_loss", certificate.LotLoss);
                json.Flag("lots_exact", certificate.LotsExact);
            }
        );
    }

    static void WriteLimit(JsonAnswer json, LimitLine line)
    {
        json.Text("name", line.Name);
        json.Number("limit", line.Limit);
        json.Number("value", line.Value);
        json.Number("value_before", line.ValueBefore);
        json.Flag("binding", line.Binding);
        json.Number("shadow_price", line.ShadowPrice);
        json.Number("collateral_share", line.CollateralShare);
        json.Text("words", line.Words);
    }

    static void WriteFigures(JsonAnswer json, Decision decision)
    {
        WriteFigures(json, "before", decision.Before);
        WriteFigures(json, "after", decision.After);
        WriteLegend(json, decision.After.IsEmpty ? decision.Before : decision.After);
    }

    static void WriteView(JsonAnswer json, ViewLine view)
    {
        json.Text("text", view.Text);
        json.Number("prior", view.Prior);
        json.Number("stated", view.Stated);
        json.Number("posterior", view.Posterior);
        json.Texts("induced", view.Induced);
    }

    static void WriteBets(JsonAnswer json, ImpliedViews? bets) =>
        json.Object(
            "implied_views",
            () =>
            {
                json.Number("divergence", bets?.Divergence);
                json.Objects(
                    "moments",
                    bets?.Lines ?? [],
                    line =>
                    {
                        json.Text("underlying", line.Underlying);
                        json.Text("kind", line.Kind);
                        json.Number("prior", line.Prior);
                        json.Number("implied", line.Implied);
                    }
                );
            }
        );

    static void WriteAdvice(JsonAnswer json, Decision decision)
    {
        json.Objects(
            "runners_up",
            decision.RunnersUp,
            runner =>
            {
                json.Text("instrument", runner.Instrument);
                json.Text("side", runner.Side == Side.Buy ? "buy" : "sell");
                json.Number("gain_per_horizon", runner.GainPerHorizon);
                json.Text("why", runner.Why);
            }
        );
        json.Objects(
            "orders",
            decision.Orders,
            order =>
            {
                json.Text("id", order.OrderId);
                json.Text("instrument", order.Instrument);
                json.Flag("cancel", order.Cancel);
                json.Text("why", order.Why);
            }
        );
        json.Texts("conflicts", decision.Conflicts);
        json.Objects(
            "relaxations",
            decision.Relaxations,
            relaxation =>
            {
                json.Text("name", relaxation.Name);
                json.Number("limit", relaxation.Limit);
                json.Number("needed", relaxation.Needed);
                json.Flag("alone", relaxation.Alone);
            }
        );
        json.Texts("missing", decision.Missing);
    }

    internal static string Status(DecisionStatus status) =>
        status switch
        {
            DecisionStatus.Sized => "sized",
            DecisionStatus.Infeasible => "infeasible",
            _ => "undetermined",
        };
}
