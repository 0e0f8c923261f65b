using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>Expected funding of perpetuals over the horizon.</summary>
public static class Funding
{
    /// <summary>
    /// What +1 contract pays over the horizon in home currency if today's rate stays: positive when longs pay.
    /// </summary>
    /// <remarks>
    /// Rate for 8 hours times the notional at the index, accrued in proportion to time (support.deribit.com, Funding
    /// Specifications): an inverse contract's notional is its face in USD, a linear one's its size times the index.
    /// Paid in the settlement currency, counted at today's price.
    /// </remarks>
    /// <returns>0 for anything but a perpetual; null where the rate is not known.</returns>
    public static double? PaidByLong(
        Instrument instrument,
        InstrumentQuote? quote,
        Years horizon,
        MarketSnapshot snapshot,
        HomePrices prices
    )
    {
        if (instrument is not PerpetualInstrument)
            return 0;
        double notionalUsd = Notional.PerContractUsd(instrument, snapshot.Find(instrument.Underlying)!.IndexUsd);
        return quote?.FundingRate8h is { } rate
            ? FundingRate.Payment(rate, notionalUsd, horizon.Days * 24) * prices.Now(Currency.Usd)
            : null;
    }
}
