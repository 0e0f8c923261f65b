using System.Text.Json;
using Plimsoll.Engine;

namespace Plimsoll.Venues;

/// <summary>What the venue has said of orders and trades, told on in an order that makes sense.</summary>
/// <remarks>
/// Reports may come twice or out of order: what an order was is never told after what it has become, and a trade is
/// told once.
/// </remarks>
sealed class DeribitReports(DeribitContracts contracts, Action<EngineEvent> learned)
{
    const int Remembered = 20_000;
    readonly Dictionary<string, Known> byId = new(StringComparer.Ordinal);
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
    public void Take(JsonElement row)
    {
        string id = row.Text("order_id"),
            name = row.Text("instrument_name"),
            label = DeribitWire.Label(row.Text("label"), id);
        if (id.Length == 0 || name.Length == 0)
            throw new FormatException("an order without an id or an instrument");
        var status = DeribitWire.Status(row.Text("order_state"));
        var told = new Known(
            label,
            status,
            contracts.Of(row, "filled_amount"),
            row.Number("last_update_timestamp") ?? 0,
            Reason(row)
        );
        instrumentOf[label] = name;
        if (!byId.TryGetValue(id, out var before))
            Remember(id, label);
        if (before is null || !before.IsLaterThan(told))
            byId[id] = told;
        Tell(label);
    }

    /// <summary>Takes a trade of the account; told once however often it is reported.</summary>
    public void TakeTrade(JsonElement row)
    {
        var fill = contracts.Fill(row);
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
        learned(new OrderSeen(label, status, all.Sum(one => one.Filled), last.Reason));
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

    static string Reason(JsonElement row)
    {
        string reason = row.Text("cancel_reason");
        return reason.Length > 0 ? reason : row.Text("reject_reason");
    }

    sealed record Known(string Label, VenueOrderStatus Status, decimal Filled, decimal UpdatedMs, string Reason)
    {
        /// <summary>Whether the other report is of an earlier time than this one.</summary>
        public bool IsLaterThan(Known other) =>
            other.Filled < Filled
            || other.UpdatedMs < UpdatedMs
            || Status != VenueOrderStatus.Open && other.Status == VenueOrderStatus.Open;
    }
}
