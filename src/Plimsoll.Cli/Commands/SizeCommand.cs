using System.CommandLine;
using Plimsoll.Reports;
using Plimsoll.Sizing;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll size</c>: the whole account, or one trade within a risk budget.</summary>
static class SizeCommand
{
    public static Command Build(Terminal terminal)
    {
        var options = new SizingOptions();
        var trade = new TradeOptions();
        var json = InputOptions.Json();
        var dump = new Option<string>("--dump")
        {
            Description = "write the audit bundle, from which numpy alone recomputes the answer",
            HelpName = "DIR",
        };
        var command = new Command(
            "size",
            "Sizes the whole account: what to hold of each instrument, the trades to get there, and why. "
                + "With INSTRUMENT and buy or sell: one trade whose loss at the stop stays within the budget."
        );
        trade.AddTo(command);
        options.AddTo(command);
        command.Add(json);
        command.Add(dump);
        command.SetAction(parsed =>
        {
            var text = new OptionText(parsed);
            var inputs = new InputReader(text);
            var input = inputs.Sizing(options);
            var single = trade.Read(text, parsed, input?.Market);
            string? folder = inputs.DumpFolder(dump, single is not null);
            if (input is null || inputs.Faults.Count > 0)
                return PlimsollCommand.Refuse(terminal, inputs.Faults);
            return single is null
                ? SizeAccount(terminal, inputs, input, parsed.GetValue(json))
                : SizeTrade(terminal, inputs, input, single, parsed.GetValue(json));
        });
        return command;
    }

    static int SizeAccount(Terminal terminal, InputReader inputs, SizingInput input, bool asJson)
    {
        var prepared = terminal.Working("drawing scenarios and revaluing", () => inputs.Take(Sizer.Prepare(input)));
        if (prepared is null)
            return PlimsollCommand.Refuse(terminal, inputs.Faults);
        var decision = terminal.Working("sizing the account", () => Sizer.Decide(prepared));
        decision = decision with { Warnings = [.. inputs.Notes, .. decision.Warnings] };
        if (asJson)
            terminal.Out.Write(DecisionJson.Write(decision, input.Market.Source));
        else
            DecisionTables.Write(terminal.Tables(), decision, input.Market.Source);
        return Code(decision.Status);
    }

    static int SizeTrade(Terminal terminal, InputReader inputs, SizingInput input, TradeWish wish, bool asJson)
    {
        var stop = new StopRule((double?)wish.StopPrice, wish.StopVolatility);
        var trade = terminal.Working(
            $"sizing {wish.Instrument}",
            () => inputs.Take(SingleTradeSizer.Size(input, wish.Instrument, wish.Side, wish.Risk, stop))
        );
        if (trade is null)
            return PlimsollCommand.Refuse(terminal, inputs.Faults);
        trade = trade with { Warnings = [.. inputs.Notes, .. trade.Warnings] };
        if (asJson)
            terminal.Out.Write(SingleTradeJson.Write(trade, input.Market));
        else
            SingleTradeTables.Write(terminal.Tables(), trade, input.Market);
        return Code(trade.Status);
    }

    static int Code(DecisionStatus status) =>
        status switch
        {
            DecisionStatus.Sized => ExitCode.Done,
            DecisionStatus.Infeasible => ExitCode.No,
            _ => ExitCode.Undetermined,
        };
}
