using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>A stress report for people.</summary>
public static class StressTables
{
    /// <summary>Writes the whole page.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="report">What to write.</param>
    /// <param name="market">The market that it was made in.</param>
    public static void Write(IAnsiConsole console, StressReport report, MarketSnapshot market)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(market);
        if (report.Equity is not { } equity)
        {
            ReportPage.Line(console, "undetermined: something needed is missing", ReportPage.Attention);
            ReportPage.Missing(console, report.Missing);
            return;
        }
        string home = report.Home.Code;
        ReportPage.Line(
            console,
            $"equity {Figures.Amount(equity)} {home}, {Figures.Instant(report.AsOf)}, {market.Source}"
        );
        ReportPage.Line(console, $"horizon {report.Horizon}; gains are positive, loss figures too; amounts in {home}");
        WriteReverse(console, report, home);
        WriteNamed(console, report);
        WriteEntropy(console, report, equity);
        if (report.Hidden is { } hidden)
            WriteHidden(console, hidden, home);
        WriteDependence(console, report);
        if (report.Liquidity is { } liquidity)
            WriteLiquidity(console, liquidity, report.Level, home);
        WriteLadders(console, report);
        ReportPage.List(console, "Assumptions used", report.Assumptions);
        ReportPage.Repairs(console, market.Repairs);
        ReportPage.List(console, "Warnings", report.Warnings, ReportPage.Attention);
    }

    static void WriteReverse(IAnsiConsole console, StressReport report, string home)
    {
        foreach (var result in report.Reverse)
        {
            string what = result.Share is { } share
                ? $"Most plausible move that loses {Figures.Percent(share)} of equity "
                    + $"({Figures.Amount(result.Level)} {home})"
                : "Most plausible move that triggers a liquidation";
            ReportPage.Heading(console, what);
            if (result.Moves.IsEmpty)
                ReportPage.Paragraph(
                    console,
                    $"none within {Figures.Amount(result.SearchedDeviations)} standard deviations",
                    ReportPage.Good
                );
            foreach (var move in result.Moves)
            {
                ReportPage.Paragraph(console, move.Words);
                ReportPage.Paragraph(
                    console,
                    $"  {Figures.Ratio(move.Distance)} standard deviations{Shortened(move.SeenOn)}",
                    ReportPage.Dim
                );
            }
            if (result.Samples > 0)
                ReportPage.Paragraph(
                    console,
                    $"checked: {result.Exceeding} of {Figures.Exact(result.Samples)} random nearer moves do it",
                    result.Exceeding > 0 ? ReportPage.Attention : ReportPage.Dim
                );
        }
    }

    static string Shortened(IReadOnlyList<string> days)
    {
        const int Most = 5;
        return days.Count == 0 ? ""
            : days.Count <= Most ? "; " + string.Join(", ", days)
            : "; the latest: " + string.Join(", ", days.Skip(days.Count - Most));
    }

    static void WriteNamed(IAnsiConsole console, StressReport report)
    {
        if (report.Named.IsEmpty)
            return;
        string[] coins = [.. report.Named[0].Moves.Take(MostCoins).Select(move => move.Underlying)];
        bool sells = report.Named.Any(row => row.AmplifiedGain != row.Gain && row.AmplifiedGain is not null);
        bool isShort = report.Named.Any(row => !row.ShortPools.IsEmpty);
        string[] optional =
        [
            .. sells ? ["#after selling"] : Array.Empty<string>(),
            .. isShort ? ["short"] : Array.Empty<string>(),
        ];
        var table = new ReportTable([
            "day or case",
            .. coins.Select(coin => "#" + coin),
            "#gain",
            "#leaving",
            .. optional,
        ]);
        double largest = report.Named.Max(row => Math.Abs(row.Gain));
        foreach (var row in report.Named)
            table.Add(
                row.ShortPools.IsEmpty ? Style.Plain : ReportPage.Bad,
                [
                    row.Row.Name + (row.Row.AtLow ? ", low" : ""),
                    .. row.Moves.Take(MostCoins).Select(Whole),
                    Figures.Amount(row.Gain, largest),
                    Figures.Amount(row.ExitCost, largest),
                    .. sells ? [Figures.Amount(row.AmplifiedGain, largest)] : Array.Empty<string>(),
                    .. isShort ? [string.Join(", ", row.ShortPools)] : Array.Empty<string>(),
                ]
            );
        ReportPage.Section(console, "Recorded crashes and cases on today's account", table);
        string selling = sells ? "; after selling: the gain once forced sales have moved the price" : "";
        string shorts = isShort ? "; short: pools short of maintenance margin" : "";
        ReportPage.Paragraph(
            console,
            "leaving: closing everything there at stressed spreads and depth" + selling + shorts,
            ReportPage.Dim
        );
    }

    const int MostCoins = 3;

    static string Whole(CoinMoves move) =>
        FormattableString.Invariant($"{move.Spot * 100:+0.0;-0.0;0}%")
        + (move.VolatilityPoints is { } points ? FormattableString.Invariant($" vol {points * 100:+0;-0;0}") : "");

    static string Move(CoinMoves move) =>
        FormattableString.Invariant($"{move.Underlying} {move.Spot * 100:+0;-0;0}%")
        + (move.VolatilityPoints is { } points ? FormattableString.Invariant($" vol {points * 100:+0;-0;0}") : "");

    static void WriteEntropy(IAnsiConsole console, StressReport report, double equity)
    {
        var table = new ReportTable("worst law", "#nats", "#mean loss", "#share", "#rows", "mean moves");
        foreach (var row in report.Entropy)
        {
            string name = row.Share is { } share
                ? $"loses {Figures.Percent(share)} on average"
                : $"within {Figures.Ratio(row.Worst?.Entropy)} nats";
            if (row.Worst is not { } worst)
                table.Add(name, "none", Figures.Unknown, Figures.Unknown, Figures.Unknown, "");
            else
                table.Add(
                    name,
                    Figures.Amount(worst.Entropy),
                    Figures.Amount(worst.MeanLoss, equity),
                    Figures.Percent(worst.MeanLoss / equity),
                    Figures.Amount(worst.EffectiveSample),
                    string.Join(", ", row.Moves.Take(2).Select(Move))
                );
        }
        ReportPage.Section(console, "Worst laws near the law of risk, by relative entropy", table);
    }

    static void WriteHidden(IAnsiConsole console, HiddenReport hidden, string home)
    {
        var pairs = new ReportTable("hedged", "hedge", "market", "#calm", "#stress", "#loss", "#calm shows", "#hidden");
        foreach (var pair in hidden.Pairs)
            pairs.Add(
                pair.AddsUp ? ReportPage.Bad : Style.Plain,
                pair.Hedged,
                pair.Hedge,
                pair.Tail,
                Figures.Ratio(pair.CalmCorrelation),
                Figures.Ratio(pair.TailCorrelation),
                Figures.Amount(pair.Loss, hidden.Loss),
                Figures.Amount(pair.CalmLoss, hidden.Loss),
                Figures.Amount(pair.HiddenLoss, hidden.Loss)
            );
        ReportPage.Section(console, "Hedges in calm that fail in stress (red: they lose too)", pairs);
        ReportPage.Heading(console, "What calm correlations hide of the whole account");
        ReportPage.Paragraph(
            console,
            $"expected shortfall {Figures.Percent(hidden.Level)}: {Figures.Amount(hidden.Loss)} {home}; "
                + $"by calm correlations {Figures.Amount(hidden.CalmLoss)}; hidden {Figures.Amount(hidden.HiddenLoss)}"
        );
        if (hidden.Sizes is not { } reduced)
            return;
        var sizes = new ReportTable("position", "#contracts", "#keep", "#share kept");
        // What changes by less than a hundredth of a percent is rounding of the program.
        foreach (var size in reduced.Kept.Where(size => size.Kept < 0.9999))
            sizes.Add(
                size.Name,
                Figures.Amount(size.Contracts),
                Figures.Amount(size.Contracts * size.Kept),
                Figures.Percent(size.Kept)
            );
        string cost = $"{Figures.Amount(reduced.Cost)} {home}";
        ReportPage.Section(
            console,
            reduced.IsReached
                ? $"Cheapest sizes that remove it, for {cost}"
                : $"Sizes alone do not remove it: {Figures.Amount(reduced.Loss)} {home} stays, for {cost}",
            sizes
        );
    }

    static void WriteDependence(IAnsiConsole console, StressReport report)
    {
        string level = Figures.Percent(report.Level);
        var table = new ReportTable("dependence", $"#value at risk {level}", $"#expected shortfall {level}", "#worst");
        foreach (var row in report.Dependence)
            table.Add(
                row.Dependence,
                Figures.Amount(row.ValueAtRisk),
                Figures.Amount(row.ExpectedShortfall),
                Figures.Amount(row.Worst)
            );
        ReportPage.Section(console, "Each coin's own law, other dependence between them", table);
    }

    static void WriteLiquidity(IAnsiConsole console, LiquidityLoss liquidity, double level, string home)
    {
        var table = new ReportTable("position", "#contracts", "#calm", "#crunch", "#of it impact", "#days");
        foreach (var exit in liquidity.Exits)
            table.Add(
                exit.Calm.Instrument,
                Figures.Amount(exit.Calm.Contracts),
                Figures.Amount(exit.Calm.Total),
                Figures.Amount(exit.CrunchTotal),
                Figures.Amount(exit.CrunchImpact),
                Figures.Amount(exit.CrunchDays)
            );
        ReportPage.Section(console, "Leaving, now and when everyone leaves", table);
        ReportPage.Paragraph(
            console,
            $"value at risk {Figures.Percent(level)}: {Figures.Amount(liquidity.ValueAtRisk)} {home}; "
                + $"with leaving in the crunch {Figures.Amount(liquidity.Adjusted)} "
                + $"(leaving now {Figures.Amount(liquidity.CalmExit)}, "
                + $"in the crunch {Figures.Amount(liquidity.CrunchExit)})"
        );
    }

    static void WriteLadders(IAnsiConsole console, StressReport report)
    {
        foreach (var coin in report.Ladders.GroupBy(rung => rung.Underlying))
        {
            var table = new ReportTable("what moves", "by how much and the account's gain");
            double largest = coin.Max(rung => Math.Abs(rung.Gain));
            foreach (var kind in coin.GroupBy(rung => rung.Kind))
                table.Add(
                    kind.Key,
                    string.Join(
                        "  ",
                        kind.Select(rung => $"{Step(kind.Key, rung.Step)}: {Figures.Amount(rung.Gain, largest)}")
                    )
                );
            ReportPage.Section(console, $"Ladders of {coin.Key}, one thing at a time", table);
        }
    }

    static string Step(string kind, double step) =>
        kind == "skew"
            ? FormattableString.Invariant($"{step:+0.##;-0.##}")
            : FormattableString.Invariant($"{step * 100:+0.##;-0.##}%");
}
