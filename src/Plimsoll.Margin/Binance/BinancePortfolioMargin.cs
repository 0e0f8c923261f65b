using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Figures of Binance's portfolio margin.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="Brackets">Of USD-M and COIN-M contracts.</param>
/// <param name="LiquidationRatio">uniMMR at or under which the account is liquidated.</param>
/// <param name="OrderRatio">uniMMR that a new order must leave.</param>
public sealed record BinancePortfolioParameters(
    MarginNote Note,
    BracketTables Brackets,
    double LiquidationRatio,
    double OrderRatio
)
{
    /// <summary>Share of each currency that counts.</summary>
    public required CollateralRates Collateral { get; init; }

    /// <summary>Reads data/venues/binance/portfolio-margin.json.</summary>
    public static BinancePortfolioParameters Read(ParameterNode node, MarginNote note) =>
        new(note, BracketTables.Read(node), node.Number("liquidation_ratio", 1, 10), node.Number("order_ratio", 1, 10))
        {
            Collateral = CollateralRates.Read(node),
        };
}

/// <summary>
/// Binance portfolio margin (uniMMR): all collateral at its rate against the sum of maintenance margins.
/// </summary>
/// <remarks>
/// Source: Binance FAQ on Portfolio Margin Pro (2022, updated 2024-11 and 2025-02). <c>uniMMR = Σ min(v, v·rate) /
/// Σ MM</c>; no netting: a long and a short of one coin are both charged. Liquidated at uniMMR 1.05, new orders need
/// 1.20: the statement's maintenance is 1.05·ΣMM and its initial margin 1.20·ΣMM, so that its signs are the venue's
/// decisions.
/// Options are not known to enter and are undetermined.
/// </remarks>
public sealed class BinancePortfolioMargin(BinancePortfolioParameters parameters) : IConvexVenue
{
    const string ModelKey = "binance-portfolio-margin";

    /// <summary>Makes the model from parameters in JSON.</summary>
    public static Parsed<IVenueMargin> LoadVenue(string json, string place) =>
        VenueParameters
            .Read(json, place, ModelKey, BinancePortfolioParameters.Read)
            .Select(IVenueMargin (of) => new BinancePortfolioMargin(of));

    /// <inheritdoc />
    public string Key => ModelKey;

    /// <inheritdoc />
    public string Venue => "binance";

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <inheritdoc />
    public bool IsConvex => true;

    /// <inheritdoc />
    public string? Refuses(Instrument instrument) =>
        instrument is OptionInstrument ? "how options enter Binance's portfolio margin is not published"
        : parameters.Brackets.Of(instrument) is null ? $"no brackets of {BracketTables.KeyOf(instrument)}"
        : null;

    /// <inheritdoc />
    public ConvexForm FormOf(ImmutableArray<Instrument> instruments, ConvexPool pool) =>
        BracketForm.Of(
            instruments,
            parameters.Brackets,
            kind => kind == MarginKind.Initial ? parameters.OrderRatio : parameters.LiquidationRatio,
            Refuses
        );

    /// <summary>The venue's rate of a holding; a debt counts in full, though its rate depends on leverage.</summary>
    public CollateralShare Counts(Currency currency, MarginKind kind) =>
        new(parameters.Collateral.Rates.GetValueOrDefault(currency.Code), 1);

    /// <summary>uniMMR of a pool of this model; infinite without maintenance margin.</summary>
    public double Ratio(PoolStatement pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return pool.Maintenance > 0
            ? pool.MaintenanceBalance / (pool.Maintenance / parameters.LiquidationRatio)
            : double.PositiveInfinity;
    }

    /// <summary>One pool in USD.</summary>
    public MarginStatement Assess(MarginPortfolio portfolio) =>
        TieredPools.Assess(portfolio, this, parameters.Collateral, Missing, Requirement);

    IEnumerable<string> Missing(PoolContents pool)
    {
        foreach (string line in pool.MissingPrices(needsVolatility: false).Concat(parameters.Collateral.Missing(pool)))
            yield return line;
        foreach (var position in pool.Positions)
        {
            if (position.Instrument is OptionInstrument)
                yield return $"{position.Instrument}: how options enter Binance's portfolio margin is not published";
            foreach (string line in parameters.Brackets.Missing(position, pool.Market))
                yield return line;
        }
        if (!pool.Positions.IsEmpty)
            foreach (var balance in pool.Balances.Where(balance => balance.Amount < 0))
                yield return $"{pool.Name}: the rate of a loan of {balance.Currency} depends on its leverage";
    }

    PositionRequirement Requirement(MarginPosition position, MarginQuote quote)
    {
        double notional = BracketTables.Notional(position, quote);
        double maintenance = parameters.Brackets.Of(position.Instrument)!.Maintenance(notional);
        return new PositionRequirement(parameters.OrderRatio * maintenance, parameters.LiquidationRatio * maintenance);
    }
}
