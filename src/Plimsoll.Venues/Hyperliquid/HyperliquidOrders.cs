using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Signs and sends orders and cancellations, reads orders back.</summary>
/// <remarks>
/// Each order carries a client id made of its label and expires at its valid-until, by the engine's own clock: the
/// venue has none to compare with. What is not known of an order is read back; nothing here sends it again.
/// </remarks>
sealed class HyperliquidOrders(
    HyperliquidSettings settings,
    WalletKey key,
    HyperliquidContracts contracts,
    VenueLine line,
    OrderReports reports,
    Action<EngineEvent> learned
) : IVenueOrders
{
    long lastNonce;

    /// <inheritdoc />
    public bool MustCancelAll { get; private set; }

    /// <summary>Sends an order once.</summary>
    public async Task SendAsync(Approved<OrderIntent> approved)
    {
        var order = approved.Value;
        void Fail(RefusalKind refusal, string why) => learned(new SendFailed(order.Label, false, why, refusal));
        if (contracts.Find(order.Instrument) is null)
        {
            Fail(RefusalKind.Instrument, "the venue does not list this instrument");
            return;
        }
        string clientId = contracts.Expect(order.Label);
        reports.Expect(order.Label, order.Instrument);
        bool urgent = order.ReduceOnly || order.Purpose == OrderPurpose.Cut;
        if (!line.IsUp)
        {
            Fail(RefusalKind.NotSent, "no session");
            return;
        }
        if (!await line.Matching.TakeAsync(urgent, order.ValidUntil) || !line.IsUp || line.Now >= order.ValidUntil)
        {
            Fail(RefusalKind.NotSent, "it could not be sent before its valid-until");
            return;
        }
        string life =
            order.PostOnly ? "Alo"
            : order.Life == OrderLife.ImmediateOrCancel ? "Ioc"
            : "Gtc";
        var action = new JsonObject
        {
            ["type"] = "order",
            ["orders"] = new JsonArray(
                new JsonObject
                {
                    ["a"] = contracts.Asset(order.Instrument),
                    ["b"] = order.Side == Side.Buy,
                    ["p"] = HyperliquidWire.Write(order.LimitPrice),
                    ["s"] = HyperliquidWire.Write(order.Contracts),
                    ["r"] = order.ReduceOnly,
                    ["t"] = new JsonObject { ["limit"] = new JsonObject { ["tif"] = life } },
                    ["c"] = clientId,
                }
            ),
            ["grouping"] = "na",
        };
        var answer = await ActAsync(
            action,
            order.ValidUntil.ToUnixTimeMilliseconds(),
            found =>
            {
                if (found.Outcome == RpcOutcome.Done)
                    Answered(order, found.Result);
            }
        );
        // A refused request is one that the gateway did not pass on, but it does not say so in so many words.
        if (answer.Outcome != RpcOutcome.Done)
            learned(new SendFailed(order.Label, true, answer.Words));
    }

    /// <summary>
    /// Cancels by client id, or by the venue's id where that is all there is; then reads the order back.
    /// </summary>
    public async Task CancelAsync(string label)
    {
        string? id = VenueLabel.IdOf(label),
            coin = reports.InstrumentOf(label);
        if (!line.IsUp || coin is null || contracts.Find(coin) is null)
            return;
        if (!await line.Matching.TakeAsync(urgent: true))
            return;
        int asset = contracts.Asset(coin);
        await ActAsync(
            id is null
                ? new JsonObject
                {
                    ["type"] = "cancelByCloid",
                    ["cancels"] = new JsonArray(
                        new JsonObject { ["asset"] = asset, ["cloid"] = HyperliquidWire.ClientId(label) }
                    ),
                }
                : Cancels([(asset, JsonElement.Parse(id).GetInt64())])
        );
        await ReadAsync(label);
    }

    /// <summary>Cancels whatever rests, until nothing does; over reconnections too.</summary>
    public async Task CancelAllAsync()
    {
        MustCancelAll = true;
        while (line.IsUp && MustCancelAll)
        {
            var open = await InfoAsync(new JsonObject { ["type"] = "frontendOpenOrders", ["user"] = settings.Account });
            if (open.Outcome == RpcOutcome.Done)
            {
                var resting = open
                    .Result.EnumerateArray()
                    .Select(row => (contracts.Asset(row.Text("coin")), row.GetProperty("oid").GetInt64()))
                    .ToList();
                MustCancelAll = resting.Count > 0;
                if (MustCancelAll)
                    await ActAsync(Cancels(resting));
            }
            if (MustCancelAll && line.IsUp)
                await line.PauseAsync();
        }
        foreach (string label in reports.Alive.ToList())
            await ReadAsync(label);
    }

    /// <summary>Reads an order back.</summary>
    public async Task ReadAsync(string label)
    {
        if (!line.IsUp || !await line.Other.TakeAsync(urgent: true))
            return;
        JsonNode id = VenueLabel.IdOf(label) is { } own ? JsonNode.Parse(own)! : contracts.Expect(label);
        await line.CallAsync(
            HyperliquidDialect.Info,
            new JsonObject
            {
                ["type"] = "orderStatus",
                ["user"] = settings.Account,
                ["oid"] = id,
            },
            found =>
            {
                if (found.Outcome != RpcOutcome.Done)
                    return;
                if (found.Result.Text("status") == "unknownOid")
                    learned(new OrderNotFound(label));
                else
                    Take(found.Result.GetProperty("order"));
            }
        );
    }

    /// <summary>Takes an order with its state, as updates and readings have it.</summary>
    public void Take(JsonElement row) =>
        reports.Take(contracts.Order(row.GetProperty("order"), row.Text("status"), row.Needed("statusTimestamp")));

    /// <summary>The venue cancels everything when this is not renewed in time.</summary>
    public Task ArmAsync(TimeSpan within) =>
        ActAsync(
            new JsonObject { ["type"] = "scheduleCancel", ["time"] = (line.Now + within).ToUnixTimeMilliseconds() }
        );

    void Answered(OrderIntent order, JsonElement payload)
    {
        void Fail(string why) => learned(new SendFailed(order.Label, false, why));
        if (payload.Text("status") != "ok")
        {
            Fail(payload.TryGetProperty("response", out var said) ? said.ToString() : "refused");
            return;
        }
        var status = payload.GetProperty("response").GetProperty("data").GetProperty("statuses")[0];
        if (status.ValueKind != JsonValueKind.Object)
            return;
        if (status.TryGetProperty("error", out var error))
            Fail(error.ToString());
        else if (status.TryGetProperty("resting", out var resting))
            Report(order, resting, VenueOrderStatus.Open, 0);
        else
        {
            var filled = status.GetProperty("filled");
            decimal done = filled.NeededAmount("totalSz");
            Report(
                order,
                filled,
                done >= order.Contracts ? VenueOrderStatus.Filled
                    : order.Life == OrderLife.ImmediateOrCancel ? VenueOrderStatus.Cancelled
                    : VenueOrderStatus.Open,
                done
            );
        }
    }

    void Report(OrderIntent order, JsonElement row, VenueOrderStatus status, decimal filled) =>
        reports.Take(
            new OrderReport(
                row.GetProperty("oid").ToString(),
                order.Label,
                order.Instrument,
                status,
                filled,
                0,
                status == VenueOrderStatus.Cancelled ? "the rest was not taken at once" : ""
            )
        );

    Task<RpcAnswer> InfoAsync(JsonObject question) => line.CallAsync(HyperliquidDialect.Info, question);

    Task<RpcAnswer> ActAsync(JsonObject action, long? expiresAfter = null, Action<RpcAnswer>? answered = null)
    {
        lastNonce = Math.Max(lastNonce + 1, line.Now.ToUnixTimeMilliseconds());
        string? vault = settings.IsVault ? settings.Account.ToLowerInvariant() : null;
        var body = HyperliquidSigning.Signed(key, action, lastNonce, vault, expiresAfter, settings.IsMainnet);
        return line.CallAsync(HyperliquidDialect.Action, body, answered);
    }

    static JsonObject Cancels(IEnumerable<(int Asset, long Id)> orders) =>
        new()
        {
            ["type"] = "cancel",
            ["cancels"] = new JsonArray([
                .. orders.Select(order => (JsonNode)new JsonObject { ["a"] = order.Asset, ["o"] = order.Id }),
            ]),
        };
}
