using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>Signs and sends orders and cancellations, reads orders back.</summary>
/// <remarks>
/// Each order carries a client id made of its label and expires at its valid-until, by the engine's own clock: the
/// venue has none to compare with.
/// </remarks>
sealed class HyperliquidOrders(
    HyperliquidSettings settings,
    WalletKey key,
    HyperliquidContracts contracts,
    VenueLine line,
    OrderReports reports,
    Action<EngineEvent> learned
) : VenueOrders(line, reports, learned)
{
    long lastNonce;

    /// <inheritdoc />
    protected override bool Lists(string instrument) => contracts.Find(instrument) is not null;

    /// <inheritdoc />
    protected override async Task PlaceAsync(OrderIntent order)
    {
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
                    ["p"] = TextNumbers.Write(order.LimitPrice),
                    ["s"] = TextNumbers.Write(order.Contracts),
                    ["r"] = order.ReduceOnly,
                    ["t"] = new JsonObject { ["limit"] = new JsonObject { ["tif"] = life } },
                    ["c"] = contracts.Labels.Expect(order.Label),
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
            Lose(order.Label, answer.Words);
    }

    /// <inheritdoc />
    /// <remarks>The venue's own change cancels and places another order: it would look like this one's end.</remarks>
    protected override Task ChangeAsync(OrderIntent order)
    {
        Refuse(order.Label, "an order is not changed there: cancel it and send another", RefusalKind.NotSent);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Cancels by client id, or by the venue's id where that is all there is; then reads the order back.
    /// </summary>
    public override async Task CancelAsync(string label)
    {
        string? id = VenueLabel.IdOf(label),
            coin = Reports.InstrumentOf(label);
        if (!Line.IsUp || coin is null || contracts.Find(coin) is null)
            return;
        if (!await Line.Matching.TakeAsync(urgent: true))
            return;
        int asset = contracts.Asset(coin);
        await ActAsync(
            id is null
                ? new JsonObject
                {
                    ["type"] = "cancelByCloid",
                    ["cancels"] = new JsonArray(
                        new JsonObject { ["asset"] = asset, ["cloid"] = HyperliquidContracts.ClientId(label) }
                    ),
                }
                : Cancels([(asset, JsonElement.Parse(id).GetInt64())])
        );
        await ReadAsync(label);
    }

    /// <inheritdoc />
    /// <remarks>Cancels whatever rests, until a reading says that nothing does.</remarks>
    protected override async Task<bool> TryCancelAllAsync()
    {
        var open = await InfoAsync(new JsonObject { ["type"] = "frontendOpenOrders", ["user"] = settings.Account });
        if (open.Outcome != RpcOutcome.Done)
            return false;
        var resting = open
            .Result.EnumerateArray()
            .Select(row => (contracts.Asset(row.Text("coin")), row.GetProperty("oid").GetInt64()))
            .ToList();
        if (resting.Count > 0)
            await ActAsync(Cancels(resting));
        return resting.Count == 0;
    }

    /// <summary>Reads an order back.</summary>
    public override async Task ReadAsync(string label)
    {
        if (!Line.IsUp || !await Line.Other.TakeAsync(urgent: true))
            return;
        JsonNode id = VenueLabel.IdOf(label) is { } own ? JsonNode.Parse(own)! : contracts.Labels.Expect(label);
        await Line.CallAsync(
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
                    Learned(new OrderNotFound(label));
                else
                    Take(found.Result.GetProperty("order"));
            }
        );
    }

    /// <summary>Takes an order with its state, as updates and readings have it.</summary>
    public void Take(JsonElement row) =>
        Reports.Take(contracts.Order(row.GetProperty("order"), row.Text("status"), row.Needed("statusTimestamp")));

    /// <summary>The venue cancels everything when this is not renewed in time.</summary>
    public Task ArmAsync(TimeSpan within) =>
        ActAsync(
            new JsonObject { ["type"] = "scheduleCancel", ["time"] = (Line.Now + within).ToUnixTimeMilliseconds() }
        );

    void Answered(OrderIntent order, JsonElement payload)
    {
        void Fail(string why)
        {
            var kind = HyperliquidErrors.KindOf(why);
            if (kind == RefusalKind.RateLimit)
                Line.Matching.Empty();
            Refuse(order.Label, why, kind);
        }
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
        Reports.Take(
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

    Task<RpcAnswer> InfoAsync(JsonObject question) => Line.CallAsync(HyperliquidDialect.Info, question);

    Task<RpcAnswer> ActAsync(JsonObject action, long? expiresAfter = null, Action<RpcAnswer>? answered = null)
    {
        lastNonce = Math.Max(lastNonce + 1, Line.Now.ToUnixTimeMilliseconds());
        string? vault = settings.IsVault ? settings.Account.ToLowerInvariant() : null;
        var body = HyperliquidSigning.Signed(key, action, lastNonce, vault, expiresAfter, settings.IsMainnet);
        return Line.CallAsync(HyperliquidDialect.Action, body, answered);
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
