namespace Plimsoll.Markets;

/// <summary>
/// What taking liquidity costs by the instrument's own schedule; the one place where fees are reckoned.
/// </summary>
public static class TakerFee
{
    /// <summary>Fee of one contract in the settlement currency.</summary>
    /// <param name="instrument">Contract; its rate and cap are the venue's data.</param>
    /// <param name="price">
    /// Price of the trade in the instrument's own unit; positive (0 is allowed for options).
    /// </param>
    /// <param name="indexUsd">Index of the coin: the notional of linear options.</param>
    /// <remarks>
    /// Futures: rate·notional, notional size/price coin when inverse, size·price otherwise. Options: rate per coin of
    /// underlying when inverse, rate·index when linear, never more than the cap's share of the option's price.
    /// </remarks>
    public static double PerContract(Instrument instrument, double price, double indexUsd)
    {
        double size = (double)instrument.ContractSize;
        double rate = (double)instrument.Fees.TakerRate;
        bool inverse = instrument.Shape == PayoffShape.Inverse;
        if (instrument is not OptionInstrument)
            return rate * (inverse ? size / price : size * price);
        double fee = inverse ? rate : rate * indexUsd;
        return size * (instrument.Fees.OptionPriceCap is { } cap ? Math.Min(fee, (double)cap * price) : fee);
    }
}
