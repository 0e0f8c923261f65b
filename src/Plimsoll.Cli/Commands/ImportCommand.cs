using System.CommandLine;
using Plimsoll.Markets;
using Plimsoll.Reports;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll import</c>: checks foreign files, says what they hold, writes Plimsoll's own form on request.</summary>
static class ImportCommand
{
    public static Command Build(Terminal terminal, HelpWithExamples help)
    {
        var command = new Command(
            "import",
            "Reads foreign files, reports what was found and mended, and writes Plimsoll's own form with --out."
        );
        command.Add(
            help.Show(
                Market(terminal, "chain", "a recorded Deribit chain (.csv or .csv.gz)", RecordedChainFile.Read),
                "plimsoll import chain deribit-20260531T080000Z.csv.gz --out market.json"
            )
        );
        command.Add(help.Show(Bars(terminal), "plimsoll import bars history"));
        return command;
    }

    static Command Market(Terminal terminal, string name, string what, Func<string, Parsed<MarketSnapshot>> read)
    {
        var path = new Argument<string>("PATH") { Description = what };
        var output = Output("market (JSON)");
        var json = InputOptions.Json();
        var command = new Command(name, $"Reads {what}.") { path, output, json };
        command.SetAction(parsed =>
        {
            var snapshot = read(parsed.GetValue(path)!);
            if (!snapshot.Succeeded)
                return PlimsollCommand.Refuse(terminal, snapshot.Faults);
            string? file = parsed.GetValue(output);
            if (file is not null)
                SnapshotFile.Write(snapshot.Value, file);
            if (parsed.GetValue(json))
                terminal.Out.Write(ImportJson.Write(snapshot.Value, file));
            else
                ImportTables.Write(terminal.Tables(), snapshot.Value, file);
            return ExitCode.Done;
        });
        return command;
    }

    static Command Bars(Terminal terminal)
    {
        var path = new Argument<string>("PATH") { Description = "a file of bars (.csv, .csv.gz), or a folder of them" };
        var json = InputOptions.Json();
        var command = new Command("bars", "Checks bars for --history and reports what they span.") { path, json };
        command.SetAction(parsed =>
        {
            var histories = BarsCsv.Read(parsed.GetValue(path)!);
            if (!histories.Succeeded)
                return PlimsollCommand.Refuse(terminal, histories.Faults);
            if (parsed.GetValue(json))
                terminal.Out.Write(ImportJson.Write(histories.Value));
            else
                ImportTables.Write(terminal.Tables(), histories.Value);
            return ExitCode.Done;
        });
        return command;
    }

    static Option<string> Output(string what) =>
        new("--out") { Description = $"write the {what} here", HelpName = "FILE" };
}
