using System.Globalization;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>Margin for people: pools, every charge by name, the scenario grid with its worst cell.</summary>
public static class MarginTables
{
    /// <summary>Writes the whole page.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="report">What to write.</param>
    /// <param name="market">The market that it was made in.</param>
    public static void Write(IAnsiConsole console, MarginReport report, MarketSnapshot market)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(market);
        string[] shortPools =
        [
            .. report
                .Subaccounts.SelectMany(row => row.Statement.Pools)
                .Where(pool => pool.IsShort)
                .Select(pool => pool.Name),
        ];
        if (!report.IsDetermined)
            ReportPage.Line(console, "undetermined: something needed is missing", ReportPage.Attention);
        if (shortPools.Length > 0)
            ReportPage.Line(
                console,
                $"short of maintenance margin: the venue would liquidate {string.Join(", ", shortPools)} now",
                ReportPage.Bad
            );
        ReportPage.Line(console, $"{Figures.Instant(report.AsOf)}, {market.Source}");
        foreach (var row in report.Subaccounts)
            WriteSubaccount(console, row);
        if (!report.Errors.IsEmpty)
            ReportPage.Section(console, "Against the venue's own statement", Errors(report));
        ReportPage.Repairs(console, market.Repairs);
        ReportPage.List(console, "Warnings", report.Warnings, ReportPage.Attention);
    }

    static void WriteSubaccount(IAnsiConsole console, SubaccountMargin row)
    {
        string dated = row.Model.Note.Dated.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string heading = $"{row.Statement.Portfolio}: {row.Model.Key}, parameters of {dated}";
        if (!row.Statement.IsDetermined)
        {
            ReportPage.List(console, heading + ", missing", row.Statement.Missing, ReportPage.Attention);
            return;
        }
        ReportPage.Section(console, heading, Pools(row.Statement));
        ReportPage.List(
            console,
            "Parameters",
            row.Model.Note.Parts.Select(part =>
                FormattableString.Invariant($"{part.Dated:yyyy-MM-dd}: {part.Part} ({part.Source})")
            )
        );
        ReportPage.Section(console, "Charges", Charges(row.Statement));
        if (!row.Liquidation.IsEmpty)
            ReportPage.Section(console, $"Liquidation by {row.Model.Venue}, were a pool just short", Ladder(row));
        if (row.Distance is { } distance)
            DistanceTables.Write(console, distance);
        if (row.Improvement is { } improvement)
            ImprovementTables.Write(console, row.Statement.Portfolio, improvement);
        foreach (var pool in row.Statement.Pools)
        foreach (var grid in pool.Grids)
            WriteGrid(console, pool, grid);
    }

    static ReportTable Errors(MarginReport report)
    {
        var table = new ReportTable(
            "pool",
            "unit",
            "#initial",
            "#venue says",
            "#maintenance",
            "#venue says",
            "#differs"
        );
        foreach (var error in report.Errors)
            table.Add(
                error.Pool,
                error.Currency.Code,
                Figures.Amount(error.Initial),
                Figures.Amount(error.StatedInitial),
                Figures.Amount(error.Maintenance),
                Figures.Amount(error.StatedMaintenance),
                double.IsFinite(error.Difference) ? Figures.Percent(error.Difference) : "without bound"
            );
        return table;
    }

    static ReportTable Pools(MarginStatement statement)
    {
        var table = new ReportTable(
            "pool",
            "unit",
            "#equity",
            "#balance",
            "#initial",
            "#maintenance",
            "#free",
            "#used"
        );
        foreach (var pool in statement.Pools)
            table.Add(
                pool.IsShort ? ReportPage.Bad : Style.Plain,
                pool.Name,
                pool.Currency.Code,
                Figures.Amount(pool.Equity),
                Figures.Amount(pool.Balance),
                Figures.Amount(pool.Initial),
                Figures.Amount(pool.Maintenance),
                Figures.Amount(pool.Available),
                Figures.Percent(pool.MaintenanceRatio)
            );
        return table;
    }

    static ReportTable Ladder(SubaccountMargin row)
    {
        var table = new ReportTable("action", "of", "#share", "#bankrupt at", "#cost", "why");
        foreach (var of in row.Liquidation)
            table.Add(
                of.IsNow ? ReportPage.Bad : Style.Plain,
                of.Step.Action.Replace('_', ' '),
                of.Step.Instrument.Length > 0 ? of.Step.Instrument : of.Pool,
                of.Step.Fraction > 0 ? Figures.Percent(of.Step.Fraction) : "",
                Figures.Amount(of.Step.BankruptcyPriceUsd),
                Figures.Amount(of.Step.CostUsd),
                of.Step.Reason
            );
        return table;
    }

    static ReportTable Charges(MarginStatement statement)
    {
        var table = new ReportTable("pool", "of", "charge", "#initial", "#maintenance");
        foreach (var pool in statement.Pools)
        foreach (var charge in pool.Charges.Where(charge => charge.Initial != 0 || charge.Maintenance != 0))
            table.Add(
                pool.Name,
                charge.Unit,
                charge.Name,
                Figures.Amount(charge.Initial),
                Figures.Amount(charge.Maintenance)
            );
        return table;
    }

    static void WriteGrid(IAnsiConsole console, PoolStatement pool, MarginGrid grid)
    {
        if (grid.Worst is not { } worst)
            return;
        var map = MarginGridMap.Of(grid);
        var table = new ReportTable([
            "price",
            .. map.Shocks.Select(shock => $"#volatility {shock.ToString().ToLowerInvariant()}"),
        ]);
        double largest = grid.Cells.Max(cell => Math.Abs(cell.Gain));
        for (int r = 0; r < map.Moves.Length; r++)
        {
            int row = r;
            table.AddHeat([
                map.Moves[row].Name,
                .. map.Shocks.Select(
                    (_, column) => map.Cells[row, column] is { } cell ? Figures.Amount(cell.Gain, largest) : ""
                ),
            ]);
        }
        string worstName = $"worst {grid.Cells[worst].Name}";
        ReportPage.Section(console, $"{grid.Unit} scenarios of {pool.Name} in {pool.Currency}, {worstName}", table);
    }
}
