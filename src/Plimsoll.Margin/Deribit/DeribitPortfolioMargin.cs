using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>
/// Deribit's portfolio margin ("PME"): a risk matrix per currency pair, and charges for roll and size.
/// </summary>
/// <remarks>
/// Sources: support.deribit.com 25944756247837, docs.deribit.com private/pme/simulate and public/pme/get_params.
/// <c>risk matrix = worst of 27 + 8 cells + Σ_T |Δ_T|·max(min move, e^(risk·T) − 1) + delta shock</c>;
/// <c>IM = Σ risk matrices + orders</c>, <c>MM = 0.8·Σ risk matrices</c>. What is inferred: docs/margin/deribit.md.
/// Figures that the venue states of an account and nobody can compute are read from the market under
/// <c>mmp-margin/BTC</c> and, instead of the own reckoning, <c>open-orders-margin/BTC</c>.
/// Convex in the positions but for the delta shock of a book of more than 20 million USD of delta.
/// </remarks>
public sealed class DeribitPortfolioMargin : IVenueMargin
{
    const double Decimals = 1e9;

    /// <summary>The model with some parameters.</summary>
    public DeribitPortfolioMargin(DeribitPortfolioParameters parameters) => Parameters = parameters;

    /// <summary>From a text of parameters.</summary>
    public static Parsed<IVenueMargin> LoadVenue(string json, string place) =>
        DeribitPortfolioParameters.Parse(json, place).Select(IVenueMargin (of) => new DeribitPortfolioMargin(of));

    /// <summary>The model with the shipped, dated parameters.</summary>
    public static DeribitPortfolioMargin Shipped { get; } =
        new(
            DeribitPortfolioParameters
                .Parse(
                    VenueParameters.Shipped(DeribitPortfolioParameters.Resource),
                    DeribitPortfolioParameters.Resource
                )
                .Value
        );

    /// <summary>Its figures.</summary>
    public DeribitPortfolioParameters Parameters { get; }

    /// <inheritdoc />
    public string Key => "deribit-portfolio-margin";

    /// <inheritdoc />
    public string Venue => "deribit";

    /// <inheritdoc />
    public MarginNote Note => Parameters.Note;

    /// <inheritdoc />
    public bool IsConvex => false;

    /// <summary>Everything but the delta shock is convex: true where no smaller book can reach its threshold.</summary>
    public bool MaintenanceIsConvexWithin(MarginPortfolio portfolio)
    {
        ArgumentNullException.ThrowIfNull(portfolio);
        return portfolio
            .Pools()
            .All(pool => Pairs(pool, portfolio.IsCross, []).All(row => row.Pair.StaysUnderDeltaShock(row.Contracts)));
    }

    /// <inheritdoc />
    public MarginStatement Assess(MarginPortfolio portfolio) =>
        MarginStatement.Of(
            portfolio,
            this,
            pool => Missing(pool, portfolio),
            pool => Assess(pool, portfolio.IsCross, OrdersOf(pool, portfolio))
        );

    IEnumerable<string> Missing(PoolContents pool, MarginPortfolio portfolio)
    {
        var orders = OrdersOf(pool, portfolio);
        var whole = pool with { Positions = [.. pool.Positions, .. orders.Select(AsPosition)] };
        foreach (string line in whole.MissingPrices(needsVolatility: true))
            yield return line;
        foreach (var instrument in whole.Positions.Select(position => position.Instrument).Distinct())
        {
            if (!Parameters.Coins.ContainsKey(instrument.Underlying))
                yield return $"{instrument}: no portfolio-margin parameters of {instrument.Underlying}";
            if (pool.Market.PriceUsd(new Currency(instrument.Underlying)) is null)
                yield return $"{instrument}: no index of {instrument.Underlying}";
            if (Parameters.Of(instrument.Settlement) is null)
                yield return $"{instrument}: no portfolio-margin parameters of {instrument.Settlement}";
            if (instrument.SettlesAt <= pool.Market.AsOf)
                yield return $"{instrument}: expired before the market";
        }
        if (portfolio.IsCross)
            foreach (var balance in pool.Balances.Where(balance => balance.Amount > 0))
                if (Parameters.Of(balance.Currency) is null)
                    yield return $"{pool.Name}: no haircut of {balance.Currency}";
    }

    static ImmutableArray<MarginOrder> OrdersOf(PoolContents pool, MarginPortfolio portfolio) =>
        portfolio.IsCross
            ? portfolio.OpenOrders
            : [.. portfolio.OpenOrders.Where(order => order.Instrument.Settlement == pool.Currency)];

    PoolStatement Assess(PoolContents pool, bool isCross, ImmutableArray<MarginOrder> orders)
    {
        var equityBy = isCross
            ? pool.ByCurrency().ToDictionary(part => part.Currency, part => part.Value().Equity)
            : [];
        var matrices = Matrices(pool, isCross, equityBy);
        var charges = matrices.Charges.ToBuilder();
        double matrix = matrices.Total;
        double forOrders = Math.Max(
            0,
            pool.Market.Figures.TryGetValue($"open-orders-margin/{pool.Currency}", out double stated) ? stated
                : orders.IsEmpty ? 0
                : WithOrders(pool, isCross, equityBy, orders) - matrix
        );
        double forMaker = Math.Max(0, pool.Market.Figures.GetValueOrDefault($"mmp-margin/{pool.Currency}"));
        if (forOrders > 0)
            charges.Add(new MarginCharge(pool.Name, "open-orders", forOrders, 0));
        if (forMaker > 0)
            charges.Add(new MarginCharge(pool.Name, "market-maker-protection", forMaker, 0));
        var value = pool.Value();
        return new PoolStatement
        {
            Name = pool.Name,
            Currency = pool.Currency,
            UnitUsd = pool.UnitUsd,
            Equity = value.Equity,
            Balance = isCross
                ? equityBy.Sum(pair => AfterHaircut(pair.Key, pair.Value) * pool.InPool(pair.Key))
                : value.Equity,
            MaintenanceBalance = value.Equity,
            Initial = Rounded(matrix + forOrders + forMaker),
            Maintenance = Parameters.MaintenanceFactor * matrix,
            Charges = charges.ToImmutable(),
            Grids = matrices.Grids,
        };
    }

