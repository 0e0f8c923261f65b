using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>The exact requirement of <see cref="CheapestCuts"/> as a function of lots cut.</summary>
sealed class CutProblem(
    MarginPortfolio portfolio,
    IVenueMargin model,
    ImmutableArray<CutLine> lines,
    double target,
    int work
)
{
    public ImmutableArray<CutLine> Lines => lines;

    public bool IsConvex { get; } = model.MaintenanceIsConvexWithin(portfolio);

    public int Assessed { get; private set; }

    public bool HasWork => Assessed < work;

    public double Cost(ReadOnlySpan<int> lots)
    {
        double sum = 0;
        for (int i = 0; i < lots.Length; i++)
            sum += lots[i] * lines[i].CostUsd;
        return sum;
    }

    public ImmutableArray<PortfolioTrade> Trades(int[] lots) =>
        [
            .. Enumerable
                .Range(0, lots.Length)
                .Where(i => lots[i] != 0)
                .Select(i => new PortfolioTrade(
                    lines[i].Position.Instrument,
                    lots[i] * lines[i].ContractsPerLot,
                    lots[i] * lines[i].CostUsd
                )),
        ];

    /// <summary>Largest maintenance less target times balance over the pools, USD; at most 0 is allowed.</summary>
    public double Excess(int[] lots) => Excess([.. lots.Select(each => (double)each)], null);

    /// <summary>The same between lots, and its slope by lot where a place for it is given.</summary>
    public double Excess(double[] lots, double[]? slope)
    {
        var here = Pools(lots);
        string worst = here.MaxBy(pool => pool.Value).Key;
        if (slope is null)
            return here[worst];
        for (int i = 0; i < lots.Length; i++)
        {
            // Large against the venue's rounding to nine decimals of a coin, small against its kinks.
            double step = Math.Max(1e-3, 1e-4 * lines[i].Lots);
            double[] moved = [.. lots];
            double sign = lots[i] + step <= lines[i].Lots ? 1 : -1;
            moved[i] += sign * step;
            slope[i] = (Pools(moved).GetValueOrDefault(worst) - here[worst]) / (sign * step);
        }
        return here[worst];
    }

    /// <summary>Excess by pool; one whose last position was closed may be gone.</summary>
    SortedDictionary<string, double> Pools(double[] lots)
    {
        Assessed++;
        var after = portfolio.After(
            Enumerable
                .Range(0, lots.Length)
                .Select(i => new PortfolioTrade(
                    lines[i].Position.Instrument,
                    lots[i] * lines[i].ContractsPerLot,
                    lots[i] * lines[i].CostUsd
                ))
        );
        var statement = model.Assess(after);
        var pools = new SortedDictionary<string, double>(StringComparer.Ordinal);
        // What the venue cannot margin (a debt that it does not lend) is not allowed, whatever it saves.
        if (!statement.IsDetermined)
            pools[""] = double.PositiveInfinity;
        foreach (var pool in statement.Pools)
            pools[pool.Name] = (pool.Maintenance - target * pool.MaintenanceBalance) * pool.UnitUsd;
        return pools;
    }
}
