using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Ratios of Binance's short options, as exchangeInfo names them.</summary>
public sealed record BinanceOptionRatios(
    double Initial,
    double LeastInitial,
    double Maintenance,
    double LeastMaintenance
);

/// <summary>Figures of Binance's futures and options outside portfolio margin.</summary>
public sealed record BinanceParameters(MarginNote Note, BracketTables Brackets, BinanceOptionRatios Options)
{
    /// <summary>Share of each currency that counts.</summary>
    public required CollateralRates Collateral { get; init; }

    /// <summary>Reads data/venues/binance/margin.json.</summary>
    public static BinanceParameters Read(ParameterNode node, MarginNote note)
    {
        var options = node.Node("options");
        return new BinanceParameters(
            note,
            BracketTables.Read(node),
            new BinanceOptionRatios(
                options.Number("initialMargin", 0, 1),
                options.Number("minInitialMargin", 0, 1),
                options.Number("maintenanceMargin", 0, 1),
                options.Number("minMaintenanceMargin", 0, 1)
            )
        )
        {
            Collateral = CollateralRates.Read(node),
        };
    }
}

/// <summary>Binance: cross futures by brackets of notional, or European options; each wallet by itself.</summary>
/// <remarks>
/// Source: Binance support FAQ on liquidation (b3c689c1f50a44cabb3a84e663b81d93) and leverageBracket of its API;
/// options: exchangeInfo of eapi. Futures: <see cref="MarginBrackets"/> at the mark. A short option, per unit in USD:
/// <c>IM = max(0.15·S − OTM, 0.10·S) + m</c>, <c>MM = max(0.075·S − OTM, 0.05·S) + m</c>, the form inferred. Futures
/// and options are different wallets: an account that holds both is undetermined until each is its own subaccount.
/// </remarks>
public sealed class BinanceMargin(BinanceParameters parameters) : IPositionwiseVenue
{
    const string ModelKey = "binance-margin";

    /// <summary>Makes the model from parameters in JSON.</summary>
    public static Parsed<IVenueMargin> LoadVenue(string json, string place) =>
        VenueParameters
            .Read(json, place, ModelKey, BinanceParameters.Read)
            .Select(IVenueMargin (of) => new BinanceMargin(of));

    /// <inheritdoc />
    public string Key => ModelKey;

    /// <inheritdoc />
    public string Venue => "binance";

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <inheritdoc />
    public bool IsConvex => false;

    /// <summary>Maintenance is convex; initial margin alone jumps where a bracket cuts the leverage.</summary>
    public bool MaintenanceIsConvexWithin(MarginPortfolio portfolio) => true;

    /// <summary>One pool in USD.</summary>
    public MarginStatement Assess(MarginPortfolio portfolio) =>
        TieredPools.Assess(portfolio, this, parameters.Collateral, Missing, Requirement);

    /// <inheritdoc />
    public MarginRate? Bound(Instrument instrument, MarginPrice price, double equityUsd)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        if (
            instrument.Shape == PayoffShape.Inverse
            || !parameters.Collateral.Rates.ContainsKey(instrument.Settlement.Code)
        )
            return null;
        var quote = new MarginQuote(price.UnderlyingUsd, price.Price);
        if (instrument is OptionInstrument)
        {
            var sold = Requirement(new MarginPosition(instrument, -1), quote);
            return new MarginRate(0, sold.Initial, 0, 0, sold.Maintenance, 0);
        }
        if (parameters.Brackets.Of(instrument) is not { } table)
            return null;
        double each = (double)instrument.ContractSize * price.UnderlyingUsd,
            reach = table.LargestOpen(equityUsd);
        return ContractNotional.Alike(each / table.Leverage(reach, null), each * table.Maintenance(reach) / reach);
    }

    IEnumerable<string> Missing(PoolContents pool)
    {
        foreach (string line in pool.MissingPrices(needsVolatility: false).Concat(parameters.Collateral.Missing(pool)))
            yield return line;
        bool hasOptions = pool.Positions.Any(position => position.Instrument is OptionInstrument);
        if (hasOptions && pool.Positions.Any(position => position.Instrument is not OptionInstrument))
            yield return $"{pool.Name}: Binance keeps options and futures in wallets of their own: one subaccount each";
        foreach (var position in pool.Positions)
        foreach (string line in parameters.Brackets.Missing(position, pool.Market))
            yield return line;
        foreach (var option in pool.Positions.Select(position => position.Instrument).OfType<OptionInstrument>())
            if (option.Shape == PayoffShape.Inverse)
                yield return $"{option}: Binance's options are linear";
    }

    PositionRequirement Requirement(MarginPosition position, MarginQuote quote)
    {
        if (position.Instrument is OptionInstrument option)
        {
            if (position.Contracts >= 0)
                return default;
            double units = -position.Contracts * (double)option.ContractSize;
            double strike = (double)option.StrikeUsd,
                price = quote.UnderlyingUsd;
            double away = Math.Max(0, option.Right == OptionRight.Call ? strike - price : price - strike);
            var ratios = parameters.Options;
            return new PositionRequirement(
                units * (Math.Max(ratios.Initial * price - away, ratios.LeastInitial * price) + quote.Mark),
                units * (Math.Max(ratios.Maintenance * price - away, ratios.LeastMaintenance * price) + quote.Mark)
            );
        }
        double notional = BracketTables.Notional(position, quote);
        var table = parameters.Brackets.Of(position.Instrument)!;
        return new PositionRequirement(
            notional / table.Leverage(notional, position.Leverage),
            table.Maintenance(notional)
        );
    }
}
