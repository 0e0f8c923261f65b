using Plimsoll.Margin;

namespace Plimsoll.Reports;

/// <summary>Distance to liquidation in the answers of <c>margin</c> and <c>risk</c>.</summary>
static class DistanceJson
{
    public static void Write(JsonAnswer json, AccountDistance account)
    {
        json.Text("subaccount", account.Portfolio);
        json.Text("model", account.Model);
        json.Objects("axes", account.Axes, axis => WriteAxis(json, axis));
        json.Objects(
            "positions",
            account.Positions,
            position =>
            {
                json.Text("instrument", position.Instrument);
                json.Number("contracts", position.Contracts);
                json.Number("liquidation_price_usd", position.PriceUsd);
                json.Number("move", position.Move);
            }
        );
        json.Objects("joint", Some(account.Joint), joint => WriteJoint(json, joint));
        json.Objects(
            "passage",
            Some(account.Passage),
            passage =>
            {
                json.Number("probability", passage.Probability);
                json.Number("standard_error", passage.StandardError);
                json.Number("at_horizon", passage.AtHorizon);
                json.Number("median_days", passage.MedianDays);
                json.Number("paths", passage.Paths);
                json.Number("assessed", passage.Assessed);
                json.Number("bar_hours", passage.BarHours);
            }
        );
        json.Texts("missing", account.Missing);
    }

    static IEnumerable<T> Some<T>(T? value)
        where T : class => value is null ? [] : [value];

    static void WriteAxis(JsonAnswer json, AxisDistance axis)
    {
        json.Text("axis", axis.Axis);
        json.Text("underlying", axis.Underlying);
        json.Text("direction", axis.IsRise ? "up" : "down");
        json.Number("move", axis.Move);
        json.Number("price_usd", axis.PriceUsd);
        json.Text("pool", axis.Pool);
        json.Objects("first", Some(axis.First), step => WriteStep(json, step));
    }

    static void WriteJoint(JsonAnswer json, JointMove joint)
    {
        json.Number("standard_deviations", joint.StandardDeviations);
        json.Text("pool", joint.Pool);
        json.Objects(
            "moves",
            joint.Moves,
            move =>
            {
                json.Text("underlying", move.Underlying);
                json.Number("price_move", move.Price);
                json.Number("volatility_move", move.Volatility);
                json.Number("price_usd", move.PriceUsd);
            }
        );
        json.Objects("steps", joint.Steps, step => WriteStep(json, step));
    }

    internal static void WriteStep(JsonAnswer json, LadderStep step)
    {
        json.Text("action", step.Action);
        json.Text("instrument", step.Instrument);
        json.Number("fraction", step.Fraction);
        json.Number("limit_price_usd", step.LimitPriceUsd);
        json.Number("bankruptcy_price_usd", step.BankruptcyPriceUsd);
        json.Number("cost_usd", step.CostUsd);
        json.Text("reason", step.Reason);
    }
}
