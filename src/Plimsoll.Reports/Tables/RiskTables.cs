using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>A risk report for people; with typed trades before and after side by side.</summary>
public static class RiskTables
{
    /// <summary>Writes the whole page.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="report">What to write.</param>
    /// <param name="market">The market that it was made in.</param>
    public static void Write(IAnsiConsole console, RiskReport report, MarketSnapshot market)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(market);
        if (report.Before is not { } before)
        {
            ReportPage.Line(console, "undetermined: something needed is missing", ReportPage.Attention);
            ReportPage.Missing(console, report.Missing);
            return;
        }
        string home = report.Home.Code;
        string[] shortPools = [.. (report.After ?? before).Pools.Where(pool => pool.IsShort).Select(pool => pool.Name)];
        if (shortPools.Length > 0)
            ReportPage.Line(
                console,
                $"short of maintenance margin: the venue would liquidate {string.Join(", ", shortPools)} now",
                ReportPage.Bad
            );
        ReportPage.Line(
            console,
            $"equity {Figures.Amount(before.Equity)} {home}, {Figures.Instant(report.AsOf)}, {market.Source}"
        );
        ReportPage.Line(
            console,
            $"horizon {report.Horizon}; gains are positive, loss figures too; amounts in {home} unless stated otherwise"
        );
        var after = report.After;
        ReportPage.Section(console, "Greeks in dollars, collateral included in delta", Greeks(before, after));
        ReportPage.Section(console, "Greeks in coin, positions alone", CoinGreeks(before, after));
        foreach (var grid in (after ?? before).Grids)
            WriteGrid(console, grid, home, after is not null);
        ReportPage.Section(console, "Losses of the whole account, collateral included", Losses(before, after));
        WriteDrawdown(console, before, after);
        ReportPage.Section(console, "Worst cases of positions alone, without collateral", WorstCases(before, after));
        ReportPage.Section(console, "Margin", Margin(before, after));
        WriteWaysOut(console, before, after);
        foreach (var account in (after ?? before).Distances)
            DistanceTables.Write(console, account);
        if ((after ?? before).Deleveraging is { } deleveraging)
            WriteDeleveraging(console, deleveraging, home);
        ReportPage.List(console, "Assumptions used", report.Assumptions);
        ReportPage.Repairs(console, market.Repairs);
        ReportPage.List(console, "Warnings", report.Warnings, ReportPage.Attention);
    }

    /// <summary>Where the venue would end it, and what leaving by oneself costs; before and after.</summary>
    internal static void WriteWaysOut(IAnsiConsole console, RiskView before, RiskView? after)
    {
        ReportPage.Section(console, "Liquidation, when one coin alone moves", Liquidation(before, after));
        ReportPage.Section(console, "Cost and time to leave", Exits(before, after));
    }

    static IEnumerable<(string Label, RiskView View)> Books(RiskView before, RiskView? after) =>
        after is null ? [("", before)] : [(" now", before), (" after", after)];

    static ReportTable Greeks(RiskView before, RiskView? after)
    {
        var table = new ReportTable(
            "coin",
            "#delta",
            "#of collateral",
            "#gamma 1%",
            "#vega 1pt",
            "#theta 1d",
            "#vanna",
            "#volga"
        );
        foreach (var (label, view) in Books(before, after))
        foreach (var row in view.Greeks.ByUnderlying)
            table.Add(
                row.Underlying + label,
                Figures.Amount(row.WealthDeltaUsd),
                Figures.Amount(row.CollateralDeltaUsd),
                Figures.Amount(row.Positions.Gamma1PctUsd),
                Figures.Amount(row.Positions.Vega1PtUsd),
                Figures.Amount(row.Positions.Theta1DUsd),
                Figures.Amount(row.Positions.VannaUsd),
                Figures.Amount(row.Positions.VolgaUsd)
            );
        return table;
    }

    static ReportTable CoinGreeks(RiskView before, RiskView? after)
    {
        var table = new ReportTable(
            "coin",
            "#wealth delta",
            "#delta (Deribit)",
            "#net transaction",
            "#gamma 1%",
            "#vega 1pt",
            "#theta 1d"
        );
        foreach (var (label, view) in Books(before, after))
        foreach (var row in view.Greeks.ByUnderlying)
            table.Add(
                row.Underlying + label,
                Figures.Amount(row.WealthDeltaUsd / row.IndexUsd),
                Figures.Amount(row.Positions.BlackScholesDeltaCoin),
                Figures.Amount(row.Positions.NetTransactionDeltaCoin),
                Figures.Amount(row.Positions.Gamma1PctUsd / row.IndexUsd),
                Figures.Amount(row.Positions.Vega1PtUsd / row.IndexUsd),
                Figures.Amount(row.Positions.Theta1DUsd / row.IndexUsd)
            );
        return table;
    }

    static void WriteGrid(IAnsiConsole console, SpotVolatilityGrid grid, string home, bool isAfter)
    {
        var moves = grid.VolatilityMoves.Select(move => "#vol " + Move(move));
        var table = new ReportTable([$"{grid.Underlying} spot", .. moves, "#positions", "#in coin"]);
        int still = Math.Max(0, grid.VolatilityMoves.IndexOf(0));
        double largest = grid.GainHome.Cast<double>().Max(Math.Abs);
        double largestCoin = grid.PositionGainCoin.Cast<double>().Max(Math.Abs);
        for (int row = 0; row < grid.SpotMoves.Length; row++)
        {
            int at = row;
            string[] gains =
            [
                .. Enumerable
                    .Range(0, grid.VolatilityMoves.Length)
                    .Select(column => Figures.Amount(grid.GainHome[at, column], largest)),
            ];
            string own = Figures.Amount(grid.PositionGainHome[at, still], largest);
            string coin = Figures.Amount(grid.PositionGainCoin[at, still], largestCoin);
            table.AddHeat([Move(grid.SpotMoves[at]), .. gains, own, coin]);
        }
        string book = isAfter ? "after the trades" : "now";
        ReportPage.Section(console, $"Gain in {home} when {grid.Underlying} and its volatility jump, {book}", table);
        ReportPage.Paragraph(
            console,
            $"volatility columns: the account, collateral included; last two: positions alone at today's volatility, "
                + $"in {home} and in {grid.Underlying}",
            ReportPage.Dim
        );
    }

    static string Move(double fraction) => FormattableString.Invariant($"{fraction * 100:+0.##;-0.##;0}%");

    static ReportTable Losses(RiskView before, RiskView? after)
    {
        var table = new ReportTable("figure", "#now", after is null ? "" : "#after", "where");
        double largest = before.WorstStress?.Loss ?? before.WorstScenario.Loss;
        void Row(string what, Func<RiskView, double?> figure, Func<RiskView, string>? where = null) =>
            table.Add(
                what,
                Figures.Amount(figure(before), largest),
                after is null ? "" : Figures.Amount(figure(after), largest),
                where?.Invoke(after ?? before) ?? ""
            );
        Row("mean gain", view => view.MeanGain);
        Row("standard deviation", view => view.StandardDeviation);
        for (int i = 0; i < before.TailLosses.Length; i++)
        {
            int at = i;
            string level = Figures.Percent(before.TailLosses[at].Level);
            Row($"value at risk {level}", view => view.TailLosses[at].ValueAtRisk);
            Row($"expected shortfall {level}", view => view.TailLosses[at].ExpectedShortfall);
        }
        Row("worst scenario", view => view.WorstScenario.Loss, view => view.WorstScenario.Origin);
        Row("worst stress", view => view.WorstStress?.Loss, view => view.WorstStress?.Origin ?? "");
        foreach (string coin in before.WorstTail.Concat(after?.WorstTail ?? []).Select(w => w.Name).Distinct())
            Row(
                $"worst in the tail range of {coin}",
                view => view.WorstTail.FirstOrDefault(worst => worst.Name == coin)?.Loss,
                view => view.WorstTail.FirstOrDefault(worst => worst.Name == coin)?.Origin ?? ""
            );
        return table;
    }

    static void WriteDrawdown(IAnsiConsole console, RiskView before, RiskView? after)
    {
        var bound = (after ?? before).Figures.FirstOrDefault(figure => figure.Key == "drawdown_probability");
        if (bound is null)
            return;
        string now = after is null ? "" : $" (now {Figures.Probability(before.Drawdown?.Probability)})";
        ReportPage.Paragraph(console, $"{bound.Description}: {Figures.Probability(bound.Value)}{now}");
    }

    static ReportTable WorstCases(RiskView before, RiskView? after)
    {
        var table = new ReportTable("of", "#now", after is null ? "" : "#after", "#stress alone", "where");
        double largest = before.Equity;
        AddCases("underlying", view => view.WorstByUnderlying);
        AddCases("risk unit", view => view.WorstByUnit);
        AddCases("contract", view => view.WorstByContract);
        return table;

        void AddCases(string kind, Func<RiskView, IEnumerable<WorstCase>> cases)
        {
            var now = cases(before).ToDictionary(worst => worst.Name, StringComparer.Ordinal);
            var then = after is null ? now : cases(after).ToDictionary(worst => worst.Name, StringComparer.Ordinal);
            foreach (string name in now.Keys.Union(then.Keys).Order(StringComparer.Ordinal))
                table.Add(
                    $"{kind} {name}",
                    Figures.Amount(now.GetValueOrDefault(name)?.Loss, largest),
                    after is null ? "" : Figures.Amount(then.GetValueOrDefault(name)?.Loss, largest),
                    Figures.Amount((then.GetValueOrDefault(name) ?? now[name]).StressLoss, largest),
                    (then.GetValueOrDefault(name) ?? now[name]).Origin
                );
        }
    }

    static ReportTable Margin(RiskView before, RiskView? after)
    {
        var table = new ReportTable("pool", "#equity", "#balance", "#initial", "#open orders", "#maintenance", "#used");
        foreach (var (label, view) in Books(before, after))
        foreach (var pool in view.Pools)
            table.Add(
                pool.IsShort ? ReportPage.Bad : Style.Plain,
                pool.Name + label,
                Figures.Amount(pool.Equity),
                Figures.Amount(pool.Balance),
                Figures.Amount(pool.Initial),
                Figures.Amount(pool.OpenOrders),
                Figures.Amount(pool.Maintenance),
                Figures.Percent(pool.InitialShareOfEquity)
            );
        return table;
    }

    static ReportTable Liquidation(RiskView before, RiskView? after)
    {
        var table = new ReportTable("coin", "direction", "#move", "#index at", "pool");
        foreach (var (label, view) in Books(before, after))
        foreach (var point in view.Liquidation)
            table.Add(
                point.Underlying + label,
                point.IsRise ? "up" : "down",
                point.Move is null ? "none in range" : Figures.Percent(point.Move),
                Figures.Amount(point.PriceUsd),
                point.Pool
            );
        return table;
    }

    static void WriteDeleveraging(IAnsiConsole console, DeleveragingRisk risk, string home)
    {
        var table = new ReportTable("instrument", "#score", "#ahead of", "#probability", "#cost");
        foreach (var leg in risk.Legs)
            table.Add(
                leg.Instrument,
                Figures.Amount(leg.Score),
                Figures.Percent(leg.Rank),
                Figures.Percent(leg.Probability),
                Figures.Amount(leg.Cost)
            );
        string move = Figures.Percent(risk.Stress.Move);
        ReportPage.Section(console, $"Auto-deleveraging by {risk.Stress.Venue} at a move of {move}", table);
        ReportPage.Paragraph(
            console,
            $"worst stress with winning legs closed: {Figures.Amount(risk.WorstStress?.Loss)} {home}, "
                + (risk.WorstStress?.Origin ?? "no stress set")
        );
        foreach (var worst in risk.WorstTail)
            ReportPage.Paragraph(
                console,
                $"worst at expiry with winning legs closed: {Figures.Amount(worst.Loss)} {home}, {worst.Origin}"
            );
    }

    static ReportTable Exits(RiskView before, RiskView? after)
    {
        var table = new ReportTable("instrument", "#contracts", "#half spread", "#fee", "#impact", "#days");
        foreach (var (label, view) in Books(before, after))
        foreach (var exit in view.Exit)
            table.Add(
                exit.Instrument + label,
                Figures.Exact((decimal)exit.Contracts),
                Figures.Amount(exit.HalfSpread),
                Figures.Amount(exit.Fee),
                Figures.Amount(exit.Impact),
                Figures.Amount(exit.Days)
            );
        return table;
    }
}
