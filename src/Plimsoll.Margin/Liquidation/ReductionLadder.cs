using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>Figures of a venue that reduces positions until maintenance margin is met.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="TriggerMultiple">Liquidation starts when equity is under this multiple of maintenance margin.</param>
/// <param name="TargetMultiple">It stops when equity is at least this multiple.</param>
/// <param name="FuturesFirst">Futures before options; else by maintenance margin, largest first.</param>
/// <param name="FutureFeeFraction">Of the notional closed; null where it is not known.</param>
/// <param name="OptionFeeFraction">Of the underlying's notional closed; null where it is not known.</param>
/// <param name="LastStep">What follows when equity is gone.</param>
public sealed record ReductionParameters(
    MarginNote Note,
    double TriggerMultiple,
    double TargetMultiple,
    bool FuturesFirst,
    double? FutureFeeFraction,
    double? OptionFeeFraction,
    string LastStep
)
{
    /// <summary>Reads data/venues/VENUE/liquidation.json.</summary>
    public static ReductionParameters Read(ParameterNode node, MarginNote note) =>
        new(
            note,
            node.Number("trigger_multiple", 0.5, 10),
            node.Number("target_multiple", 0.5, 10),
            node.Flag("futures_first"),
            node.OptionalNumber("future_fee_fraction", 0, 1),
            node.OptionalNumber("option_fee_fraction", 0, 1),
            node.Text("last_step")
        );
}

/// <summary>
/// Deribit, OKX, Bybit, Binance: open orders are cancelled, then positions are closed in parts at the market until
/// equity covers maintenance margin again.
/// </summary>
/// <remarks>
/// Source: the venues' help pages, in data/venues/VENUE/liquidation.json. Market depth is not in the figures: parts
/// are closed at their price and pay the stated fee, so the real path is worse. The part of one position that is
/// enough solves <c>equity − fee·x·notional = target·(maintenance − x·its maintenance)</c>. Deribit closes futures
/// first and options after; elsewhere the position that holds most maintenance margin is inferred to go first. OKX's
/// and Deribit's hedging trades under portfolio margin are not modelled.
/// </remarks>
public sealed class ReductionLadder(string venue, ReductionParameters parameters) : ILiquidationLadder
{
    /// <inheritdoc />
    public string Key => venue;

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <summary>The ladder with the figures that ship with the program.</summary>
    public static ReductionLadder Shipped(string venue) =>
        new(venue, LiquidationLadders.Read($"venues/{venue}/liquidation.json", ReductionParameters.Read));

    /// <inheritdoc />
    public ImmutableArray<LadderStep> Steps(LadderAccount account)
    {
        double equity = account.EquityUsd,
            maintenance = account.MaintenanceUsd;
        if (maintenance <= 0 || equity >= parameters.TriggerMultiple * maintenance)
            return [];
        var steps = ImmutableArray.CreateBuilder<LadderStep>();
        steps.Add(new LadderStep("cancel_orders", "", 0, null, null, 0, "orders free margin first"));
        foreach (var position in Ordered(account.Positions))
        {
            if (equity <= 0 || equity >= parameters.TargetMultiple * maintenance)
                break;
            double? fee = position.IsOption ? parameters.OptionFeeFraction : parameters.FutureFeeFraction;
            double feeUsd = (fee ?? 0) * position.NotionalUsd;
            double released = parameters.TargetMultiple * position.MaintenanceUsd - feeUsd;
            double part = released > 0 ? Math.Min(1, (parameters.TargetMultiple * maintenance - equity) / released) : 1;
            steps.Add(
                new LadderStep(
                    "market_order",
                    position.Instrument,
                    part,
                    null,
                    account.BankruptcyPriceUsd(position),
                    fee is null ? null : part * feeUsd,
                    parameters.FuturesFirst && !position.IsOption ? "futures go first" : "releases most maintenance"
                )
            );
            equity -= part * feeUsd;
            maintenance = Math.Max(0, maintenance - part * position.MaintenanceUsd);
        }
        if (equity <= 0)
        {
            steps.Add(new LadderStep("insurance_fund", "", 1, null, null, 0, "equity is gone: the fund takes over"));
            string last = venue == "deribit" ? "loss_sharing" : "auto_deleveraging";
            steps.Add(new LadderStep(last, "", 1, null, null, 0, parameters.LastStep));
        }
        return steps.ToImmutable();
    }

    IEnumerable<LadderPosition> Ordered(ImmutableArray<LadderPosition> positions) =>
        positions
            .Where(position => position.MaintenanceUsd > 0)
            .OrderBy(position => parameters.FuturesFirst && position.IsOption)
            .ThenByDescending(position => position.MaintenanceUsd)
            .ThenBy(position => position.Instrument, StringComparer.Ordinal);
}
