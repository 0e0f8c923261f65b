using System.CommandLine;
using Plimsoll.Venues;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll run</c>: hands over to the daemon, which follows one account.</summary>
/// <remarks>The daemon checks the values; this command knows their names.</remarks>
static class RunCommand
{
    public static Command Build(Terminal terminal)
    {
        Option<string>[] options =
        [
            Text("--mandate", "FILE", "the policy (docs/mandate.md); built-in if absent"),
            Text("--config", "FILE", "account, instruments, controls, cuts (docs/live.md); defaults if absent"),
            Text("--history", "DIR", "bars for the law of risk; the dated built-in model if absent"),
            Text("--venue", "VENUE", $"paper (default), {string.Join(", ", VenuePlace.Names.Skip(1))}"),
            Text("--url", "URL", "where the venue listens, if not at its usual address"),
            Text("--address", "ADDRESS", "Hyperliquid: the account's own address, never its agent's"),
            Text("--key", "FILE", "the account's key, mode 0600 (docs/venues.md); the environment if absent"),
            Text("--data", "DIR", "journal, snapshots, tokens (default plimsoll-data)"),
            Text("--port", "PORT", "the service's port on 127.0.0.1 (default 8086); 0: any free one"),
        ];
        var live = new Option<bool>("--live") { Description = "send orders" };
        var shadow = new Option<bool>("--shadow") { Description = "log what would be sent, send nothing (default)" };
        var command = new Command(
            "run",
            "Follows one account in real time: keeps it as one risk surface, resizes toward the mandate and cuts "
                + "before the venue does. Runs until Ctrl-C; everything it knew and did is in its journal."
        );
        foreach (var option in options)
            command.Add(option);
        command.Add(live);
        command.Add(shadow);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(live) && parsed.GetValue(shadow))
            {
                terminal.Error.WriteLine("plimsoll: --live and --shadow exclude each other");
                return ExitCode.BadInput;
            }
            string[] arguments =
            [
                "run",
                .. options.SelectMany(option =>
                    parsed.GetValue(option) is { } value ? new[] { option.Name, value } : []
                ),
                "--mode",
                parsed.GetValue(live) ? "live" : "shadow",
            ];
            return DaemonHandover.To(terminal, arguments);
        });
        return command;
    }

    static Option<string> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };
}
