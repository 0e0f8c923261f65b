using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>First position tier of one kind of contract.</summary>
/// <param name="Coins">Largest position in coins that it speaks of.</param>
/// <param name="Maintenance">Maintenance margin ratio.</param>
/// <param name="Leverage">Largest leverage.</param>
public sealed record OkxTier(double Coins, double Maintenance, double Leverage);

/// <summary>Figures of OKX's futures outside portfolio margin.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="Tiers">By kind of contract, as <see cref="BracketTables.KeyOf"/> names it.</param>
/// <param name="LiquidationFee">Share of the position's value that its closing is taken to cost.</param>
/// <param name="Collateral">Share of each currency that counts.</param>
public sealed record OkxTierParameters(
    MarginNote Note,
    ImmutableDictionary<string, OkxTier> Tiers,
    double LiquidationFee,
    CollateralRates Collateral
)
{
    /// <summary>Reads data/venues/okx/tiered-margin.json.</summary>
    public static OkxTierParameters Read(ParameterNode node, MarginNote note) =>
        new(
            note,
            node.Entries("tiers")
                .ToImmutableDictionary(
                    row => row.Key,
                    row => new OkxTier(
                        row.Node.Number("coins"),
                        row.Node.Number("maintenance", 0, 1),
                        row.Node.Number("leverage", 1, 1_000)
                    ),
                    StringComparer.Ordinal
                ),
            node.Number("liquidation_fee", 0, 1),
            CollateralRates.Read(node)
        );
}

/// <summary>OKX outside portfolio margin: each future by the tier of its position, isolated or cross.</summary>
/// <remarks>
/// Source: OKX help, "Multi-currency margin mode: cross margin trading" (360054690531), and the documented position of
/// 2021-04-27: <c>margin ratio = (margin + gain) / (value·(maintenance ratio + liquidation fee))</c> at the mark,
/// liquidated at 1; <c>IM = value/leverage</c>. The documented ratio is met to its last digits, its liquidation price,
/// whose fee is that of the bankruptcy price, to 4e-6 (tests). Within the first tier the rule is linear in the
/// position; beyond it nothing is known here.
/// </remarks>
public sealed class OkxTieredMargin(OkxTierParameters parameters) : IVenueMargin
{
    const string ModelKey = "okx-tiered-margin";

    /// <summary>Parameters shipped with the program.</summary>
    public const string Resource = "venues/okx/tiered-margin.json";

    /// <summary>Makes the model from parameters in JSON.</summary>
    public static Parsed<IVenueMargin> LoadVenue(string json, string place) =>
        VenueParameters
            .Read(json, place, ModelKey, OkxTierParameters.Read)
            .Select(IVenueMargin (of) => new OkxTieredMargin(of));

    /// <inheritdoc />
    public string Key => ModelKey;

    /// <inheritdoc />
    public string Venue => "okx";

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <summary>Nothing is netted and one tier is known.</summary>
    public bool IsConvex => true;

    /// <summary>One pool in USD.</summary>
    public MarginStatement Assess(MarginPortfolio portfolio) =>
        TieredPools.Assess(portfolio, this, parameters.Collateral, Missing, Requirement);

    IEnumerable<string> Missing(PoolContents pool)
    {
        foreach (string line in pool.MissingPrices(needsVolatility: false).Concat(parameters.Collateral.Missing(pool)))
            yield return line;
        foreach (var position in pool.Positions)
        {
            if (pool.Market.Quote(position.Instrument) is not { } quote)
                continue;
            if (position.Instrument is OptionInstrument)
                yield return $"{position.Instrument}: {ModelKey} has no figures for options";
            else if (parameters.Tiers.GetValueOrDefault(BracketTables.KeyOf(position.Instrument)) is not { } tier)
                yield return $"{position.Instrument}: no position tiers of {BracketTables.KeyOf(position.Instrument)}";
            else if (Coins(position, quote) > tier.Coins)
                yield return FormattableString.Invariant(
                    $"{position.Instrument}: no position tier is known beyond {tier.Coins:0.##} coins"
                );
        }
    }

    PositionRequirement Requirement(MarginPosition position, MarginQuote quote)
    {
        double value = BracketTables.Notional(position, quote);
        var tier = parameters.Tiers[BracketTables.KeyOf(position.Instrument)];
        return new PositionRequirement(
            value / Math.Min(tier.Leverage, position.Leverage ?? tier.Leverage),
            value * (tier.Maintenance + parameters.LiquidationFee)
        );
    }

    static double Coins(MarginPosition position, MarginQuote quote) =>
        Math.Abs(position.Contracts)
        * (double)position.Instrument.ContractSize
        / (position.Instrument.Shape == PayoffShape.Inverse ? quote.Mark : 1);
}
