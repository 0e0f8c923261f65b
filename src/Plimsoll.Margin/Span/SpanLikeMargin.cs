using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Margin;

/// <summary>A scan of sixteen scenarios in the manner of CME's SPAN, for comparison with the coin venues.</summary>
/// <remarks>
/// Public description: CME Group, SPAN methodology overview. Prices at 0, ±1/3, ±2/3, ±1 of the price scan range, each
/// with volatility up and down by its range, then two extreme moves of which a fraction counts; a day passes. Per coin:
/// <c>risk = max( max(0, worst loss) + inter-month spreads · charge, short options · minimum )</c>; MM = risk,
/// IM = factor·risk, option value is equity. Reckoned in USD on each expiry's own forward. The spread charge is concave
/// in the hedge, so the model is not convex.
/// </remarks>
public sealed class SpanLikeMargin(SpanParameters parameters) : IConvexVenue
{
    /// <summary>Key of the venue that stands for no venue: the model is for comparison.</summary>
    public const string ComparisonVenue = "cme";

    /// <summary>From a text of parameters.</summary>
    public static Parsed<IVenueMargin> LoadVenue(string json, string place) =>
        SpanParameters.Parse(json, place).Select(IVenueMargin (of) => new SpanLikeMargin(of));

    /// <inheritdoc />
    public string Key => "span-like-margin";

    /// <inheritdoc />
    public string Venue => ComparisonVenue;

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <inheritdoc />
    public bool IsConvex => false;

    /// <inheritdoc />
    public string? Refuses(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        return parameters.Products.ContainsKey(instrument.Underlying)
            ? null
            : $"no scan ranges of {instrument.Underlying}";
    }

    /// <inheritdoc />
    public ConvexForm FormOf(ImmutableArray<Instrument> instruments, ConvexPool pool) =>
        SpanForm.Of(instruments, pool, parameters, Refuses);

    /// <inheritdoc />
    public MarginStatement Assess(MarginPortfolio portfolio) =>
        MarginStatement.Of(portfolio with { IsCross = true }, this, Missing, Assess);

    IEnumerable<string> Missing(PoolContents pool) =>
        pool.MissingPrices(needsVolatility: true)
            .Concat(
                pool.Positions.Select(position => position.Instrument)
                    .Where(instrument => !parameters.Products.ContainsKey(instrument.Underlying))
                    .Select(instrument => $"{instrument}: no scan ranges of {instrument.Underlying}")
            )
            .Concat(
                pool.Positions.Select(position => position.Instrument)
                    .Where(instrument => instrument.SettlesAt <= pool.Market.AsOf)
                    .Select(instrument => $"{instrument}: expired before the market")
            );

    PoolStatement Assess(PoolContents pool)
    {
        var charges = ImmutableArray.CreateBuilder<MarginCharge>();
        var grids = ImmutableArray.CreateBuilder<MarginGrid>();
        foreach (
            var product in pool
                .Positions.GroupBy(position => position.Instrument.Underlying)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
        )
            AddProduct(pool, product.Key, [.. product], charges, grids);
        var value = pool.Value();
        return new PoolStatement
        {
            Name = pool.Name,
            Currency = pool.Currency,
            UnitUsd = pool.UnitUsd,
            Equity = value.Equity,
            Balance = value.Equity,
            MaintenanceBalance = value.Equity,
            Initial = charges.Sum(charge => charge.Initial),
            Maintenance = charges.Sum(charge => charge.Maintenance),
            Charges = charges.ToImmutable(),
            Grids = grids.ToImmutable(),
        };
    }

