using System.Runtime.CompilerServices;
using Plimsoll.Markets;
using Scalar = Plimsoll.Numerics.LaneMath<Plimsoll.Numerics.Lanes1, double>;

namespace Plimsoll.Risk;

/// <summary>Prices in every scenario, taken out of their logarithms once for all columns that need them.</summary>
/// <remarks>By the project's own exponential, whose bits do not depend on the machine.</remarks>
sealed class ScenarioPrices
{
    readonly Dictionary<string, double[]> ratios = new(StringComparer.Ordinal);
    readonly Dictionary<(string, DateTimeOffset), double[]> deliveries = [];

    readonly MarketSnapshot snapshot;
    readonly ScenarioSet scenarios;

    public ScenarioPrices(MarketSnapshot snapshot, ScenarioSet scenarios)
    {
        (this.snapshot, this.scenarios) = (snapshot, scenarios);
        foreach (var moves in scenarios.Underlyings)
        {
            ratios[moves.Underlying] = Scaled(1, moves.LogReturn);
            if (snapshot.Find(moves.Underlying) is { } market)
                foreach (var (expiry, logReturn) in moves.DeliveryLogReturn)
                    deliveries[(moves.Underlying, expiry)] = Scaled(market.IndexUsd, logReturn);
        }
    }

    /// <summary>Price then over price now of what has not settled: the index's, times what the basis moves.</summary>
    public double[] Ratio(Instrument instrument)
    {
        var moves = scenarios.Of(instrument.Underlying);
        double left = instrument.SettlesAt is { } at
            ? Years.Between(snapshot.AsOf, at).Value - scenarios.Horizon.Value
            : 0;
        double[] log = moves.LogMove(instrument, left);
        return ReferenceEquals(log, moves.LogReturn) ? ratios[instrument.Underlying] : Scaled(1, log);
    }

    /// <summary>Delivery price in USD of an expiry inside the horizon, or null.</summary>
    public double[]? DeliveryUsd(Instrument instrument) =>
        instrument.SettlesAt is { } at ? deliveries.GetValueOrDefault((instrument.Underlying, at)) : null;

    /// <summary>factor·e^log.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double[] Scaled(double factor, ReadOnlySpan<double> log)
    {
        var scaled = new double[log.Length];
        for (int s = 0; s < scaled.Length; s++)
            scaled[s] = factor * Scalar.Exp(log[s]);
        return scaled;
    }
}
