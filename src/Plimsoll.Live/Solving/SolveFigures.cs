using System.Collections.Immutable;
using Plimsoll.Engine;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Live;

/// <summary>
/// What a solve tells beside its targets: Greeks, the law's volatilities, places in a deleveraging queue.
/// </summary>
static class SolveFigures
{
    // Digits of what is estimated that enter the exact world; more would only show where a sum was done.
    const int Digits = 6;

    // The one ranking whose figures of a real day are recorded; the venues that are followed publish none.
    static readonly HyperliquidDeleveraging Queue = new();

    /// <summary>A figure as the engine takes it; null where it is none.</summary>
    public static decimal? Exact(double value) =>
        double.IsFinite(value) && Math.Abs(value) < 1e15 ? Math.Round((decimal)value, Digits) : null;

    /// <summary>Greeks of one contract, USD.</summary>
    public static ContractRisk? Risk(PreparedSizing prepared, SizingLine line)
    {
        var one = prepared.Greeks[line.Column];
        return Exact(one.Delta) is { } delta && Exact(one.Gamma1Pct) is { } gamma && Exact(one.Vega1Pt) is { } vega
            ? new ContractRisk(delta, gamma, vega)
            : null;
    }

    /// <summary>Volatility a year of each coin under the scenarios' weights.</summary>
    public static ImmutableArray<CoinVolatility> Volatilities(PreparedSizing prepared)
    {
        double[] weights = prepared.Scenarios.Weights;
        double years = prepared.Mandate.Horizon.Days / 365;
        var found = ImmutableArray.CreateBuilder<CoinVolatility>();
        foreach (var coin in prepared.Scenarios.Underlyings.OrderBy(coin => coin.Underlying, StringComparer.Ordinal))
        {
            double mean = 0,
                square = 0;
            for (int s = 0; s < weights.Length; s++)
            {
                mean += weights[s] * coin.LogReturn[s];
                square += weights[s] * coin.LogReturn[s] * coin.LogReturn[s];
            }
            if (Exact(Math.Sqrt(Math.Max(0, square - mean * mean) / years)) is { } annual)
                found.Add(new CoinVolatility(coin.Underlying, annual));
        }
        return found.ToImmutable();
    }

    /// <summary>
    /// Share of those who were deleveraged on the recorded day that stood behind such a position; 0 for one without
    /// gain, null where there is nothing to rank.
    /// </summary>
    public static decimal? Rank(EngineView view, InstrumentView own)
    {
        if (own is not { Position: not 0, EntryPrice: > 0 and { } entry, Mark: > 0 and { } mark })
            return null;
        if (own.Terms is OptionInstrument || view.EquityUsd is not { } equity)
            return null;
        double size = (double)(own.Position * own.Terms.ContractSize),
            markUsd = (double)mark;
        double coins = own.Terms.Shape == PayoffShape.Inverse ? size / markUsd : size;
        var position = new DeleveragingPosition("", coins, (double)entry, markUsd, (double)equity);
        return Queue.Score(position) is { } score ? Exact(DeleveragingRecord.Find(Queue.Key)!.Rank(score)) : 0;
    }
}
