using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Plimsoll.Backtest;
using Plimsoll.Markets;
using Plimsoll.Methods;
using Plimsoll.Reports;
using Plimsoll.Sizing;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary>
/// <c>plimsoll backtest</c> and <c>plimsoll compare</c>: methods over recorded markets, and who kept what was promised.
/// </summary>
static class BacktestCommand
{
    static readonly TimeSpan BetweenCheckpoints = TimeSpan.FromSeconds(5);

    /// <summary>Time between checkpoints over the time to write one, at least: long walks have large ones.</summary>
    const int WalkingOverWriting = 20;

    /// <summary>The walk, with a command of its own below it.</summary>
    public static Command Build(Terminal terminal, Command tailModel)
    {
        var command = Build(
            terminal,
            "backtest",
            "Walks an account through recorded option chains or bars under sizing methods: quotes, fees, funding, "
                + "settlement, margin and liquidation, without look-ahead; tells what was promised and what happened.",
            fallback: ["growth"],
            always: [],
            BacktestTables.Write
        );
        command.Add(tailModel);
        return command;
    }

    public static Command BuildCompare(Terminal terminal) =>
        Build(
            terminal,
            "compare",
            "Walks the three eras of sizing (static, volatility-adjusted, integrated) and any named methods "
                + "through the same records, and tells who kept the promise.",
            fallback: [],
            always: Eras(),
            BacktestTables.Write
        );

    /// <summary>Every method of the three eras of sizing, in the order of the registry.</summary>
    static ImmutableArray<string> Eras() =>
        [
            .. SizingMethods
                .All.Where(method =>
                    method.Family is MethodFamily.Static or MethodFamily.VolatilityAdjusted or MethodFamily.Integrated
                )
                .Select(method => method.Key),
        ];

    static Command Build(
        Terminal terminal,
        string name,
        string description,
        ImmutableArray<string> fallback,
        ImmutableArray<string> always,
        Action<Spectre.Console.IAnsiConsole, BacktestOutcome> tables
    )
    {
        var options = new WalkOptions();
        var command = new Command(name, description);
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var text = new OptionText(parsed);
            if (new WalkReader(text, options).Read(fallback, always) is not { } wish)
                return PlimsollCommand.Refuse(terminal, text.Faults);
            var (state, faults) = Walk(terminal, wish);
            if (faults.Count > 0)
                return PlimsollCommand.Refuse(terminal, faults);
            var outcome = terminal.Working(
                "resampling",
                () => BacktestOutcome.Of(wish.Timeline, wish.Request, state, wish.Tries)
            );
            if (wish.Html is { } html)
                WholeFile.Write(html, Encoding.UTF8.GetBytes(BacktestPage.Write(outcome)));
            if (wish.Chart is { } chart)
                WholeFile.Write(chart, BacktestChart.Draw(outcome, wish.Figure).Bytes(chart));
            if (parsed.GetValue(options.Json))
                terminal.Out.Write(BacktestJson.Write(outcome));
            else
                tables(terminal.Tables(), outcome);
            return outcome.Methods.All(method => method.Decisions(DecisionStatus.Undetermined) == method.Due)
                ? ExitCode.Undetermined
                : ExitCode.Done;
        });
        return command;
    }

    static (WalkCheckpoint State, IReadOnlyCollection<Fault> Faults) Walk(Terminal terminal, WalkWish wish)
    {
        var walk = new WalkForward(wish.Timeline, wish.Request, wish.Fingerprint, wish.From);
        if (walk.NextStep > 0)
            terminal.Error.WriteLine(
                FormattableString.Invariant($"plimsoll: goes on from {wish.Checkpoint} at instant {walk.NextStep + 1}")
            );
        int count = wish.Timeline.Times.Length;
        var faults = terminal.Progressing(
            "walking through the records",
            count,
            report =>
            {
                var since = Stopwatch.StartNew();
                var wait = BetweenCheckpoints;
                while (!walk.IsDone)
                {
                    var found = walk.Step();
                    if (found.Length > 0)
                        return found;
                    report(walk.NextStep);
                    if (wish.Checkpoint is not { } file || (!walk.IsDone && since.Elapsed < wait))
                        continue;
                    since.Restart();
                    CheckpointFile.Write(walk.Checkpoint(), file);
                    wait = since.Elapsed * WalkingOverWriting;
                    wait = wait > BetweenCheckpoints ? wait : BetweenCheckpoints;
                    since.Restart();
                }
                return [];
            }
        );
        return (walk.Checkpoint(), faults);
    }
}
