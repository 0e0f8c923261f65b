using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>A perpetual position of a dYdX subaccount; figures as the chain states them.</summary>
/// <param name="Market">Such as <c>BTC-USD</c>.</param>
/// <param name="SizeCoin">Signed, coin; not 0.</param>
/// <param name="OraclePriceUsd">USD per coin; positive.</param>
/// <param name="InitialFraction">Effective initial margin fraction of the market.</param>
/// <param name="MaintenanceFraction">
/// Base initial fraction times the maintenance share; open interest leaves it alone.
/// </param>
public sealed record DydxPosition(
    string Market,
    decimal SizeCoin,
    decimal OraclePriceUsd,
    decimal InitialFraction,
    decimal MaintenanceFraction
)
{
    /// <summary>Signed value, USD.</summary>
    public decimal NetNotionalUsd => SizeCoin * OraclePriceUsd;

    /// <summary>Size at the oracle price, USD.</summary>
    public decimal NotionalUsd => Math.Abs(NetNotionalUsd);

    /// <summary>Maintenance margin, USD.</summary>
    public decimal MaintenanceUsd => NotionalUsd * MaintenanceFraction;
}

/// <summary>dYdX v4: margin of a subaccount, its liquidation and bankruptcy prices, in exact decimals.</summary>
/// <remarks>
/// Source: dydxprotocol/v4-chain 84d4664b (2026-03-05): lib/margin/risk.go, x/perpetuals/types/liquidity_tier.go,
/// x/clob/keeper/liquidations.go. <c>IMR = ⌈notional·IMF⌉</c> at 1e-6 USD, <c>MMR = notional·MMF</c>, net collateral
/// <c>NC = quote + Σ q·oracle</c>; liquidatable when <c>MMR &gt; 0 and MMR &gt; NC</c>. Separable, convex, homogeneous
/// at a fixed open interest (up to the rounding of initial margin).
/// </remarks>
/// <param name="QuoteUsd">USDC balance; negative is debt.</param>
/// <param name="Positions">One per market.</param>
public sealed record DydxAccount(decimal QuoteUsd, ImmutableArray<DydxPosition> Positions)
{
    const decimal Quantum = 0.000001m;

    /// <summary>Equity, USD.</summary>
    public decimal NetCollateralUsd => QuoteUsd + Positions.Sum(position => position.NetNotionalUsd);

    /// <summary>Initial margin, USD.</summary>
    public decimal InitialUsd =>
        Positions.Sum(position => InitialMarginUsd(position.NotionalUsd, position.InitialFraction));

    /// <summary>Maintenance margin, USD.</summary>
    public decimal MaintenanceUsd => Positions.Sum(position => position.MaintenanceUsd);

    /// <summary>Whether the chain may liquidate.</summary>
    public bool IsLiquidatable => MaintenanceUsd > 0 && MaintenanceUsd > NetCollateralUsd;

    /// <summary>Notional times fraction, rounded up to the quote quantum of 1e-6 USD.</summary>
    public static decimal InitialMarginUsd(decimal notionalUsd, decimal fraction) =>
        Math.Ceiling(notionalUsd * fraction / Quantum) * Quantum;

    /// <summary>Effective initial margin fraction: grows to 1 between the caps of open interest.</summary>
    /// <remarks>
    /// <c>base + (1 − base)·(OI − lower)/(upper − lower)</c> in whole parts per million, rounded down; the base when
    /// OI is at most the lower cap or the upper cap is 0.
    /// </remarks>
    /// <param name="baseFraction">Of the liquidity tier.</param>
    /// <param name="openInterestUsd">At the oracle price.</param>
    /// <param name="lowerCapUsd">Of the tier.</param>
    /// <param name="upperCapUsd">Of the tier; 0 switches the scaling off.</param>
    public static decimal InitialFraction(
        decimal baseFraction,
        decimal openInterestUsd,
        decimal lowerCapUsd,
        decimal upperCapUsd
    )
    {
        if (upperCapUsd == 0 || openInterestUsd <= lowerCapUsd)
            return baseFraction;
        if (openInterestUsd >= upperCapUsd)
            return 1;
        decimal share = (openInterestUsd - lowerCapUsd) / (upperCapUsd - lowerCapUsd);
        return baseFraction + Math.Floor((1 - baseFraction) * share / Quantum) * Quantum;
    }

