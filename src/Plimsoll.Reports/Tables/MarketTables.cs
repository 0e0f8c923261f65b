using Plimsoll.Markets;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>
/// A market for people: expiries with their volatility, how the surface meets the quotes, one chain, repairs.
/// </summary>
public static class MarketTables
{
    const int StrikesAround = 9;
    const double UsualDays = 30;

    /// <summary>Writes the whole page.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="report">What to write.</param>
    /// <param name="expiry">Chain to show; null: of each coin the one nearest to thirty days.</param>
    public static void Write(IAnsiConsole console, MarketReport report, DateTimeOffset? expiry)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(report);
        var market = report.Market;
        ReportPage.Line(console, $"{market.Venue}, {Figures.Instant(market.AsOf)}, {market.Source}");
        foreach (var coin in report.Underlyings)
        {
            WriteCoin(console, coin);
            WriteChain(console, coin, expiry);
        }
        ReportPage.Repairs(console, market.Repairs.Concat(report.Underlyings.SelectMany(coin => coin.Fit.Notes)));
    }

    static void WriteCoin(IAnsiConsole console, UnderlyingReport coin)
    {
        var table = new ReportTable(
            "expiry",
            "#days",
            "#options",
            "#forward",
            "forward from",
            "#atm",
            "#rr 25",
            "#bf 25"
        );
        foreach (var line in coin.Expiries)
            table.Add(
                FormattableString.Invariant($"{line.Slice.Expiry:yyyy-MM-dd}"),
                FormattableString.Invariant($"{line.Slice.TYears * 365:0.0}"),
                Figures.Exact(line.Options),
                FormattableString.Invariant($"{line.Slice.ForwardUsd:#,##0.0}"),
                MarketJson.ForwardSourceWord(line.Source),
                Figures.Percent(line.AtTheMoney),
                Figures.Percent(line.RiskReversal25),
                Figures.Percent(line.Butterfly25)
            );
        string counts = $"{coin.Options.Length} options, {coin.Linear.Length} perpetuals, futures and spot";
        string heading = $"{coin.Market.Underlying}, index {Figures.Amount(coin.Market.IndexUsd)} USD, {counts}";
        ReportPage.Section(console, heading, table);
        if (coin.Fit.Surface?.Fit is not { } fit)
        {
            ReportPage.Heading(console, heading);
            ReportPage.Paragraph(console, $"no surface: {coin.Fit.Reason}", ReportPage.Attention);
            return;
        }
        ReportPage.Paragraph(
            console,
            $"volatility index over 30 days, model-free: {Figures.Percent(coin.VolatilityIndex30D)}"
        );
        ReportPage.Paragraph(
            console,
            $"{fit.LiquidInside} of {fit.LiquidQuotes} liquid quotes met "
                + $"({Figures.Percent(fit.InsideShare)}: inside the "
                + "spread, or within half a volatility point of mid)"
        );
        ReportPage.Paragraph(
            console,
            (
                fit.WorstMissInstrument.Length == 0
                    ? "no quote is missed; "
                    : $"worst miss {fit.WorstMissVolPoints:0.00} volatility points at {fit.WorstMissInstrument}; "
            ) + Arbitrage(fit.MinimumDensity, fit.MinimumCalendarStep)
        );
    }

    static string Arbitrage(double density, double? calendarStep) =>
        density >= 0 && calendarStep is not < 0
            ? "no butterfly or calendar arbitrage"
            : $"arbitrage: least density {density:0.0E+0}, least calendar step {calendarStep:0.0E+0}";

    static void WriteChain(IAnsiConsole console, UnderlyingReport coin, DateTimeOffset? expiry)
    {
        var line = expiry is { } wanted
            ? coin.Expiries.FirstOrDefault(candidate => candidate.Slice.Expiry == wanted)
            : coin.Expiries.MinBy(candidate => Math.Abs(candidate.Slice.TYears * 365 - UsualDays));
        if (line is null)
            return;
        var rows = coin
            .Options.Where(quote => quote.Instrument.SettlesAt == line.Slice.Expiry)
            .GroupBy(quote => (((OptionInstrument)quote.Instrument).StrikeUsd, quote.Instrument.Shape))
            .GroupBy(row => row.Key.Shape)
            .MaxBy(shape => shape.Count())!
            .OrderBy(row => row.Key.StrikeUsd)
            .ToArray();
        int middle = Array.FindIndex(rows, row => (double)row.Key.StrikeUsd >= line.Slice.ForwardUsd);
        middle = middle < 0 ? rows.Length : middle;
        var shown = expiry is null
            ? rows.Skip(Math.Max(0, middle - StrikesAround)).Take(2 * StrikesAround).ToArray()
            : rows;
        var table = new ReportTable(
            "#call bid",
            "#ask",
            "#iv",
            "#strike",
            "#surface",
            "#put bid",
            "#ask",
            "#iv",
            "#open int."
        );
        foreach (var row in shown)
        {
            var call = row.FirstOrDefault(quote => ((OptionInstrument)quote.Instrument).Right == OptionRight.Call);
            var put = row.FirstOrDefault(quote => ((OptionInstrument)quote.Instrument).Right == OptionRight.Put);
            table.Add(
                Figures.Exact(call?.Bid),
                Figures.Exact(call?.Ask),
                Figures.Percent(call?.MarkImpliedVolatility),
                Figures.Exact(row.Key.StrikeUsd),
                Figures.Percent(MarketJson.SurfaceVolatility(coin, (OptionInstrument)row.First().Instrument)),
                Figures.Exact(put?.Bid),
                Figures.Exact(put?.Ask),
                Figures.Percent(put?.MarkImpliedVolatility),
                Figures.Exact(Sum(call?.OpenInterestContracts, put?.OpenInterestContracts))
            );
        }
        string part =
            shown.Length < rows.Length ? $", {shown.Length} of {rows.Length} strikes (--expiry shows all)" : "";
        ReportPage.Section(
            console,
            FormattableString.Invariant($"{coin.Market.Underlying} chain of {line.Slice.Expiry:yyyy-MM-dd}{part}"),
            table
        );
    }

    static decimal? Sum(decimal? one, decimal? other) =>
        one is null && other is null ? null : (one ?? 0) + (other ?? 0);
}
