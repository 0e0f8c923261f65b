using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>Figures of Derive's Dutch auction.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="StartFraction">Of mark to market that the first bid pays.</param>
/// <param name="CutoffFraction">Where the fast fall ends.</param>
/// <param name="FastLengthSeconds">Length of the fast fall.</param>
/// <param name="SlowLengthSeconds">Length of the slow fall to 0.</param>
/// <param name="InsolventLengthSeconds">Length of the insolvent auction.</param>
/// <param name="BufferMarginFraction">b of the buffer margin.</param>
/// <param name="FeeFraction">Of the share sold at full price, to the security module, once.</param>
public sealed record DeriveAuctionParameters(
    MarginNote Note,
    double StartFraction,
    double CutoffFraction,
    double FastLengthSeconds,
    double SlowLengthSeconds,
    double InsolventLengthSeconds,
    double BufferMarginFraction,
    double FeeFraction
)
{
    /// <summary>Reads data/venues/derive/liquidation.json.</summary>
    public static DeriveAuctionParameters Read(ParameterNode node, MarginNote note) =>
        new(
            note,
            node.Number("start_fraction", 0, 1),
            node.Number("cutoff_fraction", 0, 1),
            node.Number("fast_length_seconds", 1),
            node.Number("slow_length_seconds", 1),
            node.Number("insolvent_length_seconds", 1),
            node.Number("buffer_margin_fraction", 0, 10),
            node.Number("fee_fraction", 0, 1)
        );
}

/// <summary>An account under auction; balances in USD, negative is short of margin.</summary>
/// <param name="MarkToMarketUsd">Value of everything, with cash.</param>
/// <param name="MaintenanceBalanceUsd">Maintenance margin balance: value less requirement.</param>
/// <param name="ReservedUsd">Cash that earlier bids paid in.</param>
public readonly record struct DeriveAuctionState(
    double MarkToMarketUsd,
    double MaintenanceBalanceUsd,
    double ReservedUsd = 0
);

/// <summary>What a bid does.</summary>
/// <param name="LargestFraction">Of the account as it stands, that may be bought now.</param>
/// <param name="Fraction">That is bought.</param>
/// <param name="PaidUsd">By the bidder.</param>
/// <param name="After">The account after the bid.</param>
public readonly record struct DeriveBid(
    double LargestFraction,
    double Fraction,
    double PaidUsd,
    DeriveAuctionState After
);

/// <summary>Derive: a Dutch auction of a slice of everything; no auto-deleveraging.</summary>
/// <remarks>
/// Source: derivexyz/v2-core 7736900d (2026-01-21), DutchAuction.sol. <c>BM = MM + b·(MM − MtM)</c>; a bid pays
/// <c>(MtM − R)·d(t)</c> a unit of fraction, at most <c>f = BM/(BM − MtM·d − R·(1 − d))</c>; insolvent accounts are
/// sold at a falling negative price that the security module pays, and a loss beyond it is socialised over cash.
/// </remarks>
public sealed class DeriveAuction(DeriveAuctionParameters parameters) : ILiquidationLadder
{
    /// <summary>With the figures that ship with the program.</summary>
    public static DeriveAuction Shipped { get; } =
        new(LiquidationLadders.Read("venues/derive/liquidation.json", DeriveAuctionParameters.Read));

    /// <inheritdoc />
    public string Key => "derive";

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <summary>Fraction of mark to market that a bid pays after so many seconds.</summary>
    public double PriceFraction(double elapsedSeconds)
    {
        var (start, cutoff) = (parameters.StartFraction, parameters.CutoffFraction);
        if (elapsedSeconds < parameters.FastLengthSeconds)
            return start - (start - cutoff) * elapsedSeconds / parameters.FastLengthSeconds;
        double slow = elapsedSeconds - parameters.FastLengthSeconds;
        return Math.Max(0, cutoff * (1 - slow / parameters.SlowLengthSeconds));
    }

    /// <summary>Buffer margin balance, USD: the auction ends when it is no longer negative.</summary>
    public double BufferBalanceUsd(DeriveAuctionState state) =>
        state.MaintenanceBalanceUsd
        + parameters.BufferMarginFraction * (state.MaintenanceBalanceUsd - state.MarkToMarketUsd);

    /// <summary>Largest share of the account that may be bought at a price fraction.</summary>
    public double LargestFraction(DeriveAuctionState state, double priceFraction)
    {
        double buffer = BufferBalanceUsd(state);
        if (buffer >= 0)
            return 0;
        double perUnit = state.MarkToMarketUsd * priceFraction + state.ReservedUsd * (1 - priceFraction);
        return Math.Min(1, buffer / (buffer - perUnit));
    }

    /// <summary>A bid in a solvent auction.</summary>
    /// <param name="state">Before the bid.</param>
    /// <param name="elapsedSeconds">Since the auction's start.</param>
    /// <param name="wantedFraction">Of the account as it stands.</param>
    public DeriveBid Bid(DeriveAuctionState state, double elapsedSeconds, double wantedFraction)
    {
        double price = PriceFraction(elapsedSeconds);
        double largest = LargestFraction(state, price);
        double fraction = Math.Min(largest, wantedFraction);
        double reserved = state.ReservedUsd,
            paid = (state.MarkToMarketUsd - reserved) * price * fraction;
        return new DeriveBid(
            largest,
            fraction,
            paid,
            new DeriveAuctionState(
                (state.MarkToMarketUsd - reserved) * (1 - fraction) + reserved + paid,
                (state.MaintenanceBalanceUsd - reserved) * (1 - fraction) + reserved + paid,
                reserved + paid
            )
        );
    }

    /// <summary>Price of the whole account in an insolvent auction, USD; negative: the bidder is paid.</summary>
    public double InsolventPriceUsd(DeriveAuctionState state, double elapsedSeconds)
    {
        double start = Math.Min(0, state.MarkToMarketUsd);
        double share = Math.Min(1, elapsedSeconds / parameters.InsolventLengthSeconds);
        return start + (state.MaintenanceBalanceUsd - start) * share;
    }

    /// <summary>Fee at the start of a solvent auction, USD.</summary>
    public double StartFeeUsd(DeriveAuctionState state) =>
        state.MarkToMarketUsd > 0 ? LargestFraction(state, 1) * state.MarkToMarketUsd * parameters.FeeFraction : 0;

    /// <inheritdoc />
    public ImmutableArray<LadderStep> Steps(LadderAccount account)
    {
        var state = new DeriveAuctionState(account.EquityUsd, account.EquityUsd - account.MaintenanceUsd);
        if (state.MaintenanceBalanceUsd >= 0)
            return [];
        if (state.MarkToMarketUsd <= 0)
            return
            [
                new LadderStep("auction", "", 1, null, null, 0, "insolvent: the security module pays the bidder"),
                new LadderStep("loss_sharing", "", 1, null, null, 0, "beyond the module, over everybody's cash"),
            ];
        double fee = StartFeeUsd(state);
        var bid = Bid(new DeriveAuctionState(state.MarkToMarketUsd - fee, state.MaintenanceBalanceUsd - fee), 0, 1);
        double discount = bid.Fraction * (state.MarkToMarketUsd - fee) - bid.PaidUsd;
        return
        [
            new LadderStep(
                "auction",
                "",
                bid.Fraction,
                null,
                null,
                fee + discount,
                "a slice of everything at the first price"
            ),
        ];
    }
}
