using Plimsoll.Markets;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>What an import found, for people.</summary>
public static class ImportTables
{
    /// <summary>A market.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="market">The cleaned market.</param>
    /// <param name="written">The file that was written, or null.</param>
    public static void Write(IAnsiConsole console, MarketSnapshot market, string? written)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(market);
        ReportPage.Line(console, $"{market.Venue}, {Figures.Instant(market.AsOf)}, {market.Source}");
        var table = new ReportTable("coin", "#index", "#expiries", "#options", "#others");
        foreach (var coin in market.Underlyings)
        {
            var own = market.Quotes.Where(quote => quote.Instrument.Underlying == coin.Underlying).ToArray();
            int options = own.Count(quote => quote.Instrument is OptionInstrument);
            table.Add(
                coin.Underlying,
                Figures.Amount(coin.IndexUsd),
                Figures.Exact(coin.Forwards.Length),
                Figures.Exact(options),
                Figures.Exact(own.Length - options)
            );
        }
        ReportPage.Section(console, "Found", table);
        ReportPage.Repairs(console, market.Repairs);
        WriteOutcome(console, written);
    }

    /// <summary>Bars.</summary>
    public static void Write(IAnsiConsole console, PriceHistories histories)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(histories);
        var table = new ReportTable("coin", "#bar hours", "#bars", "first", "last", "#gaps");
        foreach (var history in histories.Histories)
            table.Add(
                history.Underlying,
                Figures.Amount(history.BarLength.TotalHours),
                Figures.Exact(history.Bars.Length),
                history.Bars.Length == 0 ? Figures.Unknown : Figures.Instant(history.Bars[0].OpenTime),
                history.Bars.Length == 0 ? Figures.Unknown : Figures.Instant(history.Bars[^1].OpenTime),
                Figures.Exact(ImportJson.Gaps(history))
            );
        ReportPage.Section(console, "Found", table);
        ReportPage.List(console, "Notes", histories.Notes);
    }

    static void WriteOutcome(IAnsiConsole console, string? written)
    {
        console.WriteLine();
        ReportPage.Line(
            console,
            written is null ? "nothing was written (--out FILE writes it)" : $"written to {written}"
        );
    }
}
