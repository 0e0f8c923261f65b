using System.Collections.Immutable;

namespace Plimsoll.Engine;

/// <summary>Which trades the positions count already, in bounded memory.</summary>
/// <remarks>
/// A reading of the venue's positions counts every trade that the venue made before it was asked, told here or not. So
/// the ids of older trades need not be kept: a trade whose venue time lies before the horizon (the moment of the last
/// reading less a margin for the clocks) is in the position, whatever its id. A trade without a time is kept for ever.
/// </remarks>
sealed class TradeIds
{
    readonly Dictionary<string, DateTimeOffset> known = new(StringComparer.Ordinal);

    /// <summary>Trades of the venue before this instant are counted; null before the first reading.</summary>
    public DateTimeOffset? Horizon { get; private set; }

    /// <summary>Ids that are kept.</summary>
    public int Count => known.Count;

    /// <summary>Ids with the venue's times, in order of id; the largest time for what has none.</summary>
    public ImmutableArray<(string Id, DateTimeOffset At)> All =>
        [.. known.Select(one => (one.Key, one.Value)).OrderBy(one => one.Key, StringComparer.Ordinal)];

    /// <summary>Whether the positions count it.</summary>
    public bool IsCounted(FillSeen fill) => fill.VenueAt < Horizon || known.ContainsKey(fill.TradeId);

    /// <summary>Takes a trade; false when it is counted already.</summary>
    public bool Add(FillSeen fill) =>
        !(fill.VenueAt < Horizon) && known.TryAdd(fill.TradeId, fill.VenueAt ?? DateTimeOffset.MaxValue);

    /// <summary>The positions were read: everything before this instant is in them.</summary>
    public void Forget(DateTimeOffset before)
    {
        if (before <= Horizon)
            return;
        Horizon = before;
        foreach (var (id, at) in known)
            if (at < before)
                known.Remove(id);
    }

    /// <summary>As a snapshot has it.</summary>
    public void Restore(DateTimeOffset? horizon, IEnumerable<(string Id, DateTimeOffset At)> ids)
    {
        Horizon = horizon;
        foreach (var (id, at) in ids)
            known[id] = at;
    }
}
