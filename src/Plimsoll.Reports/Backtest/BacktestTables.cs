using Plimsoll.Backtest;
using Plimsoll.Sizing;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>A walk-forward for people.</summary>
public static class BacktestTables
{
    /// <summary>Heading of <see cref="Promises"/>.</summary>
    internal const string Promised = "Promised and happened";

    /// <summary>Heading of <see cref="Selection"/>.</summary>
    internal const string Choosing = "Choosing the best of these methods, cross-validated";

    /// <summary>Writes the whole page.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="outcome">What to write.</param>
    public static void Write(IAnsiConsole console, BacktestOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(outcome);
        var records = outcome.Methods[0].Records;
        ReportPage.Line(
            console,
            FormattableString.Invariant(
                $"{outcome.Source}, {records[0].Time:yyyy-MM-dd} to {records[^1].Time:yyyy-MM-dd}"
            )
                + FormattableString.Invariant($": {records.Length} instants, {outcome.Methods[0].Due} decisions, from ")
                + FormattableString.Invariant($"{Figures.Amount(records[0].EquityBefore, 1e6)} {outcome.Request.Home}")
        );
        foreach (var (heading, table) in Sections(outcome))
            ReportPage.Section(console, heading, table);
        WritePromises(console, outcome);
        if (Selection(outcome) is { } selection)
        {
            ReportPage.Heading(console, Choosing);
            ReportPage.Paragraph(console, selection);
        }
        foreach (var method in outcome.Methods)
            ReportPage.List(console, $"Left aside or missing: {method.Name}", method.Notes, ReportPage.Attention);
        ReportPage.List(console, "Assumed where the records say nothing", outcome.Assumptions);
    }

    /// <summary>The tables before the promises, each under its heading.</summary>
    internal static IEnumerable<(string Heading, ReportTable Table)> Sections(BacktestOutcome outcome) =>
        [
            ("What came of it", Results(outcome)),
            ("On the way", Path(outcome)),
            (
                "Trading: turnover a year, cost as a share of mean equity, decisions in breach or without a size",
                Trading(outcome)
            ),
            ("90% bands, days resampled in blocks (of so many days)", Bands(outcome)),
        ];

    /// <summary>What each method promised and what happened; ends with who kept all of it.</summary>
    public static void WritePromises(IAnsiConsole console, BacktestOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(outcome);
        ReportPage.Section(console, Promised, Promises(outcome));
        foreach (var (words, kept) in Verdicts(outcome))
            ReportPage.Line(console, "  " + words, kept ? ReportPage.Good : ReportPage.Bad);
    }

    /// <summary>For each method: that it kept every promise, or which it broke.</summary>
    internal static IEnumerable<(string Words, bool Kept)> Verdicts(BacktestOutcome outcome) =>
        outcome.Methods.Select(method =>
        {
            string[] broken = [.. method.Promises.Broken()];
            return broken.Length == 0
                ? ($"{method.Name} kept every promise", true)
                : ($"{method.Name} broke: {string.Join(", ", broken)}", false);
        });

    /// <summary>A row for each promise of each method.</summary>
    internal static ReportTable Promises(BacktestOutcome outcome)
    {
        var table = new ReportTable("promise", "method", "#promised", "#happened", "#p-value", "");
        foreach (var method in outcome.Methods)
        {
            foreach (var check in new[] { method.Promises.Coverage99, method.Promises.Coverage95 })
                Row(
                    FormattableString.Invariant($"days beyond VaR {check.Level * 100:0}%"),
                    method.Name,
                    FormattableString.Invariant($"{check.Expected:0.0} of {check.Days}"),
                    Figures.Exact(check.Hits),
                    check.KupiecPValue is { } p ? FormattableString.Invariant($"{p:0.000}") : Figures.Unknown,
                    check.Kept
                );
            Row(
                "loss beyond it over ES 99%",
                method.Name,
                "1",
                Figures.Amount(method.Promises.Coverage99.ShortfallRatio),
                Figures.Unknown,
                null
            );
            if (method.Promises.Drawdown is { } fall)
                Row(
                    FormattableString.Invariant($"down {fall.Limit * 100:0.#}% in {fall.WithinDays:0.#} days"),
                    method.Name,
                    Figures.Percent(fall.Probability),
                    FormattableString.Invariant($"{Figures.Percent(fall.Share)} of {fall.Starts}"),
                    Figures.Unknown,
                    fall.Kept
                );
            Row(
                "most initial margin",
                method.Name,
                Figures.Percent(method.Promises.MarginLimit),
                Figures.Percent(method.Promises.MarginMost),
                Figures.Unknown,
                null
            );
            Row(
                "liquidations",
                method.Name,
                Figures.Amount(method.Promises.LiquidationsExpected),
                Figures.Exact(method.Promises.Liquidations),
                Figures.Unknown,
                null
            );
        }
        return table;

        void Row(string promise, string method, string promised, string happened, string pValue, bool? kept)
        {
            string word = kept switch
            {
                true => "kept",
                false => "broken",
                _ => "",
            };
            if (kept == false)
                table.Add(ReportPage.Bad, promise, method, promised, happened, pValue, word);
            else
                table.Add(promise, method, promised, happened, pValue, word);
        }
    }

