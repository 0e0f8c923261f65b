using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Greeks of one contract in home currency, of the gain that the matrix holds.</summary>
/// <remarks>
/// An option's mark value counts as collateral of its coin, so the delta of an inverse contract's gain is the venue's
/// net
/// transaction delta, (Δ − v)·coin; the collateral carries the rest and enters the account's delta by itself.
/// </remarks>
/// <param name="Delta">Gain per unit of simple return of the underlying.</param>
/// <param name="Gamma1Pct">Change of the dollar delta for a move of 1%.</param>
/// <param name="Vega1Pt">Gain for one point of implied volatility.</param>
/// <param name="Theta1D">Gain of one day.</param>
public readonly record struct LineGreeks(double Delta, double Gamma1Pct, double Vega1Pt, double Theta1D)
{
    /// <summary>Greeks of one contract at model prices.</summary>
    public static LineGreeks Of(Instrument instrument, ModelPrices model, MarketSnapshot market, HomePrices prices)
    {
        double size = (double)instrument.ContractSize;
        double dollar = prices.Now(Currency.Usd);
        double underlyingUsd = model.UnderlyingPriceUsd(instrument)!.Value;
        if (instrument is not OptionInstrument option)
            return new LineGreeks(
                dollar
                    * (
                        instrument.Shape == PayoffShape.Inverse
                            ? size * market.Find(instrument.Underlying)!.IndexUsd / underlyingUsd
                            : size * underlyingUsd
                    ),
                0,
                0,
                0
            );
        var slice = model.Slice(option)!;
        double strike = (double)option.StrikeUsd;
        double volatility = slice.VolatilityAnnual(Math.Log(strike / slice.ForwardUsd));
        var greeks = Black76.Evaluate(slice.ForwardUsd, strike, slice.TYears, volatility, option.Right);
        bool inverse = option.Shape == PayoffShape.Inverse;
        double delta = inverse
            ? (greeks.Delta - greeks.PriceUsd / slice.ForwardUsd) * prices.Now(option.Settlement)
            : greeks.Delta * slice.ForwardUsd * dollar;
        // A coin-settled gain is worth the index, not the forward that the model counts dollars in.
        double worth = inverse ? prices.Now(option.Settlement) / slice.ForwardUsd : dollar;
        return new LineGreeks(
            size * delta,
            size * worth * greeks.DollarGammaOnePercent(slice.ForwardUsd),
            size * worth * greeks.VegaUsdPerVolPoint,
            size * worth * greeks.ThetaUsdPerDay
        );
    }
}
