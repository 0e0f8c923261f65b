using Plimsoll.Engine;

namespace Plimsoll.Venues;

/// <summary>What the venue has said of orders and trades, told on in an order that makes sense.</summary>
/// <remarks>
/// Reports may come twice or out of order: what an order was is never told after what it has become, and a trade is
/// told once.
/// </remarks>
sealed class OrderReports(Action<EngineEvent> learned)
{
    const int Remembered = 20_000;
    readonly Dictionary<string, OrderReport> byId = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<string>> idsOf = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> instrumentOf = new(StringComparer.Ordinal);
    readonly Queue<string> oldest = new();
    readonly HashSet<string> trades = new(StringComparer.Ordinal);
    readonly Queue<string> oldestTrades = new();

    /// <summary>Labels of which an order rests, as far as is known.</summary>
    public IEnumerable<string> Alive =>
        idsOf.Where(row => row.Value.Any(id => byId[id].Status == VenueOrderStatus.Open)).Select(row => row.Key);

    /// <summary>An order of this label is about to be sent.</summary>
    public void Expect(string label, string instrument) => instrumentOf[label] = instrument;

    /// <summary>Instrument of a label; null when it is not known.</summary>
    public string? InstrumentOf(string label) => instrumentOf.GetValueOrDefault(label);

    /// <summary>The venue's id of a label's only order; null when none or several are known.</summary>
    public string? OnlyId(string label) => idsOf.TryGetValue(label, out var ids) && ids.Count == 1 ? ids[0] : null;

    /// <summary>Takes an order as the venue shows it.</summary>
    public void Take(OrderReport told)
    {
        instrumentOf[told.Label] = told.Instrument;
        if (!byId.TryGetValue(told.Id, out var before))
            Remember(told.Id, told.Label);
        if (before is null || !before.IsLaterThan(told))
            byId[told.Id] = told;
        Tell(told.Label);
    }

    /// <summary>Takes a trade of the account; told once however often it is reported.</summary>
    public void Take(FillSeen fill)
    {
        if (!trades.Add(fill.TradeId))
            return;
        oldestTrades.Enqueue(fill.TradeId);
        if (oldestTrades.Count > Remembered)
            trades.Remove(oldestTrades.Dequeue());
        learned(fill);
    }

    // The venue does not keep labels apart: orders that share one are told as one.
    void Tell(string label)
    {
        var all = idsOf[label].Select(id => byId[id]).ToList();
        var last = all[^1];
        var status = all.Any(one => one.Status == VenueOrderStatus.Open) ? VenueOrderStatus.Open : last.Status;
        var refusal = status == VenueOrderStatus.Rejected ? last.Refusal : RefusalKind.None;
        bool isOne = all.Count == 1;
        learned(
            new OrderSeen(
                label,
                status,
                all.Sum(one => one.Filled),
                last.Reason,
                refusal,
                isOne ? last.Contracts : null,
                isOne ? last.LimitPrice : null
            )
        );
    }

    void Remember(string id, string label)
    {
        if (!idsOf.TryGetValue(label, out var ids))
            idsOf.Add(label, ids = []);
        ids.Add(id);
        oldest.Enqueue(id);
        if (oldest.Count <= Remembered)
            return;
        string gone = oldest.Dequeue();
        if (!byId.Remove(gone, out var known))
            return;
        idsOf[known.Label].Remove(gone);
        if (idsOf[known.Label].Count > 0)
            return;
        idsOf.Remove(known.Label);
        instrumentOf.Remove(known.Label);
    }
}

/// <summary>How a venue says that an order stands.</summary>
/// <param name="Id">The venue's id.</param>
/// <param name="Label">Ours, or a name that leads back to the id.</param>
/// <param name="Instrument">Name.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Filled">Contracts so far.</param>
/// <param name="UpdatedMs">The venue's time of this state.</param>
/// <param name="Reason">Why it ended; empty when it did not say.</param>
/// <param name="Refusal">Why it was rejected, where it was and the client could tell.</param>
/// <param name="Contracts">Its whole size; null: not told.</param>
/// <param name="LimitPrice">Its price; null: not told.</param>
sealed record OrderReport(
    string Id,
    string Label,
    string Instrument,
    VenueOrderStatus Status,
    decimal Filled,
    decimal UpdatedMs,
    string Reason,
    RefusalKind Refusal = RefusalKind.Other,
    decimal? Contracts = null,
    decimal? LimitPrice = null
)
{
    /// <summary>Whether the other report is of an earlier time than this one.</summary>
    public bool IsLaterThan(OrderReport other) =>
        other.Filled < Filled
        || other.UpdatedMs < UpdatedMs
        || Status != VenueOrderStatus.Open && other.Status == VenueOrderStatus.Open;
}
