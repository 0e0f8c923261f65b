using System.CommandLine;

namespace Plimsoll.Cli;

/// <summary>Options of a walk-forward.</summary>
sealed class WalkOptions
{
    public Option<string> Chains { get; } =
        InputOptions.Worded("--chains", "DIR", "folder of recorded option chains to walk through");

    public Option<string> History { get; } =
        InputOptions.Worded(
            "--history",
            "PATH",
            "bars: scenarios and settlement beside --chains; without it what is walked through"
        );

    public Option<string> Methods { get; } =
        InputOptions.Worded("--methods", "KEYS", "sizing methods by key, separated by commas");

    public Option<string> Account { get; } =
        InputOptions.Worded("--account", "FILE", "account on the first day (TOML); flat 100,000 USDC if absent");

    public Option<string> Mandate { get; } =
        InputOptions.Worded("--mandate", "FILE", "policy of every method (TOML); built-in if absent");

    public Option<string> Views { get; } = InputOptions.Views();

    public Option<string> From { get; } = InputOptions.Worded("--from", "DAY", "first day, such as 2026-01-01");

    public Option<string> To { get; } = InputOptions.Worded("--to", "DAY", "last day, such as 2026-03-31");

    public Option<string> Every { get; } =
        InputOptions.Worded("--every", "TIME", "time between decisions: 4h, 1d, 7d (default 1d)");

    public Option<bool> Sweep { get; } =
        new("--sweep")
        {
            Description = "turn gains in coin into the home currency at each instant (default: they stay in coin)",
        };

    public Option<string> Scenarios { get; } =
        InputOptions.Worded("--scenarios", "COUNT", "scenarios of each decision (default 2000)");

    public Option<string> Seed { get; } = InputOptions.Seed();

    public Option<string> Threads { get; } = InputOptions.Threads();

    public Option<string> Tries { get; } =
        InputOptions.Worded(
            "--tries",
            "COUNT",
            "backtests tried in all, for the deflated Sharpe ratio (default: the methods of this one)"
        );

    public Option<string> Checkpoint { get; } =
        InputOptions.Worded(
            "--checkpoint",
            "FILE",
            "keep the state in this file and go on from it: an interrupted run loses seconds"
        );

    public Option<string> Html { get; } =
        InputOptions.Worded("--html", "FILE", "write a page with charts that needs nothing else");

    public Option<string> Chart { get; } = InputOptions.Chart("a figure of every method over time");

    public Option<string> Figure { get; } =
        InputOptions.Worded(
            "--figure",
            "NAME",
            "what --chart draws: equity, drawdown, exposure, margin or cost (default equity)"
        );

    public Option<bool> Json { get; } = InputOptions.Json();

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { Chains, History, Methods, Account, Mandate, Views, From, To, Every })
            command.Add(option);
        foreach (
            Option option in new Option[]
            {
                Sweep,
                Scenarios,
                Seed,
                Threads,
                Tries,
                Checkpoint,
                Json,
                Html,
                Chart,
                Figure,
            }
        )
            command.Add(option);
    }
}
