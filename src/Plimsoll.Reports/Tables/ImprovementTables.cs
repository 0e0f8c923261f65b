using Plimsoll.Margin;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>What <c>margin --improve</c> found, for people.</summary>
static class ImprovementTables
{
    public static void Write(IAnsiConsole console, string subaccount, MarginImprovement improvement)
    {
        WriteHedges(console, subaccount, improvement);
        WriteEfficient(console, subaccount, improvement);
        if (improvement.Cuts is { } cuts)
            WriteCuts(console, subaccount, cuts);
    }

    static void WriteHedges(IAnsiConsole console, string subaccount, MarginImprovement improvement)
    {
        if (improvement.Hedges.IsEmpty)
        {
            ReportPage.Paragraph(console, $"{subaccount}: no single trade frees margin beyond its cost");
            return;
        }
        var table = new ReportTable("trade", "#contracts", "#frees initial", "#maintenance", "#cost", "#per cost", "");
        foreach (var hedge in improvement.Hedges)
            table.Add(
                Style.Plain,
                hedge.Trade.Instrument.Name,
                Signed(hedge.Trade),
                Figures.Amount(hedge.ReleasedUsd),
                Figures.Amount(hedge.MaintenanceReleasedUsd),
                Figures.Amount(hedge.Trade.CostUsd),
                Figures.Amount(hedge.PerCost),
                hedge.IsCut ? "cut" : "hedge"
            );
        ReportPage.Section(console, $"{subaccount}: trades that free margin, USD, each alone", table);
    }

    static void WriteEfficient(IAnsiConsole console, string subaccount, MarginImprovement improvement)
    {
        if (improvement.Efficient.IsEmpty)
        {
            ReportPage.Paragraph(console, $"{subaccount}: no trade has growth beyond its cost under the stated views");
            return;
        }
        var table = new ReportTable("trade", "#contracts", "#growth", "#initial", "#available", "#per 1000");
        foreach (var candidate in improvement.Efficient)
            table.Add(
                Style.Plain,
                candidate.Trade.Instrument.Name,
                Signed(candidate.Trade),
                Points(candidate.Growth),
                Figures.Amount(candidate.InitialUsd),
                Figures.Amount(-candidate.AvailableUsd),
                double.IsFinite(candidate.GrowthPerThousand) ? Points(candidate.GrowthPerThousand) : "free"
            );
        ReportPage.Section(
            console,
            $"{subaccount}: growth per margin, basis points of equity over the horizon, smallest orders",
            table
        );
    }

    static void WriteCuts(IAnsiConsole console, string subaccount, CutPlan plan)
    {
        string target = Figures.Percent(plan.Target);
        if (plan.Cuts.IsEmpty && plan.IsReached)
        {
            ReportPage.Paragraph(
                console,
                $"{subaccount}: maintenance is {Figures.Percent(plan.RatioBefore)} of its balance, under {target}: "
                    + "no cut is needed"
            );
            return;
        }
        var table = new ReportTable("trade", "#contracts", "#cost");
        foreach (var trade in plan.Cuts)
            table.Add(Style.Plain, trade.Instrument.Name, Signed(trade), Figures.Amount(trade.CostUsd));
        ReportPage.Section(
            console,
            plan.IsReached
                ? $"{subaccount}: cheapest cuts to {target} maintenance over balance, USD"
                : $"{subaccount}: {target} cannot be reached by cuts; closing all that is quoted",
            table
        );
        string proof =
            plan.IsProved ? "no cheaper set of whole lots exists"
            : plan.BoundUsd is { } bound ? $"no set can cost less than {Figures.Amount(bound)}"
            : "the rule is not convex: best found, not proved";
        ReportPage.Paragraph(
            console,
            $"{Figures.Percent(plan.RatioBefore)} becomes {Figures.Percent(plan.RatioAfter)} for "
                + $"{Figures.Amount(plan.CostUsd)} USD; {proof}"
        );
        ReportPage.List(console, "Cannot be cut", plan.Kept, ReportPage.Attention);
    }

    static string Points(double fraction) => Figures.Amount(10_000 * fraction);

    static string Signed(PortfolioTrade trade) => Figures.Signed((decimal)trade.Contracts);
}
