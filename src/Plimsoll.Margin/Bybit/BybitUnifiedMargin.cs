using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Figures of Bybit's unified account under cross margin.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="Brackets">Risk-limit tiers.</param>
/// <param name="CloseFee">Taker fee set aside for closing, of the value at the bankruptcy price.</param>
/// <param name="OptionInitial">Of the index, before the distance out of the money.</param>
/// <param name="OptionLeastInitial">Of the index.</param>
/// <param name="OptionMaintenance">Of the index or the option's mark, whichever is larger.</param>
/// <param name="OptionLiquidationFee">Of the index.</param>
public sealed record BybitParameters(
    MarginNote Note,
    BracketTables Brackets,
    double CloseFee,
    double OptionInitial,
    double OptionLeastInitial,
    double OptionMaintenance,
    double OptionLiquidationFee
)
{
    /// <summary>Share of each currency that counts.</summary>
    public required CollateralRates Collateral { get; init; }

    /// <summary>Reads data/venues/bybit/unified-margin.json.</summary>
    public static BybitParameters Read(ParameterNode node, MarginNote note)
    {
        var options = node.Node("options");
        return new BybitParameters(
            note,
            BracketTables.Read(node),
            node.Number("close_fee", 0, 1),
            options.Number("initial", 0, 1),
            options.Number("least_initial", 0, 1),
            options.Number("maintenance", 0, 1),
            options.Number("liquidation_fee", 0, 1)
        )
        {
            Collateral = CollateralRates.Read(node),
        };
    }
}

/// <summary>Bybit's unified account under cross margin: futures by risk-limit tiers, short options alone.</summary>
/// <remarks>
/// Source: Bybit help centre, "Maintenance Margin (USDT Contract)" (2025-09-05) and "Initial and Maintenance Margin
/// Calculation (Options)" (2023-12-04). Futures: <c>IM = value/leverage + fee</c>, <c>MM = tiers(value) + fee</c>, fee
/// the taker fee at the bankruptcy price <c>entry·(1 ∓ 1/leverage)</c>, fixed by a response of 2024-06-27 to the last
/// digit. A short option, per unit: <c>MM = max(f·S, f·m) + m + fee·S</c>, <c>IM = max(max(a·S − OTM, b·S) + m,
/// MM)</c>.
/// The value of options is no margin; one pool in USD.
/// </remarks>
public sealed class BybitUnifiedMargin(BybitParameters parameters) : IPositionwiseVenue
{
    const string ModelKey = "bybit-unified-margin";

    /// <summary>Makes the model from parameters in JSON.</summary>
    public static Parsed<IVenueMargin> LoadVenue(string json, string place) =>
        VenueParameters
            .Read(json, place, ModelKey, BybitParameters.Read)
            .Select(IVenueMargin (of) => new BybitUnifiedMargin(of));

    /// <inheritdoc />
    public string Key => ModelKey;

    /// <inheritdoc />
    public string Venue => "bybit";

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <inheritdoc />
    public bool IsConvex => false;

    /// <summary>Convex where the leverage is set; else the fee follows the bracket's leverage.</summary>
    public bool MaintenanceIsConvexWithin(MarginPortfolio portfolio)
    {
        ArgumentNullException.ThrowIfNull(portfolio);
        return portfolio.Positions.All(p => p.Instrument is OptionInstrument || p.Leverage is not null);
    }

    /// <summary>One pool in USD.</summary>
    public MarginStatement Assess(MarginPortfolio portfolio) =>
        TieredPools.Assess(portfolio, this, parameters.Collateral, Missing, Requirement);

    /// <summary>The fee to close is taken at its bound over every leverage.</summary>
    public MarginRate? Bound(Instrument instrument, MarginPrice price, double equityUsd)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        if (
            instrument.Shape == PayoffShape.Inverse
            || !parameters.Collateral.Rates.ContainsKey(instrument.Settlement.Code)
        )
            return null;
        if (instrument is OptionInstrument option)
        {
            var sold = ShortOption(option, 1, new MarginQuote(price.UnderlyingUsd, price.Price));
            return new MarginRate(0, sold.Initial, 0, 0, sold.Maintenance, 0);
        }
        if (parameters.Brackets.Of(instrument) is not { } table)
            return null;
        double each = (double)instrument.ContractSize * price.UnderlyingUsd,
            reach = table.LargestOpen(equityUsd),
            leverage = table.Leverage(reach, null);
        double initial = each / leverage,
            maintenance = each * table.Maintenance(reach) / reach,
            feeLong = parameters.CloseFee * each,
            feeShort = feeLong * (1 + 1 / leverage);
        return new MarginRate(
            initial + feeLong,
            initial + feeShort,
            0,
            maintenance + feeLong,
            maintenance + feeShort,
            0
        );
    }

    IEnumerable<string> Missing(PoolContents pool)
    {
        foreach (string line in pool.MissingPrices(needsVolatility: false).Concat(parameters.Collateral.Missing(pool)))
            yield return line;
        foreach (var position in pool.Positions)
        {
            if (position.Instrument is OptionInstrument { Shape: PayoffShape.Inverse })
                yield return $"{position.Instrument}: Bybit's options are linear";
            foreach (string line in parameters.Brackets.Missing(position, pool.Market))
                yield return line;
        }
        foreach (var balance in pool.Balances.Where(balance => balance.Amount < 0))
            yield return $"{pool.Name}: the tiers of a loan of {balance.Currency} are not known";
    }

    PositionRequirement Requirement(MarginPosition position, MarginQuote quote)
    {
        if (position.Instrument is OptionInstrument option)
            return position.Contracts < 0 ? ShortOption(option, -position.Contracts, quote) : default;
        double value = BracketTables.Notional(position, quote);
        var table = parameters.Brackets.Of(position.Instrument)!;
        double leverage = table.Leverage(value, position.Leverage);
        double fee = parameters.CloseFee * value * (1 - Math.Sign(position.Contracts) / leverage);
        return new PositionRequirement(value / leverage + fee, table.Maintenance(value) + fee);
    }

    PositionRequirement ShortOption(OptionInstrument option, double contracts, MarginQuote quote)
    {
        double units = contracts * (double)option.ContractSize;
        double strike = (double)option.StrikeUsd,
            price = quote.UnderlyingUsd;
        double away = Math.Max(0, option.Right == OptionRight.Call ? strike - price : price - strike);
        double maintenance =
            parameters.OptionMaintenance * Math.Max(price, quote.Mark)
            + quote.Mark
            + parameters.OptionLiquidationFee * price;
        double initial =
            Math.Max(parameters.OptionInitial * price - away, parameters.OptionLeastInitial * price) + quote.Mark;
        return new PositionRequirement(units * Math.Max(initial, maintenance), units * maintenance);
    }
}
