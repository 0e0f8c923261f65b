using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>Orders, trades and ledger rows as the API shows them.</summary>
static class WireOrders
{
    public static JsonObject Order(Order order)
    {
        var row = new JsonObject
        {
            ["order_id"] = order.Id,
            ["order_state"] = Wire.Word(order.State),
            ["order_type"] = Wire.Word(order.Kind),
            ["time_in_force"] = Wire.Word(order.TimeInForce),
            ["instrument_name"] = order.Listed.Name,
            ["creation_timestamp"] = order.CreatedMs,
            ["last_update_timestamp"] = order.UpdatedMs,
            ["direction"] = Wire.Word(order.Side),
            ["price"] = Price(order),
            ["label"] = order.Label,
            ["post_only"] = order.PostOnly,
            ["reject_post_only"] = order.RejectPostOnly,
            ["reduce_only"] = order.ReduceOnly,
            ["api"] = true,
            ["web"] = false,
            ["mobile"] = false,
            ["amount"] = Wire.Number(order.Amount),
            ["contracts"] = Wire.Number(order.Listed.Contracts(order.Amount)),
            ["display_amount"] = Wire.Number(order.Amount),
            ["max_show"] = Wire.Number(order.Amount),
            ["filled_amount"] = Wire.Number(order.Filled),
            ["average_price"] = Wire.Number(order.AveragePrice),
            ["commission"] = Wire.Number(order.Commission),
            ["replaced"] = order.Replaced,
            ["is_rebalance"] = false,
            ["is_liquidation"] = order.IsLiquidation,
            ["risk_reducing"] = false,
            ["mmp"] = order.Quote is not null,
        };
        if (order.Quote is { } quote)
        {
            row["quote"] = true;
            row["quote_id"] = quote.QuoteId;
            row["quote_set_id"] = quote.SetId;
            row["mmp_group"] = quote.Group;
        }
        if (order.State == OrderState.Cancelled || order.CancelReason != CancelReason.None)
            row["cancel_reason"] = Wire.Word(order.CancelReason);
        if (order.TriggerPrice is { } trigger)
        {
            row["trigger_price"] = Wire.Number(trigger);
            row["trigger"] = Wire.Word(order.Trigger!.Value);
            row["triggered"] = order.State == OrderState.Triggered;
        }
        if (order.TriggerOrderId is { } from)
        {
            row["trigger_order_id"] = from;
            row["triggered"] = true;
        }
        return row;
    }

    public static JsonObject PublicTrade(Trade trade)
    {
        var row = new JsonObject
        {
            ["trade_seq"] = trade.Sequence,
            ["trade_id"] = trade.Id,
            ["timestamp"] = trade.AtMs,
            ["tick_direction"] = trade.TickDirection,
            ["price"] = Wire.Number(trade.Price),
            ["mark_price"] = Wire.Number(trade.Mark),
            ["index_price"] = Wire.Number(trade.Index),
            ["instrument_name"] = trade.Listed.Name,
            ["direction"] = Wire.Word(trade.TakerSide),
            ["amount"] = Wire.Number(trade.Amount),
            ["contracts"] = Wire.Number(trade.Listed.Contracts(trade.Amount)),
        };
        if (trade.ImpliedVolatility is { } volatility)
            row["iv"] = Wire.Real(100 * volatility, 2);
        if (trade.Liquidation is { } side)
            row["liquidation"] = side;
        return row;
    }

    public static JsonObject UserTrade(Fill fill)
    {
        var (trade, order) = (fill.Trade, fill.Order);
        var row = PublicTrade(trade);
        row["direction"] = Wire.Word(order.Side);
        row["order_id"] = order.Id;
        row["order_type"] = Wire.Word(order.Kind);
        row["liquidity"] = fill.Liquidity == Liquidity.Maker ? "M" : "T";
        row["fee"] = Wire.Number(fill.Fee);
        row["fee_currency"] = trade.Listed.Currency.Code;
        row["profit_loss"] = Wire.Number(fill.ProfitLoss, 8);
        row["state"] = order.Remaining == 0 ? "filled" : "open";
        row["label"] = order.Label;
        row["post_only"] = order.PostOnly;
        row["reduce_only"] = order.ReduceOnly;
        row["matching_id"] = null;
        row["self_trade"] = false;
        row["api"] = true;
        row["mmp"] = false;
        row["risk_reducing"] = false;
        if (trade.Listed.Instrument is OptionInstrument)
            row["underlying_price"] = Wire.Number(trade.Listed.UnderlyingUsd);
        return row;
    }

    public static JsonObject Answer(OrderAnswer answer) =>
        new() { ["order"] = Order(answer.Order!), ["trades"] = Wire.List(answer.Fills.Select(UserTrade)) };

    public static JsonObject LedgerRow(PaperAccount account, LedgerEntry entry)
    {
        var row = new JsonObject
        {
            ["id"] = entry.Id,
            ["user_id"] = account.Id,
            ["username"] = account.Name,
            ["user_seq"] = entry.UserSequence,
            ["timestamp"] = entry.AtMs,
            ["type"] = entry.Type,
            ["currency"] = entry.Currency.Code,
            ["instrument_name"] = entry.Instrument,
            ["side"] = entry.Side,
            ["change"] = Wire.Number(entry.Change),
            ["cashflow"] = Wire.Number(entry.Change + entry.Commission),
            ["commission"] = Wire.Number(entry.Commission),
            ["balance"] = Wire.Number(entry.Balance),
            ["position"] = Wire.Number(entry.Position),
            ["price"] = Wire.Number(entry.Price),
            ["amount"] = Wire.Number(entry.Amount),
        };
        if (entry.Role is not null)
            row["role"] = entry.Role;
        if (entry.Fill is { } fill)
        {
            row["trade_id"] = fill.Trade.Id;
            row["order_id"] = fill.Order.Id;
            row["user_role"] = fill.Liquidity == Liquidity.Maker ? "maker" : "taker";
            row["profit_as_cashflow"] = false;
        }
        return row;
    }

    public static JsonObject Settlement(SettlementRow row) =>
        new()
        {
            ["type"] = row.Type,
            ["timestamp"] = row.AtMs,
            ["instrument_name"] = row.Instrument,
            ["position"] = Wire.Number(row.Position),
            ["mark_price"] = Wire.Number(row.Mark),
            ["index_price"] = Wire.Number(row.Index),
            ["session_profit_loss"] = Wire.Number(row.SessionGain, 8),
            ["profit_loss"] = Wire.Number(row.OpenGain, 8),
            [row.Type == "bankruptcy" ? "session_bankrupcy" : "funding"] = Wire.Number(0),
        };

    static JsonNode Price(Order order) =>
        order.Kind is OrderKind.Market or OrderKind.StopMarket or OrderKind.TakeMarket
            ? order.Filled > 0
                ? Wire.Number(order.AveragePrice)
                : JsonValue.Create("market_price")
            : Wire.Number(order.Price);
}
