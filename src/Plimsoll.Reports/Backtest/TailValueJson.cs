using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Backtest;

namespace Plimsoll.Reports;

/// <summary>The answer of <c>backtest tail-model --json</c>; every key is described in docs/commands.md.</summary>
public static class TailValueJson
{
    static readonly string[] Names =
    [
        "growth_annual",
        "sharpe",
        "shortfall",
        "drawdown",
        "worst_month",
        "volatility_of_volatility",
    ];

    /// <summary>Coins and rules.</summary>
    public static string Write(ImmutableArray<TailValue> values, ImmutableArray<string> notes) =>
        JsonAnswer.Write(json =>
        {
            json.Objects("coins", values, value => Write(json, value));
            json.Texts("warnings", notes);
        });

    static void Write(JsonAnswer json, TailValue value)
    {
        json.Text("underlying", value.Underlying);
        json.Text("from", value.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.Text("to", value.To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.Number("days", value.Days);
        json.Objects(
            "rules",
            value.Rows,
            row =>
            {
                json.Text("rule", row.Name);
                double[] figures = row.Figures.Values;
                for (int k = 0; k < Names.Length; k++)
                    json.Number(Names[k], figures[k]);
                json.Number("mean_exposure", row.MeanExposure);
                json.Number("turnover_annual", row.TurnoverAnnual);
                json.Number("cost_annual", row.CostAnnual);
                json.Objects(
                    "less_volatility_target",
                    row is { Less: { } less, Bands: { } bands }
                        ? Names.Select((name, k) => (name, less[k], bands[k]))
                        : [],
                    difference =>
                    {
                        json.Text("figure", difference.Item1);
                        json.Number("value", difference.Item2);
                        json.Number("low", difference.Item3.Low);
                        json.Number("high", difference.Item3.High);
                    }
                );
            }
        );
    }
}
