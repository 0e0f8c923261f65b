using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Sends, cancels and reads back orders, and tells how they stand.</summary>
/// <remarks>
/// An order is sent once. What is not known of it is read back by its label; nothing here sends it again.
/// </remarks>
sealed class DeribitOrders(
    DeribitContracts contracts,
    VenueLine line,
    OrderReports reports,
    Action<EngineEvent> learned
) : IVenueOrders
{
    readonly HashSet<string> cancelling = new(StringComparer.Ordinal);
    readonly HashSet<string> readingBack = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public bool MustCancelAll { get; private set; }

    /// <summary>Sends an order once.</summary>
    public async Task SendAsync(Approved<OrderIntent> approved)
    {
        var order = approved.Value;
        void Fail(RefusalKind refusal, string why) => learned(new SendFailed(order.Label, false, why, refusal));
        if (contracts.Find(order.Instrument) is not { } terms)
        {
            Fail(RefusalKind.Instrument, "the venue does not list this instrument");
            return;
        }
        reports.Expect(order.Label, order.Instrument);
        bool urgent = order.ReduceOnly || order.Purpose == OrderPurpose.Cut;
        if (!line.IsUp)
        {
            Fail(RefusalKind.NotSent, "no session");
            return;
        }
        if (!await line.Matching.TakeAsync(urgent, order.ValidUntil))
        {
            Fail(RefusalKind.NotSent, "the rate limit leaves no message before valid-until");
            return;
        }
        if (!line.IsUp || line.Now >= order.ValidUntil)
        {
            Fail(RefusalKind.NotSent, line.IsUp ? "valid-until had passed before it could be sent" : "no session");
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
            learned(new SendFailed(order.Label, true, answer.Words));
    }

    /// <summary>Cancels by label, unless that is under way; how the order stands then is told.</summary>
    public async Task CancelAsync(string label)
    {
        if (!cancelling.Add(label))
            return;
        try
        {
            await CancelOnceAsync(label);
        }
        finally
        {
            cancelling.Remove(label);
        }
    }

    async Task CancelOnceAsync(string label)
    {
        if (!line.IsUp || !await line.Matching.TakeAsync(urgent: true))
            return;
        string? id = VenueLabel.IdOf(label) ?? reports.OnlyId(label);
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
        foreach (string label in reports.Alive.ToList())
            await ReadAsync(label);
    }

    /// <summary>Reads an order back by its label, unless that is under way.</summary>
    public async Task ReadAsync(string label)
    {
        if (!readingBack.Add(label))
            return;
        try
        {
            await ReadOnceAsync(label);
        }
        finally
        {
            readingBack.Remove(label);
        }
    }

    // Where the order's instrument is not known it may be in any currency.
    async Task ReadOnceAsync(string label)
    {
        if (VenueLabel.IdOf(label) is { } id)
        {
            await ReadByIdAsync(label, id);
            return;
        }
        string[] currencies =
            reports.InstrumentOf(label) is { } name && contracts.Find(name) is { } terms
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

    void Answered(string label, RpcAnswer answer)
    {
        if (answer.Outcome == RpcOutcome.Done)
        {
            reports.Take(contracts.Order(answer.Result.GetProperty("order")));
            foreach (var trade in answer.Result.GetProperty("trades").EnumerateArray())
                reports.Take(contracts.Fill(trade));
            return;
        }
        if (answer.Code == DeribitErrors.TooManyRequests)
            line.Matching.Empty();
        learned(
            new SendFailed(
                label,
                DeribitErrors.IsAmbiguous(answer.Code),
                FormattableString.Invariant($"{answer.Words} ({answer.Code})"),
                DeribitErrors.KindOf(answer.Code)
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
            reports.Take(contracts.Order(row));
    }

    int TakeAll(JsonElement rows)
    {
        foreach (var row in rows.EnumerateArray())
            reports.Take(contracts.Order(row));
        return rows.GetArrayLength();
    }
}
