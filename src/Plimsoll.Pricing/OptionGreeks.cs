namespace Plimsoll.Pricing;

/// <summary>
/// Price and six Greeks of one European option on one coin, in USD, of the Black-76 formula without rate.
/// </summary>
/// <remarks>
/// Venue units: Deribit shows vega per volatility point (<see cref="VegaUsdPerVol"/>/100) and theta per day
/// (<see cref="ThetaUsdPerYear"/>/365). Theta of an option about to expire exceeds its value: it is a rate, no
/// forecast.
/// </remarks>
/// <param name="PriceUsd">Value, USD per coin.</param>
/// <param name="Delta">dV/dF, coins: N(d1) for a call, −N(−d1) for a put. What Deribit publishes as delta.</param>
/// <param name="GammaPerUsd">d²V/dF², coins per USD; infinity at the strike without time or volatility.</param>
/// <param name="VegaUsdPerVol">dV/dσ, USD per 1.00 of annual volatility.</param>
/// <param name="ThetaUsdPerYear">−dV/dt at fixed forward and volatility, USD a year; 0 at expiry.</param>
/// <param name="VannaPerVol">d²V/dF dσ, coins per 1.00 of annual volatility.</param>
/// <param name="VolgaUsdPerVol2">d²V/dσ², USD per (1.00 of annual volatility)².</param>
public readonly record struct OptionGreeks(
    double PriceUsd,
    double Delta,
    double GammaPerUsd,
    double VegaUsdPerVol,
    double ThetaUsdPerYear,
    double VannaPerVol,
    double VolgaUsdPerVol2
)
{
    /// <summary>Vega per volatility point, the venue's unit.</summary>
    public double VegaUsdPerVolPoint => VegaUsdPerVol / 100;

    /// <summary>Theta per day of 24 hours, the venue's unit.</summary>
    public double ThetaUsdPerDay => ThetaUsdPerYear / 365;

    /// <summary>Delta in dollars: what a move of the forward by its own size would gain at this slope.</summary>
    public double DollarDelta(double forwardUsd) => Delta * forwardUsd;

    /// <summary>Change of <see cref="DollarDelta"/>'s delta part when the forward rises 1%: Γ·F²/100, USD.</summary>
    public double DollarGammaOnePercent(double forwardUsd) => GammaPerUsd * forwardUsd * forwardUsd / 100;
}

/// <summary>Price and Greeks of the same option in the settlement coin of an inverse contract: of v = V/F.</summary>
/// <param name="PriceCoin">v, coins per coin.</param>
/// <param name="DeltaCoinPerUsd">dv/dF = (Δ − v)/F.</param>
/// <param name="GammaCoinPerUsd2">d²v/dF² = Γ/F − 2(Δ − v)/F².</param>
/// <param name="VegaCoinPerVol">dv/dσ.</param>
/// <param name="ThetaCoinPerYear">−dv/dt.</param>
/// <param name="VannaCoinPerUsdPerVol">d²v/dF dσ.</param>
/// <param name="VolgaCoinPerVol2">d²v/dσ².</param>
public readonly record struct CoinGreeks(
    double PriceCoin,
    double DeltaCoinPerUsd,
    double GammaCoinPerUsd2,
    double VegaCoinPerVol,
    double ThetaCoinPerYear,
    double VannaCoinPerUsdPerVol,
    double VolgaCoinPerVol2
);
