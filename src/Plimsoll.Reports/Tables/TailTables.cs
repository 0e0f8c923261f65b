using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Tails;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>Tail forecasts and their evaluation, for people.</summary>
public static class TailTables
{
    /// <summary>Model confidence set at this level (Hansen, Lunde and Nason 2011).</summary>
    const double SetLevel = 0.25;

    /// <summary>What was trained on what.</summary>
    public static void Write(IAnsiConsole console, TrainedTail model, string file, ImmutableArray<string> notes)
    {
        ReportPage.Line(console, $"{model.Underlying}: trained on the days before {model.Until:yyyy-MM-dd}");
        var windows = new ReportTable("coin", "first", "last", "#days", "#with implied");
        foreach (var window in model.Windows)
            windows.Add(
                window.Underlying,
                Day(window.First),
                Day(window.Last),
                Figures.Exact(window.Days),
                Figures.Exact(window.ImpliedDays)
            );
        ReportPage.Section(console, "Data", windows);
        var levels = new ReportTable("level", "#days", "#hits", "#mean FZ0", "#GARCH-t's", "#factor");
        foreach (var level in model.Levels)
            levels.Add(
                Figures.Percent(level.Probability),
                Figures.Exact(level.Days),
                Figures.Exact(level.Hits),
                Fixed(level.MeanFz0),
                Fixed(level.ReferenceMeanFz0),
                Fixed(Math.Exp(level.LogFactor))
            );
        ReportPage.Section(console, "Learning days, each forecast from the days before it", levels);
        ReportPage.List(console, "Notes", notes);
        ReportPage.Line(console, $"written: {file}");
    }

    /// <summary>What may be lost over the next days.</summary>
    public static void Write(IAnsiConsole console, TailOutlook outlook)
    {
        string span =
            outlook.HorizonDays == 1
                ? $"{outlook.From:yyyy-MM-dd}"
                : FormattableString.Invariant($"{outlook.HorizonDays} days from {outlook.From:yyyy-MM-dd}");
        ReportPage.Line(console, $"{outlook.Underlying}, {span}: loss of a long position, log return");
        var table = new ReportTable("level", "model", "#weight", "#value at risk", "#expected shortfall");
        foreach (var level in outlook.Levels)
        {
            table.Add(
                Figures.Percent(level.Probability),
                TailModels.Auto,
                "",
                Figures.Percent(level.ValueAtRisk / 100),
                Figures.Percent(level.ExpectedShortfall / 100)
            );
            foreach (var member in level.Weights)
                table.Add(
                    "",
                    member.Model,
                    Figures.Percent(member.Weight),
                    Figures.Percent(member.ValueAtRisk / 100),
                    Figures.Percent(member.ExpectedShortfall / 100)
                );
        }
        ReportPage.Section(console, "Forecast", table);
        ReportPage.List(console, "Warnings", outlook.Notes, ReportPage.Attention);
    }

    /// <summary>Every model on every coin and level.</summary>
    public static void Write(IAnsiConsole console, ImmutableArray<EvaluationRow> rows, ImmutableArray<string> notes)
    {
        foreach (var group in rows.GroupBy(row => (row.Underlying, row.Level)))
        {
            var first = group.First();
            string what = FormattableString.Invariant($"{group.Key.Underlying} at {100 * group.Key.Level.Value:0.##}%");
            ReportPage.Section(
                console,
                $"{what}, {first.Days} days from {first.Series[0].Date:yyyy-MM-dd} to "
                    + $"{first.Series[^1].Date:yyyy-MM-dd}",
                Losses(group)
            );
            ReportPage.Section(console, $"{what}: hits, with p-values", Hits(group));
        }
        if (TailVerdict.Contests(rows) is { IsEmpty: false } contests)
            ReportPage.Section(
                console,
                $"{contests[0].Model} against the others, over all coins (mean FZ0; t beyond 1.65)",
                Contests(contests)
            );
        if (!rows.IsEmpty)
            ReportPage.Section(console, "Coverage over all coins: how many pass at 5%", Coverage(rows));
        ReportPage.List(console, "Notes", notes);
    }

    static ReportTable Contests(ImmutableArray<ModelContest> contests)
    {
        var table = new ReportTable(
            "level",
            "against",
            "#lower on",
            "significantly lower on",
            "significantly higher on"
        );
        foreach (var contest in contests)
            table.Add(
                Figures.Percent(contest.Level.Value),
                contest.Against,
                FormattableString.Invariant($"{contest.Lower} of {contest.Coins}"),
                Coins(contest.Better),
                Coins(contest.Worse)
            );
        return table;
    }

    static string Coins(ImmutableArray<string> coins) => coins.IsEmpty ? "none" : string.Join(", ", coins);

    static ReportTable Coverage(ImmutableArray<EvaluationRow> rows)
    {
        var table = new ReportTable("level", "model", "#Kupiec", "#independence", "#both");
        foreach (var count in TailVerdict.Coverage(rows))
        {
            string Of(int passed) => FormattableString.Invariant($"{passed} of {count.Coins}");
            table.Add(
                Figures.Percent(count.Level.Value),
                count.Model,
                Of(count.Kupiec),
                Of(count.Independence),
                Of(count.Both)
            );
        }
        return table;
    }

    static ReportTable Losses(IEnumerable<EvaluationRow> rows)
    {
        var table = new ReportTable(
            "model",
            "#FZ0",
            "#t",
            "#t less 3",
            "#quantile loss",
            "#value at risk",
            "#shortfall",
            "set"
        );
        foreach (var row in rows)
            table.Add(
                row.Model,
                Fixed(row.MeanFz0),
                Fixed(row.AgainstReference, "0.00"),
                Fixed(row.WithoutLargest, "0.00"),
                Fixed(row.MeanQuantileLoss),
                Figures.Percent(row.MeanValueAtRisk / 100),
                Figures.Percent(row.MeanExpectedShortfall / 100),
                row.ConfidenceSetPValue >= SetLevel ? "in" : "out"
            );
        return table;
    }

    static ReportTable Hits(IEnumerable<EvaluationRow> rows)
    {
        var table = new ReportTable(
            "model",
            "#hits",
            "#rate",
            "#Kupiec",
            "#indep.",
            "#both",
            "#DQ",
            "#Z1",
            "#p",
            "#Z2",
            "#p"
        );
        foreach (var row in rows)
            table.Add(
                row.Model,
                Figures.Exact(row.Hits),
                Figures.Percent((double)row.Hits / row.Days),
                Fixed(row.Kupiec.PValue, "0.000"),
                Fixed(row.Independence.PValue, "0.000"),
                Fixed(row.Conditional.PValue, "0.000"),
                Fixed(row.DynamicQuantile.PValue, "0.000"),
                Fixed(row.Z1, "0.000"),
                Fixed(row.Z1PValue, "0.000"),
                Fixed(row.Z2, "0.000"),
                Fixed(row.Z2PValue, "0.000")
            );
        return table;
    }

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string Fixed(double? value, string format = "0.0000") =>
        value is { } number && double.IsFinite(number)
            ? number.ToString(format, CultureInfo.InvariantCulture)
            : Figures.Unknown;
}