    static ReportTable Results(BacktestOutcome outcome)
    {
        var table = new ReportTable(
            "method",
            "#growth/year",
            "#volatility",
            "#Sharpe",
            "#Sortino",
            "#Calmar",
            "#P(S>0)",
            "#deflated"
        );
        foreach (var method in outcome.Methods)
            table.Add(
                method.Name,
                Figures.Percent(method.Statistics.GrowthAnnual),
                Figures.Percent(method.Statistics.VolatilityAnnual),
                Figures.Ratio(method.Statistics.Sharpe),
                Figures.Ratio(method.Statistics.Sortino),
                Figures.Ratio(method.Statistics.Calmar),
                Figures.Percent(method.ProbabilisticSharpe),
                Figures.Percent(method.DeflatedSharpe)
            );
        return table;
    }

    static ReportTable Path(BacktestOutcome outcome)
    {
        var table = new ReportTable(
            "method",
            "#last",
            "#max. drawdown",
            "#worst day",
            "#days under",
            "#time under",
            "#exposure"
        );
        foreach (var method in outcome.Methods)
            table.Add(
                method.Name,
                Figures.Amount(method.Records[^1].Equity, 1e6),
                Figures.Percent(method.Statistics.MaximumDrawdown),
                Figures.Percent(method.Statistics.WorstDay),
                Figures.Amount(method.Statistics.LongestUnderWaterDays, 100),
                Figures.Percent(method.Statistics.UnderWaterShare),
                Figures.Percent(method.MeanExposure)
            );
        return table;
    }

    static ReportTable Trading(BacktestOutcome outcome)
    {
        var table = new ReportTable(
            "method",
            "#turnover",
            "#fees",
            "#spread",
            "#funding",
            "#fills",
            "#cut",
            "#breach",
            "#no size"
        );
        foreach (var method in outcome.Methods)
            table.Add(
                method.Name,
                Figures.Ratio(method.TurnoverAnnual),
                Figures.Percent(method.ShareOfEquity(record => record.Fees)),
                Figures.Percent(method.ShareOfEquity(record => record.Spread)),
                Figures.Percent(method.ShareOfEquity(record => record.Funding)),
                Figures.Exact(method.Records.Sum(record => record.Fills)),
                Figures.Exact(method.Records.Sum(record => record.Unfilled)),
                Figures.Exact(method.Decisions(DecisionStatus.Infeasible)),
                Figures.Exact(method.Decisions(DecisionStatus.Undetermined))
            );
        return table;
    }

    static ReportTable Bands(BacktestOutcome outcome)
    {
        var table = new ReportTable("method", "#block", "growth/year", "volatility", "Sharpe", "drawdown");
        foreach (var method in outcome.Methods)
            if (method.Bands is { } bands)
                table.Add(
                    method.Name,
                    Figures.Ratio(bands.MeanBlock),
                    Range(bands.Growth),
                    Range(bands.Volatility),
                    $"{Figures.Ratio(bands.Sharpe.Low)} to {Figures.Ratio(bands.Sharpe.High)}",
                    Range(bands.Drawdown)
                );
        return table;
    }

    static string Range(Band band) => FormattableString.Invariant($"{band.Low * 100:0.0} to {band.High * 100:0.0}%");

    /// <summary>What choosing the best of the methods is worth, in words; null where it cannot be told.</summary>
    internal static string? Selection(BacktestOutcome outcome) =>
        outcome.Selection is { } selection
            ? FormattableString.Invariant(
                $"in {Figures.Percent(selection.OverfitProbability)} of {selection.Splits} purged splits the best "
            )
                + "method of one half ranks in the lower half of the other; Sharpe ratio of the chosen one outside: "
                + $"median {Figures.Ratio(selection.MedianOutside)}, 90% from {Figures.Ratio(selection.LowOutside)} to "
                + $"{Figures.Ratio(selection.HighOutside)}, negative in {Figures.Percent(selection.LossProbability)}"
            : null;
}
