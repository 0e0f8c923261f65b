using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>One position of an account that may be liquidated.</summary>
/// <param name="Instrument">Its name.</param>
/// <param name="SizeCoin">Signed size in coin; not 0.</param>
/// <param name="PriceUsd">Value of +1 coin of it now, USD: the mark of a future, the premium of an option.</param>
/// <param name="UnderlyingUsd">Mark of the underlying, USD per coin; positive. Fees are fractions of it.</param>
/// <param name="MaintenanceUsd">Its part of the maintenance margin; at least 0.</param>
/// <param name="IsOption">Whether it is an option.</param>
public sealed record LadderPosition(
    string Instrument,
    double SizeCoin,
    double PriceUsd,
    double UnderlyingUsd,
    double MaintenanceUsd,
    bool IsOption = false
)
{
    /// <summary>Size at the underlying's mark, USD.</summary>
    public double NotionalUsd => Math.Abs(SizeCoin) * UnderlyingUsd;
}

/// <summary>An account (or an isolated position with its margin) before a liquidation engine.</summary>
/// <param name="EquityUsd">Value that margin is compared with.</param>
/// <param name="Positions">All of it.</param>
/// <param name="InCooldown">Whether a part was liquidated within the venue's cooldown.</param>
public sealed record LadderAccount(double EquityUsd, ImmutableArray<LadderPosition> Positions, bool InCooldown = false)
{
    /// <summary>Maintenance margin, USD.</summary>
    public double MaintenanceUsd => Positions.Sum(position => position.MaintenanceUsd);

    /// <summary>
    /// Price at which closing one position leaves nothing of its share of the equity, which is spread over positions
    /// by maintenance margin; null without maintenance margin.
    /// </summary>
    /// <remarks>
    /// dYdX prints this rule (v4-chain, GetBankruptcyPriceInQuoteQuantums); with one position it is everybody's. That
    /// other venues spread a cross account's equity so is inferred.
    /// </remarks>
    public double? BankruptcyPriceUsd(LadderPosition position) =>
        MaintenanceUsd > 0 && position.MaintenanceUsd > 0
            ? position.PriceUsd - EquityUsd * (position.MaintenanceUsd / MaintenanceUsd) / position.SizeCoin
            : null;
}

/// <summary>One thing that the venue's engine does.</summary>
/// <param name="Action">
/// <c>cancel_orders</c>, <c>market_order</c>, <c>backstop</c>, <c>auction</c>, <c>insurance_fund</c>,
/// <c>auto_deleveraging</c> or <c>loss_sharing</c>.
/// </param>
/// <param name="Instrument">What it acts on; empty for the whole account.</param>
/// <param name="Fraction">Share of it that is closed; 0 where nothing is.</param>
/// <param name="LimitPriceUsd">Worst price of the engine's order, where it has one.</param>
/// <param name="BankruptcyPriceUsd">Price at which nothing is left for this position.</param>
/// <param name="CostUsd">What the account pays beyond the mark price; null when the fee is not known here.</param>
/// <param name="Reason">In words.</param>
public sealed record LadderStep(
    string Action,
    string Instrument,
    double Fraction,
    double? LimitPriceUsd,
    double? BankruptcyPriceUsd,
    double? CostUsd,
    string Reason
);

/// <summary>A venue's liquidation procedure at a market that rests. Pure, thread safe.</summary>
public interface ILiquidationLadder
{
    /// <summary>The venue.</summary>
    string Key { get; }

    /// <summary>Date, source and doubts of the parameters.</summary>
    MarginNote Note { get; }

    /// <summary>What happens, first to last; empty when the account is safe.</summary>
    ImmutableArray<LadderStep> Steps(LadderAccount account);
}

/// <summary>The ladders that ship with the program, with their dated parameters.</summary>
public static class LiquidationLadders
{
    /// <summary>One for each venue.</summary>
    public static ImmutableArray<ILiquidationLadder> Shipped { get; } =
    [
        ReductionLadder.Shipped("deribit"),
        ReductionLadder.Shipped("okx"),
        ReductionLadder.Shipped("bybit"),
        ReductionLadder.Shipped("binance"),
        HyperliquidLadder.Shipped,
        DydxLadder.Shipped,
        DeriveAuction.Shipped,
    ];

    /// <summary>Reads a shipped file of a venue's liquidation figures.</summary>
    internal static T Read<T>(string resource, Func<ParameterNode, MarginNote, T> make)
        where T : class => VenueParameters.Read(VenueParameters.Shipped(resource), resource, "liquidation", make).Value;

    /// <summary>The ladder of the venue that a text of figures names, in the format of <c>data/venues</c>.</summary>
    /// <param name="json">The text.</param>
    /// <param name="place">What to call it in faults: a file name.</param>
    public static Parsed<ILiquidationLadder> Load(string json, string place) =>
        VenueParameters.Read<ILiquidationLadder>(
            json,
            place,
            "liquidation",
            (node, note) =>
            {
                switch (node.Text("venue"))
                {
                    case "hyperliquid":
                        return new HyperliquidLadder(HyperliquidLiquidation.Read(node, note));
                    case "dydx":
                        return new DydxLadder(DydxLiquidation.Read(node, note));
                    case "derive":
                        return new DeriveAuction(DeriveAuctionParameters.Read(node, note));
                    case var venue:
                        if (Find(venue) is null)
                            node.Fail("venue", "one of " + string.Join(", ", Shipped.Select(ladder => ladder.Key)));
                        return new ReductionLadder(venue, ReductionParameters.Read(node, note));
                }
            }
        );

    /// <summary>The ladder of a venue; null where there is none.</summary>
    public static ILiquidationLadder? Find(string venue) => Shipped.FirstOrDefault(ladder => ladder.Key == venue);
}
