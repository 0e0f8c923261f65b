using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>One column of a future, perpetual or spot, or of an option that settles inside the horizon.</summary>
/// <remarks>
/// Futures and perpetuals keep their log basis to the index until they settle at its delivery price; with an entry at
/// today's price p and an exit at x the gain is size·(1/p − 1/x) coin (inverse) or size·(x − p) dollars (linear),
/// written with x/p so that nothing cancels near the entry.
/// </remarks>
sealed class DeltaOneOrSettledWork(
    int column,
    Instrument instrument,
    ScenarioPrices then,
    ModelPrices prices,
    HomePrices homePrices
) : MatrixWork
{
    public override void Fill(ColumnMatrix gain)
    {
        double[]? delivery = then.DeliveryUsd(instrument);
        var settlement = homePrices.InScenarios(instrument.Settlement);
        var into = gain.Column(column);
        double entryUsd = prices.UnderlyingPriceUsd(instrument)!.Value;
        if (instrument is OptionInstrument option)
            Settled(option, delivery!, settlement, into);
        else if (delivery is not null)
            DeltaOne(entryUsd, delivery, 1 / entryUsd, settlement, into);
        else
            DeltaOne(entryUsd, then.Ratio(instrument), 1, settlement, into);
    }

    /// <summary>Exit over entry is <paramref name="move"/> times <paramref name="scale"/>.</summary>
    void DeltaOne(double entryUsd, double[] move, double scale, ReadOnlySpan<double> settlement, Span<double> into)
    {
        double size = (double)instrument.ContractSize;
        if (instrument.Shape == PayoffShape.Inverse)
            for (int s = 0; s < into.Length; s++)
            {
                double ratio = scale * move[s];
                into[s] = size / entryUsd * ((ratio - 1) / ratio) * settlement[s];
            }
        else
            for (int s = 0; s < into.Length; s++)
                into[s] = size * entryUsd * (scale * move[s] - 1) * settlement[s];
    }

    void Settled(OptionInstrument option, double[] deliveryUsd, ReadOnlySpan<double> settlement, Span<double> into)
    {
        double size = (double)option.ContractSize;
        double now = prices.Price(option)!.Value;
        double strike = (double)option.StrikeUsd;
        double sign = option.Right == OptionRight.Call ? 1 : -1;
        bool inverse = option.Shape == PayoffShape.Inverse;
        for (int s = 0; s < into.Length; s++)
        {
            double payoff = Math.Max(0, sign * (deliveryUsd[s] - strike)) / (inverse ? deliveryUsd[s] : 1);
            into[s] = size * (payoff - now) * settlement[s];
        }
    }
}
