namespace Plimsoll.Margin;

/// <summary>Balance less maintenance of the pool that is nearest to liquidation, at any market.</summary>
/// <param name="Moved">The portfolio that moves.</param>
/// <param name="Model">The venue's rule, recomputed at every moved market.</param>
public sealed record SpareMargin(MovedPortfolio Moved, IVenueMargin Model)
{
    /// <summary>The venue's ladder with other figures; null: the shipped one.</summary>
    public ILiquidationLadder? Ladder { get; init; }

    /// <summary>Number of coordinates: a price and a volatility for each coin.</summary>
    public int Dimensions => 2 * Moved.Coins.Length;

    /// <summary>USD; negative: the venue would liquidate. Prices first, volatilities after.</summary>
    public double At(
        ReadOnlySpan<double> move,
        double days = 0,
        Func<string, DateTimeOffset, double?>? delivery = null
    ) => Worst(move, days, delivery).SpareUsd;

    /// <summary>The same with the pool's statement and the portfolio there.</summary>
    /// <exception cref="InvalidOperationException">The margin there is undetermined.</exception>
    public (double SpareUsd, PoolStatement? Pool, MarginPortfolio Portfolio, MarginStatement Statement) Worst(
        ReadOnlySpan<double> move,
        double days = 0,
        Func<string, DateTimeOffset, double?>? delivery = null
    )
    {
        int coins = Moved.Coins.Length;
        var portfolio = Moved.At(move[..coins], move.Slice(coins, coins), days, delivery);
        var statement = Model.Assess(portfolio);
        if (!statement.IsDetermined)
            throw new InvalidOperationException(string.Join("; ", statement.Missing));
        double least = double.PositiveInfinity;
        PoolStatement? worst = null;
        foreach (var pool in statement.Pools)
            if ((pool.MaintenanceBalance - pool.Maintenance) * pool.UnitUsd is var spare && spare < least)
                (least, worst) = (spare, pool);
        return (least, worst, portfolio, statement);
    }

    /// <summary>
    /// First multiple of a direction in (0, farthest] at which a pool is short, or null: scanned in even steps, then
    /// closed in on by halving. 0 when it is short before anything moves.
    /// </summary>
    public double? FirstShort(ReadOnlySpan<double> direction, double farthest, int steps)
    {
        var move = new double[direction.Length];
        if (Along(direction, 0, move) < 0)
            return 0;
        double safe = 0;
        for (int step = 1; step <= steps; step++)
        {
            double at = farthest * step / steps;
            if (Along(direction, at, move) < 0)
                return Between(direction, safe, at, move);
            safe = at;
        }
        return null;
    }

    double Between(ReadOnlySpan<double> direction, double safe, double failed, double[] move)
    {
        const int Halvings = 46;
        for (int i = 0; i < Halvings && failed - safe > 1e-13 * failed; i++)
        {
            double middle = 0.5 * (safe + failed);
            if (Along(direction, middle, move) < 0)
                failed = middle;
            else
                safe = middle;
        }
        return failed;
    }

    double Along(ReadOnlySpan<double> direction, double multiple, double[] move)
    {
        for (int i = 0; i < move.Length; i++)
            move[i] = multiple * direction[i];
        return At(move);
    }
}
