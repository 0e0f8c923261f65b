using Plimsoll.Markets;
using Scalar = Plimsoll.Pricing.Black76Lanes<Plimsoll.Numerics.Lanes1, double>;

namespace Plimsoll.Pricing;

/// <summary>European options on a forward, without rate: Black, The pricing of commodity contracts (1976).</summary>
/// <remarks>
/// One option at a time; <see cref="Black76Kernel"/> does spans and gives the same bits. Error of the price below 1e-15
/// of the forward (or strike, when larger) and of its own condition in the tails, for volatility 1e-4 to 10, one minute to 5 years and
/// |ln(F/K)| to 20. Without time or volatility the value is the intrinsic one.
/// </remarks>
public static class Black76
{
    /// <summary>Value in USD per coin.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Forward or strike not positive and finite, time or volatility negative, infinite or NaN.
    /// </exception>
    public static double PriceUsd(
        double forwardUsd,
        double strikeUsd,
        double tYears,
        double volAnnual,
        OptionRight right
    )
    {
        Require(forwardUsd, strikeUsd, tYears, volAnnual);
        double price = 0;
        var to = new Black76Output { PriceUsd = ref price };
        Scalar.Evaluate(forwardUsd, strikeUsd, tYears, volAnnual, SignOf(right), false, to, 0);
        return price;
    }

    /// <summary>Value and six Greeks in USD.</summary>
    /// <inheritdoc cref="PriceUsd" path="/exception" />
    public static OptionGreeks Evaluate(
        double forwardUsd,
        double strikeUsd,
        double tYears,
        double volAnnual,
        OptionRight right
    )
    {
        Require(forwardUsd, strikeUsd, tYears, volAnnual);
        double price = 0;
        double delta = 0;
        double gamma = 0;
        double vega = 0;
        double theta = 0;
        double vanna = 0;
        double volga = 0;
        var to = new Black76Output
        {
            PriceUsd = ref price,
            Delta = ref delta,
            GammaPerUsd = ref gamma,
            VegaUsdPerVol = ref vega,
            ThetaUsdPerYear = ref theta,
            VannaPerVol = ref vanna,
            VolgaUsdPerVol2 = ref volga,
        };
        Scalar.Evaluate(forwardUsd, strikeUsd, tYears, volAnnual, SignOf(right), true, to, 0);
        return new OptionGreeks(price, delta, gamma, vega, theta, vanna, volga);
    }

    /// <summary>The same in the settlement coin of an inverse contract, converted at the option's own forward.</summary>
    public static CoinGreeks InCoin(OptionGreeks usd, double forwardUsd)
    {
        double price = usd.PriceUsd / forwardUsd;
        double slope = (usd.Delta - price) / forwardUsd;
        return new CoinGreeks(
            price,
            slope,
            (usd.GammaPerUsd - 2 * slope) / forwardUsd,
            usd.VegaUsdPerVol / forwardUsd,
            usd.ThetaUsdPerYear / forwardUsd,
            (usd.VannaPerVol - usd.VegaUsdPerVol / forwardUsd) / forwardUsd,
            usd.VolgaUsdPerVol2 / forwardUsd
        );
    }

    /// <summary>
    /// Deribit's net transaction delta: Black-Scholes delta less the option's price in coin, = F·dv/dF. The coins to sell
    /// against it so that the value in coin stays put; the value in dollars stays put with delta itself.
    /// </summary>
    public static double NetTransactionDelta(OptionGreeks usd, double forwardUsd) =>
        usd.Delta - usd.PriceUsd / forwardUsd;

    /// <summary>+1 for a call, −1 for a put: the kernels' form of a right.</summary>
    public static double SignOf(OptionRight right) => right == OptionRight.Call ? 1 : -1;

    static void Require(double forwardUsd, double strikeUsd, double tYears, double volAnnual)
    {
        RequireFinite(forwardUsd, forwardUsd > 0, nameof(forwardUsd), "a positive number of USD");
        RequireFinite(strikeUsd, strikeUsd > 0, nameof(strikeUsd), "a positive number of USD");
        RequireFinite(tYears, tYears >= 0, nameof(tYears), "years, at least 0");
        RequireFinite(volAnnual, volAnnual >= 0, nameof(volAnnual), "a fraction a year, at least 0");
    }

    static void RequireFinite(double value, bool isInside, string name, string expected)
    {
        if (!isInside || !double.IsFinite(value))
            throw new ArgumentOutOfRangeException(name, value, "expected " + expected);
    }
}
