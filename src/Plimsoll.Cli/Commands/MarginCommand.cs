using System.CommandLine;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Reports;
using Plimsoll.Sizing;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll margin</c>: what the venue asks for the account, charge by charge.</summary>
static class MarginCommand
{
    public static Command Build(Terminal terminal)
    {
        var options = new SizingOptions();
        var venue = new Option<string>("--venue")
        {
            Description = "margin as this venue would, such as deribit; the account's own if absent",
            HelpName = "VENUE",
        };
        var model = new Option<string>("--model")
        {
            Description = "margin model by its key; that of the account's margin mode if absent",
            HelpName = "KEY",
        };
        var parameters = new Option<string>("--parameters")
        {
            Description = "the model's figures in a file: from fetch margin, or the venue's answer; needs --model",
            HelpName = "FILE",
        };
        var underlying = new Option<string>("--underlying")
        {
            Description = "the netting unit of the chart, such as BTC or BTC_USDC",
            HelpName = "UNIT",
        };
        var horizon = InputOptions.HorizonDays();
        var liquidation = new Option<string>("--liquidation")
        {
            Description = "a venue's liquidation figures in a file of their own (JSON, as in data/venues)",
            HelpName = "FILE",
        };
        var improve = new Option<bool>("--improve")
        {
            Description = "trades that free margin, growth per margin; with --target-ratio the cheapest cuts",
        };
        var target = new Option<string>("--target-ratio")
        {
            Description = "maintenance margin over its balance to come down to, such as 50%; implies --improve",
            HelpName = "SHARE",
        };
        var stating = new StatedMargins();
        var json = InputOptions.Json();
        var chart = InputOptions.Chart("the scenario grid as a heat map");
        var command = new Command(
            "margin",
            "Shows what the venue asks: initial and maintenance margin by pool, every charge by name, the scenario "
                + "grid with its worst cell, the distance to liquidation."
        )
        {
            venue,
            model,
            parameters,
            underlying,
            liquidation,
            horizon,
            improve,
            target,
            json,
            chart,
        };
        options.AddTo(command);
        stating.AddTo(command);
        command.SetAction(
            async (parsed, cancel) =>
            {
                var text = new OptionText(parsed);
                var inputs = new InputReader(text);
                var market = inputs.Market(options.Market);
                var account = inputs.Account(options);
                var chosen = Chosen(inputs, text, venue, model, parameters);
                var ladder = Ladder(inputs, text, liquidation);
                string? file = inputs.ChartFile(chart);
                var law = inputs.Law(options, horizon);
                var stated = await stating.ReadAsync(inputs, text, stating.Written(parsed), account, cancel);
                double? ratio = text.Share(target);
                bool improves = parsed.GetValue(improve) || ratio is not null;
                var sizing = improves && inputs.Faults.Count == 0 ? inputs.Sizing(options) : null;
                if (account is not null && inputs.Faults.Count == 0)
                    RequireModels(text, account, chosen, options.Account);
                if (market is null || account is null || law is null || inputs.Faults.Count > 0)
                    return PlimsollCommand.Refuse(terminal, inputs.Faults);
                var report = terminal.Working(
                    "assessing",
                    () => MarginReport.Of(account, market, chosen, law.Draw, law.Threads, ladder)
                );
                if (sizing is not null)
                {
                    if (
                        terminal.Working("looking for better", () => Improved(inputs, report, sizing, ratio))
                        is not { } found
                    )
                        return PlimsollCommand.Refuse(terminal, inputs.Faults);
                    report = found;
                }
                if (!stated.IsEmpty)
                {
                    var compared = MarginReconciliation.Of(report, stated, out var unmatched);
                    report = report with { Errors = compared, Warnings = report.Warnings.AddRange(unmatched) };
                    if (stating.Kept(text) is { } kept)
                        MarginErrorsFile.Append(kept, compared);
                }
                report = report with { Warnings = [.. inputs.Notes.Distinct(), .. report.Warnings] };
                if (file is not null && Grid(report, text.Text(underlying)) is var (pool, grid))
                    WholeFile.Write(file, MarginGridChart.Draw(pool, grid).Bytes(file));
                else if (file is not null)
                {
                    text.Refuse(chart, file, NoGrid(report, text.Text(underlying)));
                    return PlimsollCommand.Refuse(terminal, inputs.Faults);
                }
                if (parsed.GetValue(json))
                    terminal.Out.Write(MarginJson.Write(report, market));
                else
                    MarginTables.Write(terminal.Tables(), report, market);
                return !report.IsDetermined ? ExitCode.Undetermined
                    : report.IsShort ? ExitCode.No
                    : ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>The ladder of a file, or null without one or after a fault.</summary>
    static ILiquidationLadder? Ladder(InputReader inputs, OptionText text, Option<string> option)
    {
        if (text.Text(option) is not { } file)
            return null;
        if (File.Exists(file))
            return inputs.Take(LiquidationLadders.Load(File.ReadAllText(file), file));
        text.Refuse(option, file, "a file that exists");
        return null;
    }

    /// <summary>With improvements under the mandate's assumptions and views; null after a fault.</summary>
    static MarginReport? Improved(InputReader inputs, MarginReport report, SizingInput sizing, double? target)
    {
        if (inputs.Take(Sizer.Prepare(sizing)) is not { } prepared)
            return null;
        var market = MarginReport.Fitted(sizing.Market);
        var quotes = TradeQuotes.Of(market, sizing.Mandate.Assumptions);
        return report.Improved(market, quotes, MarginalGrowth.Of(prepared), target);
    }

    static Func<Subaccount, IVenueMargin?> Chosen(
        InputReader inputs,
        OptionText text,
        Option<string> venue,
        Option<string> model,
        Option<string> parameters
    )
    {
        var entry = text.Text(model) is { } key ? VenueMargins.Find(key) : null;
        if (text.Text(model) is { } unknown && entry is null)
            text.Refuse(model, unknown, "one of " + string.Join(", ", VenueMargins.All.Select(each => each.Key)));
        if (text.Text(venue) is { } name && VenueMargins.All.All(each => each.Venue != name))
            text.Refuse(venue, name, "one of " + string.Join(", ", VenueMargins.All.Select(e => e.Venue).Distinct()));
        if (text.Text(venue) is { } other && entry is not null && entry.Venue != other)
            text.Refuse(venue, other, $"{entry.Venue}, the venue of {entry.Key}");
        if (text.Text(parameters) is { } file)
        {
            if (entry is null)
                text.Refuse(parameters, file, "--model beside it, whose figures they are");
            else if (inputs.Take(MarginParameterFile.Read(file, entry)) is { } read)
                return _ => entry.With(read);
            return _ => null;
        }
        return subaccount =>
        {
            // Margin as another venue would: the model and the figures that the account names are its own venue's.
            string? own = text.Text(venue) is null ? subaccount.MarginModel : null;
            var of = entry ?? VenueMargins.For(text.Text(venue) ?? subaccount.Venue, subaccount.MarginMode, own);
            return of?.With(of == VenueMargins.EntryOf(subaccount) ? subaccount.MarginParameters : null);
        };
    }

    static void RequireModels(
        OptionText text,
        Account account,
        Func<Subaccount, IVenueMargin?> chosen,
        Option<string> option
    )
    {
        string known = string.Join(", ", VenueMargins.All.Select(entry => entry.Venue).Distinct());
        foreach (var subaccount in account.Subaccounts.Where(subaccount => chosen(subaccount) is null))
            text.Refuse(option, $"{subaccount.Name} at {subaccount.Venue}", $"a venue with a margin model: {known}");
    }

    /// <summary>What it would take for there to be a grid.</summary>
    static string NoGrid(MarginReport report, string? unit)
    {
        string[] units =
        [
            .. report
                .Subaccounts.SelectMany(row => row.Statement.Pools)
                .SelectMany(pool => pool.Grids)
                .Select(grid => grid.Unit)
                .Distinct(StringComparer.Ordinal),
        ];
        string[] missing = [.. report.Subaccounts.SelectMany(row => row.Statement.Missing)];
        return units.Length > 0 ? $"--underlying one of {string.Join(", ", units)}, not {unit}"
            : missing.Length > 0 ? $"figures that are known; the margin is undetermined: {string.Join("; ", missing)}"
            : report.Subaccounts.All(row => row.Portfolio.Positions.IsEmpty) ? "an account with positions"
            : $"a model with a scenario grid; {report.Subaccounts[0].Model.Key} has none";
    }

    static (PoolStatement Pool, MarginGrid Grid)? Grid(MarginReport report, string? unit)
    {
        foreach (var pool in report.Subaccounts.SelectMany(row => row.Statement.Pools))
        foreach (var grid in pool.Grids)
            if (unit is null || grid.Unit == unit)
                return (pool, grid);
        return null;
    }
}
