using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>What brings a stressed account back under a ratio, and what is known of it.</summary>
/// <param name="Target">Largest maintenance margin over its balance that is allowed in every pool.</param>
/// <param name="RatioBefore">Largest ratio over the pools now; infinite without a positive balance.</param>
/// <param name="RatioAfter">The same after the cuts, by the venue's exact rule on whole lots.</param>
/// <param name="Cuts">In order of instrument; empty when nothing is needed.</param>
/// <param name="CostUsd">Half spread and fees of all of them.</param>
/// <param name="BoundUsd">
/// No set of cuts can cost less than this; null where the venue's rule is not convex, so that there is no proof.
/// </param>
/// <param name="IsProved">Whether no cheaper set of whole lots exists (to 1e-6 of the cost).</param>
/// <param name="IsReached">Whether the target is met; false: even closing everything that is quoted does not.</param>
/// <param name="Assessed">Portfolios margined.</param>
/// <param name="Kept">Positions that cannot be cut, each with the reason.</param>
/// <param name="Missing">What is not known; then nothing else is stated.</param>
public sealed record CutPlan(
    double Target,
    double RatioBefore,
    double RatioAfter,
    ImmutableArray<PortfolioTrade> Cuts,
    double CostUsd,
    double? BoundUsd,
    bool IsProved,
    bool IsReached,
    int Assessed,
    ImmutableArray<string> Kept,
    ImmutableArray<string> Missing
);

/// <summary>
/// The cheapest reductions, in whole lots, after which no pool's maintenance margin is above a share of its balance.
/// </summary>
/// <remarks>
/// Every cut moves a position toward zero at the mark and pays its half spread and fee from the pool's balance. The
/// requirement <c>MM(q) − target·balance(q) ≤ 0</c> is the venue's own, evaluated exactly on every candidate. Where it
/// is convex, tangent planes bound it from below (Kelley 1960): the linear program over them bounds the cost of any set
/// of cuts, and branch and bound on lots proves the answer. Where it is not, the same planes only steer and the answer
/// is the best that search finds, which <see cref="CutPlan.IsProved"/> says. The work is limited by the number of
/// portfolios margined, never by a clock: the same account gives the same cuts.
/// </remarks>
public static class CheapestCuts
{
    /// <summary>Portfolios margined at most, unless told otherwise.</summary>
    public const int DefaultWork = 20_000;

    /// <summary>Finds the cuts.</summary>
    /// <param name="portfolio">The account.</param>
    /// <param name="model">The venue's rule.</param>
    /// <param name="quotes">Costs of what may be traded; a position without one is kept.</param>
    /// <param name="target">Maintenance margin over its balance; above 0, mostly under 1.</param>
    /// <param name="work">Portfolios margined at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">The target is not positive.</exception>
    public static CutPlan Find(
        MarginPortfolio portfolio,
        IVenueMargin model,
        IEnumerable<TradeQuote> quotes,
        double target,
        int work = DefaultWork
    )
    {
        ArgumentNullException.ThrowIfNull(portfolio);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(target);
        var now = model.Assess(portfolio);
        if (!now.IsDetermined)
            return new CutPlan(target, double.NaN, double.NaN, [], 0, null, false, false, 1, [], now.Missing);
        var kept = ImmutableArray.CreateBuilder<string>();
        var lines = Lines(portfolio, quotes, kept);
        double before = Ratio(now);
        var problem = new CutProblem(portfolio, model, lines, target, work);
        if (problem.Excess(new int[lines.Length]) <= 0)
            return new CutPlan(target, before, before, [], 0, 0, true, true, problem.Assessed, kept.ToImmutable(), []);
        int[] all = [.. lines.Select(line => line.Lots)];
        var search = new CutSearch(problem);
        var found = problem.Excess(all) <= 0 ? search.Cheapest(all) : (int[]?)null;
        int[] cuts = found ?? all;
        var trades = problem.Trades(cuts);
        double after = trades.IsEmpty ? before : Ratio(model.Assess(portfolio.After(trades)));
        return new CutPlan(
            target,
            before,
            after,
            [.. trades.OrderBy(trade => trade.Instrument.Name, StringComparer.Ordinal)],
            problem.Cost(cuts),
            found is null || !problem.IsConvex ? null : search.Bound,
            found is not null && problem.IsConvex && search.IsProved,
            found is not null,
            problem.Assessed,
            kept.ToImmutable(),
            []
        );
    }

    static ImmutableArray<CutLine> Lines(
        MarginPortfolio portfolio,
        IEnumerable<TradeQuote> quotes,
        ImmutableArray<string>.Builder kept
    )
    {
        var costs = quotes.ToDictionary(quote => quote.Instrument.Name, StringComparer.Ordinal);
        var lines = ImmutableArray.CreateBuilder<CutLine>();
        foreach (var position in portfolio.Positions.Where(position => position.Contracts != 0))
        {
            double lot = (double)position.Instrument.LotContracts;
            int lots = (int)Math.Min(1_000_000_000, Math.Floor(Math.Abs(position.Contracts) / lot + 1e-9));
            double away = -Math.Sign(position.Contracts) * lot;
            if (costs.GetValueOrDefault(position.Instrument.Name)?.CostUsd(away) is not { } cost)
                kept.Add($"{position.Instrument}: nobody quotes the side that closes it");
            else if (lots == 0)
                kept.Add($"{position.Instrument}: less than a lot");
            else
                lines.Add(new CutLine(position, lots, away, cost * lot));
        }
        return lines.ToImmutable();
    }

    static double Ratio(MarginStatement statement) =>
        statement.Pools.Max(pool =>
            pool.Maintenance <= 0 && pool.MaintenanceBalance >= 0 ? 0 : pool.MaintenanceRatio ?? double.PositiveInfinity
        );
}

/// <summary>One position that may be cut.</summary>
/// <param name="Position">What is held.</param>
/// <param name="Lots">Whole lots of it.</param>
/// <param name="ContractsPerLot">Signed trade of one lot.</param>
/// <param name="CostUsd">Cost of one lot.</param>
sealed record CutLine(MarginPosition Position, int Lots, double ContractsPerLot, double CostUsd);
