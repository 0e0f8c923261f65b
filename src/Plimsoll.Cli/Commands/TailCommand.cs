using System.Collections.Immutable;
using System.CommandLine;
using Plimsoll.Reports;
using Plimsoll.Storage;
using Plimsoll.Tails;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll tail</c>: forecasts of value at risk and expected shortfall, and how good they are.</summary>
static class TailCommand
{
    static readonly string[] DefaultModels = ["GARCH-t", "FHS-GARCH", "EWMA-normal", "HS-500", "HAR-panel", "auto"];

    public static Command Build(Terminal terminal, HelpWithExamples help) =>
        new("tail", "Forecasts value at risk and expected shortfall of a coin's day, and judges such forecasts.")
        {
            help.Show(Fit(terminal), "plimsoll tail fit --history bars --underlying BTC --out btc-tail.json"),
            help.Show(Forecast(terminal), "plimsoll tail forecast --history bars --model btc-tail.json"),
            help.Show(
                Evaluate(terminal),
                "plimsoll tail evaluate --history bars --underlying BTC",
                "plimsoll tail evaluate --history bars --underlying BTC --plot years --chart years.svg"
            ),
        };

    static Command Fit(Terminal terminal)
    {
        var history = TailInput.History();
        var chains = TailInput.Chains();
        var underlying = InputOptions.Underlying("coin to forecast; the others of the folder teach too");
        underlying.Required = true;
        var until = TailInput.Day("--until", "train on the days before this one; all if absent");
        var output = new Option<string>("--out")
        {
            Description = "write the model and its card (JSON) to this file",
            HelpName = "FILE",
            Required = true,
        };
        var command = new Command("fit", "Trains the default forecaster and writes it with its data window.")
        {
            history,
            chains,
            underlying,
            until,
            output,
        };
        command.SetAction(parsed =>
        {
            var text = new OptionText(parsed);
            var input = new TailInput(text);
            var market = input.Market(history, chains);
            var coin = input.Coin(underlying, market);
            var end = input.Date(until);
            int day =
                coin is null ? 0
                : end is { } date ? coin.FirstAt(date)
                : coin.Count;
            if (coin is not null && day < EvaluationRequest.FewestDays)
                text.Refuse(
                    underlying,
                    FormattableString.Invariant($"{coin.Underlying} with {day} whole days"),
                    FormattableString.Invariant($"at least {EvaluationRequest.FewestDays} days to train on")
                );
            if (market is null || coin is null || text.Faults.Count > 0)
                return PlimsollCommand.Refuse(terminal, text.Faults);
            string file = text.Text(output)!;
            var model = terminal.Working("training", () => TrainedTail.Train(new TailHistory(coin, market), day));
            TailModelFile.Write(model, file);
            TailTables.Write(terminal.Tables(), model, file, [.. input.Notes]);
            return ExitCode.Done;
        });
        return command;
    }

    static Command Forecast(Terminal terminal)
    {
        var history = TailInput.History();
        var chains = TailInput.Chains();
        var file = new Option<string>("--model")
        {
            Description = "a model that tail fit wrote",
            HelpName = "FILE",
            Required = true,
        };
        var horizon = new Option<string>("--horizon") { Description = "days (default 1)", HelpName = "DAYS" };
        var json = InputOptions.Json();
        var command = new Command("forecast", "Forecasts the days after the last whole day of the bars.")
        {
            history,
            chains,
            file,
            horizon,
            json,
        };
        command.SetAction(parsed =>
        {
            var text = new OptionText(parsed);
            var input = new TailInput(text);
            var market = input.Market(history, chains);
            var model = input.Take(TailModelFile.Read(text.Text(file)!));
            int days = text.Whole(horizon, 1, least: 1, most: 60);
            var coin = model is null ? null : market?.Find(model.Underlying);
            if (market is not null && model is not null)
            {
                if (coin is null)
                    text.Refuse(history, $"no bars of {model.Underlying}", "bars of the coin that the model forecasts");
                else if (coin.Days[^1].Date.AddDays(1) < model.Until)
                    text.Refuse(
                        history,
                        FormattableString.Invariant($"bars to {coin.Days[^1].Date:yyyy-MM-dd}"),
                        FormattableString.Invariant($"bars to {model.Until.AddDays(-1):yyyy-MM-dd} or later")
                    );
            }
            if (market is null || model is null || coin is null || text.Faults.Count > 0)
                return PlimsollCommand.Refuse(terminal, text.Faults);
            var made = TailOutlook.Of(model, new TailHistory(coin, market), days);
            var outlook = made with { Notes = [.. input.Notes, .. made.Notes] };
            if (parsed.GetValue(json))
                terminal.Out.Write(TailJson.Write(outlook));
            else
                TailTables.Write(terminal.Tables(), outlook);
            return outlook.Levels.All(level => double.IsFinite(level.ValueAtRisk))
                ? ExitCode.Done
                : ExitCode.Undetermined;
        });
        return command;
    }

