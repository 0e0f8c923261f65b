using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>Venue's fee for settling a contract that ends inside the horizon; either side owes it.</summary>
static class DeliveryFees
{
    /// <summary>
    /// Mean fee of one contract in home currency (the largest in a stress set); 0 outside the horizon.
    /// </summary>
    public static double Expected(Instrument instrument, ScenarioPrices then, ScenarioSet scenarios, HomePrices prices)
    {
        if (then.DeliveryUsd(instrument) is not { } deliveryUsd)
            return 0;
        var settlement = prices.InScenarios(instrument.Settlement);
        var terms = new DeliveryTerms(instrument);
        bool weighted = scenarios.Weights.Length > 0;
        double mean = 0,
            most = 0;
        for (int s = 0; s < scenarios.Count; s++)
        {
            double fee = terms.OfOne(deliveryUsd[s]) * settlement[s];
            most = Math.Max(most, fee);
            mean += weighted ? scenarios.Weights[s] * fee : 0;
        }
        return weighted ? mean : most;
    }
}

/// <summary>One contract's delivery fee in settlement currency: options capped by a share of the payoff.</summary>
public readonly struct DeliveryTerms
{
    readonly double size;
    readonly double rate;
    readonly double cap;
    readonly double strikeUsd;
    readonly double sign;
    readonly bool inverse;
    readonly bool isOption;

    /// <summary>Unwraps the contract's rate, cap and strike.</summary>
    public DeliveryTerms(Instrument instrument)
    {
        size = (double)instrument.ContractSize;
        rate = (double)instrument.Fees.DeliveryRate;
        inverse = instrument.Shape == PayoffShape.Inverse;
        cap = instrument.Fees.OptionPriceCap is { } share ? (double)share : double.PositiveInfinity;
        if (instrument is OptionInstrument option)
            (isOption, strikeUsd, sign) = (true, (double)option.StrikeUsd, option.Right == OptionRight.Call ? 1 : -1);
    }

    /// <summary>Fee at a delivery price; free out of the money.</summary>
    public double OfOne(double deliveryUsd)
    {
        if (!isOption)
            return inverse ? rate * size / deliveryUsd : rate * size * deliveryUsd;
        double payoff = Math.Max(0, sign * (deliveryUsd - strikeUsd)) / (inverse ? deliveryUsd : 1);
        double full = inverse ? rate : rate * deliveryUsd;
        return payoff == 0 ? 0 : size * Math.Min(full, cap * payoff);
    }
}
