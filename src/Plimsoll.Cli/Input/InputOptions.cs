using System.CommandLine;

namespace Plimsoll.Cli;

/// <summary>Options that several commands share; values are text and are checked by <see cref="OptionText"/>.</summary>
static class InputOptions
{
    public static Option<string> Market() =>
        new("--market")
        {
            Description =
                "Plimsoll JSON, a recorded chain (.csv, .csv.gz) or a folder of Deribit answers; built-in if absent",
            HelpName = "PATH",
        };

    public static Option<string> Account() =>
        new("--account") { Description = "account (TOML); built-in if absent", HelpName = "FILE" };

    public static Option<string> Mandate() =>
        new("--mandate") { Description = "policy: goal, limits, views (TOML); built-in if absent", HelpName = "FILE" };

    public static Option<string> Views() =>
        new("--views") { Description = "views in a file of their own, added to the mandate's", HelpName = "FILE" };

    public static Option<string> History() =>
        new("--history")
        {
            Description = "bars to draw scenarios from: a file or a folder; the dated built-in model if absent",
            HelpName = "PATH",
        };

    public static Option<string> HorizonDays() =>
        new("--horizon")
        {
            Description = "days over which liquidation on the way is counted (default 7)",
            HelpName = "DAYS",
        };

    public static Option<string> Scenarios() =>
        new("--scenarios") { Description = "scenarios to draw (default 10000)", HelpName = "COUNT" };

    public static Option<string> Seed() =>
        new("--seed") { Description = "seed of every random draw (default 1)", HelpName = "NUMBER" };

    public static Option<string> Threads() =>
        new("--threads") { Description = "threads to use; the answer does not depend on it", HelpName = "COUNT" };

    public static Option<string> VolatilityMultiplier() =>
        new("--vol-multiplier")
        {
            Description = "multiplies the scenarios' volatility, for what-if (default 1)",
            HelpName = "FACTOR",
        };

    public static Option<string> Underlying(string what) =>
        new("--underlying") { Description = what, HelpName = "COIN" };

    public static Option<bool> Json() => new("--json") { Description = "stable JSON in place of tables" };

    public static Option<string> Chart(string what) =>
        new("--chart") { Description = $"draw {what} to a .svg or .png file", HelpName = "FILE" };
}
