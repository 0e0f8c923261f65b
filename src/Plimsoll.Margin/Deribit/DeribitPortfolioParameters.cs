using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Risk figures of one coin in Deribit's portfolio margin, named as the venue's own fields.</summary>
/// <param name="PriceRange">Ends of the price grid: ± this fraction.</param>
/// <param name="VolatilityRangeUp">Relative rise of implied volatility at 30 days.</param>
/// <param name="VolatilityRangeDown">Relative fall at 30 days.</param>
/// <param name="ShortTermVegaPower">Growth of the shock under 30 days.</param>
/// <param name="LongTermVegaPower">Its decay from 30 days on.</param>
/// <param name="MinimumVolatilityForShockUp">Floor of the risen volatility, a fraction a year.</param>
/// <param name="ExtendedTableFactor">Multiplies the extended table.</param>
/// <param name="DeltaShockThresholdUsd">Dollar delta up to which nothing is charged for size.</param>
/// <param name="DeltaShockPerCoin">Growth of the charge per coin of delta.</param>
/// <param name="MaximumDeltaShock">Largest charge, a fraction of dollar delta.</param>
public sealed record DeribitCoinRisk(
    double PriceRange,
    double VolatilityRangeUp,
    double VolatilityRangeDown,
    double ShortTermVegaPower,
    double LongTermVegaPower,
    double MinimumVolatilityForShockUp,
    double ExtendedTableFactor,
    double DeltaShockThresholdUsd,
    double DeltaShockPerCoin,
    double MaximumDeltaShock
);

/// <summary>Figures of one settlement currency.</summary>
/// <param name="ExtendedDampenerUsd">
/// USD by which an extended cell moves toward zero for each range beyond the first.
/// </param>
/// <param name="AnnualisedMoveRisk">Roll shock, a year.</param>
/// <param name="MinimumAnnualisedMove">Least roll shock.</param>
/// <param name="GainOffset">Share of gains that may offset losses of other pairs.</param>
/// <param name="MaximumOffsetUsd">Largest gain that may, USD.</param>
/// <param name="Haircut">Share of this collateral that does not count for initial margin in a cross account.</param>
/// <param name="EquityIsExposed">Whether its balance gains and loses with its own coin in a cross account.</param>
public sealed record DeribitCurrencyRisk(
    double ExtendedDampenerUsd,
    double AnnualisedMoveRisk,
    double MinimumAnnualisedMove,
    double GainOffset,
    double MaximumOffsetUsd,
    double Haircut,
    bool EquityIsExposed
);

/// <summary>Parameters of Deribit's portfolio margin (<c>public/pme/get_params</c>) with date and source.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="BucketsPerSide">Price steps on each side.</param>
/// <param name="MaintenanceFactor">Maintenance over the risk matrix's margin.</param>
/// <param name="ShortestDays">Tenors below count as this many days in the volatility shock.</param>
/// <param name="LongTermDays">Tenor at which the shock is the stated range.</param>
/// <param name="PairsShareDirection">Whether all pairs move the same way in one scenario.</param>
/// <param name="ExtendedMoves">Relative price moves of the extended table.</param>
/// <param name="Coins">By underlying.</param>
/// <param name="Currencies">By settlement currency.</param>
public sealed record DeribitPortfolioParameters(
    MarginNote Note,
    int BucketsPerSide,
    double MaintenanceFactor,
    double ShortestDays,
    double LongTermDays,
    bool PairsShareDirection,
    ImmutableArray<double> ExtendedMoves,
    ImmutableSortedDictionary<string, DeribitCoinRisk> Coins,
    ImmutableSortedDictionary<string, DeribitCurrencyRisk> Currencies
)
{
    /// <summary>Where the shipped figures are.</summary>
    public const string Resource = "venues/deribit/portfolio-margin.json";

    /// <summary>Figures of a settlement currency; dollars count as USDC.</summary>
    public DeribitCurrencyRisk? Of(Currency currency) =>
        Currencies.GetValueOrDefault(currency.IsDollar ? "USDC" : currency.Code);

    /// <summary>Reads a text in the format of data/venues/deribit/portfolio-margin.json.</summary>
    public static Parsed<DeribitPortfolioParameters> Parse(string json, string place) =>
        VenueParameters.Read(json, place, "portfolio-margin", Make);

    static DeribitPortfolioParameters Make(ParameterNode root, MarginNote note)
    {
        var general = root.Node("general");
        return new DeribitPortfolioParameters(
            note,
            (int)general.Number("buckets_count", 1, 50),
            general.Number("mm_factor", 0, 1),
            general.Number("shortest_days", 0.01, 30),
            general.Number("long_term_days", 1, 365),
            general.Flag("correlation_set"),
            general.Numbers("extended_moves", -0.999),
            root.Entries("underlyings").ToImmutableSortedDictionary(row => row.Key, row => Coin(row.Node)),
            root.Entries("currencies").ToImmutableSortedDictionary(row => row.Key, row => CurrencyOf(row.Node))
        );
    }

    static DeribitCoinRisk Coin(ParameterNode row) =>
        new(
            row.Number("price_range", 0.001, 0.999),
            row.Number("volatility_range_up", 0, 10),
            row.Number("volatility_range_down", 0, 1),
            row.Number("short_term_vega_power", 0, 2),
            row.Number("long_term_vega_power", 0, 2),
            row.Number("min_volatility_for_shock_up", 0, 10),
            row.Number("extended_table_factor"),
            row.Number("delta_total_liq_shock_threshold"),
            row.Number("m_inc"),
            row.Number("max_delta_shock", 0, 1)
        );

    static DeribitCurrencyRisk CurrencyOf(ParameterNode row)
    {
        string side = row.Text("equity_side_impact");
        if (side is not ("both" or "none"))
            row.Fail("equity_side_impact", "both or none");
        return new DeribitCurrencyRisk(
            row.Number("extended_dampener"),
            row.Number("annualised_move_risk", 0, 10),
            row.Number("min_annualised_move", 0, 1),
            row.Number("pnl_offset", 0, 1),
            row.Number("max_offsetable_pnl"),
            row.Number("haircut", 0, 1),
            side == "both"
        );
    }

    /// <summary>The day of the figures, as pages print it.</summary>
    public override string ToString() => Note.Dated.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
