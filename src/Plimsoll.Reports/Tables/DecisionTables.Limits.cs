using System.Collections.Immutable;
using Plimsoll.Sizing;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <content>Limits before and after, and those in conflict.</content>
public static partial class DecisionTables
{
    static void WriteConflicts(IAnsiConsole console, Decision decision)
    {
        ReportPage.List(console, "Limits in conflict", decision.Conflicts, ReportPage.Bad);
        bool isEnough = decision.Relaxations.Any(relaxation => relaxation.Alone);
        string heading = isEnough ? "any one of these alone helps" : "these together help";
        var table = new ReportTable(heading, "#limit", "#needed");
        foreach (var relaxation in decision.Relaxations)
            table.Add(
                relaxation.Name,
                LimitValue(relaxation.Name, relaxation.Limit),
                LimitValue(relaxation.Name, relaxation.Needed)
            );
        ReportPage.Section(console, "Smallest relaxation", table);
    }

    static void WriteLimits(IAnsiConsole console, ImmutableArray<LimitLine> limits, DecisionStatus status)
    {
        var pressing = limits.Where(line => line.Binding || line.Value > line.Limit).ToArray();
        var near = limits
            .Except(pressing)
            .OrderByDescending(Use)
            .ThenBy(line => line.Name, StringComparer.Ordinal)
            .Take(NearestLimitsShown)
            .ToArray();
        var table = new ReportTable("limit", "#allowed", "#before", "#after", "");
        foreach (var line in pressing)
            table.Add(line.Value > line.Limit ? ReportPage.Bad : ReportPage.Attention, LimitCells(line));
        foreach (var line in near)
            table.Add(LimitCells(line));
        int others = limits.Length - pressing.Length - near.Length;
        ReportPage.Section(console, "Limits", table);
        if (others > 0)
            ReportPage.Paragraph(
                console,
                $"and {others} more, further from their limit (all in --json)",
                ReportPage.Dim
            );
        // Where limits are in conflict their prices are those of the least violation, not of growth.
        if (status != DecisionStatus.Sized)
            return;
        ReportPage.List(
            console,
            "What one more unit of a binding limit is worth",
            limits.Where(line => line.Binding && line.Words.Length > 0).Select(line => $"{line.Name}: {line.Words}")
        );
    }

    static string[] LimitCells(LimitLine line) =>
        [
            line.Name,
            LimitValue(line.Name, line.Limit),
            LimitValue(line.Name, line.ValueBefore),
            LimitValue(line.Name, line.Value),
            line.Value > line.Limit ? "broken"
            : line.Binding ? "binds"
            : line.ValueBefore > line.Limit ? "mended"
            : "",
        ];

    static double Use(LimitLine line) => line.Limit == 0 ? 0 : line.Value / line.Limit;

    // Every limit of a mandate is a share of equity or a probability but for the days to exit.
    static string LimitValue(string name, double value) =>
        name.Contains("exit-days", StringComparison.Ordinal) ? Figures.Amount(value) + " d" : Figures.Percent(value);
}
