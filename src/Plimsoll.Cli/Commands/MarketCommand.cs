using System.CommandLine;
using System.Globalization;
using Plimsoll.Reports;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll market</c>: what is quoted, how the surface meets it, what was mended.</summary>
static class MarketCommand
{
    const int ExpiryHour = 8;

    public static Command Build(Terminal terminal)
    {
        var market = InputOptions.Market();
        var underlying = InputOptions.Underlying("one coin alone, such as BTC");
        var expiry = new Option<string>("--expiry")
        {
            Description = "show the whole chain of this day, such as 2026-06-26",
            HelpName = "DAY",
        };
        var json = InputOptions.Json();
        var chart = InputOptions.Chart("the smiles of the surface");
        var command = new Command(
            "market",
            "Shows a market as it is used: expiries, volatility surface, one chain, repairs."
        )
        {
            market,
            underlying,
            expiry,
            json,
            chart,
        };
        command.SetAction(parsed =>
        {
            var text = new OptionText(parsed);
            var day = Day(text, expiry);
            var inputs = new InputReader(text);
            var snapshot = inputs.Market(market);
            string? coin = inputs.Underlying(underlying, snapshot);
            string? file = inputs.ChartFile(chart);
            if (snapshot is null || inputs.Faults.Count > 0)
                return PlimsollCommand.Refuse(terminal, inputs.Faults);
            var report = terminal.Working("fitting surfaces", () => MarketReport.Of(snapshot, coin));
            if (file is not null)
                WholeFile.Write(file, SmileChart.Draw(report.Underlyings[0]).Bytes(file));
            if (parsed.GetValue(json))
                terminal.Out.Write(MarketJson.Write(report));
            else
                MarketTables.Write(terminal.Tables(), report, day);
            return ExitCode.Done;
        });
        return command;
    }

    static DateTimeOffset? Day(OptionText text, Option<string> option)
    {
        if (text.Text(option) is not { } written)
            return null;
        if (DateOnly.TryParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out var day))
            return new DateTimeOffset(day.ToDateTime(new TimeOnly(ExpiryHour, 0)), TimeSpan.Zero);
        text.Refuse(option, written, "a day that exists, written YYYY-MM-DD");
        return null;
    }
}
