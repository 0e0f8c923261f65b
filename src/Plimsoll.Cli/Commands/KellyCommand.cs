using System.CommandLine;
using Plimsoll.Reports;
using Plimsoll.Sizing;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll kelly</c>: one repeated bet, sized from what is typed.</summary>
static class KellyCommand
{
    public static Command Build(Terminal terminal)
    {
        var options = new BetOptions();
        var json = InputOptions.Json();
        var command = new Command(
            "kelly",
            "Sizes one repeated bet from its probabilities and odds: growth-optimal share of wealth, growth, "
                + "probability of a drawdown, and the bound beyond which ruin is possible."
        );
        options.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var text = new OptionText(parsed);
            var (request, equity) = options.Read(text, parsed);
            if (request is null)
                return PlimsollCommand.Refuse(terminal, text.Faults);
            var plan = terminal.Working("sizing the bet", () => KellyPlan.Of(request));
            if (parsed.GetValue(json))
                terminal.Out.Write(KellyJson.Write(plan, equity));
            else
                KellyTables.Write(terminal.Tables(), plan, equity);
            return ExitCode.Done;
        });
        return command;
    }
}