    static Command Evaluate(Terminal terminal)
    {
        var history = TailInput.History();
        var chains = TailInput.Chains();
        var underlying = InputOptions.Underlying("one coin alone, such as BTC");
        var models = new Option<string>("--models")
        {
            Description = "names by comma, the first is the reference; \"all\" for every model",
            HelpName = "NAMES",
        };
        var from = TailInput.Day("--from", "first day judged (default 2019-01-01)");
        var to = TailInput.Day("--to", "first day not judged");
        var seed = InputOptions.Seed();
        var json = InputOptions.Json();
        var chart = InputOptions.Chart("the evaluation of one coin at the first level");
        var plot = new Option<string>("--plot")
        {
            Description = "what is drawn: coverage, hits or years (default coverage)",
            HelpName = "WHAT",
        };
        var command = new Command(
            "evaluate",
            "Runs forecasters through time, each day from the days before it, and judges them."
        )
        {
            history,
            chains,
            underlying,
            models,
            from,
            to,
            seed,
            json,
            chart,
            plot,
        };
        command.SetAction(parsed =>
        {
            var text = new OptionText(parsed);
            var input = new TailInput(text);
            var market = input.Market(history, chains);
            var coin = input.Coin(underlying, market);
            var request = new EvaluationRequest(
                Models(text, models),
                TailModels.Levels,
                input.Date(from) ?? new DateOnly(2019, 1, 1),
                input.Date(to),
                text.Seed(seed)
            );
            string? file = new InputReader(text).ChartFile(chart);
            var what = Plot(text, plot);
            if (market is null || text.Faults.Count > 0)
                return PlimsollCommand.Refuse(terminal, text.Faults);
            var coins = coin is null ? market.Coins : [coin];
            var rows = terminal.Working(
                "evaluating",
                () => coins.SelectMany(c => TailEvaluation.Of(new(c, market), request)).ToImmutableArray()
            );
            ImmutableArray<string> notes =
            [
                .. input.Notes,
                .. coins
                    .Where(c => rows.All(row => row.Underlying != c.Underlying))
                    .Select(c => $"{c.Underlying}: too few days to judge"),
            ];
            if (file is not null && rows.Length > 0)
                WholeFile.Write(file, TailChart.Draw(FirstGroup(rows), what).Bytes(file));
            if (parsed.GetValue(json))
                terminal.Out.Write(TailJson.Write(rows, notes));
            else
                TailTables.Write(terminal.Tables(), rows, notes);
            return rows.Length > 0 ? ExitCode.Done : ExitCode.Undetermined;
        });
        return command;
    }

    static ImmutableArray<EvaluationRow> FirstGroup(ImmutableArray<EvaluationRow> rows) =>
        [.. rows.Where(row => row.Underlying == rows[0].Underlying && row.Level == rows[0].Level)];

    static ImmutableArray<string> Models(OptionText text, Option<string> option)
    {
        if (text.Text(option) is not { } written)
            return [.. DefaultModels];
        if (written == "all")
            return [.. TailModels.All.Select(model => model.Name), TailModels.Auto];
        string[] names = written.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (string name in names.Where(name => !TailModels.Names.Contains(name)))
            text.Refuse(option, name, $"one of {string.Join(", ", TailModels.Names)}");
        if (names.Length == 0)
            text.Refuse(option, written, "at least one name");
        return [.. names.Distinct()];
    }

    static TailPlot Plot(OptionText text, Option<string> option)
    {
        if (text.Text(option) is not { } word)
            return TailPlot.Coverage;
        foreach (var plot in Enum.GetValues<TailPlot>())
            if (word == plot.ToString().ToLowerInvariant())
                return plot;
        text.Refuse(option, word, "coverage, hits or years");
        return TailPlot.Coverage;
    }
}
