using System.CommandLine;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll paper</c>: hands over to the daemon, which serves the paper venue.</summary>
/// <remarks>The daemon checks the values; this command knows their names.</remarks>
static class PaperCommand
{
    public static Command Build(Terminal terminal)
    {
        Option<string>[] options =
        [
            Text(
                "--market",
                "PATH",
                "snapshot, recorded chain, or folder of recorded chains played as a series; built-in if absent"
            ),
            Text("--script", "NAME", "crash, flash-crash, squeeze, bad-tick, or a JSON file (docs/paper.md)"),
            Text(
                "--faults",
                "LIST",
                "such as drop=1%,delay=5%:250ms,429=2%: drop, delay, duplicate, reorder, gap, "
                    + "garbage, 429, disconnect, slow"
            ),
            Text("--seed", "NUMBER", "seed of market, flow and faults (default 1)"),
            Text("--port", "PORT", "port on 127.0.0.1 (default 8085); 0: any free one"),
            Text("--speed", "FACTOR", "recorded seconds for each second of a series (default 1)"),
            Text("--clock", "WHICH", "now (default), or recorded: the dates of the recording"),
            Text("--tier", "TIER", "matching tier 1 to 4 (default 4: 5 orders a second); 0: no rate limit"),
            Text("--margin", "FILE", "standard margin's figures (JSON, as data/venues/deribit/standard-margin.json)"),
            Text("--crowd", "COUNT", "simulated traders who are liquidated like you (default 24)"),
        ];
        var command = new Command(
            "paper",
            "Serves a paper venue on loopback that speaks Deribit's API v2 (JSON-RPC over WebSocket and HTTP): order "
                + "books, orders, positions, margin, funding, settlement, liquidation. Runs until Ctrl-C."
        );
        foreach (var option in options)
            command.Add(option);
        command.SetAction(parsed =>
        {
            string[] arguments =
            [
                "paper",
                .. options.SelectMany(option =>
                    parsed.GetValue(option) is { } value ? new[] { option.Name, value } : []
                ),
            ];
            return DaemonHandover.To(terminal, arguments);
        });
        return command;
    }

    static Option<string> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };
}
