using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Sizing;

/// <summary>Loss of one contract between entry and stop in its settlement currency; a loss is positive.</summary>
/// <remarks>
/// Exact payoffs: an inverse long loses size·(1/stop − 1/entry) coin, more than the linear formula says. Each side pays
/// the taker fee, the exit half the spread of today.
/// </remarks>
public static class StopLoss
{
    /// <summary>A future, perpetual or spot contract bought or sold at entry and closed at the stop.</summary>
    /// <param name="instrument">Contract.</param>
    /// <param name="side">Side of the entry.</param>
    /// <param name="entryUsd">Price of the entry.</param>
    /// <param name="stopUsd">Price at which the stop triggers.</param>
    /// <param name="halfSpreadFraction">Half of the relative spread, paid at the exit.</param>
    public static double OfFuture(
        Instrument instrument,
        Side side,
        double entryUsd,
        double stopUsd,
        double halfSpreadFraction
    )
    {
        double direction = side == Side.Buy ? 1 : -1;
        double exitUsd = stopUsd * (1 - direction * halfSpreadFraction);
        double fees =
            TakerFee.PerContract(instrument, entryUsd, entryUsd) + TakerFee.PerContract(instrument, exitUsd, exitUsd);
        return fees - direction * FutureGain.PerContract(instrument, entryUsd, exitUsd);
    }

    /// <summary>An option bought or sold at entry and closed at its Black-76 value at the stop.</summary>
    /// <param name="option">Contract.</param>
    /// <param name="side">Side of the entry.</param>
    /// <param name="entryPrice">Price of the entry in the option's own unit.</param>
    /// <param name="forwardUsd">Forward of the expiry at the stop.</param>
    /// <param name="indexUsd">Index at the stop, for linear fees.</param>
    /// <param name="tYears">Time to expiry; the stop is reckoned as if hit at once.</param>
    /// <param name="volatilityAnnual">Implied volatility at the stop.</param>
    /// <param name="halfSpread">Half the spread in the option's own unit, paid at the exit.</param>
    public static double OfOption(
        OptionInstrument option,
        Side side,
        double entryPrice,
        double forwardUsd,
        double indexUsd,
        double tYears,
        double volatilityAnnual,
        double halfSpread
    )
    {
        double direction = side == Side.Buy ? 1 : -1;
        double valueUsd = Black76.PriceUsd(
            forwardUsd,
            (double)option.StrikeUsd,
            tYears,
            volatilityAnnual,
            option.Right
        );
        bool inverse = option.Shape == PayoffShape.Inverse;
        double value = inverse ? valueUsd / forwardUsd : valueUsd;
        double exit = Math.Max(0, value - direction * halfSpread);
        double fees = TakerFee.PerContract(option, entryPrice, indexUsd) + TakerFee.PerContract(option, exit, indexUsd);
        return (double)option.ContractSize * direction * (entryPrice - exit) + fees;
    }
}
