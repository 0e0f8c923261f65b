namespace Plimsoll.Pricing;

/// <summary>Funding of perpetuals as venues set it; a positive rate means that longs pay.</summary>
/// <remarks>
/// Rates are fractions for eight hours unless the name says otherwise. A payment is rate · position · time: on Deribit
/// it accrues by the millisecond on the notional at the index, on Hyperliquid each hour at the oracle, on Binance at
/// the timestamp at the mark. Sources: support.deribit.com, <i>Funding Specifications</i>; Hyperliquid docs,
/// <i>Funding</i>; Binance Futures FAQ, <i>Introduction to Funding Rates</i>.
/// </remarks>
public static class FundingRate
{
    /// <summary>Hours for which rates are stated.</summary>
    public const double PeriodHours = 8;

    /// <summary>Deribit's damper: premiums within it cost nothing.</summary>
    public const double DeribitDamper = 0.00025;

    /// <summary>Deribit's cap of BTC and ETH, a fraction for eight hours.</summary>
    public const double DeribitCap = 0.005;

    const double ClampWidth = 0.0005;
    const double HyperliquidCapHourly = 0.04;

    /// <summary>(price − index)/index.</summary>
    public static double Premium(double priceUsd, double indexUsd) => (priceUsd - indexUsd) / indexUsd;

    /// <summary>Deribit: max(d, p) + min(−d, p), within ± the cap.</summary>
    /// <param name="premium">Mark over index, less 1.</param>
    /// <param name="damper">d, at least 0.</param>
    /// <param name="cap">Largest rate of either sign.</param>
    public static double Deribit(double premium, double damper = DeribitDamper, double cap = DeribitCap) =>
        Math.Clamp(Math.Max(damper, premium) + Math.Min(-damper, premium), -cap, cap);

    /// <summary>Hyperliquid's premium: how far the impact prices leave the oracle on one side.</summary>
    public static double HyperliquidPremium(double impactBidUsd, double impactAskUsd, double oracleUsd) =>
        (Math.Max(0, impactBidUsd - oracleUsd) - Math.Max(0, oracleUsd - impactAskUsd)) / oracleUsd;

    /// <summary>Hyperliquid: premium + clamp(interest − premium, ±0.05%), an hour's eighth of it within ±4%.</summary>
    public static double Hyperliquid(double premium, double interest8h) =>
        PeriodHours
        * Math.Clamp(Anchored(premium, interest8h) / PeriodHours, -HyperliquidCapHourly, HyperliquidCapHourly);

    /// <summary>Binance: weighted mean premium, anchored to the interval's interest, within floor and cap.</summary>
    /// <param name="premiums">Samples of the interval, oldest first; at least one.</param>
    /// <param name="interest8h">Interest of eight hours.</param>
    /// <param name="intervalHours">Hours between payments; the rate is that of one interval.</param>
    /// <param name="floor">Least rate.</param>
    /// <param name="cap">Largest rate.</param>
    public static double BinancePerInterval(
        ReadOnlySpan<double> premiums,
        double interest8h,
        double intervalHours,
        double floor,
        double cap
    ) => Math.Clamp(Anchored(WeightedMean(premiums), interest8h * intervalHours / PeriodHours), floor, cap);

    /// <summary>Mean with weights 1..n: the later, the heavier.</summary>
    /// <exception cref="ArgumentException">No sample.</exception>
    public static double WeightedMean(ReadOnlySpan<double> premiums)
    {
        if (premiums.IsEmpty)
            throw new ArgumentException("at least one premium", nameof(premiums));
        double sum = 0;
        for (int i = 0; i < premiums.Length; i++)
            sum += (i + 1) * premiums[i];
        return sum / (0.5 * premiums.Length * (premiums.Length + 1));
    }

    /// <summary>What a position pays at a constant rate, in the unit of the notional; a receipt is negative.</summary>
    /// <param name="rate8h">Rate for eight hours.</param>
    /// <param name="notional">Signed: short is negative.</param>
    /// <param name="hours">Time; at least 0.</param>
    public static double Payment(double rate8h, double notional, double hours) =>
        rate8h * notional * hours / PeriodHours;

    static double Anchored(double premium, double interest) =>
        premium + Math.Clamp(interest - premium, -ClampWidth, ClampWidth);
}
