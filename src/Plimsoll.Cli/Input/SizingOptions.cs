using System.CommandLine;
using Plimsoll.Sizing;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary>Options from which a sizing or a risk report reads its input.</summary>
sealed class SizingOptions
{
    public Option<string> Market { get; } = InputOptions.Market();
    public Option<string> Account { get; } = InputOptions.Account();
    public Option<string> Mandate { get; } = InputOptions.Mandate();
    public Option<string> Views { get; } = InputOptions.Views();
    public Option<string> History { get; } = InputOptions.History();
    public Option<string> Scenarios { get; } = InputOptions.Scenarios();
    public Option<string> Reduce { get; } =
        InputOptions.Worded("--reduce", "COUNT", "keep so many of the scenarios drawn, tails and means intact");
    public Option<string> Seed { get; } = InputOptions.Seed();
    public Option<string> VolatilityMultiplier { get; } = InputOptions.VolatilityMultiplier();
    public Option<string> Threads { get; } = InputOptions.Threads();

    /// <summary>For <c>size</c>; other commands do not have it.</summary>
    public Option<string> MarginErrors { get; } =
        new("--margin-errors")
        {
            Description = "widens margin by what its venue was seen to ask more (kept by margin --reconcile --errors)",
            HelpName = "FILE",
        };

    public Option<bool> NoCache { get; } = InputOptions.NoCache();

    /// <summary>Where surfaces and scenarios are kept between runs; null: nowhere.</summary>
    public IMarketStore? Store(ParseResult parsed, Terminal terminal) =>
        parsed.GetValue(NoCache) || terminal.CacheFolder is not { } folder
            ? null
            : new MarketCache(new CacheFolder(folder));

    public void AddTo(Command command)
    {
        command.Add(Market);
        command.Add(Account);
        command.Add(Mandate);
        command.Add(Views);
        command.Add(History);
        command.Add(Scenarios);
        command.Add(Seed);
        command.Add(VolatilityMultiplier);
        command.Add(Threads);
        command.Add(NoCache);
    }
}
