using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>Gain of one contract at its own expiry as a function of the price S there.</summary>
/// <remarks>
/// In dollars Constant + Coins·S + Size·max(0, ±(S − Strike)); in coin, with x = 1/S, Constant·x + Coins +
/// Size·max(0, ±(1 − Strike·x)). Piecewise linear in S and in x, with its only kink at the strike, so that over a range
/// the least gain stands at a strike or at an end. Perpetuals and spot are zero at today's index and keep their basis.
/// </remarks>
/// <param name="Constant">Dollars.</param>
/// <param name="Coins">Coins.</param>
/// <param name="Size">Coins of the option; 0 for the others.</param>
/// <param name="StrikeUsd">Strike; 0 for the others.</param>
/// <param name="IsCall">Call, or put.</param>
readonly record struct TailPayoff(double Constant, double Coins, double Size, double StrikeUsd, bool IsCall)
{
    public static TailPayoff Of(Instrument instrument, ModelPrices prices, double indexUsd)
    {
        double size = (double)instrument.ContractSize;
        double price = prices.Price(instrument)!.Value;
        bool inverse = instrument.Shape == PayoffShape.Inverse;
        return instrument switch
        {
            OptionInstrument option => new TailPayoff(
                inverse ? 0 : -size * price,
                inverse ? -size * price : 0,
                size,
                (double)option.StrikeUsd,
                option.Right == OptionRight.Call
            ),
            FutureInstrument => inverse
                ? new TailPayoff(-size, size / price, 0, 0, false)
                : new TailPayoff(-size * price, size, 0, 0, false),
            PerpetualInstrument => inverse
                ? new TailPayoff(-size * indexUsd / price, size / price, 0, 0, false)
                : new TailPayoff(-size * price, size * price / indexUsd, 0, 0, false),
            _ => new TailPayoff(-size * price, size, 0, 0, false),
        };
    }

    /// <summary>Gain in dollars at a price; at 0 the limit.</summary>
    public double Dollars(double priceUsd) =>
        Constant + Coins * priceUsd + Size * Math.Max(0, IsCall ? priceUsd - StrikeUsd : StrikeUsd - priceUsd);

    /// <summary>Gain in coin at x = 1/price; at 0 the limit for a price without bound.</summary>
    public double InCoin(double x) =>
        Constant * x + Coins + Size * Math.Max(0, IsCall ? 1 - StrikeUsd * x : StrikeUsd * x - 1);

    /// <summary>Dollars gained per dollar of price as the price grows without bound.</summary>
    public double DollarSlopeAtInfinity => Coins + (IsCall ? Size : 0);

    /// <summary>Coins gained per unit of x as the price falls to 0: the dollars gained there.</summary>
    public double CoinSlopeAtInfinity => Constant + (IsCall ? 0 : Size * StrikeUsd);
}
