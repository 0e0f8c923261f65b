using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Margin;

/// <summary>OKX portfolio margin: spot shocks, extreme move, basis, minimum charge, borrowing; by coin.</summary>
/// <remarks>
/// Source: OKX API, account/position-builder (response of 2025-01-15), and the announcements of 2024-12 and 2025-01-02.
/// Per coin, USD: <c>MMR = max( max(MR1, MR2, share·MR6) + MR3 + MR4 + MR5 + MR9, MR7 )</c>,
/// <c>IMR = 1.3·MMR</c>; coins add up, and what is borrowed is charged apart. MR9, a charge on the smaller side of a
/// hedge, is concave in it: with options the model is not convex. What is inferred: docs/margin/okx.md.
/// </remarks>
public sealed class OkxPortfolioMargin(OkxParameters parameters) : IConvexVenue
{
    const double DayYears = 1.0 / 365;

    /// <summary>From a text of parameters.</summary>
    public static Parsed<IVenueMargin> LoadVenue(string json, string place) =>
        OkxParameters.Parse(json, place).Select(IVenueMargin (of) => new OkxPortfolioMargin(of));

    /// <inheritdoc />
    public string Key => "okx-portfolio-margin";

    /// <inheritdoc />
    public string Venue => "okx";

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <inheritdoc />
    public bool IsConvex => false;

    /// <summary>All but the stablecoin charge is convex: true where everything settles alike.</summary>
    public bool MaintenanceIsConvexWithin(MarginPortfolio portfolio)
    {
        ArgumentNullException.ThrowIfNull(portfolio);
        return portfolio.Positions.Select(position => QuoteOf(position.Instrument)).Distinct().Count() < 2;
    }

    /// <summary>Options are not in the sizing: the venue does not publish what it does to them.</summary>
    public string? Refuses(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        return instrument is OptionInstrument ? "OKX does not publish its shocks of options"
            : parameters.Units.GetValueOrDefault(instrument.Underlying)
                is not { LeastBasisMove: not null, MinimumCharge: not null }
                ? $"no portfolio-margin parameters of {instrument.Underlying}"
            : null;
    }

    /// <inheritdoc />
    public ConvexForm FormOf(ImmutableArray<Instrument> instruments, ConvexPool pool) =>
        OkxForm.Of(instruments, pool, parameters, Refuses);

    /// <summary>A currency's haircut; a debt is charged what borrowing costs on top.</summary>
    public CollateralShare Counts(Currency currency, MarginKind kind) =>
        new(
            1 - parameters.Haircuts.GetValueOrDefault(currency.Code, 1),
            1 + (kind == MarginKind.Initial ? parameters.BorrowInitial : parameters.BorrowMaintenance)
        );

    /// <summary>One pool in USD, whatever the account says: the venue knows no segregated portfolio margin.</summary>
    public MarginStatement Assess(MarginPortfolio portfolio) =>
        MarginStatement.Of(portfolio with { IsCross = true }, this, Missing, Assess);

    /// <summary>
    /// Maintenance margin of a coin from its parts; <paramref name="mr6"/> in full, before its share.
    /// </summary>
    public double Combine(
        double mr1,
        double mr2,
        double mr3,
        double mr4,
        double mr5,
        double mr6,
        double mr7,
        double mr9
    ) => Math.Max(Math.Max(Math.Max(mr1, mr2), parameters.ExtremeShare * mr6) + mr3 + mr4 + mr5 + mr9, mr7);

    IEnumerable<string> Missing(PoolContents pool)
    {
        foreach (string line in pool.MissingPrices(needsVolatility: true))
            yield return line;
        foreach (var balance in pool.Balances.Where(balance => balance.Amount > 0))
            if (!parameters.Haircuts.ContainsKey(balance.Currency.Code))
                yield return $"{pool.Name}: no haircut of {balance.Currency}";
        foreach (string line in CollateralRates.Beyond(pool, parameters.HaircutsUpTo))
            yield return line;
        foreach (var instrument in pool.Positions.Select(position => position.Instrument))
        {
            if (!parameters.Units.TryGetValue(instrument.Underlying, out var unit))
                yield return $"{instrument}: no portfolio-margin parameters of {instrument.Underlying}";
            else if (unit.LeastBasisMove is null || unit.MinimumCharge is null)
                yield return $"{instrument}: least basis move and minimum charge of {instrument.Underlying} not known";
            if (instrument is OptionInstrument && parameters.Options is null)
                yield return $"{instrument}: the venue's shocks of options are not known (options_shocks)";
            if (instrument.SettlesAt <= pool.Market.AsOf)
                yield return $"{instrument}: expired before the market";
        }
    }

