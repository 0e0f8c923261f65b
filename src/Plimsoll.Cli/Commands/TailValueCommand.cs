using System.Collections.Immutable;
using System.CommandLine;
using Plimsoll.Backtest;
using Plimsoll.Reports;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll backtest tail-model</c>: what the tail forecast adds to volatility targeting.</summary>
static class TailValueCommand
{
    public static Command Build(Terminal terminal)
    {
        var history = TailInput.History();
        var chains = TailInput.Chains();
        var underlying = InputOptions.Underlying("one coin alone, such as BTC");
        var cost = InputOptions.Worded("--cost", "SHARE", "fee and half spread of what is traded (default 0.06%)");
        var seed = InputOptions.Seed();
        var json = InputOptions.Json();
        var command = new Command(
            "tail-model",
            "Walks a coin under volatility targeting and under the tail model's risk budget, at equal risk, net of "
                + "cost, each day from the days before it; with 90% bands of the differences."
        )
        {
            history,
            chains,
            underlying,
            cost,
            seed,
            json,
        };
        command.SetAction(parsed =>
        {
            var text = new OptionText(parsed);
            var input = new TailInput(text);
            var market = input.Market(history, chains);
            var coin = input.Coin(underlying, market);
            var request = new TailValueRequest { Seed = text.Seed(seed) };
            if (text.Share(cost) is { } share)
                request = request with { Cost = share };
            if (market is null || text.Faults.Count > 0)
                return PlimsollCommand.Refuse(terminal, text.Faults);
            var coins = coin is null ? market.Coins : [coin];
            var values = terminal.Working(
                "walking",
                () => coins.Select(each => (each.Underlying, Value: TailValue.Of(new(each, market), request))).ToArray()
            );
            ImmutableArray<string> notes =
            [
                .. input.Notes,
                .. values.Where(each => each.Value is null).Select(each => $"{each.Underlying}: too few days to walk"),
            ];
            ImmutableArray<TailValue> walked = [.. values.Select(each => each.Value).OfType<TailValue>()];
            if (parsed.GetValue(json))
                terminal.Out.Write(TailValueJson.Write(walked, notes));
            else
                TailValueTables.Write(terminal.Tables(), walked, request, notes);
            return walked.Length > 0 ? ExitCode.Done : ExitCode.Undetermined;
        });
        return command;
    }
}
