using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Sends, cancels and reads back orders, and tells how they stand.</summary>
/// <remarks>
/// An order is sent once. What is not known of it is read back by its label; nothing here sends it again. Reports may
/// come twice or out of order: what an order was is never told after what it has become.
/// </remarks>
sealed class DeribitOrders(DeribitContracts contracts, DeribitLine line, Action<EngineEvent> learned)
{
    const int Remembered = 20_000;
    readonly Dictionary<string, Known> byId = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<string>> idsOf = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> instrumentOf = new(StringComparer.Ordinal);
    readonly Queue<string> oldest = new();
    readonly HashSet<string> trades = new(StringComparer.Ordinal);
    readonly Queue<string> oldestTrades = new();

    /// <summary>Whether a cancellation of everything is still to be confirmed by the venue.</summary>
    public bool MustCancelAll { get; private set; }

    /// <summary>Sends an order once.</summary>
    public async Task SendAsync(Approved<OrderIntent> approved)
    {
        var order = approved.Value;
        void Fail(bool isAmbiguous, string why) => learned(new SendFailed(order.Label, isAmbiguous, why));
        if (contracts.Find(order.Instrument) is not { } terms)
        {
            Fail(false, "the venue does not list this instrument");
            return;
        }
        instrumentOf[order.Label] = order.Instrument;
        bool urgent = order.ReduceOnly || order.Purpose == OrderPurpose.Cut;
        if (!line.IsUp)
        {
            Fail(false, "no session");
            return;
        }
        if (!await line.Matching.TakeAsync(urgent, order.ValidUntil))
        {
            Fail(false, "the rate limit leaves no message before valid-until");
            return;
        }
        if (!line.IsUp || line.Now >= order.ValidUntil)
        {
            Fail(false, line.IsUp ? "valid-until had passed before it could be sent" : "no session");
            return;
        }
        string method = order.Side == Side.Buy ? "private/buy" : "private/sell";
        var answer = await line.CallAsync(
            method,
            new JsonObject
            {
                ["instrument_name"] = order.Instrument,
                ["amount"] = order.Contracts * terms.OrderAmountPerContract,
                ["type"] = "limit",
                ["price"] = order.LimitPrice,
                ["label"] = order.Label,
                ["time_in_force"] =
                    order.Life == OrderLife.ImmediateOrCancel ? "immediate_or_cancel" : "good_til_cancelled",
                ["post_only"] = order.PostOnly,
                ["reject_post_only"] = order.PostOnly,
                ["reduce_only"] = order.ReduceOnly,
                ["valid_until"] = line.VenueMilliseconds(order.ValidUntil),
            },
            found => Answered(order.Label, found)
        );
        if (answer.Outcome == RpcOutcome.Unknown)
            Fail(true, answer.Words);
    }

    /// <summary>Cancels by label; how the order stands then is told.</summary>
    public async Task CancelAsync(string label)
    {
        if (!line.IsUp || !await line.Matching.TakeAsync(urgent: true))
            return;
        string? id = DeribitWire.IdOf(label) ?? OnlyId(label);
        var answer = id is null
            ? await line.CallAsync("private/cancel_by_label", new JsonObject { ["label"] = label })
            : await line.CallAsync(
                "private/cancel",
                new JsonObject { ["order_id"] = id },
                found => TakeIf(found.Outcome == RpcOutcome.Done, found.Result)
            );
        // A count says nothing of fills, and a refusal is no proof that the order did not fill.
        if (id is null || answer.Outcome != RpcOutcome.Done)
            await ReadAsync(label);
    }

    /// <summary>Cancels every order; repeated until the venue confirms, over reconnections too.</summary>
    public async Task CancelAllAsync()
    {
        MustCancelAll = true;
        while (line.IsUp && MustCancelAll)
        {
            // This one goes out whatever the credits say: it has a bucket of its own at the venue.
            var answer = await line.CallAsync("private/cancel_all", []);
            if (answer.Outcome == RpcOutcome.Done)
                MustCancelAll = false;
            else if (line.IsUp)
                await line.PauseAsync();
        }
        foreach (string label in Alive().ToList())
            await ReadAsync(label);
    }

    /// <summary>Reads an order back by its label, in each currency that it may be in.</summary>
    public async Task ReadAsync(string label)
    {
        if (DeribitWire.IdOf(label) is { } id)
        {
            await ReadByIdAsync(label, id);
            return;
        }
        string[] currencies =
            instrumentOf.TryGetValue(label, out string? name) && contracts.Find(name) is { } terms
                ? [terms.Settlement.Code]
                : [.. contracts.Currencies];
        int found = 0;
        foreach (string currency in currencies)
        {
            if (!line.IsUp || !await line.Other.TakeAsync(urgent: true))
                return;
            var answer = await line.CallAsync(
                "private/get_order_state_by_label",
                new JsonObject { ["currency"] = currency, ["label"] = label },
                rows => found += rows.Outcome == RpcOutcome.Done ? TakeAll(rows.Result) : 0
            );
            if (answer.Outcome != RpcOutcome.Done)
                return;
        }
        if (found == 0)
            learned(new OrderNotFound(label));
    }

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

    void Answered(string label, RpcAnswer answer)
    {
        if (answer.Outcome == RpcOutcome.Done)
        {
            Take(answer.Result.GetProperty("order"));
            foreach (var trade in answer.Result.GetProperty("trades").EnumerateArray())
                TakeTrade(trade);
            return;
        }
        if (answer.Code == DeribitErrors.TooManyRequests)
            line.Matching.Empty();
        learned(
            new SendFailed(
                label,
                DeribitErrors.IsAmbiguous(answer.Code),
                FormattableString.Invariant($"{answer.Words} ({answer.Code})")
            )
        );
    }

    async Task ReadByIdAsync(string label, string id)
    {
        if (!line.IsUp || !await line.Other.TakeAsync(urgent: true))
            return;
        var answer = await line.CallAsync(
            "private/get_order_state",
            new JsonObject { ["order_id"] = id },
            found => TakeIf(found.Outcome == RpcOutcome.Done, found.Result)
        );
        if (answer.Outcome == RpcOutcome.Refused && !DeribitErrors.IsAmbiguous(answer.Code))
            learned(new OrderNotFound(label));
    }

    void TakeIf(bool isDone, JsonElement row)
    {
        if (isDone)
            Take(row);
    }

    int TakeAll(JsonElement rows)
    {
        foreach (var row in rows.EnumerateArray())
            Take(row);
        return rows.GetArrayLength();
    }

    // The venue does not keep labels apart: orders that share one are told as one.
    void Tell(string label)
    {
        var all = idsOf[label].Select(id => byId[id]).ToList();
        var last = all[^1];
        var status = all.Any(one => one.Status == VenueOrderStatus.Open) ? VenueOrderStatus.Open : last.Status;
        learned(new OrderSeen(label, status, all.Sum(one => one.Filled), last.Reason));
    }

    IEnumerable<string> Alive() =>
        idsOf.Where(row => row.Value.Any(id => byId[id].Status == VenueOrderStatus.Open)).Select(row => row.Key);

    string? OnlyId(string label) => idsOf.TryGetValue(label, out var ids) && ids.Count == 1 ? ids[0] : null;

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
