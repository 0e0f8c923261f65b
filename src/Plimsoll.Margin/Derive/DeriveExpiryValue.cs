using Plimsoll.Pricing;

namespace Plimsoll.Margin;

/// <summary>The options of one expiry, valued at many markets; one per thread.</summary>
/// <remarks>Black-76 with the expiry's discount, as the contract's own pricing library. USD.</remarks>
sealed class DeriveExpiryValue
{
    readonly DeriveExpiry expiry;
    readonly double discount;
    readonly double[] forward;
    readonly double[] strike;
    readonly double[] tYears;
    readonly double[] volatility;
    readonly double[] sign;
    readonly double[] price;

    /// <param name="expiry">Options, forward, time.</param>
    /// <param name="discounted">Whether prices are discounted at the expiry's rate where that is positive.</param>
    public DeriveExpiryValue(DeriveExpiry expiry, bool discounted)
    {
        int count = expiry.Options.Length;
        this.expiry = expiry;
        discount = discounted ? Math.Exp(-Math.Max(0, expiry.RateAnnual) * expiry.TYears) : 1;
        forward = new double[count];
        strike = [.. expiry.Options.Select(option => option.StrikeUsd)];
        tYears = new double[count];
        Array.Fill(tYears, expiry.TYears);
        volatility = new double[count];
        sign = [.. expiry.Options.Select(option => option.IsCall ? 1.0 : -1.0)];
        price = new double[count];
    }

    /// <summary>Discount factor of the prices.</summary>
    public double Discount => discount;

    /// <summary>Value at the market as it is.</summary>
    public double Now() => Shocked(1, 1, 0);

    /// <summary>Value with the moving part of the forward and every volatility multiplied.</summary>
    /// <param name="spotMultiple">Of the forward's moving part.</param>
    /// <param name="volatilityMultiple">Of every volatility.</param>
    /// <param name="leastVolatility">Floor of the shocked volatility.</param>
    public double Shocked(double spotMultiple, double volatilityMultiple, double leastVolatility)
    {
        for (int i = 0; i < volatility.Length; i++)
            volatility[i] = Math.Max(leastVolatility, expiry.Options[i].VolatilityAnnual * volatilityMultiple);
        return Value(expiry.ForwardVariableUsd * spotMultiple + expiry.ForwardFixedUsd);
    }

    /// <summary>Value with every volatility multiplied by its own factor, the forward as it is.</summary>
    /// <param name="multiple">Factor by ln(strike/forward); negative counts as 0.</param>
    public double Skewed(Func<double, double> multiple)
    {
        double now = expiry.ForwardUsd;
        for (int i = 0; i < volatility.Length; i++)
            volatility[i] = expiry.Options[i].VolatilityAnnual * Math.Max(0, multiple(Math.Log(strike[i] / now)));
        return Value(now);
    }

    /// <summary>Price of each option at the last market asked for, USD.</summary>
    public ReadOnlySpan<double> Prices => price;

    double Value(double forwardUsd)
    {
        Array.Fill(forward, forwardUsd);
        Black76Kernel.Price(
            new Black76Inputs
            {
                ForwardUsd = forward,
                StrikeUsd = strike,
                TYears = tYears,
                VolAnnual = volatility,
                Sign = sign,
            },
            price
        );
        double value = 0;
        for (int i = 0; i < price.Length; i++)
        {
            price[i] *= discount;
            value += price[i] * expiry.Options[i].Amount;
        }
        return value;
    }
}