    PoolStatement Assess(PoolContents pool)
    {
        var charges = ImmutableArray.CreateBuilder<MarginCharge>();
        var grids = ImmutableArray.CreateBuilder<MarginGrid>();
        foreach (
            var unit in pool
                .Positions.GroupBy(position => position.Instrument.Underlying)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
        )
            AddUnit(pool, unit.Key, [.. unit], charges, grids);
        double balance = 0,
            borrowed = 0;
        foreach (var part in pool.ByCurrency())
        {
            double equity = part.Value().Equity * pool.InPool(part.Currency);
            // The venue discounts a currency's whole equity (disEq of eq), open gains of its contracts with it. Gains
            // in a coin whose haircut is not known count as nothing, as they do in the sizing.
            double haircut = parameters.Haircuts.GetValueOrDefault(part.Currency.Code, 1);
            balance += equity > 0 ? equity * (1 - haircut) : equity;
            borrowed += Math.Max(0, -equity);
        }
        if (borrowed > 0)
            charges.Add(
                new MarginCharge(
                    pool.Name,
                    "borrowing",
                    parameters.BorrowInitial * borrowed,
                    parameters.BorrowMaintenance * borrowed
                )
            );
        return new PoolStatement
        {
            Name = pool.Name,
            Currency = pool.Currency,
            UnitUsd = pool.UnitUsd,
            Equity = pool.Value().Equity,
            Balance = balance,
            MaintenanceBalance = balance,
            Initial = charges.Sum(charge => charge.Initial),
            Maintenance = charges.Sum(charge => charge.Maintenance),
            Charges = charges.ToImmutable(),
            Grids = grids.ToImmutable(),
        };
    }

    void AddUnit(
        PoolContents pool,
        string coin,
        ImmutableArray<MarginPosition> held,
        ImmutableArray<MarginCharge>.Builder charges,
        ImmutableArray<MarginGrid>.Builder grids
    )
    {
        var unit = parameters.Units[coin];
        var legs = held.Select(position => new Leg(position, pool.Market)).ToImmutableArray();
        var cells = Grid(unit, legs);
        var regular = MarginGrid.Of(coin, [.. cells.Where(cell => !cell.IsExtended)]);
        double mr1 = Math.Max(0, -regular.Cells[regular.Worst!.Value].Gain);
        double mr6 = Math.Max(0, -cells.Where(cell => cell.IsExtended).Min(cell => cell.RawGain));
        double mr2 = Math.Max(0, -legs.Sum(leg => leg.DecayUsd()));
        double mr4 = 0,
            mr3 = 0;
        foreach (var expiry in legs.GroupBy(leg => leg.Position.Instrument.SettlesAt))
        {
            double move = Math.Max(unit.LeastBasisMove!.Value, unit.AnnualisedMoveRisk * expiry.First().Years);
            mr4 += Math.Abs(expiry.Sum(leg => leg.DeltaUsd)) * move;
            mr3 += Math.Abs(expiry.Sum(leg => leg.VegaUsd)) * (parameters.Options?.TermStructure ?? 0);
        }
        double mr5 = Math.Abs(legs.Sum(leg => leg.OptionUsd * leg.Years)) * (parameters.Options?.Rate ?? 0);
        double mr7 = parameters.ChargeTiers.Marginal(legs.Sum(leg => RawCharge(unit, leg)));
        double mr9 = StablecoinCharge(legs);
        double total = Combine(mr1, mr2, mr3, mr4, mr5, mr6, mr7, mr9);
        double worst = Math.Max(Math.Max(mr1, mr2), parameters.ExtremeShare * mr6);
        string name =
            worst == mr1 ? "spot-shock"
            : worst == mr2 ? "theta-decay"
            : "extreme-move";
        Add(name, worst);
        Add("vega-term-structure", mr3);
        Add("basis", mr4);
        Add("interest-rate", mr5);
        Add("stablecoin-hedge", mr9);
        Add("minimum-charge-excess", total - (worst + mr3 + mr4 + mr5 + mr9));
        grids.Add(MarginGrid.Of(coin, cells));

        void Add(string key, double amount)
        {
            if (amount > 0)
                charges.Add(new MarginCharge(coin, key, parameters.InitialFactor * amount, amount));
        }
    }

    ImmutableArray<GridCell> Grid(OkxUnit unit, ImmutableArray<Leg> legs)
    {
        var cells = ImmutableArray.CreateBuilder<GridCell>();
        double[] moves = [.. unit.SpotShocks.Reverse().Select(shock => -shock), 0, .. unit.SpotShocks];
        foreach (double move in moves)
        foreach (var shock in Enum.GetValues<VolatilityShock>())
        {
            double gain = legs.Sum(leg => leg.GainUsd(move, shock, parameters.Options));
            cells.Add(new GridCell(Name(move, shock), move, shock, gain, gain, false));
        }
        foreach (double move in (double[])[-unit.ExtremeShock, unit.ExtremeShock])
        {
            double gain = legs.Sum(leg => leg.GainUsd(move, VolatilityShock.Same, parameters.Options));
            string name = Name(move, VolatilityShock.Same);
            cells.Add(new GridCell(name, move, VolatilityShock.Same, parameters.ExtremeShare * gain, gain, true));
        }
        return cells.ToImmutable();
    }

