using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>One step of a venue's ladder on one pool.</summary>
/// <param name="Pool">Name of the pool.</param>
/// <param name="IsNow">Whether the pool is short now; false: were it just short.</param>
/// <param name="Step">What the venue does.</param>
public sealed record PoolLadderStep(string Pool, bool IsNow, LadderStep Step);

/// <summary>What a venue would liquidate first of each pool: now if it is short, else were it just short.</summary>
/// <remarks>
/// A pool that is safe is looked at with its equity 1% under maintenance margin, the market at rest. A position's part
/// of the maintenance margin is what the pool's falls by without it, scaled so that the parts add up; exact where
/// positions stand alone. A leg of a hedge releases nothing as a whole: its part is by the release of the largest of
/// its half, quarter, ... that lowers the margin, times the whole.
/// </remarks>
public static class LiquidationPreview
{
    const double JustShort = 0.99;
    const double LeastPart = 1.0 / 64;

    /// <summary>
    /// Steps by pool; none where the venue's ladder is not known, the margin is undetermined or nothing is asked.
    /// </summary>
    /// <param name="portfolio">What is held.</param>
    /// <param name="model">The venue's rule.</param>
    /// <param name="statement">Its figures for the portfolio.</param>
    /// <param name="only">Name of one pool, which is then at most just short; null: all.</param>
    /// <param name="figures">The venue's ladder with other figures; null or another venue's: the shipped one.</param>
    public static ImmutableArray<PoolLadderStep> Of(
        MarginPortfolio portfolio,
        IVenueMargin model,
        MarginStatement statement,
        string? only = null,
        ILiquidationLadder? figures = null
    )
    {
        var own = figures?.Key == model.Venue ? figures : null;
        if ((own ?? LiquidationLadders.Find(model.Venue)) is not { } ladder || !statement.IsDetermined)
            return [];
        var steps = ImmutableArray.CreateBuilder<PoolLadderStep>();
        foreach (var pool in statement.Pools.Where(pool => pool.Maintenance > 0 && pool.Name == (only ?? pool.Name)))
        {
            var positions = Positions(portfolio, model, pool);
            double maintenance = pool.Maintenance * pool.UnitUsd,
                equity = pool.MaintenanceBalance * pool.UnitUsd;
            if (positions.IsEmpty)
                continue;
            bool isNow = only is null && pool.IsShort;
            var account = new LadderAccount(isNow ? equity : Math.Min(equity, JustShort * maintenance), positions);
            steps.AddRange(ladder.Steps(account).Select(step => new PoolLadderStep(pool.Name, pool.IsShort, step)));
        }
        return steps.ToImmutable();
    }

    /// <summary>Steps of one pool at the market given, with its equity 1% under maintenance margin at most.</summary>
    public static ImmutableArray<LadderStep> StepsOf(
        MarginPortfolio portfolio,
        IVenueMargin model,
        MarginStatement statement,
        string pool,
        ILiquidationLadder? figures = null
    ) => [.. Of(portfolio, model, statement, pool, figures).Select(row => row.Step)];

    static ImmutableArray<LadderPosition> Positions(MarginPortfolio portfolio, IVenueMargin model, PoolStatement pool)
    {
        var released = new List<(MarginPosition Position, double Usd)>();
        foreach (var position in portfolio.Positions)
        {
            // A leg of a hedge releases nothing as a whole, but a part of it may.
            for (double part = 1; part >= LeastPart; part /= 2)
            {
                var left = position with { Contracts = position.Contracts * (1 - part) };
                var positions =
                    part == 1 ? portfolio.Positions.Remove(position) : portfolio.Positions.Replace(position, left);
                var without = model.Assess(portfolio with { Positions = positions });
                if (!without.IsDetermined)
                    return [];
                double rest = without.Pools.FirstOrDefault(other => other.Name == pool.Name)?.Maintenance ?? 0;
                if (pool.Maintenance - rest <= 0)
                    continue;
                released.Add((position, (pool.Maintenance - rest) / part * pool.UnitUsd));
                break;
            }
        }
        double sum = released.Sum(entry => entry.Usd),
            scale = sum > 0 ? pool.Maintenance * pool.UnitUsd / sum : 0;
        return [.. released.Select(entry => Ladder(portfolio.Market, entry.Position, entry.Usd * scale))];
    }

    static LadderPosition Ladder(MarginMarket market, MarginPosition position, double maintenanceUsd)
    {
        var instrument = position.Instrument;
        var quote = market.Quote(instrument)!;
        bool isOption = instrument is OptionInstrument;
        double coins = isOption
            ? position.Contracts * (double)instrument.ContractSize
            : PerpetualExposure.Coins(position, quote.Mark);
        double priceUsd = isOption ? quote.Mark * market.PriceUsd(instrument.Settlement)!.Value : quote.Mark;
        return new LadderPosition(instrument.Name, coins, priceUsd, quote.UnderlyingUsd, maintenanceUsd, isOption);
    }
}
