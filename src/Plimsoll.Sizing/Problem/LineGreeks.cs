using Plimsoll.Markets;
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
    /// <summary>Greeks of one contract at model prices: those of the risk report, in home currency.</summary>
    public static LineGreeks Of(Instrument instrument, ModelPrices model, HomePrices prices)
    {
        var greeks = InstrumentGreeks.Of(instrument, model)!.Value;
        double dollar = prices.Now(Currency.Usd);
        return new LineGreeks(
            dollar * greeks.DeltaUsd,
            dollar * greeks.Gamma1PctUsd,
            dollar * greeks.Vega1PtUsd,
            dollar * greeks.Theta1DUsd
        );
    }
}
