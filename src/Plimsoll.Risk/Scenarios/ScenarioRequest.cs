using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>What scenarios to draw.</summary>
/// <param name="Horizon">From now to the end of every scenario; positive, at most two years.</param>
/// <param name="Count">Scenarios; at least 1.</param>
/// <param name="Seed">Seed of every draw: the same seed gives the same bytes.</param>
/// <param name="VolatilityMultiplier">Multiplies every return of the scenarios; 1: as filtered. Positive.</param>
/// <param name="DeliveryTimes">
/// Instants of settlement at which the path's own value is wanted; those outside the horizon are left out. Default:
/// every expiry of the snapshot's instruments inside the horizon.
/// </param>
public sealed record ScenarioRequest(
    Years Horizon,
    int Count = 10_000,
    ulong Seed = 1,
    double VolatilityMultiplier = 1,
    ImmutableArray<DateTimeOffset> DeliveryTimes = default
)
{
    /// <summary>Threads to use; the scenarios do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether the bars on the way are kept: <see cref="ScenarioSet.Path"/>.</summary>
    public bool KeepsPath { get; init; }

    /// <summary>Longest horizon in days.</summary>
    public const double LongestHorizonDays = 730;

    /// <summary>
    /// The instants of settlement after <see cref="MarketSnapshot.AsOf"/> and up to the horizon, in order.
    /// </summary>
    internal ImmutableArray<DateTimeOffset> DeliveriesInside(MarketSnapshot snapshot)
    {
        var wanted = DeliveryTimes.IsDefault
            ? snapshot.Quotes.Select(quote => quote.Instrument.SettlesAt).OfType<DateTimeOffset>()
            : DeliveryTimes;
        var end = snapshot.AsOf + TimeSpan.FromSeconds(Horizon.Value * Years.SecondsPerYear);
        return [.. wanted.Where(time => time > snapshot.AsOf && time <= end).Distinct().Order()];
    }

    /// <exception cref="ArgumentOutOfRangeException">A figure is outside its range.</exception>
    internal void Check()
    {
        if (!(Horizon.Days > 0 && Horizon.Days <= LongestHorizonDays))
            throw new ArgumentOutOfRangeException(nameof(Horizon), Horizon, "expected 0 < horizon <= 730 days");
        ArgumentOutOfRangeException.ThrowIfLessThan(Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        if (!(VolatilityMultiplier > 0 && double.IsFinite(VolatilityMultiplier)))
            throw new ArgumentOutOfRangeException(
                nameof(VolatilityMultiplier),
                VolatilityMultiplier,
                "expected a positive number"
            );
    }
}
