using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>Exact arithmetic of contracts in their settlement currency, by amount (the order field's unit).</summary>
/// <remarks>
/// A position is a signed size and the value that it was bought for. Inverse futures: value of A dollars at p is A/p
/// coin, gain = cost − size/p. All else (linear futures, options in coin or USDC): value = A·p, gain = size·p − cost.
/// One value serves both sides of a trade, so gains of all accounts sum to zero to the last digit.
/// </remarks>
public static class Payoff
{
    const int ValueDigits = 12;

    /// <summary>Whether value runs against price: inverse futures and perpetuals, not inverse options.</summary>
    public static bool IsReciprocal(Instrument instrument) => Notional.IsFaceInDollars(instrument);

    /// <summary>Value of an amount at a positive price, settlement currency, with the amount's sign.</summary>
    public static decimal Value(Instrument instrument, decimal amount, decimal price) =>
        decimal.Round(IsReciprocal(instrument) ? amount / price : amount * price, ValueDigits);

    /// <summary>+1 where a rising price gains for the long through size·price, −1 for inverse futures.</summary>
    public static int Sign(Instrument instrument) => IsReciprocal(instrument) ? -1 : 1;

    /// <summary>Gain of a size bought for <paramref name="cost"/> if closed at <paramref name="price"/>.</summary>
    public static decimal Gain(Instrument instrument, decimal size, decimal cost, decimal price) =>
        size == 0 ? 0 : Sign(instrument) * (Value(instrument, size, price) - cost);

    /// <summary>Average price of a size and its cost; 0 when flat.</summary>
    public static decimal AveragePrice(Instrument instrument, decimal size, decimal cost) =>
        size == 0 || cost == 0 ? 0
        : IsReciprocal(instrument) ? size / cost
        : cost / size;

    /// <summary>Price at which a position has gained this much; null when no positive price does.</summary>
    public static decimal? PriceForGain(Instrument instrument, decimal size, decimal cost, decimal gain)
    {
        decimal value = cost + Sign(instrument) * gain;
        if (size == 0 || (value > 0) != (size > 0) || value == 0)
            return null;
        return IsReciprocal(instrument) ? size / value : value / size;
    }

    /// <summary>Fee of a fill, settlement currency; positive is paid.</summary>
    /// <remarks>
    /// Futures: rate·value. Inverse option: amount·min(rate, cap·price) coin; linear option:
    /// amount·min(rate·index, cap·price) USDC.
    /// </remarks>
    public static decimal Fee(
        Instrument instrument,
        decimal amount,
        decimal price,
        decimal indexUsd,
        Liquidity liquidity
    ) =>
        Fee(
            instrument,
            amount,
            price,
            indexUsd,
            liquidity == Liquidity.Maker ? instrument.Fees.MakerRate : instrument.Fees.TakerRate
        );

    /// <summary>The same for any rate of the instrument: delivery.</summary>
    public static decimal Fee(Instrument instrument, decimal amount, decimal price, decimal indexUsd, decimal rate)
    {
        amount = Math.Abs(amount);
        if (instrument is not OptionInstrument)
            return Rounded(instrument.Settlement, rate * Value(instrument, amount, price));
        decimal perCoin = instrument.Shape == PayoffShape.Inverse ? rate : rate * indexUsd;
        if (instrument.Fees.OptionPriceCap is { } cap)
            perCoin = Math.Min(perCoin, cap * price);
        return Rounded(instrument.Settlement, amount * perCoin);
    }

    /// <summary>The venue's digits of a currency: 8 of a coin, 6 of a dollar.</summary>
    public static decimal Rounded(Currency currency, decimal amount) =>
        decimal.Round(amount, currency.IsDollar ? 6 : 8, MidpointRounding.AwayFromZero);
}
