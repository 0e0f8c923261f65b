using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Margin;

/// <summary>What one contract gains when a venue's scenario jumps its market; no time passes.</summary>
/// <remarks>
/// Forward and index move by the same proportion, so a basis keeps its relative size. In settlement currency: inverse
/// future <c>coins·u/(1+u)</c>, linear future <c>coins·F·u</c>, linear option <c>B(F(1+u),σ') − B(F,σ)</c>, inverse
/// option <c>B(F(1+u),σ')/(F(1+u)) − B(F,σ)/F</c>, B of Black (1976). The value now is that of the mark volatility, so
/// that a scenario in which nothing happens gains exactly nothing.
/// </remarks>
public static class ShockedValue
{
    const int MostCells = 128;

    /// <summary>Gain of +1 contract in each cell, settlement currency.</summary>
    /// <param name="instrument">Contract terms.</param>
    /// <param name="quote">Its market now; an option needs its implied volatility.</param>
    /// <param name="tYears">Time to expiry; not used for futures.</param>
    /// <param name="priceMove">Relative move u of forward and index, above −1.</param>
    /// <param name="volAnnual">Shocked volatility by cell; not used for futures.</param>
    /// <param name="gain">Receives the gains.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than 128 cells.</exception>
    public static void Gains(
        Instrument instrument,
        MarginQuote quote,
        double tYears,
        ReadOnlySpan<double> priceMove,
        ReadOnlySpan<double> volAnnual,
        Span<double> gain
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(gain.Length, MostCells);
        double size = (double)instrument.ContractSize;
        bool isInverse = instrument.Shape == PayoffShape.Inverse;
        if (instrument is not OptionInstrument option)
        {
            double unit = isInverse ? size / quote.UnderlyingUsd : size * quote.UnderlyingUsd;
            for (int c = 0; c < gain.Length; c++)
                gain[c] = unit * priceMove[c] / (isInverse ? 1 + priceMove[c] : 1);
            return;
        }
        double strike = (double)option.StrikeUsd;
        double forward = quote.UnderlyingUsd;
        double now = Black76.PriceUsd(forward, strike, tYears, quote.ImpliedVolatility!.Value, option.Right);
        Span<double> scratch = stackalloc double[4 * MostCells];
        var forwards = scratch[..gain.Length];
        for (int c = 0; c < gain.Length; c++)
            forwards[c] = forward * (1 + priceMove[c]);
        Black76Kernel.Price(
            new Black76Inputs
            {
                ForwardUsd = forwards,
                StrikeUsd = Filled(scratch.Slice(MostCells, gain.Length), strike),
                TYears = Filled(scratch.Slice(2 * MostCells, gain.Length), tYears),
                VolAnnual = volAnnual[..gain.Length],
                Sign = Filled(scratch.Slice(3 * MostCells, gain.Length), Black76.SignOf(option.Right)),
            },
            gain
        );
        for (int c = 0; c < gain.Length; c++)
            gain[c] = size * (isInverse ? gain[c] / forwards[c] - now / forward : gain[c] - now);
    }

    /// <summary>
    /// Coins whose price one contract follows: Black-Scholes delta for options (less the price in coin for inverse
    /// ones, the venue's net transaction delta), coins at mark for futures.
    /// </summary>
    public static double DeltaCoins(Instrument instrument, MarginQuote quote, double tYears)
    {
        double size = (double)instrument.ContractSize;
        bool isInverse = instrument.Shape == PayoffShape.Inverse;
        if (instrument is not OptionInstrument option)
            return isInverse ? size / quote.UnderlyingUsd : size;
        var greeks = Black76.Evaluate(
            quote.UnderlyingUsd,
            (double)option.StrikeUsd,
            tYears,
            quote.ImpliedVolatility!.Value,
            option.Right
        );
        return size * (isInverse ? Black76.NetTransactionDelta(greeks, quote.UnderlyingUsd) : greeks.Delta);
    }

    static Span<double> Filled(Span<double> span, double value)
    {
        span.Fill(value);
        return span;
    }
}
