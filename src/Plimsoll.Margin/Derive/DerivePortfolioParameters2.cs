using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>What of a collateral counts under the second portfolio manager.</summary>
/// <param name="Name">Ticker.</param>
/// <param name="Covers">Coin whose calls it may cover; null: none.</param>
/// <param name="MaintenanceHaircut">Of its value.</param>
/// <param name="InitialHaircutOnTop">Of its value, added for initial.</param>
public sealed record DeriveCollateralRule(
    string Name,
    string? Covers,
    double MaintenanceHaircut,
    double InitialHaircutOnTop
);

/// <summary>Parameters of the second portfolio manager.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="Scenarios">33 on the main network.</param>
/// <param name="Volatility">Shocks.</param>
/// <param name="Skew">Tilts.</param>
/// <param name="Basis">Forwards that move apart.</param>
/// <param name="InitialFactor">Of the worst scenario.</param>
/// <param name="MaintenanceFactor">Of the worst scenario.</param>
/// <param name="LongStaticDiscount">Times positive shocked values; at most 1.</param>
/// <param name="LongRateMultiplier">Of the rate in that discount.</param>
/// <param name="LongRateAddPerYear">Added to it.</param>
/// <param name="ShortStaticDiscount">Times negative shocked values; at least 1.</param>
/// <param name="ShortRateMultiplier">Of the rate in that mark-up.</param>
/// <param name="ShortRateAddPerYear">Added to it.</param>
/// <param name="MaintenancePerpetual">Of the perpetual's notional at spot.</param>
/// <param name="InitialPerpetualOnTop">Added for initial.</param>
/// <param name="MaintenanceNaked">Of spot for each naked short.</param>
/// <param name="InitialNakedOnTop">Added for initial.</param>
/// <param name="PegThresholdUsd">Below this price of USDC initial margin grows.</param>
/// <param name="PegFactor">By this times the distance.</param>
/// <param name="Confidence">Unsure feeds.</param>
/// <param name="Collaterals">What is taken besides cash.</param>
/// <param name="Assumed">Where the market does not say.</param>
public sealed record DerivePortfolioParameters2(
    MarginNote Note,
    ImmutableArray<DeriveScenario> Scenarios,
    DeriveVolatilityShocks Volatility,
    DeriveSkew Skew,
    DeriveBasis Basis,
    double InitialFactor,
    double MaintenanceFactor,
    double LongStaticDiscount,
    double LongRateMultiplier,
    double LongRateAddPerYear,
    double ShortStaticDiscount,
    double ShortRateMultiplier,
    double ShortRateAddPerYear,
    double MaintenancePerpetual,
    double InitialPerpetualOnTop,
    double MaintenanceNaked,
    double InitialNakedOnTop,
    double PegThresholdUsd,
    double PegFactor,
    DeriveConfidence Confidence,
    ImmutableArray<DeriveCollateralRule> Collaterals,
    DeriveAssumed Assumed
)
{
    /// <summary>Reads data/venues/derive/portfolio-margin-2.json.</summary>
    public static DerivePortfolioParameters2 Read(ParameterNode node, MarginNote note) =>
        new(
            note,
            DeriveScenario.Read(node),
            DeriveVolatilityShocks.Read(node.Node("volatility")),
            DeriveSkew.Read(node.Node("skew")),
            DeriveBasis.Read(node.Node("basis")),
            node.Number("initial_factor", 0, 10),
            node.Number("maintenance_factor", 0, 10),
            node.Number("long_static_discount", 0, 2),
            node.Number("long_rate_multiplier", 0, 10),
            node.Number("long_rate_add_per_year", 0, 10),
            node.Number("short_static_discount", 0, 2),
            node.Number("short_rate_multiplier", 0, 10),
            node.Number("short_rate_add_per_year", 0, 10),
            node.Number("maintenance_perpetual", 0, 1),
            node.Number("initial_perpetual_on_top", 0, 1),
            node.Number("maintenance_naked", 0, 1),
            node.Number("initial_naked_on_top", 0, 1),
            node.Number("peg_threshold_usd", 0, 1),
            node.Number("peg_factor", 0, 100),
            new DeriveConfidence(node.Number("confidence_threshold", 0, 1), node.Number("confidence_factor", 0, 10)),
            [
                .. node.List("collaterals")
                    .Select(row => new DeriveCollateralRule(
                        row.Text("name"),
                        row.Has("covers") ? row.Text("covers") : null,
                        row.Number("maintenance_haircut", 0, 1),
                        row.Number("initial_haircut_on_top", 0, 1)
                    )),
            ],
            DeriveAssumed.Read(node.Node("assumed"))
        );

    /// <summary>A balance as collateral, or null where no haircut is known.</summary>
    internal DeriveCollateral? Collateral(DeriveHolding held) =>
        Collaterals.FirstOrDefault(rule => rule.Name == held.Currency) is { } rule
            ? new DeriveCollateral(
                held.Currency,
                held.Amount,
                held.PriceUsd,
                held.Confidence,
                rule.Covers is not null && rule.Covers == held.Underlying,
                rule.MaintenanceHaircut,
                rule.InitialHaircutOnTop
            )
            : null;
}