    static string Name(double move, VolatilityShock shock) =>
        FormattableString.Invariant($"{move * 100:+0.##;-0.##;0}% {shock.ToString().ToLowerInvariant()}");

    double RawCharge(OkxUnit unit, Leg leg) =>
        leg.Position.Instrument is not OptionInstrument ? unit.MinimumCharge!.Value * Math.Abs(leg.DeltaUsd)
        : leg.Position.Contracts < 0 ? parameters.Options!.ShortCharge * leg.UnderlyingUsd
        : 0;

    /// <summary>Tiers on the smaller side of net deltas by stablecoin; coin-settled contracts count as USD.</summary>
    double StablecoinCharge(ImmutableArray<Leg> legs)
    {
        double longs = 0,
            shorts = 0;
        foreach (var quote in legs.GroupBy(leg => QuoteOf(leg.Position.Instrument)))
        {
            double net = quote.Sum(leg => leg.DeltaUsd);
            longs += Math.Max(0, net);
            shorts += Math.Max(0, -net);
        }
        return parameters.StablecoinTiers.Marginal(Math.Min(longs, shorts));
    }

    internal static string QuoteOf(Instrument instrument) =>
        instrument.Shape == PayoffShape.Inverse ? "USD" : instrument.Settlement.Code;

    /// <summary>One position with what the parts ask of it, USD.</summary>
    sealed class Leg
    {
        readonly MarginQuote quote;
        readonly double indexUsd;
        readonly double settlementUsd;

        public Leg(MarginPosition position, MarginMarket market)
        {
            Position = position;
            quote = market.Quote(position.Instrument)!;
            Years = position.Instrument.SettlesAt is { } at ? Markets.Years.Between(market.AsOf, at).Value : 0;
            indexUsd = quote.UnderlyingUsd;
            settlementUsd = market.PriceUsd(position.Instrument.Settlement)!.Value;
            DeltaUsd = position.Contracts * ShockedValue.DeltaCoins(position.Instrument, quote, Years) * indexUsd;
            UnderlyingUsd = Math.Abs(position.Contracts) * (double)position.Instrument.ContractSize * indexUsd;
            if (position.Instrument is OptionInstrument option)
            {
                double strike = (double)option.StrikeUsd;
                double vol = quote.ImpliedVolatility!.Value;
                var greeks = Black76.Evaluate(indexUsd, strike, Years, vol, option.Right);
                double size = position.Contracts * (double)option.ContractSize;
                (VegaUsd, OptionUsd) = (size * greeks.VegaUsdPerVol, size * greeks.PriceUsd);
            }
        }

        public MarginPosition Position { get; }

        public double Years { get; }

        public double DeltaUsd { get; }

        public double VegaUsd { get; }

        public double OptionUsd { get; }

        public double UnderlyingUsd { get; }

        /// <summary>Gain in USD at the jumped price: a coin's own gain is worth the coin then.</summary>
        public double GainUsd(double move, VolatilityShock shock, OkxOptionShocks? options)
        {
            double vol = quote.ImpliedVolatility ?? 0;
            double reach = Math.Pow(30 / Math.Max(1, Years * 365), options?.Power ?? 0);
            double shocked = shock switch
            {
                VolatilityShock.Up => vol * (1 + (options?.VolatilityUp ?? 0) * reach),
                VolatilityShock.Down => vol * Math.Max(0, 1 - (options?.VolatilityDown ?? 0) * reach),
                _ => vol,
            };
            double gain = 0;
            ShockedValue.Gains(Position.Instrument, quote, Years, [move], [shocked], new Span<double>(ref gain));
            bool paysCoin = Position.Instrument.Shape == PayoffShape.Inverse;
            return Position.Contracts * gain * (paysCoin ? indexUsd * (1 + move) : settlementUsd);
        }

        /// <summary>Gain of a day at a market that stands still.</summary>
        public double DecayUsd()
        {
            if (Position.Instrument is not OptionInstrument option)
                return 0;
            double later = Black76.PriceUsd(
                indexUsd,
                (double)option.StrikeUsd,
                Math.Max(0, Years - DayYears),
                quote.ImpliedVolatility!.Value,
                option.Right
            );
            return Position.Contracts * (double)option.ContractSize * later - OptionUsd;
        }
    }
}
