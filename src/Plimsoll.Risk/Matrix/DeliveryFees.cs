using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>Venue's fee for settling a contract that ends inside the horizon; either side owes it.</summary>
static class DeliveryFees
{
    /// <summary>Mean fee of one contract in home currency (the largest in a stress set); 0 outside the horizon.</summary>
    public static double Expected(
        Instrument instrument,
        MarketSnapshot snapshot,
        ScenarioSet scenarios,
        HomePrices prices
    )
    {
        if (
            instrument.SettlesAt is not { } expiry
            || !scenarios.Of(instrument.Underlying).DeliveryLogReturn.TryGetValue(expiry, out double[]? delivery)
        )
            return 0;
        double indexUsd = snapshot.Find(instrument.Underlying)!.IndexUsd;
        var settlement = prices.InScenarios(instrument.Settlement);
        double mean = 0,
            most = 0;
        for (int s = 0; s < scenarios.Count; s++)
        {
            double fee = OfOne(instrument, indexUsd * Math.Exp(delivery[s])) * settlement[s];
            most = Math.Max(most, fee);
            mean += scenarios.Weights.Length == 0 ? 0 : scenarios.Weights[s] * fee;
        }
        return scenarios.Weights.Length == 0 ? most : mean;
    }

    /// <summary>Fee of one contract in settlement currency at a delivery price: options capped, free out of the money.</summary>
    public static double OfOne(Instrument instrument, double deliveryUsd)
    {
        double size = (double)instrument.ContractSize;
        double rate = (double)instrument.Fees.DeliveryRate;
        bool inverse = instrument.Shape == PayoffShape.Inverse;
        if (instrument is not OptionInstrument option)
            return inverse ? rate * size / deliveryUsd : rate * size * deliveryUsd;
        double payoff = OptionValue.PayoffUsd(option, deliveryUsd) / (inverse ? deliveryUsd : 1);
        double full = inverse ? rate : rate * deliveryUsd;
        double fee =
            payoff == 0 ? 0
            : option.Fees.OptionPriceCap is { } cap ? Math.Min(full, (double)cap * payoff)
            : full;
        return fee * size;
    }
}