    /// <summary>Signed quote amount of closing a part that leaves its share of the equity at nothing, USD.</summary>
    /// <remarks><c>−ΔNNV − NC·|ΔMMR|/MMR</c>, rounded toward +∞ at 1e-6 USD.</remarks>
    /// <param name="market">Of a position held.</param>
    /// <param name="closeCoin">Change of size: against the position, no larger than it.</param>
    public decimal BankruptcyProceedsUsd(string market, decimal closeCoin)
    {
        var position = Position(market);
        if (
            Math.Sign(closeCoin) == Math.Sign(position.SizeCoin)
            || Math.Abs(closeCoin) > Math.Abs(position.SizeCoin)
            || closeCoin == 0
        )
            throw new ArgumentOutOfRangeException(nameof(closeCoin), closeCoin, "must reduce the position");
        decimal closedMaintenance = Math.Abs(closeCoin) * position.OraclePriceUsd * position.MaintenanceFraction;
        decimal proceeds = -closeCoin * position.OraclePriceUsd - NetCollateralUsd * closedMaintenance / MaintenanceUsd;
        return Math.Ceiling(proceeds / Quantum) * Quantum;
    }

    /// <summary>Price at which closing the whole position leaves its share of the equity at nothing.</summary>
    public decimal BankruptcyPriceUsd(string market)
    {
        decimal size = Position(market).SizeCoin;
        return BankruptcyProceedsUsd(market, -size) / size;
    }

    /// <summary>Worst price of a liquidation order.</summary>
    /// <remarks>
    /// <c>(PNNV − ABR·SMMR·PMMR)/q</c>, <c>ABR = clamp(BA·(1 − NC/MMR), 0, 1)</c>.
    /// </remarks>
    /// <param name="market">Of a position held.</param>
    /// <param name="bankruptcyAdjustment">BA.</param>
    /// <param name="spreadToMaintenanceRatio">SMMR.</param>
    public decimal FillablePriceUsd(string market, decimal bankruptcyAdjustment, decimal spreadToMaintenanceRatio)
    {
        var position = Position(market);
        decimal adjusted = Math.Clamp(bankruptcyAdjustment * (1 - NetCollateralUsd / MaintenanceUsd), 0, 1);
        return (position.NetNotionalUsd - adjusted * spreadToMaintenanceRatio * position.MaintenanceUsd)
            / position.SizeCoin;
    }

    /// <summary>What the insurance fund gets of a liquidation fill; negative when it pays. USD.</summary>
    /// <param name="market">Of a position held.</param>
    /// <param name="closeCoin">Change of size.</param>
    /// <param name="fillPriceUsd">Price of the fill.</param>
    /// <param name="largestFeeFraction">Of the proceeds.</param>
    public decimal InsuranceFundUsd(string market, decimal closeCoin, decimal fillPriceUsd, decimal largestFeeFraction)
    {
        decimal proceeds = -closeCoin * fillPriceUsd;
        decimal beyondBankruptcy = proceeds - BankruptcyProceedsUsd(market, closeCoin);
        return Math.Min(largestFeeFraction * Math.Abs(proceeds), beyondBankruptcy);
    }

    /// <summary>
    /// Price of one market at which net collateral equals maintenance, the others unmoved; null when none is positive.
    /// </summary>
    /// <remarks><c>P* = (MMR of the others − (NC − q·P))/(q − |q|·mmf)</c>.</remarks>
    public decimal? LiquidationPriceUsd(string market)
    {
        var position = Position(market);
        decimal others = MaintenanceUsd - position.MaintenanceUsd;
        decimal rest = NetCollateralUsd - position.NetNotionalUsd;
        decimal slope = position.SizeCoin - Math.Abs(position.SizeCoin) * position.MaintenanceFraction;
        decimal? price = slope == 0 ? null : (others - rest) / slope;
        return price > 0 ? price : null;
    }

    DydxPosition Position(string market) =>
        Positions.FirstOrDefault(position => position.Market == market)
        ?? throw new ArgumentException($"no position in {market}", nameof(market));
}
