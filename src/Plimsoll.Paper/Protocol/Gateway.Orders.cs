using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

public sealed partial class Gateway
{
    IEnumerable<RpcMethod> OrderMethods() =>
        [
            Matching("private/buy", call => Place(call, Side.Buy)),
            Matching("private/sell", call => Place(call, Side.Sell)),
            Matching("private/edit", Edit),
            Matching("private/edit_by_label", EditByLabel),
            Matching("private/cancel", Cancel),
            Matching("private/cancel_all", call => CancelAll(call, _ => true), RateClass.CancelAll),
            Matching("private/cancel_all_by_currency", call => CancelAll(call, ByCurrency(call)), RateClass.CancelAll),
            Matching(
                "private/cancel_all_by_instrument",
                call => CancelAll(call, ByInstrument(call)),
                RateClass.CancelAll
            ),
            Matching("private/cancel_by_label", CancelByLabel),
            Matching("private/close_position", ClosePosition),
            Reading("private/get_open_orders", call => OpenOrders(call, _ => true)),
            Reading("private/get_open_orders_by_currency", call => OpenOrders(call, ByCurrency(call))),
            Reading("private/get_open_orders_by_instrument", call => OpenOrders(call, ByInstrument(call))),
            Reading("private/get_open_orders_by_label", call => OpenOrders(call, ByLabel(call))),
            Reading("private/get_order_state", OrderState),
            Reading("private/get_order_state_by_label", OrderStateByLabel),
            Reading("private/get_order_history_by_currency", call => History(call, ByCurrency(call))),
            Reading("private/get_order_history_by_instrument", call => History(call, ByInstrument(call))),
            Reading("private/get_trigger_order_history", TriggerHistory),
            Reading("private/get_user_trades_by_instrument", call => UserTrades(call, ByInstrument(call))),
            Reading("private/get_user_trades_by_instrument_and_time", call => UserTrades(call, ByInstrument(call))),
            Reading("private/get_user_trades_by_currency", call => UserTrades(call, ByCurrency(call))),
            Reading("private/get_user_trades_by_currency_and_time", call => UserTrades(call, ByCurrency(call))),
            Reading("private/get_user_trades_by_order", UserTradesByOrder),
            Reading("private/get_margins", Margins),
            Reading("private/get_order_margin_by_ids", OrderMargins),
        ];

    static RpcMethod Matching(string name, Func<RpcCall, JsonNode?> run, RateClass rate = RateClass.Matching) =>
        new(name, rate, run, Trades: true);

    static RpcMethod Reading(string name, Func<RpcCall, JsonNode?> run) => new(name, RateClass.NonMatching, run);

    JsonNode Place(RpcCall call, Side side)
    {
        var from = call.Parameters;
        var book = Book(call);
        if (from.OptionalText("type") == "trailing_stop" || from.OptionalText("linked_order_type") is not null)
            throw new RpcRefusal(VenueError.InvalidArguments, "trailing and linked orders are not served");
        if (from.OptionalText("advanced") is not null)
            throw new RpcRefusal(VenueError.InvalidArguments, "advanced orders are not served");
        var request = new OrderRequest
        {
            Instrument = book.Name,
            Side = side,
            Amount = Amount(from, book) ?? throw RpcRefusal.Bad("amount", "value required"),
            Kind = from.Word("type", Wire.OrderKinds) ?? OrderKind.Limit,
            Price = from.OptionalNumber("price"),
            TimeInForce = from.Word("time_in_force", Wire.TimesInForce) ?? TimeInForce.GoodTilCancelled,
            PostOnly = from.Flag("post_only") ?? false,
            RejectPostOnly = from.Flag("reject_post_only") ?? false,
            ReduceOnly = from.Flag("reduce_only") ?? false,
            Label = from.OptionalText("label") ?? "",
            ValidUntilMs = from.Whole("valid_until"),
            TriggerPrice = from.OptionalNumber("trigger_price"),
            Trigger = from.Word("trigger", Wire.Triggers),
            Connection = call.Connection,
        };
        if (!request.HasLimit)
            request = request with { Price = null };
        if (request.IsTrigger && request.Trigger is null)
            throw RpcRefusal.Bad("trigger", "value required");
        return Answered(venue.Place(call.Account, request));
    }

