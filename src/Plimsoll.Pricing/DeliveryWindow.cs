namespace Plimsoll.Pricing;

/// <summary>A delivery price that is the mean of the index over a window before settlement.</summary>
/// <remarks>
/// Deribit settles at the mean of the index over the last 30 minutes. Of a driftless index the mean over a window τ
/// that ends at T has variance σ²(T − 2τ/3); inside the window the part that is known no longer moves, and the mean of
/// the rest, of which r remains, has variance σ²·r/3 and weight r/τ. To first order in the deviation.
/// </remarks>
/// <param name="TYears">Time to the window's end; at least 0.</param>
/// <param name="WindowYears">Length of the window; positive.</param>
public readonly record struct DeliveryWindow(double TYears, double WindowYears)
{
    /// <summary>Deribit's 30 minutes.</summary>
    public static DeliveryWindow Deribit(double tYears) => new(tYears, 30.0 / 525_600);

    /// <summary>Share of the window that is still to come: what the delivery price moves when the index does.</summary>
    public double Weight => Math.Min(1, TYears / WindowYears);

    /// <summary>Variance of ln(delivery price) in years at a volatility of 1: multiply by σ².</summary>
    public double EffectiveYears => TYears >= WindowYears ? TYears - 2 * WindowYears / 3 : Weight * Weight * TYears / 3;

    /// <summary>Volatility that gives the same variance over the whole time.</summary>
    public double EffectiveVolatility(double volAnnual) =>
        TYears > 0 ? volAnnual * Math.Sqrt(EffectiveYears / TYears) : 0;

    /// <summary>Expected delivery price.</summary>
    /// <param name="indexUsd">Index now.</param>
    /// <param name="meanSoFarUsd">Mean of the window's part that has passed; not read before the window.</param>
    public double ExpectedUsd(double indexUsd, double meanSoFarUsd) =>
        Weight * indexUsd + (Weight < 1 ? (1 - Weight) * meanSoFarUsd : 0);

    /// <summary>Standard deviation of the delivery price, USD.</summary>
    public double DeviationUsd(double indexUsd, double volAnnual) => indexUsd * volAnnual * Math.Sqrt(EffectiveYears);

    /// <summary>Strike that the mean of the rest must pass for the whole mean to pass the option's.</summary>
    /// <param name="strikeUsd">Strike of the option.</param>
    /// <param name="meanSoFarUsd">Mean of the window's part that has passed.</param>
    /// <returns>±∞ at the end of the window: nothing moves any more.</returns>
    public double StrikeForTheRestUsd(double strikeUsd, double meanSoFarUsd) =>
        (strikeUsd - (Weight < 1 ? (1 - Weight) * meanSoFarUsd : 0)) / Weight;

    /// <summary>
    /// Delta as the venue decays it: Black-Scholes delta times the weight, less the mark in coin.
    /// </summary>
    /// <param name="blackScholesDelta">Delta of the option.</param>
    /// <param name="markCoin">Mark in coin.</param>
    public double NetTransactionDelta(double blackScholesDelta, double markCoin) =>
        Weight * (blackScholesDelta - markCoin);
}
