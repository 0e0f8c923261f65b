using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>Value of one unit of an option at one market, before size and conversion.</summary>
static class OptionValue
{
    /// <summary>Price over forward on the fitted slice: the price in coin of an inverse option.</summary>
    public static double OfForward(OptionInstrument option, SviSlice slice, double forwardUsd)
    {
        double strike = (double)option.StrikeUsd;
        double vol = slice.VolatilityAnnual(Math.Log(strike / forwardUsd));
        return Black76.PriceUsd(forwardUsd, strike, slice.TYears, vol, option.Right) / forwardUsd;
    }

    /// <summary>max(0, ±(price − strike)) in USD per coin.</summary>
    public static double PayoffUsd(OptionInstrument option, double priceUsd)
    {
        double strike = (double)option.StrikeUsd;
        return Math.Max(0, option.Right == OptionRight.Call ? priceUsd - strike : strike - priceUsd);
    }
}
