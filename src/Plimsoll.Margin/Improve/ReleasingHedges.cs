using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>A trade that frees margin.</summary>
/// <param name="Trade">Whole lots, with its cost.</param>
/// <param name="ReleasedUsd">Fall of initial margin over all pools.</param>
/// <param name="MaintenanceReleasedUsd">Fall of maintenance margin.</param>
/// <param name="AvailableUsd">Rise of balance less initial margin, the cost paid.</param>
/// <param name="IsCut">Whether it only reduces a position.</param>
public sealed record ReleasingTrade(
    PortfolioTrade Trade,
    double ReleasedUsd,
    double MaintenanceReleasedUsd,
    double AvailableUsd,
    bool IsCut
)
{
    /// <summary>Initial margin released per dollar of cost; infinite where the trade costs nothing.</summary>
    public double PerCost => Trade.CostUsd > 0 ? ReleasedUsd / Trade.CostUsd : double.PositiveInfinity;
}

/// <summary>Single trades, each at the size that frees most, in order of margin released per cost.</summary>
/// <remarks>
/// Sizes are whole lots: doubled as long as the available margin rises, then closed in on between. Every figure is the
/// venue's exact rule on the portfolio after the trade. A rule that charges positions alone (standard margin) is
/// released by cuts only: its list shows that a hedge frees nothing there.
/// </remarks>
public static class ReleasingHedges
{
    /// <summary>Finds them.</summary>
    /// <param name="portfolio">The account.</param>
    /// <param name="model">The venue's rule.</param>
    /// <param name="quotes">What may be traded, with its cost.</param>
    /// <param name="most">Trades to list.</param>
    /// <returns>Best first; empty when the margin is undetermined.</returns>
    public static ImmutableArray<ReleasingTrade> Find(
        MarginPortfolio portfolio,
        IVenueMargin model,
        IEnumerable<TradeQuote> quotes,
        int most
    )
    {
        ArgumentNullException.ThrowIfNull(portfolio);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(quotes);
        if (!model.Assess(portfolio).IsDetermined)
            return [];
        var now = Totals.Of(model, portfolio)!.Value;
        double threshold = 0.005 * now.Initial;
        var found = new List<ReleasingTrade>();
        foreach (var quote in quotes)
        foreach (double side in (double[])[1, -1])
            if (Best(portfolio, model, quote, side, now) is { } best && best.AvailableUsd > threshold)
                found.Add(best);
        return
        [
            .. found
                .OrderByDescending(trade => trade.PerCost)
                .ThenBy(trade => trade.Trade.Instrument.Name, StringComparer.Ordinal)
                .Take(most),
        ];
    }

    static ReleasingTrade? Best(
        MarginPortfolio portfolio,
        IVenueMargin model,
        TradeQuote quote,
        double side,
        Totals now
    )
    {
        if (quote.CostUsd(side) is not { } cost || portfolio.Market.Quote(quote.Instrument) is null)
            return null;
        double lot = (double)quote.Instrument.LotContracts;
        long least = Math.Max(1, (long)Math.Ceiling((double)quote.Instrument.MinimumOrderContracts / lot - 1e-9));
        Totals? At(long lots) =>
            Totals.Of(
                model,
                portfolio.After([new PortfolioTrade(quote.Instrument, side * lots * lot, lots * lot * cost)])
            );
        long best = 0;
        double most = now.Available;
        for (long lots = least; lots < 1L << 40; lots *= 2)
        {
            if (At(lots) is not { } there)
                return null;
            if (there.Available <= most)
                break;
            (best, most) = (lots, there.Available);
        }
        if (best == 0)
            return null;
        for (long step = best / 2; step >= 1; step /= 2)
            foreach (long lots in (long[])[best - step, best + step])
                if (lots >= least && At(lots) is { } there && there.Available > most)
                    (best, most) = (lots, there.Available);
        var after = At(best)!.Value;
        double held = portfolio.Positions.FirstOrDefault(p => p.Instrument == quote.Instrument)?.Contracts ?? 0;
        return new ReleasingTrade(
            new PortfolioTrade(quote.Instrument, side * best * lot, best * lot * cost),
            now.Initial - after.Initial,
            now.Maintenance - after.Maintenance,
            after.Available - now.Available,
            held * side < 0 && Math.Abs(held) >= best * lot - 1e-9
        );
    }
}

/// <summary>Sums over a portfolio's pools, USD.</summary>
readonly record struct Totals(double Balance, double Initial, double Maintenance)
{
    public double Available => Balance - Initial;

    /// <summary>Null where the margin is undetermined.</summary>
    public static Totals? Of(IVenueMargin model, MarginPortfolio portfolio)
    {
        var statement = model.Assess(portfolio);
        return statement.IsDetermined
            ? new Totals(
                statement.Pools.Sum(pool => pool.Balance * pool.UnitUsd),
                statement.Pools.Sum(pool => pool.Initial * pool.UnitUsd),
                statement.Pools.Sum(pool => pool.Maintenance * pool.UnitUsd)
            )
            : null;
    }
}
