using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Sends, cancels and reads back orders, and tells how they stand.</summary>
sealed class DeribitOrders(
    DeribitContracts contracts,
    VenueLine line,
    OrderReports reports,
    Action<EngineEvent> learned
) : VenueOrders(line, reports, learned)
{
    readonly HashSet<string> cancelling = new(StringComparer.Ordinal);
    readonly HashSet<string> readingBack = new(StringComparer.Ordinal);

    /// <inheritdoc />
    protected override bool Lists(string instrument) => contracts.Find(instrument) is not null;

    /// <inheritdoc />
    protected override async Task PlaceAsync(OrderIntent order)
    {
        string method = order.Side == Side.Buy ? "private/buy" : "private/sell";
        var parameters = Terms(order);
        parameters["instrument_name"] = order.Instrument;
        parameters["type"] = "limit";
        parameters["label"] = order.Label;
        parameters["time_in_force"] =
            order.Life == OrderLife.ImmediateOrCancel ? "immediate_or_cancel" : "good_til_cancelled";
        var answer = await Line.CallAsync(method, parameters, found => Answered(order.Label, found));
        if (answer.Outcome == RpcOutcome.Unknown)
            Lose(order.Label, answer.Words);
    }

    /// <inheritdoc />
    protected override async Task ChangeAsync(OrderIntent order)
    {
        if ((VenueLabel.IdOf(order.Label) ?? Reports.OnlyId(order.Label)) is not { } id)
        {
            Refuse(order.Label, "no order of this label is known at the venue", RefusalKind.NotSent);
            return;
        }
        var parameters = Terms(order);
        parameters["order_id"] = id;
        var answer = await Line.CallAsync("private/edit", parameters, found => Answered(order.Label, found));
        if (answer.Outcome == RpcOutcome.Unknown)
            Lose(order.Label, answer.Words);
        // A refusal is no proof that the order still rests.
        else if (answer.Outcome == RpcOutcome.Refused)
            await ReadAsync(order.Label);
    }

    /// <summary>What placing and changing have in common.</summary>
    JsonObject Terms(OrderIntent order) =>
        new()
        {
            ["amount"] = order.Contracts * contracts.Find(order.Instrument)!.OrderAmountPerContract,
            ["price"] = order.LimitPrice,
            ["post_only"] = order.PostOnly,
            ["reject_post_only"] = order.PostOnly,
            ["reduce_only"] = order.ReduceOnly,
            ["valid_until"] = Line.VenueMilliseconds(order.ValidUntil),
        };

    /// <summary>Cancels by label, unless that is under way; how the order stands then is told.</summary>
    public override async Task CancelAsync(string label)
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
        if (!Line.IsUp || !await Line.Matching.TakeAsync(urgent: true))
            return;
        string? id = VenueLabel.IdOf(label) ?? Reports.OnlyId(label);
        var answer = id is null
            ? await Line.CallAsync("private/cancel_by_label", new JsonObject { ["label"] = label })
            : await Line.CallAsync(
                "private/cancel",
                new JsonObject { ["order_id"] = id },
                found => TakeIf(found.Outcome == RpcOutcome.Done, found.Result)
            );
        if (answer.Outcome == RpcOutcome.Refused && DeribitErrors.IsRateLimit(answer.Code))
            Line.Matching.Empty();
        // A count says nothing of fills, and a refusal is no proof that the order did not fill.
        if (id is null || answer.Outcome != RpcOutcome.Done)
            await ReadAsync(label);
    }

    /// <inheritdoc />
    /// <remarks>It goes out whatever the credits say: it has a bucket of its own at the venue.</remarks>
    protected override async Task<bool> TryCancelAllAsync() =>
        (await Line.CallAsync("private/cancel_all", [])).Outcome == RpcOutcome.Done;

    /// <summary>Reads an order back by its label, unless that is under way.</summary>
    public override async Task ReadAsync(string label)
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
            Reports.InstrumentOf(label) is { } name && contracts.Find(name) is { } terms
                ? [terms.Settlement.Code]
                : [.. contracts.Currencies];
        int found = 0;
        foreach (string currency in currencies)
        {
            if (!Line.IsUp || !await Line.Other.TakeAsync(urgent: true))
                return;
            var answer = await Line.CallAsync(
                "private/get_order_state_by_label",
                new JsonObject { ["currency"] = currency, ["label"] = label },
                rows => found += rows.Outcome == RpcOutcome.Done ? TakeAll(rows.Result) : 0
            );
            if (answer.Outcome != RpcOutcome.Done)
                return;
        }
        if (found == 0)
            Learned(new OrderNotFound(label));
    }

    void Answered(string label, RpcAnswer answer)
    {
        if (answer.Outcome == RpcOutcome.Done)
        {
            Reports.Take(contracts.Order(answer.Result.GetProperty("order")));
            foreach (var trade in answer.Result.GetProperty("trades").EnumerateArray())
                Reports.Take(contracts.Fill(trade));
            return;
        }
        if (DeribitErrors.IsRateLimit(answer.Code))
            Line.Matching.Empty();
        Learned(
            new SendFailed(
                label,
                ErrorCodes.Deribit.IsAmbiguous(answer.Code),
                FormattableString.Invariant($"{answer.Words} ({answer.Code})"),
                ErrorCodes.Deribit.KindOf(answer.Code)
            )
        );
    }

    async Task ReadByIdAsync(string label, string id)
    {
        if (!Line.IsUp || !await Line.Other.TakeAsync(urgent: true))
            return;
        var answer = await Line.CallAsync(
            "private/get_order_state",
            new JsonObject { ["order_id"] = id },
            found => TakeIf(found.Outcome == RpcOutcome.Done, found.Result)
        );
        if (answer.Outcome == RpcOutcome.Refused && !ErrorCodes.Deribit.IsAmbiguous(answer.Code))
            Learned(new OrderNotFound(label));
    }

    void TakeIf(bool isDone, JsonElement row)
    {
        if (isDone)
            Reports.Take(contracts.Order(row));
    }

    int TakeAll(JsonElement rows)
    {
        foreach (var row in rows.EnumerateArray())
            Reports.Take(contracts.Order(row));
        return rows.GetArrayLength();
    }
}
