using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>Sends and cancels orders over the private socket, reads them back over HTTP.</summary>
/// <remarks>
/// An answer confirms that the request was taken, not how the order stands: that comes from the channel
/// <c>orders</c> or a reading. An order is sent once; a code that the venue's list does not call a plain refusal proves
/// nothing.
/// </remarks>
sealed class OkxOrders(
    OkxContracts contracts,
    OkxHoldings holdings,
    OkxRest rest,
    OkxReading reading,
    VenueLine line,
    OrderReports reports,
    Action<EngineEvent> learned
) : VenueOrders(line, reports, learned)
{
    const int MostCancels = 20;
    const int NoSuchOrder = 51603;

    /// <inheritdoc />
    protected override bool Lists(string instrument) => contracts.Find(instrument) is not null;

    /// <inheritdoc />
    protected override async Task PlaceAsync(OrderIntent order)
    {
        var row = new JsonObject
        {
            ["instId"] = order.Instrument,
            ["tdMode"] = holdings.Mode(order.Instrument, order.Side),
            ["side"] = order.Side == Side.Buy ? "buy" : "sell",
            ["ordType"] =
                order.PostOnly ? "post_only"
                : order.Life == OrderLife.ImmediateOrCancel ? "ioc"
                : "limit",
            ["sz"] = TextNumbers.Write(order.Contracts),
            ["px"] = TextNumbers.Write(order.LimitPrice),
            ["clOrdId"] = contracts.Labels.Expect(order.Label),
            ["reduceOnly"] = order.ReduceOnly,
        };
        if (contracts.Code(order.Instrument) is { } code)
            row["instIdCode"] = code;
        var answer = await Line.CallAsync("order", Until(order, row), found => Answered(order, found));
        if (answer.Outcome == RpcOutcome.Unknown)
            Lose(order.Label, answer.Words);
    }

    /// <inheritdoc />
    protected override async Task ChangeAsync(OrderIntent order)
    {
        var row = Named(order.Label, order.Instrument);
        row["newSz"] = TextNumbers.Write(order.Contracts);
        row["newPx"] = TextNumbers.Write(order.LimitPrice);
        row["cxlOnFail"] = false;
        var answer = await Line.CallAsync("amend-order", Until(order, row));
        if (answer.Outcome == RpcOutcome.Refused)
            Refused(order.Label, answer);
        else if (answer.Outcome == RpcOutcome.Unknown)
            Lose(order.Label, answer.Words);
        await ReadAsync(order.Label);
    }

    /// <inheritdoc />
    public override async Task CancelAsync(string label)
    {
        if (!Line.IsUp || NameOf(label) is not { } name || !await Line.Matching.TakeAsync(urgent: true))
            return;
        await Line.CallAsync("cancel-order", new JsonObject { ["args"] = new JsonArray(Named(label, name)) });
        // Neither "done" nor a refusal says how much of it was filled before.
        await ReadAsync(label);
    }

    /// <inheritdoc />
    /// <remarks>Cancels whatever rests, until a reading says that nothing does.</remarks>
    protected override async Task<bool> TryCancelAllAsync()
    {
        try
        {
            var resting = await reading.RestingAsync(urgent: true);
            foreach (var rows in resting.Chunk(MostCancels))
                await Line.CallAsync("batch-cancel-orders", new JsonObject { ["args"] = new JsonArray(Ids(rows)) });
            return resting.Count == 0;
        }
        catch (VenueException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public override async Task ReadAsync(string label)
    {
        if (!Line.IsUp || NameOf(label) is not { } name)
            return;
        string id = VenueLabel.IdOf(label) is { } own ? $"ordId={own}" : $"clOrdId={contracts.Labels.Expect(label)}";
        try
        {
            foreach (var row in (await rest.ReadAsync("trade/order", $"instId={name}&{id}", true)).EnumerateArray())
                Reports.Take(contracts.Order(row));
        }
        catch (VenueRefusal refusal) when (refusal.Code == NoSuchOrder)
        {
            Learned(new OrderNotFound(label));
        }
        catch (VenueException)
        {
            // Not known yet: the engine asks again.
        }
    }

    /// <summary>The venue cancels everything when this is not renewed in time.</summary>
    public Task ArmAsync(TimeSpan within) =>
        rest.PostAsync(
            "trade/cancel-all-after",
            new JsonObject { ["timeOut"] = TextNumbers.Write((int)within.TotalSeconds) }
        );

    void Answered(OrderIntent order, RpcAnswer answer)
    {
        if (answer.Outcome == RpcOutcome.Done)
        {
            string id = answer.Result[0].Text("ordId");
            Reports.Take(new OrderReport(id, order.Label, order.Instrument, VenueOrderStatus.Open, 0, 0, ""));
            return;
        }
        Refused(order.Label, answer);
    }

    void Refused(string label, RpcAnswer answer)
    {
        if (OkxErrors.IsRateLimit(answer.Code))
            Line.Matching.Empty();
        Learned(
            new SendFailed(
                label,
                ErrorCodes.Okx.IsAmbiguous(answer.Code),
                FormattableString.Invariant($"{answer.Words} ({answer.Code})"),
                ErrorCodes.Okx.KindOf(answer.Code)
            )
        );
    }

    JsonObject Until(OrderIntent order, JsonObject row) =>
        new()
        {
            ["expTime"] = TextNumbers.Write(Line.VenueMilliseconds(order.ValidUntil)),
            ["args"] = new JsonArray(row),
        };

    // After a restart only the label is left, and the engine ends it with the instrument's name.
    string? NameOf(string label) => Reports.InstrumentOf(label) ?? contracts.EndOf(label);

    JsonObject Named(string label, string name)
    {
        var row = new JsonObject { ["instId"] = name };
        if (contracts.Code(name) is { } code)
            row["instIdCode"] = code;
        if (VenueLabel.IdOf(label) is { } own)
            row["ordId"] = own;
        else
            row["clOrdId"] = OkxContracts.ClientId(label);
        return row;
    }

    static JsonNode[] Ids(JsonElement[] rows) =>
        [
            .. rows.Select(row =>
                (JsonNode)new JsonObject { ["instId"] = row.Text("instId"), ["ordId"] = row.Text("ordId") }
            ),
        ];
}