    /// <summary>Size by amount, or by contracts, or by both when they agree.</summary>
    static decimal? Amount(RpcParameters from, ListedInstrument book)
    {
        decimal? amount = from.OptionalNumber("amount");
        if (from.OptionalNumber("contracts") is not { } contracts)
            return amount;
        decimal meant = contracts * book.Instrument.OrderAmountPerContract;
        return amount is null || amount == meant ? meant : throw RpcRefusal.Bad("contracts", "disagrees with amount");
    }

    JsonNode Edit(RpcCall call)
    {
        string id = call.Parameters.Text("order_id");
        var order = venue.Find(call.Account, id) ?? throw new RpcRefusal(VenueError.OrderNotFound);
        return Answered(venue.Edit(call.Account, id, Change(call.Parameters, order.Listed)));
    }

    JsonNode EditByLabel(RpcCall call)
    {
        string label = call.Parameters.Text("label");
        var book = Book(call);
        var found = call.Account.OpenOrders.Where(order => order.Listed == book && order.Label == label).ToList();
        if (found.Count > 1)
            throw new RpcRefusal(VenueError.NonUniqueOrderLabel);
        if (found.Count == 0)
            throw new RpcRefusal(VenueError.OrderNotFound);
        return Answered(venue.Edit(call.Account, found[0].Id, Change(call.Parameters, book)));
    }

    static OrderChange Change(RpcParameters from, ListedInstrument book) =>
        new(
            Amount(from, book),
            from.OptionalNumber("price"),
            from.Flag("post_only"),
            from.Flag("reject_post_only"),
            from.Flag("reduce_only"),
            from.OptionalNumber("trigger_price"),
            from.Whole("valid_until")
        );

    JsonNode Cancel(RpcCall call)
    {
        var answer = venue.Cancel(call.Account, call.Parameters.Text("order_id"));
        return answer.Error == VenueError.None
            ? WireOrders.Order(answer.Order!)
            : throw new RpcRefusal(answer.Error, answer.Detail);
    }

    JsonNode CancelAll(RpcCall call, Func<Order, bool> matches)
    {
        call.Parameters.OptionalText("freeze_quotes");
        var ofType = OfType(call);
        var gone = venue.CancelWhere(call.Account, order => matches(order) && ofType(order), CancelReason.UserRequest);
        return call.Parameters.Flag("detailed") == true ? Wire.List(gone.Select(WireOrders.Order)) : gone.Count;
    }

    JsonNode CancelByLabel(RpcCall call)
    {
        string label = call.Parameters.Text("label");
        string currency = call.Parameters.OptionalText("currency") ?? "any";
        var ofCurrency = Channels.Matching("any", currency);
        return venue
            .CancelWhere(
                call.Account,
                order => order.Label == label && ofCurrency(order.Listed),
                CancelReason.UserRequest
            )
            .Count;
    }

    JsonNode ClosePosition(RpcCall call)
    {
        string type = call.Parameters.Text("type");
        decimal? price = call.Parameters.OptionalNumber("price");
        if (type is not ("limit" or "market"))
            throw RpcRefusal.Bad("type", "must be one of limit, market");
        if (type == "limit" && price is null)
            throw RpcRefusal.Bad("price", "value required");
        return Answered(
            venue.ClosePosition(call.Account, Book(call).Name, type == "limit" ? price : null, call.Connection)
        );
    }

    static Func<Order, bool> ByCurrency(RpcCall call)
    {
        string currency = call.Parameters.Text("currency");
        var matches = Channels.Matching(call.Parameters.OptionalText("kind") ?? "any", currency);
        return order => matches(order.Listed);
    }

    Func<Order, bool> ByInstrument(RpcCall call)
    {
        var book = Book(call);
        return order => order.Listed == book;
    }

    static Func<Order, bool> ByLabel(RpcCall call)
    {
        string? label = call.Parameters.OptionalText("label");
        var ofCurrency = ByCurrency(call);
        return order => ofCurrency(order) && (label is null || order.Label == label);
    }

    static Func<Order, bool> OfType(RpcCall call) =>
        call.Parameters.OptionalText("type") switch
        {
            null or "all" => _ => true,
            "limit" => order => order.State != Paper.OrderState.Untriggered,
            "trigger_all" => order => order.State == Paper.OrderState.Untriggered,
            "stop_all" or "stop_limit" or "stop_market" => order =>
                order.Kind is OrderKind.StopLimit or OrderKind.StopMarket,
            "take_all" or "take_limit" or "take_market" => order =>
                order.Kind is OrderKind.TakeLimit or OrderKind.TakeMarket,
            _ => throw RpcRefusal.Bad("type", "unknown type"),
        };