    void AddProduct(
        PoolContents pool,
        string coin,
        ImmutableArray<MarginPosition> held,
        ImmutableArray<MarginCharge>.Builder charges,
        ImmutableArray<MarginGrid>.Builder grids
    )
    {
        var product = parameters.Products[coin];
        double indexUsd =
            pool.Market.PriceUsd(new Currency(coin)) ?? pool.Market.Quote(held[0].Instrument)!.UnderlyingUsd;
        var cells = ImmutableArray.CreateBuilder<GridCell>();
        foreach (var (move, shock, cover) in Scenarios(parameters, coin))
        {
            double raw = held.Sum(position =>
                GainUsd(
                    position.Instrument,
                    position.Contracts * (double)position.Instrument.ContractSize,
                    MarketOf(position.Instrument, pool.Market),
                    move,
                    shock,
                    product,
                    parameters.DecayDays
                )
            );
            string name = FormattableString.Invariant($"{cells.Count + 1}: {move * 100:+0.##;-0.##;0}% {Word(shock)}");
            cells.Add(new GridCell(name, move, shock, cover * raw, raw, cover < 1));
        }
        var grid = MarginGrid.Of(coin, cells.ToImmutable());
        grids.Add(grid);
        double scan = Math.Max(0, -grid.Cells[grid.Worst!.Value].Gain);
        double spread = product.InterMonthCharge * indexUsd * Spreads(held, pool.Market);
        double shorts = held.Where(position => position.Instrument is OptionInstrument && position.Contracts < 0)
            .Sum(position => -position.Contracts * (double)position.Instrument.ContractSize);
        double least = product.ShortOptionMinimum * indexUsd * shorts;
        Add("scan", scan);
        Add("inter-month-spread", spread);
        Add("short-option-minimum-excess", least - scan - spread);

        void Add(string key, double amount)
        {
            if (amount > 0)
                charges.Add(new MarginCharge(coin, key, parameters.InitialFactor * amount, amount));
        }
    }

    /// <summary>Price move, volatility and share that counts, in the order of SPAN's own numbering.</summary>
    internal static IEnumerable<(double Move, VolatilityShock Shock, double Cover)> Scenarios(
        SpanParameters parameters,
        string coin
    )
    {
        var product = parameters.Products[coin];
        foreach (int third in (int[])[0, 1, -1, 2, -2, 3, -3])
        foreach (var shock in (VolatilityShock[])[VolatilityShock.Up, VolatilityShock.Down])
            yield return (product.PriceScanRange * third / 3, shock, 1);
        foreach (int side in (int[])[1, -1])
            yield return (
                side * product.PriceScanRange * parameters.ExtremeMultiple,
                VolatilityShock.Same,
                parameters.ExtremeCover
            );
    }

    static ContractMarket MarketOf(Instrument instrument, MarginMarket market)
    {
        var quote = market.Quote(instrument)!;
        double years = instrument.SettlesAt is { } at ? Years.Between(market.AsOf, at).Value : 0;
        return new ContractMarket(quote.UnderlyingUsd, quote.ImpliedVolatility ?? 0, years);
    }

    /// <summary>Gain in one scenario of a signed size in coins, or in USD where it settles in coin.</summary>
    internal static double GainUsd(
        Instrument instrument,
        double size,
        ContractMarket market,
        double move,
        VolatilityShock shock,
        SpanProduct product,
        double decayDays
    )
    {
        double forward = market.UnderlyingUsd;
        // A future's price cannot fall below nothing, however far the extreme scenario reaches.
        double jumped = forward * Math.Max(1e-9, 1 + move);
        if (instrument is not OptionInstrument option)
            return instrument.Shape == PayoffShape.Inverse
                ? size / forward * (jumped - forward)
                : size * (jumped - forward);
        double left = Math.Max(0, market.TYears - decayDays / 365);
        double vol = market.VolatilityAnnual;
        double shocked = shock switch
        {
            VolatilityShock.Up => vol + product.VolatilityScanRange,
            VolatilityShock.Down => Math.Max(0, vol - product.VolatilityScanRange),
            _ => vol,
        };
        double strike = (double)option.StrikeUsd;
        return size
            * (
                Black76.PriceUsd(jumped, strike, left, shocked, option.Right)
                - Black76.PriceUsd(forward, strike, market.TYears, vol, option.Right)
            );
    }

    /// <summary>Coins of delta that are long in one month against short in others: spreads between months.</summary>
    static double Spreads(ImmutableArray<MarginPosition> held, MarginMarket market)
    {
        double longs = 0,
            shorts = 0;
        foreach (var month in held.GroupBy(position => position.Instrument.SettlesAt))
        {
            double net = 0;
            foreach (var position in month)
            {
                var quote = market.Quote(position.Instrument)!;
                double years = position.Instrument.SettlesAt is { } at ? Years.Between(market.AsOf, at).Value : 0;
                net += position.Contracts * ShockedValue.DeltaCoins(position.Instrument, quote, years);
            }
            longs += Math.Max(0, net);
            shorts += Math.Max(0, -net);
        }
        return Math.Min(longs, shorts);
    }

    static string Word(VolatilityShock shock) => shock.ToString().ToLowerInvariant();
}
