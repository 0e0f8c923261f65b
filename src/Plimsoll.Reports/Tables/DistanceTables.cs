using Plimsoll.Margin;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>Distance to liquidation for people, in <c>margin</c> and <c>risk</c>.</summary>
static class DistanceTables
{
    public static void Write(IAnsiConsole console, AccountDistance account)
    {
        if (!account.Missing.IsEmpty)
        {
            ReportPage.List(
                console,
                $"{account.Portfolio}: distance to liquidation, missing",
                account.Missing,
                ReportPage.Attention
            );
            return;
        }
        if (account.Axes.IsEmpty)
            return;
        ReportPage.Section(console, $"{account.Portfolio}: distance to liquidation, {account.Model}", Axes(account));
        if (account.Joint is { } joint)
            WriteJoint(console, joint);
        else
            ReportPage.Paragraph(
                console,
                FormattableString.Invariant(
                    $"no joint move of up to {JointDirection.Farthest} standard deviations leads to liquidation"
                )
            );
        if (account.Passage is { } passage)
            ReportPage.Paragraph(
                console,
                FormattableString.Invariant(
                    $"liquidated on the way (bars of {passage.BarHours:0.##} h, lows and highs): "
                )
                    + $"{Figures.Percent(passage.Probability)} ± {Figures.Percent(passage.StandardError)}; at the "
                    + $"horizon's close {Figures.Percent(passage.AtHorizon)}"
                    + (
                        passage.MedianDays is { } days
                            ? FormattableString.Invariant($"; half of it within {days:0.##} days")
                            : ""
                    )
            );
    }

    static ReportTable Axes(AccountDistance account)
    {
        var table = new ReportTable("of", "direction", "#move", "#at", "pool", "closed first");
        foreach (var axis in account.Axes)
            table.Add(
                axis.Move == 0 ? ReportPage.Bad : Style.Plain,
                $"{axis.Underlying} {axis.Axis}",
                axis.IsRise ? "up" : "down",
                axis.Move is null ? "none in range" : Figures.Percent(axis.Move),
                Figures.Amount(axis.PriceUsd),
                axis.Pool,
                axis.First is { } first ? Words(first) : ""
            );
        foreach (var position in account.Positions)
            table.Add(
                Style.Plain,
                position.Instrument,
                position.Contracts > 0 ? "down" : "up",
                position.Move is null ? "none in range" : Figures.Percent(position.Move),
                Figures.Amount(position.PriceUsd),
                "",
                "liquidation price of the position"
            );
        return table;
    }

    static void WriteJoint(IAnsiConsole console, JointMove joint)
    {
        var table = new ReportTable("coin", "#price", "#at", "#volatility");
        foreach (var move in joint.Moves)
            table.Add(
                Style.Plain,
                move.Underlying,
                Figures.Percent(move.Price),
                Figures.Amount(move.PriceUsd),
                move.Volatility is null ? "" : Figures.Percent(move.Volatility)
            );
        ReportPage.Section(
            console,
            $"Nearest joint move to liquidation of {joint.Pool}: "
                + FormattableString.Invariant($"{joint.StandardDeviations:0.00} standard deviations"),
            table
        );
        foreach (var step in joint.Steps.Where(step => step.Action != "cancel_orders"))
            ReportPage.Paragraph(console, "there: " + Words(step));
    }

    static string Words(LadderStep step) =>
        (step.Action.Replace('_', ' ') + " " + step.Instrument).TrimEnd()
        + (step.Fraction is > 0 and < 1 ? $", {Figures.Percent(step.Fraction)} of it" : "")
        + (step.BankruptcyPriceUsd is { } price ? $", bankrupt at {Figures.Amount(price)}" : "")
        + (step.CostUsd is { } cost and > 0 ? $", cost {Figures.Amount(cost)} USD" : "");
}