    static JsonNode OpenOrders(RpcCall call, Func<Order, bool> matches)
    {
        string kind = call.Parameters.OptionalText("kind") ?? "any";
        var ofKind = Channels.Matching(kind, "any");
        var ofType = OfType(call);
        return Wire.List(
            call.Account.OpenOrders.Where(order => matches(order) && ofKind(order.Listed) && ofType(order))
                .Select(WireOrders.Order)
        );
    }

    JsonNode OrderState(RpcCall call) =>
        WireOrders.Order(
            venue.Find(call.Account, call.Parameters.Text("order_id")) ?? throw new RpcRefusal(VenueError.OrderNotFound)
        );

    static JsonNode OrderStateByLabel(RpcCall call)
    {
        var matches = ByLabel(call);
        return Wire.List(
            call.Account.OpenOrders.Concat(call.Account.ClosedOrders.Reverse()).Where(matches).Select(WireOrders.Order)
        );
    }

    /// <summary>Closed orders, newest first; those that never traded only when asked for.</summary>
    static JsonNode History(RpcCall call, Func<Order, bool> matches)
    {
        var from = call.Parameters;
        from.OptionalText("include_old");
        from.OptionalText("historical");
        bool unfilled = from.Flag("include_unfilled") ?? false;
        int offset = (int)Math.Clamp(from.Whole("offset") ?? 0, 0, int.MaxValue);
        int count = (int)Math.Clamp(from.Whole("count") ?? 20, 1, MostTrades);
        return Wire.List(
            call.Account.ClosedOrders.Reverse()
                .Where(order => matches(order) && (unfilled || order.Filled > 0))
                .Skip(offset)
                .Take(count)
                .Select(WireOrders.Order)
        );
    }

    static JsonNode TriggerHistory(RpcCall call)
    {
        var matches = ByCurrency(call);
        string? name = call.Parameters.OptionalText("instrument_name");
        int count = (int)Math.Clamp(call.Parameters.Whole("count") ?? 20, 1, MostTrades);
        return new JsonObject
        {
            ["entries"] = Wire.List(
                call.Account.ClosedOrders.Reverse()
                    .Where(order => order.TriggerPrice is not null && matches(order))
                    .Where(order => name is null || order.Listed.Name == name)
                    .Take(count)
                    .Select(WireOrders.Order)
            ),
            ["continuation"] = null,
        };
    }

    static JsonNode UserTrades(RpcCall call, Func<Order, bool> matches)
    {
        var from = call.Parameters;
        from.OptionalText("include_old");
        from.OptionalText("historical");
        var within = Window<Fill>(from, fill => fill.Trade.AtMs, fill => fill.Trade.Sequence);
        return Page(from, call.Account.Fills.Where(fill => matches(fill.Order) && within(fill)), WireOrders.UserTrade);
    }

    static JsonNode UserTradesByOrder(RpcCall call)
    {
        string id = call.Parameters.Text("order_id");
        call.Parameters.OptionalText("sorting");
        return Wire.List(call.Account.Fills.Where(fill => fill.Order.Id == id).Select(WireOrders.UserTrade));
    }

    JsonNode Margins(RpcCall call)
    {
        var book = Book(call);
        decimal amount = call.Parameters.Number("amount");
        decimal price = call.Parameters.Number("price");
        var (lowest, highest) = venue.Band(book);
        return new JsonObject
        {
            ["buy"] = Wire.Number(venue.OrderMargin(book, Side.Buy, amount, price)),
            ["sell"] = Wire.Number(venue.OrderMargin(book, Side.Sell, amount, price)),
            ["min_price"] = Wire.Number(lowest),
            ["max_price"] = Wire.Number(highest),
        };
    }

    JsonNode OrderMargins(RpcCall call)
    {
        var ids = call.Parameters.Texts("ids");
        return Wire.List(
            call.Account.OpenOrders.Where(order => ids.Contains(order.Id))
                .Select(order =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["order_id"] = order.Id,
                            ["initial_margin"] = Wire.Number(
                                venue.OrderMargin(order.Listed, order.Side, order.Remaining, order.Price)
                            ),
                            ["initial_margin_currency"] = order.Listed.Currency.Code,
                        }
                )
        );
    }
}
