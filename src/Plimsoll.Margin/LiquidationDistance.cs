using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>Where a pool would be liquidated if one coin's price moved and everything else rested.</summary>
/// <param name="Underlying">The coin that moves.</param>
/// <param name="IsRise">Up or down.</param>
/// <param name="Move">
/// Move of the price as a fraction of today's: negative when it falls; 0 when the account is short of margin already;
/// null when no price in the range leads there.
/// </param>
/// <param name="PriceUsd">Index at which it happens; null with <paramref name="Move"/>.</param>
/// <param name="Pool">The pool that fails; empty with <paramref name="Move"/> null.</param>
public sealed record LiquidationPoint(string Underlying, bool IsRise, double? Move, double? PriceUsd, string Pool);

/// <summary>
/// Smallest adverse move of any one underlying at which a pool's margin balance meets its maintenance margin.
/// </summary>
/// <remarks>
/// Full revaluation at once (no time passes), futures and forwards of the coin in proportion, smiles riding on the
/// forward with their level unchanged, other coins at rest: the venue's own reading of a liquidation price, for a whole
/// book. The distance is not monotone for option books, so the range is scanned before the first crossing is closed in
/// on; a pool that is short only between two points of the scan (2.5% of the price apart) can be missed.
/// </remarks>
public static class LiquidationDistance
{
    const double LowestMultiple = 0.02;
    const double HighestMultiple = 10;
    const int ScanPoints = 161;
    const int RefinePoints = 33;
    const int Refinements = 12;

    /// <summary>Both directions of one underlying: down, then up.</summary>
    /// <param name="market">Market, surfaces and model prices.</param>
    /// <param name="account">For the margin modes.</param>
    /// <param name="book">What is held.</param>
    /// <param name="model">The venue's rule.</param>
    /// <param name="home">
    /// Currency to reckon in; the answer hardly depends on it, since a pool is short in any currency.
    /// </param>
    /// <param name="underlying">The coin that moves.</param>
    /// <param name="rule">Portfolio margin of the subaccounts under it; null: the stand-in.</param>
    public static ImmutableArray<LiquidationPoint> Of(
        RiskMarket market,
        Account account,
        Book book,
        IMarginModel model,
        Currency home,
        string underlying,
        PortfolioRule? rule = null
    ) =>
        [
            Towards(market, account, book, model, home, underlying, Math.Log(LowestMultiple), rule),
            Towards(market, account, book, model, home, underlying, Math.Log(HighestMultiple), rule),
        ];

    /// <summary>
    /// Least margin balance less maintenance over the pools at each log move, and the pool that has it.
    /// </summary>
    public static (double[] Spare, string[] Pool) Spare(
        RiskMarket market,
        Account account,
        Book book,
        IMarginModel model,
        Currency home,
        string underlying,
        double[] logMoves,
        PortfolioRule? rule = null
    )
    {
        var set = StillScenarios.OneCoin(market.Snapshot, underlying, logMoves);
        var matrix = Revaluation.Compute(market.Snapshot, market.Surfaces, set, book.Instruments(), home, 1);
        var spare = new double[logMoves.Length];
        var name = new string[logMoves.Length];
        Array.Fill(spare, double.PositiveInfinity);
        Array.Fill(name, "");
        foreach (var pool in AccountMargin.InScenarios(account, book, model, matrix, market.Prices, rule))
            for (int s = 0; s < spare.Length; s++)
                if (pool.Balance[s] - pool.Maintenance[s] < spare[s])
                    (spare[s], name[s]) = (pool.Balance[s] - pool.Maintenance[s], pool.Name);
        return (spare, name);
    }

    static LiquidationPoint Towards(
        RiskMarket market,
        Account account,
        Book book,
        IMarginModel model,
        Currency home,
        string underlying,
        double farthest,
        PortfolioRule? rule
    )
    {
        bool isRise = farthest > 0;
        double indexUsd = market.Prices.IndexUsd(underlying)!.Value;
        double safe = 0,
            failed = farthest;
        for (int round = 0; round <= Refinements; round++)
        {
            double[] moves = Between(safe, failed, round == 0 ? ScanPoints : RefinePoints);
            var (spare, pool) = Spare(market, account, book, model, home, underlying, moves, rule);
            int first = Array.FindIndex(spare, value => value < 0);
            if (first == 0 && round == 0)
                return new LiquidationPoint(underlying, isRise, 0, indexUsd, pool[0]);
            if (first < 0 && round == 0)
                return new LiquidationPoint(underlying, isRise, null, null, "");
            if (first <= 0 || round == Refinements)
                return new LiquidationPoint(
                    underlying,
                    isRise,
                    Math.Exp(failed) - 1,
                    indexUsd * Math.Exp(failed),
                    pool[^1]
                );
            (safe, failed) = (moves[first - 1], moves[first]);
        }
        throw new InvalidOperationException("the loop returns in its last round");
    }

    static double[] Between(double from, double to, int points)
    {
        var moves = new double[points];
        for (int i = 0; i < points; i++)
            moves[i] = i == points - 1 ? to : from + (to - from) * i / (points - 1);
        return moves;
    }
}
