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
    MarketSnapshot snapshot,
    ScenarioSet scenarios,
    ModelPrices prices,
    HomePrices homePrices
) : MatrixWork
{
    public override void Fill(ColumnMatrix gain)
    {
        double indexUsd = snapshot.Find(instrument.Underlying)!.IndexUsd;
        var moves = scenarios.Of(instrument.Underlying);
        double[]? delivery = instrument.SettlesAt is { } at ? moves.DeliveryLogReturn.GetValueOrDefault(at) : null;
        var settlement = homePrices.InScenarios(instrument.Settlement);
        var into = gain.Column(column);
        if (instrument is OptionInstrument option)
            Settled(option, indexUsd, delivery!, settlement, into);
        else if (delivery is not null)
            DeltaOne(indexUsd, delivery, settlement, into);
        else
            DeltaOne(prices.UnderlyingPriceUsd(instrument)!.Value, moves.LogReturn, settlement, into);
    }

    // baseUsd is what the log moves start from: the instrument's own price, or the index when it is delivered.
    void DeltaOne(double baseUsd, double[] logMove, ReadOnlySpan<double> settlement, Span<double> into)
    {
        double size = (double)instrument.ContractSize;
        double entryUsd = prices.UnderlyingPriceUsd(instrument)!.Value;
        double basis = baseUsd / entryUsd;
        if (instrument.Shape == PayoffShape.Inverse)
            for (int s = 0; s < into.Length; s++)
            {
                double ratio = basis * Math.Exp(logMove[s]);
                into[s] = size / entryUsd * ((ratio - 1) / ratio) * settlement[s];
            }
        else
            for (int s = 0; s < into.Length; s++)
                into[s] = size * entryUsd * (basis * Math.Exp(logMove[s]) - 1) * settlement[s];
    }

    void Settled(
        OptionInstrument option,
        double indexUsd,
        double[] delivery,
        ReadOnlySpan<double> settlement,
        Span<double> into
    )
    {
        double size = (double)option.ContractSize;
        double now = prices.Price(option)!.Value;
        bool inverse = option.Shape == PayoffShape.Inverse;
        for (int s = 0; s < into.Length; s++)
        {
            double deliveryUsd = indexUsd * Math.Exp(delivery[s]);
            double payoff = OptionValue.PayoffUsd(option, deliveryUsd) / (inverse ? deliveryUsd : 1);
            into[s] = size * (payoff - now) * settlement[s];
        }
    }
}
