using System.CommandLine;
using Plimsoll.Markets;
using Plimsoll.Reports;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary>
/// <c>plimsoll import</c>: checks foreign files, says what they hold, writes Plimsoll's own form on request.
/// </summary>
static class ImportCommand
{
    public static Command Build(Terminal terminal, HelpWithExamples help) =>
        new(
            "import",
            "Reads foreign files, reports what was found and mended, and writes Plimsoll's own form with --out."
        )
        {
            help.Show(Deribit(terminal), "plimsoll import deribit answers --out mine"),
            help.Show(Hyperliquid(terminal), "plimsoll import hyperliquid answers --out mine"),
            help.Show(Chain(terminal), "plimsoll import chain deribit-20260531T080000Z.csv.gz --out market.json"),
            help.Show(
                Positions(terminal),
                "plimsoll import positions positions.csv --account account.toml --out new.toml"
            ),
            help.Show(Bars(terminal), "plimsoll import bars history"),
        };

    static Command Deribit(Terminal terminal)
    {
        var path = new Argument<string>("PATH")
        {
            Description = "a folder of saved answers, one answer, or a recorded chain",
        };
        var output = Output("market.json and account.toml into this folder", "DIR");
        var json = InputOptions.Json();
        var command = new Command(
            "deribit",
            "Reads saved answers of Deribit's interface: market, account, or both; or a recorded chain."
        )
        {
            path,
            output,
            json,
        };
        command.SetAction(parsed =>
        {
            string from = parsed.GetValue(path)!;
            if (RecordedChainFile.IsNamedSo(from))
            {
                string? file = parsed.GetValue(output) is { } into ? Path.Combine(into, "market.json") : null;
                return ShowChain(terminal, from, file, parsed.GetValue(json));
            }
            var answers = DeribitAnswers.Read(from);
            if (!answers.Succeeded)
                return PlimsollCommand.Refuse(terminal, answers.Faults);
            var written = parsed.GetValue(output) is { } folder ? Import.Deribit(from, folder) : Nothing;
            return Show(terminal, written, answers.Value.Market, answers.Value.Account, parsed.GetValue(json));
        });
        return command;
    }

    static Command Hyperliquid(Terminal terminal)
    {
        var path = new Argument<string>("PATH") { Description = "a folder of saved answers" };
        var output = Output("market.json and account.toml into this folder", "DIR");
        var json = InputOptions.Json();
        var command = new Command("hyperliquid", "Reads saved answers of Hyperliquid's info: market, and account.")
        {
            path,
            output,
            json,
        };
        command.SetAction(parsed =>
        {
            string from = parsed.GetValue(path)!;
            var answers = HyperliquidAnswers.Read(from);
            if (!answers.Succeeded)
                return PlimsollCommand.Refuse(terminal, answers.Faults);
            var written = parsed.GetValue(output) is { } folder ? Import.Hyperliquid(from, folder) : Nothing;
            return Show(terminal, written, answers.Value.Market, answers.Value.Account, parsed.GetValue(json));
        });
        return command;
    }

    static Command Chain(Terminal terminal)
    {
        var path = new Argument<string>("PATH") { Description = "a recorded Deribit chain (.csv or .csv.gz)" };
        var output = Output("the market (JSON) to this file", "FILE");
        var json = InputOptions.Json();
        var command = new Command("chain", "Reads a recorded chain of options.") { path, output, json };
        command.SetAction(parsed =>
        {
            string from = parsed.GetValue(path)!;
            return ShowChain(terminal, from, parsed.GetValue(output), parsed.GetValue(json));
        });
        return command;
    }

    static int ShowChain(Terminal terminal, string path, string? output, bool asJson)
    {
        var market = RecordedChainFile.Read(path);
        if (!market.Succeeded)
            return PlimsollCommand.Refuse(terminal, market.Faults);
        var written = output is null ? Nothing : Import.Chain(path, output);
        return Show(terminal, written, market.Value, null, asJson);
    }

    static Command Positions(Terminal terminal)
    {
        var path = new Argument<string>("PATH") { Description = "positions (.csv)" };
        var account = new Option<string>("--account")
        {
            Description = "the account (TOML) whose first subaccount they replace",
            HelpName = "FILE",
            Required = true,
        };
        var output = new Option<string>("--out")
        {
            Description = "write the account to this file",
            HelpName = "FILE",
            Required = true,
        };
        var json = InputOptions.Json();
        var command = new Command("positions", "Puts positions from CSV in place of those of an account.")
        {
            path,
            account,
            output,
            json,
        };
        command.SetAction(parsed =>
        {
            string file = parsed.GetValue(output)!;
            var written = Import.Positions(parsed.GetValue(path)!, parsed.GetValue(account)!, file);
            var now = written.Succeeded ? AccountFile.Read(file).Value : null;
            return Show(terminal, written, null, now, parsed.GetValue(json));
        });
        return command;
    }

    static Command Bars(Terminal terminal)
    {
        var path = new Argument<string>("PATH") { Description = "a file of bars (.csv, .csv.gz), or a folder of them" };
        var output = Output("the bars with their normal columns and names into this folder", "DIR");
        var json = InputOptions.Json();
        var command = new Command("bars", "Checks bars for --history and reports what they span.")
        {
            path,
            output,
            json,
        };
        command.SetAction(parsed =>
        {
            string from = parsed.GetValue(path)!;
            var histories = BarsCsv.Read(from);
            if (!histories.Succeeded)
                return PlimsollCommand.Refuse(terminal, histories.Faults);
            var written = parsed.GetValue(output) is { } folder ? Import.Bars(from, folder) : Nothing;
            if (!written.Succeeded)
                return PlimsollCommand.Refuse(terminal, written.Faults);
            if (parsed.GetValue(json))
                terminal.Out.Write(ImportJson.Write(histories.Value, written.Value.Files));
            else
                ImportTables.Write(terminal.Tables(), histories.Value, written.Value.Files);
            return ExitCode.Done;
        });
        return command;
    }

    static Parsed<ImportResult> Nothing { get; } = Parsed<ImportResult>.Ok(new ImportResult([], [], []));

    static int Show(
        Terminal terminal,
        Parsed<ImportResult> written,
        MarketSnapshot? market,
        Account? account,
        bool asJson
    )
    {
        if (!written.Succeeded)
            return PlimsollCommand.Refuse(terminal, written.Faults);
        var summary = new ImportSummary(market, account, written.Value.Files, written.Value.Notes);
        if (asJson)
            terminal.Out.Write(ImportJson.Write(summary));
        else
            ImportTables.Write(terminal.Tables(), summary);
        return ExitCode.Done;
    }

    static Option<string> Output(string what, string name) =>
        new("--out") { Description = $"write {what}", HelpName = name };
}
