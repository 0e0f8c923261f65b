using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Reports;
using Plimsoll.Sizing;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll risk</c>: what the account risks now, and after typed trades.</summary>
static partial class RiskCommand
{
    public static Command Build(Terminal terminal)
    {
        var options = new SizingOptions();
        var trades = new Option<string[]>("--trade")
        {
            Description = "a trade whose effect to show, such as \"+5 BTC-PERPETUAL\"; may be repeated",
            HelpName = "TRADE",
            Arity = ArgumentArity.OneOrMore,
        };
        var distances = new Option<bool>("--distances")
        {
            Description = "with --trade: distances under the venue's own margin before and after too, a second more",
        };
        var underlying = InputOptions.Underlying("the coin of the chart, such as BTC");
        var json = InputOptions.Json();
        var chart = InputOptions.Chart("the spot and volatility map");
        var command = new Command(
            "risk",
            "Reports what the account risks: Greeks, spot and volatility map, worst cases, expected shortfall, margin, "
                + "distance to liquidation; with --trade before and after."
        );
        command.Add(trades);
        command.Add(distances);
        options.AddTo(command);
        command.Add(underlying);
        command.Add(json);
        command.Add(chart);
        command.SetAction(parsed =>
        {
            var text = new OptionText(parsed);
            var inputs = new InputReader(text);
            var input = inputs.Sizing(options);
            if (input is not null)
                input = input with { Store = options.Store(parsed, terminal) };
            var typed = Trades(text, trades, parsed.GetValue(trades) ?? [], input?.Market);
            string? coin = inputs.Underlying(underlying, input?.Market);
            string? file = inputs.ChartFile(chart);
            if (input is null || inputs.Faults.Count > 0)
                return PlimsollCommand.Refuse(terminal, inputs.Faults);
            // Trades are typed to see the answer at once; the distances alone take longer than all the rest.
            bool measures = typed.IsEmpty || text.Given(distances);
            var request = terminal.Working(
                "drawing scenarios",
                () => inputs.Take(RiskRequests.Of(input, typed, measures))
            );
            if (request is null)
                return PlimsollCommand.Refuse(terminal, inputs.Faults);
            var report = terminal.Working("revaluing the account", () => AccountRisk.Report(request));
            report = report with { Warnings = [.. inputs.Notes, .. report.Warnings] };
            if (file is not null && (report.After ?? report.Before)?.Grids is { Length: > 0 } grids)
                WholeFile.Write(file, SpotVolatilityChart.Draw(Chosen(grids, coin), report.Home).Bytes(file));
            if (parsed.GetValue(json))
                terminal.Out.Write(RiskJson.Write(report, input.Market));
            else
                RiskTables.Write(terminal.Tables(), report, input.Market);
            return Code(report);
        });
        return command;
    }

    static Risk.SpotVolatilityGrid Chosen(ImmutableArray<Risk.SpotVolatilityGrid> grids, string? coin) =>
        grids.FirstOrDefault(grid => grid.Underlying == coin) ?? grids[0];

    // The answer is no when a pool is short of maintenance margin: the venue would liquidate now.
    static int Code(RiskReport report) =>
        (report.After ?? report.Before) is not { } view ? ExitCode.Undetermined
        : view.Pools.Any(pool => pool.IsShort) ? ExitCode.No
        : ExitCode.Done;

    static ImmutableArray<TypedTrade> Trades(
        OptionText text,
        Option<string[]> option,
        string[] written,
        MarketSnapshot? market
    )
    {
        var trades = ImmutableArray.CreateBuilder<TypedTrade>();
        foreach (string trade in written)
        {
            var match = TradeForm().Match(trade);
            if (
                !match.Success
                || !double.TryParse(
                    match.Groups[1].Value,
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out double contracts
                )
                || contracts == 0
            )
            {
                text.Refuse(option, trade, "signed contracts and an instrument, such as \"+5 BTC-PERPETUAL\"");
                continue;
            }
            if (market is not null)
                text.RequireInstrument(option.Name, match.Groups[2].Value, market);
            trades.Add(new TypedTrade(match.Groups[2].Value, contracts));
        }
        return trades.ToImmutable();
    }

    [GeneratedRegex(@"^\s*([+-]?[0-9]+(?:\.[0-9]+)?)\s+(\S+)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex TradeForm();
}
