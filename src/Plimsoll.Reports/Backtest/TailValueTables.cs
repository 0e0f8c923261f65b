using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Backtest;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>What a forecast of the tail adds to volatility targeting, for people.</summary>
public static class TailValueTables
{
    /// <summary>Two tables a coin: every rule's figures, and its differences with their bands.</summary>
    public static void Write(
        IAnsiConsole console,
        ImmutableArray<TailValue> values,
        TailValueRequest request,
        ImmutableArray<string> notes
    )
    {
        ReportPage.Line(
            console,
            FormattableString.Invariant(
                $"long one coin, each rule at {100 * request.VolatilityAnnual:0.##}% volatility a year; "
            )
                + FormattableString.Invariant($"{100 * request.Cost:0.####}% a unit traded; ")
                + FormattableString.Invariant($"no trade within {100 * request.Band:0.#}% of the target")
        );
        foreach (var value in values)
        {
            var figures = new ReportTable(
                "rule",
                "#growth",
                "#Sharpe",
                "#ES 97.5%",
                "#drawdown",
                "#month",
                "#vol of vol",
                "#turnover",
                "#cost"
            );
            foreach (var row in value.Rows)
                figures.Add(
                    row.Name,
                    Figures.Percent(row.Figures.GrowthAnnual),
                    Fixed(row.Figures.Sharpe),
                    Figures.Percent(row.Figures.Shortfall),
                    Figures.Percent(row.Figures.Drawdown),
                    Figures.Percent(row.Figures.WorstMonth),
                    Fixed(row.Figures.VolatilityOfVolatility),
                    Fixed(row.TurnoverAnnual),
                    Figures.Percent(row.CostAnnual)
                );
            ReportPage.Section(
                console,
                $"{value.Underlying}, {value.Days} days from {value.From:yyyy-MM-dd} to {value.To:yyyy-MM-dd}",
                figures
            );
            var less = new ReportTable("less volatility target", "#growth", "#Sharpe", "#ES 97.5%");
            foreach (var row in value.Rows)
                if (row is { Less: { } difference, Bands: { } bands })
                    less.Add(
                        row.Name,
                        Percent(difference[0], bands[0]),
                        Number(difference[1], bands[1]),
                        Percent(difference[2], bands[2])
                    );
            ReportPage.Section(console, $"{value.Underlying}: differences with 90% bands", less);
        }
        ReportPage.List(console, "Notes", notes);
    }

    static string Percent(double value, Band band) => Number(100 * value, new(100 * band.Low, 100 * band.High)) + "%";

    static string Number(double value, Band band) => $"{Signed(value)} [{Signed(band.Low)}, {Signed(band.High)}]";

    /// <summary>Rounded first: a small negative number is 0, not minus plus 0.</summary>
    static string Signed(double value) => FormattableString.Invariant($"{Math.Round(value, 2) + 0.0:+0.00;-0.00}");

    static string Fixed(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
