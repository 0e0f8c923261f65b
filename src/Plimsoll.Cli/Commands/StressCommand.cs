using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Plimsoll.Margin;
using Plimsoll.Reports;
using Plimsoll.Risk;
using Plimsoll.Sizing;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll stress</c>: what crashes do to the account, and what move would ruin it.</summary>
static class StressCommand
{
    public static Command Build(Terminal terminal)
    {
        var options = new SizingOptions();
        var cases = new Option<string>("--cases")
        {
            Description = "joint moves of your own (TOML), besides the recorded crashes",
            HelpName = "FILE",
        };
        var losses = new Option<string[]>("--loss")
        {
            Description =
                "share of equity whose loss to look for, such as 25%; may be repeated (default 10%, 25%, 50%)",
            HelpName = "SHARE",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = InputOptions.Json();
        var command = new Command(
            "stress",
            "Puts the account under recorded crashes and moves of your own, finds the most plausible move that loses a "
                + "share of equity or triggers a liquidation, and shows what calm correlations hide."
        );
        command.Add(cases);
        command.Add(losses);
        options.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var text = new OptionText(parsed);
            var inputs = new InputReader(text);
            var input = inputs.Sizing(options);
            var written = text.Text(cases) is { } path ? inputs.Take(StressFile.Read(path)) : null;
            var shares = Shares(text, losses, parsed.GetValue(losses) ?? []);
            if (input is null || inputs.Faults.Count > 0)
                return PlimsollCommand.Refuse(terminal, inputs.Faults);
            var risk = terminal.Working("drawing scenarios", () => inputs.Take(RiskRequests.Of(input, [])));
            if (risk is null)
                return PlimsollCommand.Refuse(terminal, inputs.Faults);
            var request = new StressRequest
            {
                Risk = risk,
                Definition = StressDefinition.Default with
                {
                    Cases = [.. input.Mandate.Survival.Stress?.Cases ?? [], .. written?.Cases ?? []],
                },
                Histories = input.Histories,
                Seed = input.Seed,
            };
            if (shares.Length > 0)
                request = request with { Losses = shares };
            var report = terminal.Working("looking for the worst", () => AccountStress.Report(request));
            report = report with { Warnings = [.. inputs.Notes, .. report.Warnings] };
            if (parsed.GetValue(json))
                terminal.Out.Write(StressJson.Write(report, input.Market));
            else
                StressTables.Write(terminal.Tables(), report, input.Market);
            return report.Equity is null ? ExitCode.Undetermined : ExitCode.Done;
        });
        return command;
    }

    static ImmutableArray<double> Shares(OptionText text, Option<string[]> option, string[] written)
    {
        var shares = ImmutableArray.CreateBuilder<double>();
        foreach (string share in written)
            if (
                share.EndsWith('%')
                && decimal.TryParse(
                    share[..^1],
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out decimal percent
                )
                && percent is > 0 and <= 100
            )
                shares.Add((double)(percent / 100));
            else
                text.Refuse(option, share, "a percentage with its sign, such as 25%, above 0% and at most 100%");
        return shares.ToImmutable();
    }
}
