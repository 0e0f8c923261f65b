using Plimsoll.Sizing;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>One bet sized by hand, for people.</summary>
public static class KellyTables
{
    /// <summary>Writes the whole page.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="plan">What to write.</param>
    /// <param name="equity">Wealth that the fraction is of; null: not stated.</param>
    public static void Write(IAnsiConsole console, KellyPlan plan, double? equity)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.HasEdge)
            WriteBet(console, plan, equity);
        else
            ReportPage.Line(
                console,
                $"put down nothing: the mean gain is {Figures.Percent(plan.Edge)} of the stake, there is no edge",
                ReportPage.Bad
            );
        ReportPage.Paragraph(
            console,
            $"no-ruin bound: at {Figures.Percent(plan.NoRuinFraction)} of wealth the worst outcome takes everything"
        );
    }

    static void WriteBet(IAnsiConsole console, KellyPlan plan, double? equity)
    {
        var request = plan.Request;
        string money = equity is { } wealth ? $" ({Figures.Amount(wealth * plan.Fraction)})" : "";
        ReportPage.Line(
            console,
            $"put down {Figures.Percent(plan.Fraction)} of wealth{money}: {Figures.Amount(request.Multiple)} of the "
                + $"fraction that grows fastest, {Figures.Percent(plan.FullFraction)}",
            ReportPage.Good
        );
        var growth = new ReportTable("per bet", "#at this size", "#growing fastest");
        growth.Add("expected log growth", Figures.Percent(plan.Growth), Figures.Percent(plan.FullGrowth));
        growth.Add("share of the fastest growth", Figures.Percent(plan.Growth / plan.FullGrowth), "100.00%");
        growth.Add("standard deviation of log wealth", Figures.Percent(plan.LogDeviation), Figures.Unknown);
        growth.Add(
            "bets to double at that growth",
            Figures.Amount(Math.Log(2) / plan.Growth),
            Figures.Amount(Math.Log(2) / plan.FullGrowth)
        );
        growth.Add(
            "wealth lost in the worst outcome",
            Figures.Percent(plan.WorstLoss),
            Figures.Percent(plan.FullFraction / plan.NoRuinFraction)
        );
        ReportPage.Section(console, "Growth", growth);

        string fall = Figures.Percent(request.Drawdown);
        string error = plan.DrawdownWithinError > 0 ? $" ± {Figures.Percent(plan.DrawdownWithinError)}" : "";
        var drawdown = new ReportTable($"wealth {fall} below today's", "#probability");
        drawdown.Add("ever: never above", Figures.Percent(plan.DrawdownBound));
        drawdown.Add("ever, as if betting continuously (no bound)", Figures.Percent(plan.DrawdownContinuous));
        drawdown.Add(
            FormattableString.Invariant($"within {request.Bets} bets{(error.Length > 0 ? ", drawn" : ", exact")}"),
            Figures.Percent(plan.DrawdownWithin) + error
        );
        ReportPage.Section(console, "Drawdown", drawdown);

        var sizes = new ReportTable("size", "#of wealth");
        sizes.Add(
            $"largest that keeps P(ever down {fall}) within {Figures.Percent(request.DrawdownProbability)}",
            Figures.Percent(plan.ConstrainedFraction)
        );
        sizes.Add("this size", Figures.Percent(plan.Fraction));
        sizes.Add("same risk aversion as power utility", Figures.Percent(plan.PowerUtilityFraction));
        sizes.Add("growing fastest", Figures.Percent(plan.FullFraction));
        sizes.Add("no growth: from here on wealth withers", Figures.Percent(plan.ZeroGrowthFraction));
        ReportPage.Section(console, "Sizes", sizes);
        console.WriteLine();
    }
}
