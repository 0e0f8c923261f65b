using System.CommandLine;

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
    public Option<string> Seed { get; } = InputOptions.Seed();
    public Option<string> VolatilityMultiplier { get; } = InputOptions.VolatilityMultiplier();
    public Option<string> Threads { get; } = InputOptions.Threads();

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
    }
}
