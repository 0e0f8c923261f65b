using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Reports;

/// <summary>
/// The answer of <c>stress --json</c>; every key is described in docs/commands.md, and a test compares the two.
/// </summary>
public static class StressJson
{
    /// <summary>The report as text.</summary>
    /// <param name="report">What to write.</param>
    /// <param name="market">The market that it was made in.</param>
    public static string Write(StressReport report, MarketSnapshot market)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(market);
        return JsonAnswer.Write(json =>
        {
            json.Text("status", report.Equity is null ? "undetermined" : "ok");
            json.Instant("as_of", report.AsOf);
            json.Text("market", market.Source);
            json.Number("equity", report.Equity);
            json.Text("currency", report.Home.Code);
            json.Number("horizon_days", report.Horizon.Days);
            json.Number("level", report.Level);
            json.Objects("named", report.Named, named => Named(json, named));
            json.Objects("reverse", report.Reverse, reverse => Reverse(json, reverse));
            json.Number("mean_loss", report.MeanLoss);
            json.Objects("entropy", report.Entropy, entropy => Entropy(json, entropy));
            Hidden(json, report.Hidden);
            json.Objects(
                "dependence",
                report.Dependence,
                row =>
                {
                    json.Text("dependence", row.Dependence);
                    json.Number("value_at_risk", row.ValueAtRisk);
                    json.Number("expected_shortfall", row.ExpectedShortfall);
                    json.Number("worst", row.Worst);
                }
            );
            Liquidity(json, report.Liquidity);
            json.Objects(
                "ladders",
                report.Ladders,
                rung =>
                {
                    json.Text("underlying", rung.Underlying);
                    json.Text("kind", rung.Kind);
                    json.Number("step", rung.Step);
                    json.Number("gain", rung.Gain);
                }
            );
            json.Texts("missing", report.Missing);
            DecisionJson.WriteNotes(json, market.Repairs, report.Assumptions, report.Warnings);
        });
    }

    static void Named(JsonAnswer json, NamedLoss named)
    {
        json.Text("name", named.Row.Name);
        json.Text("words", named.Row.Words);
        json.Flag("history", named.Row.IsHistory);
        json.Flag("at_low", named.Row.AtLow);
        json.Flag("volatility_assumed", named.Row.VolatilityAssumed);
        Moves(json, named.Moves);
        json.Number("gain", named.Gain);
        json.Objects(
            "by_underlying",
            named.GainByUnderlying,
            row =>
            {
                json.Text("underlying", row.Key);
                json.Number("gain", row.Value);
            }
        );
        json.Number("collateral_gain", named.CollateralGain);
        json.Number("spread_factor", named.Row.Liquidity.Spread);
        json.Number("depth_left", named.Row.Liquidity.Depth);
        json.Number("exit_cost", named.ExitCost);
        json.Texts("short_pools", named.ShortPools);
        json.Objects(
            "amplified",
            named.AmplifiedMoves,
            row =>
            {
                json.Text("underlying", row.Key);
                json.Number("spot", row.Value);
            }
        );
        json.Number("amplified_gain", named.AmplifiedGain);
    }

    static void Moves(JsonAnswer json, IEnumerable<CoinMoves> moves) =>
        json.Objects(
            "moves",
            moves,
            move =>
            {
                json.Text("underlying", move.Underlying);
                json.Number("spot", move.Spot);
                json.Number("volatility_points", move.VolatilityPoints);
            }
        );

    static void Reverse(JsonAnswer json, ReverseResult result)
    {
        json.Text("target", result.Target);
        json.Number("share", result.Share);
        json.Number("loss", result.Level);
        json.Objects(
            "found",
            result.Moves,
            move =>
            {
                json.Text("words", move.Words);
                Moves(json, move.Moves);
                json.Number("distance", move.Distance);
                json.Number("misalignment", move.Misalignment);
                json.Number("per_year", move.PerYear);
                json.Flag("extrapolated", move.IsExtrapolated);
                json.Number("per_year_on_the_way", move.PerYearOnTheWay);
                json.Number("seen", move.Seen);
                json.Number("seen_on_the_way", move.SeenOnTheWay);
                json.Texts("seen_on", move.SeenOn);
            }
        );
        json.Number("samples", result.Samples);
        json.Number("exceeding", result.Exceeding);
        json.Number("searched_deviations", result.SearchedDeviations);
        json.Number("evaluations", result.Evaluations);
    }

    static void Entropy(JsonAnswer json, EntropyResult result)
    {
        json.Number("share", result.Share);
        json.Number("radius", result.Worst?.Entropy);
        json.Number("mean_loss", result.Worst?.MeanLoss);
        json.Number("tilt", result.Worst?.Tilt);
        json.Number("effective_sample", result.Worst?.EffectiveSample);
        json.Number("relative_gap", result.Worst?.RelativeGap);
        Moves(json, result.Moves);
    }

    static void Hidden(JsonAnswer json, HiddenReport? hidden) =>
        json.Object(
            "hidden",
            () =>
            {
                json.Objects(
                    "pairs",
                    hidden?.Pairs ?? [],
                    pair =>
                    {
                        json.Text("hedged", pair.Hedged);
                        json.Text("hedge", pair.Hedge);
                        json.Text("tail", pair.Tail);
                        json.Number("calm_correlation", pair.CalmCorrelation);
                        json.Number("tail_correlation", pair.TailCorrelation);
                        json.Number("hedged_loss", pair.HedgedLoss);
                        json.Number("hedge_loss", pair.HedgeLoss);
                        json.Number("calm_loss", pair.CalmLoss);
                        json.Number("hidden_loss", pair.HiddenLoss);
                        json.Flag("adds_up", pair.AddsUp);
                    }
                );
                json.Number("level", hidden?.Level);
                json.Number("loss", hidden?.Loss);
                json.Number("calm_loss", hidden?.CalmLoss);
                json.Number("hidden_loss", hidden?.HiddenLoss);
                json.Objects(
                    "sizes",
                    hidden?.Sizes?.Kept ?? [],
                    size =>
                    {
                        json.Text("instrument", size.Name);
                        json.Number("contracts", size.Contracts);
                        json.Number("kept", size.Kept);
                    }
                );
                json.Number("cost", hidden?.Sizes?.Cost);
                json.Number("least_cost", hidden?.Sizes?.LeastCost);
                json.Number("loss_after", hidden?.Sizes?.Loss);
                json.Flag("removed", hidden?.Sizes?.IsReached ?? true);
            }
        );

    static void Liquidity(JsonAnswer json, LiquidityLoss? liquidity) =>
        json.Object(
            "liquidity",
            () =>
            {
                json.Number("value_at_risk", liquidity?.ValueAtRisk);
                json.Number("expected_shortfall", liquidity?.ExpectedShortfall);
                json.Number("calm_exit", liquidity?.CalmExit);
                json.Number("crunch_exit", liquidity?.CrunchExit);
                json.Number("crunch_days", liquidity?.CrunchDays);
                json.Number("adjusted_value_at_risk", liquidity?.Adjusted);
                json.Objects(
                    "exits",
                    liquidity?.Exits ?? [],
                    exit =>
                    {
                        json.Text("instrument", exit.Calm.Instrument);
                        json.Number("contracts", exit.Calm.Contracts);
                        json.Number("calm", exit.Calm.Total);
                        json.Number("crunch_half_spread", exit.CrunchHalfSpread);
                        json.Number("fee", exit.Calm.Fee);
                        json.Number("crunch_impact", exit.CrunchImpact);
                        json.Number("crunch_days", exit.CrunchDays);
                    }
                );
            }
        );
}
