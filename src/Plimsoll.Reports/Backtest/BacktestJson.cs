using Plimsoll.Backtest;
using Plimsoll.Methods;
using Plimsoll.Sizing;

namespace Plimsoll.Reports;

/// <summary>The answer of <c>backtest --json</c>; every key is described in docs/commands.md.</summary>
public static class BacktestJson
{
    /// <summary>The outcome as text.</summary>
    /// <param name="outcome">What to write.</param>
    public static string Write(BacktestOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var (request, records) = (outcome.Request, outcome.Methods[0].Records);
        return JsonAnswer.Write(json =>
        {
            json.Text("source", outcome.Source);
            json.Instant("from", records[0].Time);
            json.Instant("to", records[^1].Time);
            json.Number("instants", records.Length);
            json.Number("every_days", request.Every.TotalDays);
            json.Text("currency", request.Home.Code);
            json.Number("scenarios", request.Scenarios);
            json.Number("tries", outcome.Tries);
            json.Objects("methods", outcome.Methods, method => WriteMethod(json, method));
            json.Object(
                "selection",
                () =>
                {
                    json.Number("splits", (double?)outcome.Selection?.Splits);
                    json.Number("overfit_probability", outcome.Selection?.OverfitProbability);
                    json.Number("outside_sharpe_median", outcome.Selection?.MedianOutside);
                    json.Number("outside_sharpe_low", outcome.Selection?.LowOutside);
                    json.Number("outside_sharpe_high", outcome.Selection?.HighOutside);
                    json.Number("outside_loss_probability", outcome.Selection?.LossProbability);
                }
            );
            json.Texts("assumptions", outcome.Assumptions);
        });
    }

    /// <summary>Family as the documentation names it.</summary>
    public static string Family(MethodFamily family) =>
        family switch
        {
            MethodFamily.VolatilityAdjusted => "volatility-adjusted",
            MethodFamily.MeanVariance => "mean-variance",
            MethodFamily.RiskParity => "risk-parity",
            _ => family.ToString().ToLowerInvariant(),
        };

    static void WriteMethod(JsonAnswer json, MethodOutcome method)
    {
        var (statistics, records) = (method.Statistics, method.Records);
        json.Text("name", method.Name);
        json.Text("family", Family(method.Family));
        json.Number("decisions", method.Due);
        json.Number("sized", method.Decisions(DecisionStatus.Sized));
        json.Number("infeasible", method.Decisions(DecisionStatus.Infeasible));
        json.Number("undetermined", method.Decisions(DecisionStatus.Undetermined));
        json.Number("equity_first", records[0].EquityBefore);
        json.Number("equity_last", records[^1].Equity);
        json.Number("growth_annual", statistics.GrowthAnnual);
        json.Number("volatility_annual", statistics.VolatilityAnnual);
        json.Number("sharpe", statistics.Sharpe);
        json.Number("sortino", statistics.Sortino);
        json.Number("calmar", statistics.Calmar);
        json.Number("skewness", statistics.Skewness);
        json.Number("kurtosis", statistics.Kurtosis);
        json.Number("worst_day", statistics.WorstDay);
        json.Number("maximum_drawdown", statistics.MaximumDrawdown);
        json.Number("longest_under_water_days", statistics.LongestUnderWaterDays);
        json.Number("under_water_share", statistics.UnderWaterShare);
        json.Number("mean_exposure", method.MeanExposure);
        json.Number("turnover_annual", method.TurnoverAnnual);
        json.Object(
            "cost",
            () =>
            {
                json.Number("fees", method.ShareOfEquity(record => record.Fees));
                json.Number("spread", method.ShareOfEquity(record => record.Spread));
                json.Number("funding", method.ShareOfEquity(record => record.Funding));
            }
        );
        json.Number("fills", records.Sum(record => record.Fills));
        json.Number("unfilled", records.Sum(record => record.Unfilled));
        json.Number("liquidations", method.Promises.Liquidations);
        json.Instant("ruined_at", method.RuinedAt);
        json.Number("probabilistic_sharpe", method.ProbabilisticSharpe);
        json.Number("deflated_sharpe", method.DeflatedSharpe);
        json.Object(
            "bands",
            () =>
            {
                json.Number("mean_block_days", method.Bands?.MeanBlock);
                WriteBand(json, "growth_annual", method.Bands?.Growth);
                WriteBand(json, "volatility_annual", method.Bands?.Volatility);
                WriteBand(json, "sharpe", method.Bands?.Sharpe);
                WriteBand(json, "maximum_drawdown", method.Bands?.Drawdown);
            }
        );
        json.Object("promises", () => WritePromises(json, method.Promises));
        json.Objects("curve", records, record => WriteRecord(json, record));
        json.Texts("notes", method.Notes);
    }

    static void WriteBand(JsonAnswer json, string key, Band? band)
    {
        json.Number($"{key}_low", band?.Low);
        json.Number($"{key}_high", band?.High);
    }

    static void WritePromises(JsonAnswer json, PromiseChecks promises)
    {
        foreach (var check in new[] { promises.Coverage95, promises.Coverage99 })
            json.Object(
                FormattableString.Invariant($"loss_{check.Level * 100:0}"),
                () =>
                {
                    json.Number("days", check.Days);
                    json.Number("hits", check.Hits);
                    json.Number("expected_hits", check.Expected);
                    json.Number("kupiec_p_value", check.KupiecPValue);
                    json.Number("shortfall_ratio", check.ShortfallRatio);
                    json.Number("shortfall_z2", check.ShortfallZ2);
                }
            );
        json.Object(
            "drawdown",
            () =>
            {
                json.Number("limit", promises.Drawdown?.Limit);
                json.Number("within_days", promises.Drawdown?.WithinDays);
                json.Number("probability", promises.Drawdown?.Probability);
                json.Number("starts", (double?)promises.Drawdown?.Starts);
                json.Number("broken", (double?)promises.Drawdown?.Broken);
                json.Number("separate_starts", (double?)promises.Drawdown?.Separate);
                json.Number("separate_broken", (double?)promises.Drawdown?.SeparateBroken);
            }
        );
        json.Number("initial_margin_limit", promises.MarginLimit);
        json.Number("initial_margin_most", promises.MarginMost);
        json.Number("liquidations_expected", promises.LiquidationsExpected);
        json.Number("liquidations", promises.Liquidations);
        json.Texts("broken", promises.Broken());
    }

    static void WriteRecord(JsonAnswer json, StepRecord record)
    {
        json.Instant("time", record.Time);
        json.Text("status", record.Status is { } status ? DecisionJson.Status(status) : null);
        json.Number("equity_before", record.EquityBefore);
        json.Number("equity", record.Equity);
        json.Number("fees", record.Fees);
        json.Number("spread", record.Spread);
        json.Number("funding", record.Funding);
        json.Number("traded", record.Traded);
        json.Number("gross", record.Gross);
        json.Number("net_delta_one", record.NetDeltaOne);
        json.Number("initial_margin_share", record.InitialMarginShare);
        json.Number("fills", record.Fills);
        json.Number("unfilled", record.Unfilled);
        json.Number("liquidations", record.Liquidations);
        json.Number("stale_marks", record.StaleMarks);
        json.Number("promised_value_at_risk_99", record.Promise?.ValueAtRisk99);
        json.Number("promised_expected_shortfall_99", record.Promise?.ExpectedShortfall99);
    }
}
