using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Initial margin that the venue itself asks of a pool whose positions are charged one by one.</summary>
/// <remarks>
/// The program takes chords of tiers and an expiry's isolated branch, which are never below it. Counted as the
/// program's rates are: margin that money without the value of options must cover. Where that value counts (Derive) a
/// venue states less as its margin and takes as much off its balance; the difference of both is the same either way.
/// Immutable and thread safe.
/// </remarks>
sealed class PositionwiseInitial
{
    readonly PreparedSizing prepared;
    readonly MarginPool pool;
    readonly MarginMarket market;
    readonly (int Line, MarginRate Rate, double Price)[] alone;
    readonly (int[] Lines, IPositionwiseVenue Venue, double Factor)[] together;

    /// <param name="prepared">The input.</param>
    /// <param name="index">Index of the pool.</param>
    public PositionwiseInitial(PreparedSizing prepared, int index)
    {
        (this.prepared, pool) = (prepared, prepared.Pools[index]);
        var rated = Enumerable
            .Range(0, prepared.Lines.Length)
            .Where(i => prepared.Lines[i].Wallet == index && RateOf(i) is not null)
            .ToLookup(i => prepared.Rates.VenueOf(prepared.Lines[i].Instrument));
        alone = [.. rated[null].Select(i => (i, RateOf(i)!.Value, Settlement(i)))];
        together =
        [
            .. rated
                .Where(group => group.Key is not null)
                .Select(group => (group.ToArray(), group.Key!, prepared.Input.MarginWidening.Factor(group.Key!.Key))),
        ];
        var names = together.SelectMany(group => group.Lines).Select(i => prepared.Lines[i].Name);
        market = MarginPortfolios.MarketOf(new RiskMarket(prepared.Input.Market, prepared.Surfaces), names);
    }

    /// <summary>Of positions by line, home currency.</summary>
    public double At(double[] positions)
    {
        double sum = 0;
        foreach (var (line, rate, price) in alone)
            sum += rate.Initial(positions[line]) * price;
        foreach (var (lines, venue, factor) in together)
            sum += factor * Asked(venue, [.. lines.Where(i => positions[i] != 0)], positions);
        return sum;
    }

    double Asked(IPositionwiseVenue venue, int[] lines, double[] positions)
    {
        if (lines.Length == 0)
            return 0;
        var statement = venue.Assess(
            new MarginPortfolio
            {
                Name = pool.Name,
                IsCross = true,
                Positions =
                [
                    .. lines.Select(i => new MarginPosition(prepared.Lines[i].Instrument, positions[i])
                    {
                        Leverage = prepared.Rates.SettingOf(prepared.Lines[i].Instrument),
                    }),
                ],
                Balances = [],
                Market = market,
            }
        );
        // What the venue's rule cannot take in is charged by the bound, which is never below.
        if (!statement.IsDetermined)
            return lines.Sum(i => RateOf(i)!.Value.Initial(positions[i]) * Settlement(i));
        double usd = prepared.Matrix.Prices!.Now(Currency.Usd);
        return statement.Pools.Sum(each => (each.Initial - each.Balance) * each.UnitUsd) * usd;
    }

    MarginRate? RateOf(int line) => prepared.MarginNow[prepared.Lines[line].Column];

    double Settlement(int line) => prepared.Matrix.Prices!.Now(prepared.Lines[line].Instrument.Settlement);
}
