using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Tails;

namespace Plimsoll.Reports;

/// <summary>The answers of <c>tail ... --json</c>; every key is described in docs/commands.md.</summary>
public static class TailJson
{
    /// <summary>A forecast.</summary>
    public static string Write(TailOutlook outlook) =>
        JsonAnswer.Write(json =>
        {
            json.Text("underlying", outlook.Underlying);
            json.Text("from", Day(outlook.From));
            json.Number("horizon_days", outlook.HorizonDays);
            json.Objects(
                "levels",
                outlook.Levels,
                level =>
                {
                    json.Number("probability", level.Probability);
                    json.Number("value_at_risk", level.ValueAtRisk / 100);
                    json.Number("expected_shortfall", level.ExpectedShortfall / 100);
                    json.Number("factor", level.Factor);
                    json.Objects(
                        "members",
                        level.Weights,
                        member =>
                        {
                            json.Text("model", member.Model);
                            json.Number("weight", member.Weight);
                            json.Number("value_at_risk", member.ValueAtRisk / 100);
                            json.Number("expected_shortfall", member.ExpectedShortfall / 100);
                        }
                    );
                }
            );
            json.Texts("warnings", outlook.Notes);
        });

    /// <summary>An evaluation.</summary>
    public static string Write(ImmutableArray<EvaluationRow> rows, ImmutableArray<string> notes) =>
        JsonAnswer.Write(json =>
        {
            json.Objects("rows", rows, row => Write(json, row));
            json.Objects(
                "contests",
                TailVerdict.Contests(rows),
                contest =>
                {
                    json.Number("probability", contest.Level.Value);
                    json.Text("model", contest.Model);
                    json.Text("against", contest.Against);
                    json.Number("underlyings", contest.Coins);
                    json.Number("lower", contest.Lower);
                    json.Texts("better", contest.Better);
                    json.Texts("worse", contest.Worse);
                }
            );
            json.Objects(
                "coverage",
                TailVerdict.Coverage(rows),
                count =>
                {
                    json.Number("probability", count.Level.Value);
                    json.Text("model", count.Model);
                    json.Number("underlyings", count.Coins);
                    json.Number("kupiec", count.Kupiec);
                    json.Number("independence", count.Independence);
                    json.Number("conditional", count.Both);
                }
            );
            json.Texts("warnings", notes);
        });

    static void Write(JsonAnswer json, EvaluationRow row)
    {
        json.Text("underlying", row.Underlying);
        json.Number("probability", row.Level.Value);
        json.Text("model", row.Model);
        json.Text("from", Day(row.Series[0].Date));
        json.Text("to", Day(row.Series[^1].Date));
        json.Number("days", row.Days);
        json.Number("undetermined", row.Undetermined);
        json.Number("failed_fits", row.FailedFits);
        json.Number("mean_fz0", row.MeanFz0);
        json.Number("mean_quantile_loss", row.MeanQuantileLoss / 100);
        json.Number("hits", row.Hits);
        json.Number("kupiec_p", row.Kupiec.PValue);
        json.Number("independence_p", row.Independence.PValue);
        json.Number("conditional_p", row.Conditional.PValue);
        json.Number("dynamic_quantile_p", row.DynamicQuantile.PValue);
        json.Number("z1", row.Z1);
        json.Number("z1_p", row.Z1PValue);
        json.Number("z2", row.Z2);
        json.Number("z2_p", row.Z2PValue);
        json.Number("mean_value_at_risk", row.MeanValueAtRisk / 100);
        json.Number("mean_expected_shortfall", row.MeanExpectedShortfall / 100);
        json.Number("t_against_reference", row.AgainstReference);
        json.Number("t_without_largest", row.WithoutLargest);
        json.Number("confidence_set_p", row.ConfidenceSetPValue);
        json.Objects(
            "years",
            row.Years,
            year =>
            {
                json.Number("year", year.Year);
                json.Number("days", year.Days);
                json.Number("mean_fz0", year.MeanFz0);
                json.Number("hits", year.Hits);
            }
        );
        json.Texts("hit_dates", row.HitDates.Select(Day));
    }

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
