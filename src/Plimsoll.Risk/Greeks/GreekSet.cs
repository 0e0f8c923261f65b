namespace Plimsoll.Risk;

/// <summary>Sensitivities in USD of a position in, or of an account to, one underlying; they add up.</summary>
/// <remarks>
/// Positive gains when the price (delta) or volatility (vega) rises, or time passes (theta). All are of wealth in which
/// the coins already held count as collateral: the dollar delta of a position is that of its gain, to which collateral
/// adds its own, so that an option bought with coins and those coins together show the Black-Scholes delta. Greeks in
/// coin are these over the index. The default value is no sensitivity at all.
/// </remarks>
/// <param name="DeltaUsd">
/// dW/d ln S: dollars for a rise by 100% at today's slope, volatility of each strike fixed (Black-Scholes). Inverse
/// option: (Δ − v)·S a coin, linear: Δ·F, inverse future: face·S/F, linear: size·F.
/// </param>
/// <param name="SmileDeltaUsd">
/// The same when the smile moves with the forward and its level answers spot as estimated
/// (<see cref="VolatilityResponse"/>): the slope of the P&amp;L matrix at no move.
/// </param>
/// <param name="BlackScholesDeltaCoin">
/// Σ Δ·size of options and notional of futures, coins: what Deribit shows as delta.
/// </param>
/// <param name="NetTransactionDeltaCoin">
/// Deribit's net transaction delta, coins: Δ less the option's price in coin; its hedge keeps the value in coin flat.
/// </param>
/// <param name="Gamma1PctUsd">S²·d²W/dS²/100: growth of the delta part for a rise of 1%.</param>
/// <param name="Vega1PtUsd">For one volatility point, 0.01.</param>
/// <param name="Theta1DUsd">For a day, never more than the time value that is left.</param>
/// <param name="VannaUsd">Change of the wealth's dollar delta for one volatility point.</param>
/// <param name="VolgaUsd">Change of the vega of one point for one more point.</param>
public readonly record struct GreekSet(
    double DeltaUsd,
    double SmileDeltaUsd,
    double BlackScholesDeltaCoin,
    double NetTransactionDeltaCoin,
    double Gamma1PctUsd,
    double Vega1PtUsd,
    double Theta1DUsd,
    double VannaUsd,
    double VolgaUsd
)
{
    /// <summary>Those of a number of contracts.</summary>
    public static GreekSet operator *(double contracts, GreekSet one) =>
        new(
            contracts * one.DeltaUsd,
            contracts * one.SmileDeltaUsd,
            contracts * one.BlackScholesDeltaCoin,
            contracts * one.NetTransactionDeltaCoin,
            contracts * one.Gamma1PctUsd,
            contracts * one.Vega1PtUsd,
            contracts * one.Theta1DUsd,
            contracts * one.VannaUsd,
            contracts * one.VolgaUsd
        );

    /// <summary>Those of two positions together.</summary>
    public static GreekSet operator +(GreekSet a, GreekSet b) =>
        new(
            a.DeltaUsd + b.DeltaUsd,
            a.SmileDeltaUsd + b.SmileDeltaUsd,
            a.BlackScholesDeltaCoin + b.BlackScholesDeltaCoin,
            a.NetTransactionDeltaCoin + b.NetTransactionDeltaCoin,
            a.Gamma1PctUsd + b.Gamma1PctUsd,
            a.Vega1PtUsd + b.Vega1PtUsd,
            a.Theta1DUsd + b.Theta1DUsd,
            a.VannaUsd + b.VannaUsd,
            a.VolgaUsd + b.VolgaUsd
        );
}
