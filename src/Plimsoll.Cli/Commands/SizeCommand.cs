using System.CommandLine;
using Plimsoll.Methods;
using Plimsoll.Reports;
using Plimsoll.Risk;
using Plimsoll.Sizing;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll size</c>: the whole account, or one trade within a risk budget.</summary>
static class SizeCommand
{
    public static Command Build(Terminal terminal)
    {
        var options = new SizingOptions();
        var trade = new TradeOptions();
        var json = InputOptions.Json();
        var underlying = InputOptions.Underlying("the coin of the chart, such as BTC");
        var chart = InputOptions.Chart("the payoff of the sized account");
        var bets = new Option<bool>("--implied-views") { Description = "show what the book is betting on today" };
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
        var method = new Option<string>("--method")
        {
            Description = "size by a method of docs/methods in place of the mandate's objective",
            HelpName = "KEY",
        };
        trade.AddTo(command);
        options.AddTo(command);
        command.Add(options.Reduce);
        command.Add(options.MarginErrors);
        command.Add(method);
        command.Add(json);
        command.Add(bets);
        command.Add(underlying);
        command.Add(chart);
        command.Add(dump);
        command.SetAction(parsed =>
        {
            var text = new OptionText(parsed);
            var inputs = new InputReader(text);
            var input = inputs.Sizing(options);
            if (input is not null)
                input = input with { Store = options.Store(parsed, terminal) };
            var single = trade.Read(text, parsed, input?.Market);
            string? folder = inputs.DumpFolder(dump, single is not null);
            var wish = new AccountWish(
                parsed.GetValue(json),
                parsed.GetValue(bets),
                inputs.Underlying(underlying, input?.Market),
                inputs.ChartFile(chart),
                folder,
                single is null ? inputs.Method(method, options) : null
            );
            if (input is null || inputs.Faults.Count > 0)
                return PlimsollCommand.Refuse(terminal, inputs.Faults);
            return single is null
                ? SizeAccount(terminal, inputs, input, wish)
                : SizeTrade(terminal, inputs, input, single, parsed.GetValue(json));
        });
        return command;
    }

    static int SizeAccount(Terminal terminal, InputReader inputs, SizingInput input, AccountWish wish)
    {
        var prepared = terminal.Working(
            "drawing scenarios and revaluing",
            () => inputs.Take(wish.Method is null ? Sizer.Prepare(input) : MethodSizer.Prepare(input))
        );
        if (prepared is null)
            return PlimsollCommand.Refuse(terminal, inputs.Faults);
        var result = terminal.Working(
            "sizing the account",
            () =>
                wish.Method is { } choice
                    ? inputs.Take(MethodSizer.Size(prepared, choice.Method, choice.Settings))?.Sizing
                    : Sizer.Size(prepared)
        );
        if (result is null)
            return PlimsollCommand.Refuse(terminal, inputs.Faults);
        var decision = result.Decision with { Warnings = [.. inputs.Notes, .. result.Decision.Warnings] };
        var bets = wish.Bets && prepared.Equity > 0 ? BookBets.Of(prepared) : null;
        if (wish.ChartFile is { } file && decision.Status != DecisionStatus.Undetermined)
            WholeFile.Write(file, Payoff(prepared, decision, wish.Underlying).Bytes(file));
        if (wish.DumpFolder is { } folder && result.Solve is not null)
            terminal.Working("writing the audit bundle", () => Dump(result, folder));
        if (wish.AsJson)
            terminal.Out.Write(DecisionJson.Write(decision, input.Market.Source, bets));
        else
            DecisionTables.Write(terminal.Tables(), decision, input.Market.Source, bets);
        return Code(decision.Status);
    }

    static bool Dump(SizingResult result, string folder)
    {
        AuditBundleFolder.Write(AuditBundle.Of(result), folder);
        return true;
    }

    static Chart Payoff(PreparedSizing prepared, Decision decision, string? underlying)
    {
        var market = new RiskMarket(prepared.Input.Market, prepared.Surfaces);
        var trades = decision
            .Targets.Where(line => line.Trade != 0)
            .Select(line => new BookTrade(
                line.Subaccount,
                market.Prices.Find(line.Instrument)!,
                (double)line.Trade,
                CostSettlement: 0
            ));
        var book = Book.Of(prepared.Input.Account, prepared.Input.Market, market.Prices).After(trades, market.Prices);
        string coin =
            underlying
            ?? book.Holdings.FirstOrDefault()?.Instrument.Underlying
            ?? prepared.Input.Market.Underlyings[0].Underlying;
        var curves = PayoffCurve.Of(market, book, prepared.Home, coin, prepared.Mandate.Horizon);
        return PayoffChart.Draw(curves, coin, prepared.Home);
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

    /// <summary>What is asked for besides the decision itself.</summary>
    sealed record AccountWish(
        bool AsJson,
        bool Bets,
        string? Underlying,
        string? ChartFile,
        string? DumpFolder,
        MethodWish? Method
    );
}
