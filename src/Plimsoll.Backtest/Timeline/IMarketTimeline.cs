using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Backtest;

/// <summary>Recorded markets in order of time: what a walk-forward may look at, one instant after the other.</summary>
/// <remarks>
/// The walk asks for one step after the other and cuts the bars at each step's time, so that nothing later is seen. An
/// implementation answers <see cref="Read"/> from what was recorded at or before that time alone.
/// </remarks>
public interface IMarketTimeline
{
    /// <summary>Where the records came from, for reports.</summary>
    string Source { get; }

    /// <summary>Recorded instants, rising.</summary>
    ImmutableArray<DateTimeOffset> Times { get; }

    /// <summary>What is missing from the records, over which time, and what stands in for it; in words.</summary>
    ImmutableArray<string> Assumptions { get; }

    /// <summary>Bars of the coins, whole; the walk cuts them.</summary>
    ImmutableArray<PriceHistory> Histories { get; }

    /// <summary>The cleaned market at a step, or the faults of its record.</summary>
    Parsed<MarketSnapshot> Read(int step);

    /// <summary>Contract of a name, also when the market no longer lists it; null for an unknown one.</summary>
    Instrument? Contract(string name);

    /// <summary>
    /// Lowest and highest price of a coin since the step before, USD; null where only the instants are recorded.
    /// </summary>
    (double LowUsd, double HighUsd)? Range(string underlying, int step);
}
