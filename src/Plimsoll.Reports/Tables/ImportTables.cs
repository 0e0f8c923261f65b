using System.Collections.Immutable;
using Plimsoll.Markets;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>What an import found, for people.</summary>
public static class ImportTables
{
    /// <summary>A market, an account, or positions.</summary>
    public static void Write(IAnsiConsole console, ImportSummary summary)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(summary);
        if (summary.Market is { } market)
            WriteMarket(console, market);
        var accounts = new ReportTable("subaccount", "#balances", "#positions", "#open orders");
        foreach (var subaccount in summary.Account?.Subaccounts ?? [])
            accounts.Add(
                subaccount.Name,
                Figures.Exact(subaccount.Balances.Length),
                Figures.Exact(subaccount.Positions.Length),
                Figures.Exact(subaccount.OpenOrders.Length)
            );
        ReportPage.Section(console, "Account", accounts);
        ReportPage.Repairs(console, summary.Market?.Repairs ?? []);
        ReportPage.List(console, "Notes", summary.Notes);
        WriteOutcome(console, summary.Written);
    }

    /// <summary>Bars.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="histories">The bars.</param>
    /// <param name="written">Files written; empty when none was asked for.</param>
    public static void Write(IAnsiConsole console, PriceHistories histories, ImmutableArray<string> written)
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
        ReportPage.Section(console, "Bars", table);
        ReportPage.List(console, "Notes", histories.Notes);
        WriteOutcome(console, written);
    }

    static void WriteMarket(IAnsiConsole console, MarketSnapshot market)
    {
        ReportPage.Line(console, $"{market.Venue}, {Figures.Instant(market.AsOf)}, {market.Source}");
        var table = new ReportTable("coin", "#index", "#expiries", "#options", "#others");
        foreach (var coin in market.Underlyings)
        {
            var (options, others) = ImportJson.Count(market, coin.Underlying);
            table.Add(
                coin.Underlying,
                Figures.Amount(coin.IndexUsd),
                Figures.Exact(coin.Forwards.Length),
                Figures.Exact(options),
                Figures.Exact(others)
            );
        }
        ReportPage.Section(console, "Market", table);
    }

    static void WriteOutcome(IAnsiConsole console, ImmutableArray<string> written)
    {
        console.WriteLine();
        if (written.IsEmpty)
            ReportPage.Line(console, "nothing was written (--out writes it)");
        foreach (string file in written)
            ReportPage.Line(console, $"written: {file}");
    }
}
