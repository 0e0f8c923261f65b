using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>European options on a forward, without rate: Black, The pricing of commodity contracts (1976).</summary>
/// <remarks>
/// One option at a time; <see cref="Black76Kernel"/> does spans and gives the same bits. Error of the price below 1e-15
/// of the forward (or strike, when larger) and of its own condition in the tails, for volatility 1e-4 to 10, one minute
/// to 5 years and |ln(F/K)| to 20. Without time or volatility the value is the intrinsic one.
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
        double sign = SignOf(right);
        double price = 0;
        Black76Kernel.Price(
            InputsOf(in forwardUsd, in strikeUsd, in tYears, in volAnnual, in sign),
            new Span<double>(ref price),
            VectorWidth.Scalar
        );
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
        double sign = SignOf(right);
        double price = 0;
        double delta = 0;
        double gamma = 0;
        double vega = 0;
        double theta = 0;
        double vanna = 0;
        double volga = 0;
        var into = new Black76Results
        {
            PriceUsd = new Span<double>(ref price),
            Delta = new Span<double>(ref delta),
            GammaPerUsd = new Span<double>(ref gamma),
            VegaUsdPerVol = new Span<double>(ref vega),
            ThetaUsdPerYear = new Span<double>(ref theta),
            VannaPerVol = new Span<double>(ref vanna),
            VolgaUsdPerVol2 = new Span<double>(ref volga),
        };
        Black76Kernel.WithGreeks(
            InputsOf(in forwardUsd, in strikeUsd, in tYears, in volAnnual, in sign),
            into,
            VectorWidth.Scalar
        );
        return new OptionGreeks(price, delta, gamma, vega, theta, vanna, volga);
    }

    /// <summary>
    /// The same in the settlement coin of an inverse contract, converted at the option's own forward.
    /// </summary>
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
    /// Deribit's net transaction delta: Black-Scholes delta less the option's price in coin, = F·dv/dF. The coins to
    /// sell against it so that the value in coin stays put; the value in dollars stays put with delta itself.
    /// </summary>
    public static double NetTransactionDelta(OptionGreeks usd, double forwardUsd) =>
        usd.Delta - usd.PriceUsd / forwardUsd;

    /// <summary>+1 for a call, −1 for a put: the kernels' form of a right.</summary>
    public static double SignOf(OptionRight right) => right == OptionRight.Call ? 1 : -1;

    static Black76Inputs InputsOf(
        ref readonly double forwardUsd,
        ref readonly double strikeUsd,
        ref readonly double tYears,
        ref readonly double volAnnual,
        ref readonly double sign
    ) =>
        new()
        {
            ForwardUsd = new ReadOnlySpan<double>(in forwardUsd),
            StrikeUsd = new ReadOnlySpan<double>(in strikeUsd),
            TYears = new ReadOnlySpan<double>(in tYears),
            VolAnnual = new ReadOnlySpan<double>(in volAnnual),
            Sign = new ReadOnlySpan<double>(in sign),
        };

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
