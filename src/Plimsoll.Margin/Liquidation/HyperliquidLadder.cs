using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>Figures of Hyperliquid's liquidation.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="BackstopMultiple">The vault takes over under this multiple of maintenance margin.</param>
/// <param name="PartialAboveUsd">Positions larger than this are closed in part first.</param>
/// <param name="PartialFraction">The part.</param>
/// <param name="CooldownSeconds">After a partial liquidation orders are for whole positions for this long.</param>
public sealed record HyperliquidLiquidation(
    MarginNote Note,
    double BackstopMultiple,
    double PartialAboveUsd,
    double PartialFraction,
    double CooldownSeconds
)
{
    /// <summary>Reads data/venues/hyperliquid/liquidation.json.</summary>
    public static HyperliquidLiquidation Read(ParameterNode node, MarginNote note) =>
        new(
            note,
            node.Number("backstop_multiple", 0, 1),
            node.Number("partial_above_usd"),
            node.Number("partial_fraction", 0, 1),
            node.Number("cooldown_seconds")
        );
}

/// <summary>
/// Hyperliquid: market orders under maintenance margin, the liquidator vault under two thirds of it, auto-deleveraging
/// under zero.
/// </summary>
/// <remarks>
/// Source: hyperliquid.gitbook.io/hyperliquid-docs/trading/liquidations (read 2026). A position over 100,000 USDC is
/// sent 20% at first; within 30 s of a partial liquidation orders are for whole positions. No fee, and what remains
/// stays with the user; in the backstop the vault takes all positions and all the margin.
/// </remarks>
public sealed class HyperliquidLadder(HyperliquidLiquidation parameters) : ILiquidationLadder
{
    /// <summary>With the figures that ship with the program.</summary>
    public static HyperliquidLadder Shipped { get; } =
        new(LiquidationLadders.Read("venues/hyperliquid/liquidation.json", HyperliquidLiquidation.Read));

    /// <inheritdoc />
    public string Key => "hyperliquid";

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <inheritdoc />
    public ImmutableArray<LadderStep> Steps(LadderAccount account)
    {
        double equity = account.EquityUsd,
            maintenance = account.MaintenanceUsd;
        if (equity >= maintenance)
            return [];
        if (equity < 0)
            return [new LadderStep("auto_deleveraging", "", 1, null, null, 0, "account value is negative")];
        if (equity < parameters.BackstopMultiple * maintenance)
            return
            [
                new LadderStep(
                    "backstop",
                    "",
                    1,
                    null,
                    null,
                    equity,
                    "the liquidator vault takes all positions and all the margin"
                ),
            ];
        return
        [
            .. account
                .Positions.OrderByDescending(position => position.MaintenanceUsd)
                .ThenBy(position => position.Instrument, StringComparer.Ordinal)
                .Select(position => Order(account, position)),
        ];
    }

    LadderStep Order(LadderAccount account, LadderPosition position)
    {
        bool part = position.NotionalUsd > parameters.PartialAboveUsd && !account.InCooldown;
        return new LadderStep(
            "market_order",
            position.Instrument,
            part ? parameters.PartialFraction : 1,
            null,
            account.BankruptcyPriceUsd(position),
            0,
            part ? "larger than the partial threshold: a part first" : "whole position"
        );
    }
}
