using System.CommandLine;
using System.CommandLine.Help;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary>The command: parse, run, and turn whatever happens into an exit code.</summary>
static class PlimsollCommand
{
    /// <summary>Runs one command line.</summary>
    public static int Run(string[] args, Terminal terminal)
    {
        var debug = new Option<bool>("--debug") { Description = "show where a fault happened", Recursive = true };
        var root = Build(terminal, debug);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
            return RefuseUsage(parsed, terminal);
        var streams = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            return parsed.Invoke(streams);
        }
        catch (Exception fault)
        {
            terminal.Error.WriteLine($"plimsoll: fault: {fault.Message}");
            terminal.Error.WriteLine(
                parsed.GetValue(debug) ? fault.ToString() : "plimsoll: the same command with --debug shows where"
            );
            return ExitCode.Fault;
        }
    }

    /// <summary>Prints the faults of the input to the error stream; nothing was computed.</summary>
    public static int Refuse(Terminal terminal, IReadOnlyCollection<Fault> faults)
    {
        string count = faults.Count == 1 ? "1 fault" : FormattableString.Invariant($"{faults.Count} faults");
        terminal.Error.WriteLine($"plimsoll: {count} in the input, nothing was computed");
        foreach (var fault in faults)
            terminal.Error.WriteLine(fault.ToString());
        return ExitCode.BadInput;
    }

    static RootCommand Build(Terminal terminal, Option<bool> debug)
    {
        var help = new HelpWithExamples();
        var root = new RootCommand(
            "Sizes a crypto-derivatives account: how many contracts of each option, perpetual and future to hold "
                + "so that wealth grows fastest while the account survives. Without files it runs on a built-in market."
        )
        {
            help.Show(
                SizeCommand.Build(terminal),
                "plimsoll size",
                "plimsoll size --implied-views --chart payoff.svg",
                "plimsoll size ETH-PERPETUAL sell --risk 1% --stop 2300"
            ),
            help.Show(
                RiskCommand.Build(terminal),
                "plimsoll risk",
                "plimsoll risk --trade \"+2 BTC-24APR26-85000-C\" --json"
            ),
            help.Show(
                StressCommand.Build(terminal),
                "plimsoll stress --history bars/ --cases cases.toml",
                "plimsoll stress --loss 25% --loss 50%"
            ),
            help.Show(
                MarginCommand.Build(terminal),
                "plimsoll margin",
                "plimsoll margin --model deribit-portfolio-margin --chart grid.svg"
            ),
            help.Show(MarketCommand.Build(terminal), "plimsoll market --underlying BTC --chart smiles.svg"),
            help.Show(
                KellyCommand.Build(terminal),
                "plimsoll kelly --outcome \"30%: +80%\" --outcome \"70%: -25%\" --drawdown 30%",
                "plimsoll kelly --win 55% --odds 1.2 --fraction 0.5"
            ),
            help.Show(
                BacktestCommand.Build(
                    terminal,
                    help.Show(
                        TailValueCommand.Build(terminal),
                        "plimsoll backtest tail-model --history bars/ --underlying BTC"
                    )
                ),
                "plimsoll backtest --history bars/ --methods growth,equal-weight --every 7d --html walk.html",
                "plimsoll backtest --chains chains/ --history bars/ --checkpoint walk.json"
            ),
            help.Show(
                BacktestCommand.BuildCompare(terminal),
                "plimsoll compare --history bars/ --from 2020-01-01 --every 7d",
                "plimsoll compare --chains chains/ --history bars/ --html compare.html"
            ),
            TailCommand.Build(terminal, help),
            ImportCommand.Build(terminal, help),
            FetchCommand.Build(terminal, help),
            help.Show(
                PaperCommand.Build(terminal),
                "plimsoll paper",
                "plimsoll paper --script crash --faults drop=1%,delay=5%:250ms --seed 7 --port 8090"
            ),
            help.Show(
                RunCommand.Build(terminal),
                "plimsoll run",
                "plimsoll run --mandate mandate.toml --config run.toml --venue paper --live --data main"
            ),
            help.Show(OperateCommands.Status(terminal), "plimsoll status", "plimsoll status --data main --json"),
            help.Show(WatchCommand.Build(terminal), "plimsoll watch --data main"),
            help.Show(OperateCommands.Arm(terminal), "plimsoll arm --why \"positions checked\""),
            help.Show(KillCommand.Build(terminal), "plimsoll kill --flatten --why \"venue in trouble\""),
            help.Show(
                DecisionsCommand.Build(terminal),
                "plimsoll decisions --why --limit 3",
                "plimsoll decisions --refused --cause cut --since 2026-03-01 --json"
            ),
            help.Show(
                HistoryCommand.Build(terminal),
                "plimsoll history",
                "plimsoll history --sql \"SELECT instrument, sum(contracts) FROM fills GROUP BY instrument\""
            ),
            help.Show(HistoryCommands.Replay(terminal), "plimsoll replay main --solves"),
            help.Show(HistoryCommands.Verify(terminal), "plimsoll verify main"),
            help.Show(HistoryCommands.Archive(terminal), "plimsoll archive main --to old --older-than 30"),
        };
        root.Add(debug);
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = help;
        root.SetAction(help.Invoke);
        help.Show(root, "plimsoll size", "plimsoll risk", "plimsoll size --help");
        return root;
    }

    static int RefuseUsage(ParseResult parsed, Terminal terminal)
    {
        var command = parsed.CommandResult.Command;
        foreach (string message in parsed.Errors.Select(error => error.Message).Distinct())
            terminal.Error.WriteLine($"plimsoll: {message}{Perhaps(message, command)}");
        terminal.Error.WriteLine($"plimsoll: see {FullName(command)} --help");
        return ExitCode.BadInput;
    }

    // The parser quotes the word that it does not know.
    static string Perhaps(string message, Command command)
    {
        string[] parts = message.Split('\'');
        if (parts.Length < 3 || !message.StartsWith("Unrecognized", StringComparison.Ordinal))
            return "";
        var known = command
            .Subcommands.Select(child => child.Name)
            .Concat(command.Options.Select(option => option.Name));
        return NearestName.Of(parts[1], known) is { } nearest ? $" Perhaps {nearest}?" : "";
    }

    static string FullName(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? $"{FullName(parent)} {command.Name}"
            : "plimsoll";
}
