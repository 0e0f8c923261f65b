using System.CommandLine;

namespace Plimsoll.Cli;

/// <summary>Options of a walk-forward.</summary>
sealed class WalkOptions
{
    public Option<string> Chains { get; } =
        new("--chains") { Description = "folder of recorded option chains to walk through", HelpName = "DIR" };

    public Option<string> History { get; } =
        new("--history")
        {
            Description = "bars: scenarios and settlement beside --chains; without it what is walked through",
            HelpName = "PATH",
        };

    public Option<string> Methods { get; } =
        new("--methods") { Description = "sizing methods by key, separated by commas", HelpName = "KEYS" };

    public Option<string> Account { get; } =
        new("--account")
        {
            Description = "account on the first day (TOML); flat 100,000 USDC if absent",
            HelpName = "FILE",
        };

    public Option<string> Mandate { get; } =
        new("--mandate") { Description = "policy of every method (TOML); built-in if absent", HelpName = "FILE" };

    public Option<string> Views { get; } = InputOptions.Views();

    public Option<string> From { get; } =
        new("--from") { Description = "first day, such as 2026-01-01", HelpName = "DAY" };

    public Option<string> To { get; } = new("--to") { Description = "last day, such as 2026-03-31", HelpName = "DAY" };

    public Option<string> Every { get; } =
        new("--every") { Description = "time between decisions: 4h, 1d, 7d (default 1d)", HelpName = "TIME" };

    public Option<bool> Sweep { get; } =
        new("--sweep")
        {
            Description = "turn gains in coin into the home currency at each instant (default: they stay in coin)",
        };

    public Option<string> Scenarios { get; } =
        new("--scenarios") { Description = "scenarios of each decision (default 2000)", HelpName = "COUNT" };

    public Option<string> Seed { get; } = InputOptions.Seed();

    public Option<string> Threads { get; } = InputOptions.Threads();

    public Option<string> Tries { get; } =
        new("--tries")
        {
            Description = "backtests tried in all, for the deflated Sharpe ratio (default: the methods of this one)",
            HelpName = "COUNT",
        };

    public Option<string> Checkpoint { get; } =
        new("--checkpoint")
        {
            Description = "keep the state in this file and go on from it: an interrupted run loses seconds",
            HelpName = "FILE",
        };

    public Option<string> Html { get; } =
        new("--html") { Description = "write a page with charts that needs nothing else", HelpName = "FILE" };

    public Option<string> Chart { get; } = InputOptions.Chart("a figure of every method over time");

    public Option<string> Figure { get; } =
        new("--figure")
        {
            Description = "what --chart draws: equity, drawdown, exposure, margin or cost (default equity)",
            HelpName = "NAME",
        };

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
