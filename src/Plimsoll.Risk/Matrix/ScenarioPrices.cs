using Plimsoll.Markets;
using Scalar = Plimsoll.Numerics.LaneMath<Plimsoll.Numerics.Lanes1, double>;

namespace Plimsoll.Risk;

/// <summary>Prices in every scenario, taken out of their logarithms once for all columns that need them.</summary>
/// <remarks>By the project's own exponential, whose bits do not depend on the machine.</remarks>
sealed class ScenarioPrices
{
    readonly Dictionary<string, double[]> ratios = new(StringComparer.Ordinal);
    readonly Dictionary<(string, DateTimeOffset), double[]> deliveries = [];

    public ScenarioPrices(MarketSnapshot snapshot, ScenarioSet scenarios)
    {
        foreach (var moves in scenarios.Underlyings)
        {
            ratios[moves.Underlying] = Scaled(1, moves.LogReturn);
            if (snapshot.Find(moves.Underlying) is { } market)
                foreach (var (expiry, logReturn) in moves.DeliveryLogReturn)
                    deliveries[(moves.Underlying, expiry)] = Scaled(market.IndexUsd, logReturn);
        }
    }

    /// <summary>Index then over index now.</summary>
    public double[] Ratio(string underlying) => ratios[underlying];

    /// <summary>Delivery price in USD of an expiry inside the horizon, or null.</summary>
    public double[]? DeliveryUsd(Instrument instrument) =>
        instrument.SettlesAt is { } at ? deliveries.GetValueOrDefault((instrument.Underlying, at)) : null;

    /// <summary>factor·e^log.</summary>
    public static double[] Scaled(double factor, ReadOnlySpan<double> log)
    {
        var scaled = new double[log.Length];
        for (int s = 0; s < scaled.Length; s++)
            scaled[s] = factor * Scalar.Exp(log[s]);
        return scaled;
    }
}