    double AfterHaircut(Currency currency, double equity) =>
        equity > 0 ? equity * (1 - Parameters.Of(currency)!.Haircut) : equity;

    double WithOrders(
        PoolContents pool,
        bool isCross,
        Dictionary<Currency, double> equityBy,
        ImmutableArray<MarginOrder> orders
    )
    {
        double worst = 0;
        foreach (int side in (int[])[1, -1])
        {
            var filled = orders.Where(order => order.Contracts * side > 0).Select(AsPosition);
            var positions = pool
                .Positions.Concat(filled)
                .GroupBy(position => position.Instrument)
                .Select(group => new MarginPosition(group.Key, group.Sum(position => position.Contracts)));
            worst = Math.Max(worst, Matrices(pool with { Positions = [.. positions] }, isCross, equityBy).Total);
        }
        return worst;
    }

    (ImmutableArray<MarginCharge> Charges, ImmutableArray<MarginGrid> Grids, double Total) Matrices(
        PoolContents pool,
        bool isCross,
        Dictionary<Currency, double> equityBy
    )
    {
        var charges = ImmutableArray.CreateBuilder<MarginCharge>();
        var grids = ImmutableArray.CreateBuilder<MarginGrid>();
        double[]? together = null;
        double total = 0;
        foreach (var (pair, contracts, unit) in Pairs(pool, isCross, equityBy))
        {
            var own = new Currency(pair.Underlying);
            bool isExposed = isCross && pair.Name == own.Code && Parameters.Of(own) is { EquityIsExposed: true };
            double[] raw = pair.GainOf(contracts, isExposed ? equityBy.GetValueOrDefault(own) : 0);
            double[] counted = [.. raw.Select((gain, c) => pair.Counted(gain, c) * unit)];
            var grid = MarginGrid.Of(
                pair.Name,
                [
                    .. counted.Select(
                        (gain, c) =>
                            new GridCell(
                                pair.Grid.NameOf(c),
                                pair.Grid.PriceMove[c],
                                pair.Grid.Shock[c],
                                gain,
                                raw[c] * unit,
                                c >= pair.Grid.Regular
                            )
                    ),
                ]
            );
            grids.Add(grid);
            double worst = Parameters.PairsShareDirection
                ? 0
                : Rounded(Math.Max(0, -grid.Cells[grid.Worst!.Value].Gain));
            together = Sum(together, counted);
            total += Charge(pair.Name, "worst-scenario", worst);
            total += Charge(pair.Name, "roll-shock", pair.RollShock(contracts) * unit);
            total += Charge(pair.Name, "delta-shock", pair.DeltaShock(contracts) * unit);
        }
        if (Parameters.PairsShareDirection && together is not null)
            total += Charge(pool.Name, "worst-scenario", Rounded(Math.Max(0, -together.Min())));
        return (charges.ToImmutable(), grids.ToImmutable(), total);

        double Charge(string name, string key, double amount)
        {
            if (amount != 0)
                charges.Add(new MarginCharge(name, key, amount, Parameters.MaintenanceFactor * amount));
            return amount;
        }
    }

    /// <summary>The pairs of a pool, contracts by column, and the pool's units for one of the pair's money.</summary>
    IEnumerable<(DeribitPair Pair, double[] Contracts, double Unit)> Pairs(
        PoolContents pool,
        bool isCross,
        Dictionary<Currency, double> equityBy
    )
    {
        var exposed = equityBy
            .Where(pair => pair.Value != 0 && Parameters.Of(pair.Key) is { EquityIsExposed: true })
            .Select(pair => pair.Key.Code)
            .Where(code => Parameters.Coins.ContainsKey(code));
        var groups = pool
            .Positions.GroupBy(position => PairName(position.Instrument))
            .ToDictionary(group => group.Key, group => group.ToImmutableArray());
        foreach (string name in groups.Keys.Concat(exposed).Distinct().Order(StringComparer.Ordinal))
        {
            ImmutableArray<MarginPosition> held = groups.GetValueOrDefault(name, []);
            string coin = held.IsEmpty ? name : held[0].Instrument.Underlying;
            bool inCoin = !isCross && !held.IsEmpty && held[0].Instrument.Shape == PayoffShape.Inverse;
            var pair = new DeribitPair(
                name,
                Parameters,
                [.. held.Select(position => position.Instrument)],
                pool.Market,
                coin,
                inCoin
            );
            yield return (
                pair,
                [.. held.Select(position => position.Contracts)],
                inCoin ? 1 : pool.InPool(Currency.Usd)
            );
        }
    }

    static MarginPosition AsPosition(MarginOrder order) => new(order.Instrument, order.Contracts);

    static string PairName(Instrument instrument) =>
        instrument.Shape == PayoffShape.Inverse
            ? instrument.Underlying
            : $"{instrument.Underlying}_{instrument.Settlement}";

    static double[] Sum(double[]? sum, double[] more)
    {
        if (sum is null)
            return more;
        for (int c = 0; c < sum.Length; c++)
            sum[c] += more[c];
        return sum;
    }

    // The venue states a worst case and an initial margin with nine decimals.
    static double Rounded(double amount) => Math.Round(amount * Decimals) / Decimals;
}
