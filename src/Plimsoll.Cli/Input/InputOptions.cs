using System.CommandLine;

namespace Plimsoll.Cli;

/// <summary>Options that several commands share; values are text and are checked by <see cref="OptionText"/>.</summary>
static class InputOptions
{
    /// <summary>An option whose value is text, with the word that stands for it in the help.</summary>
    public static Option<string> Worded(string name, string word, string description) =>
        new(name) { Description = description, HelpName = word };

    public static Option<string> Market() =>
        Worded(
            "--market",
            "PATH",
            "Plimsoll JSON, a recorded chain (.csv, .csv.gz) or a folder of Deribit answers; built-in if absent"
        );

    public static Option<string> Account() => Worded("--account", "FILE", "account (TOML); built-in if absent");

    public static Option<string> Mandate() =>
        Worded("--mandate", "FILE", "policy: goal, limits, views (TOML); built-in if absent");

    public static Option<string> Views() =>
        Worded("--views", "FILE", "views in a file of their own, added to the mandate's");

    public static Option<string> History() =>
        Worded(
            "--history",
            "PATH",
            "bars to draw scenarios from: a file or a folder; the dated built-in model if absent"
        );

    public static Option<string> HorizonDays() =>
        Worded("--horizon", "DAYS", "days over which liquidation on the way is counted (default 7)");

    public static Option<string> Scenarios() => Worded("--scenarios", "COUNT", "scenarios to draw (default 10000)");

    public static Option<string> Seed() => Worded("--seed", "NUMBER", "seed of every random draw (default 1)");

    public static Option<string> Threads() =>
        Worded("--threads", "COUNT", "threads to use; the answer does not depend on it");

    public static Option<bool> NoCache() =>
        new("--no-cache") { Description = "fit surfaces and draw scenarios anew, and keep neither" };

    public static Option<string> VolatilityMultiplier() =>
        Worded("--vol-multiplier", "FACTOR", "multiplies the scenarios' volatility, for what-if (default 1)");

    public static Option<string> Underlying(string what) => Worded("--underlying", "COIN", what);

    public static Option<bool> Json() => new("--json") { Description = "stable JSON in place of tables" };

    public static Option<string> Chart(string what) =>
        new("--chart") { Description = $"draw {what} to a .svg or .png file", HelpName = "FILE" };
}
