using System.Collections.Immutable;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Reads positions, orders and trades back so that they belong to one moment.</summary>
/// <remarks>
/// The venue answers each in its own call. Trades are read before and after: when one was added in between, positions
/// and trades may not belong together and everything is read again.
/// </remarks>
abstract class VenueReading(VenueLine line, TimeSpan tradesAtStart)
{
    /// <summary>How far a reading of trades reaches back behind the one before it.</summary>
    protected static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);
    DateTimeOffset? readAt;

    /// <summary>The way to the venue.</summary>
    protected VenueLine Line => line;

    /// <summary>One try; null when trades were added meanwhile, so that the parts may not belong together.</summary>
    public async Task<ReconcileSeen?> TryAsync(ulong asked)
    {
        var from = (readAt ?? line.Now - tradesAtStart + Overlap) - Overlap;
        var startedAt = line.Now;
        var before = await TradesAsync(from);
        var positions = await PositionsAsync();
        var open = await OpenOrdersAsync();
        var after = await TradesAsync(from);
        if (before.Count != after.Count)
            return null;
        readAt = startedAt;
        return new ReconcileSeen(asked, positions, open, [.. after.Values]);
    }

    /// <summary>Every position that is not flat.</summary>
    protected abstract Task<ImmutableArray<Position>> PositionsAsync();

    /// <summary>Every order that rests; how it stands is told too.</summary>
    protected abstract Task<ImmutableArray<ListedOrder>> OpenOrdersAsync();

    /// <summary>Trades since an instant of our clock, by their ids.</summary>
    protected abstract Task<SortedDictionary<string, FillSeen>> TradesAsync(DateTimeOffset from);
}
