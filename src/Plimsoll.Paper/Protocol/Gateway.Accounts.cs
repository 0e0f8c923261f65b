using System.Text.Json.Nodes;

namespace Plimsoll.Paper;

public sealed partial class Gateway
{
    /// <summary>Methods that would move money: a paper venue has none to move.</summary>
    static readonly HashSet<string> Wallet =
    [
        "private/withdraw",
        "private/cancel_withdrawal",
        "private/get_withdrawals",
        "private/get_deposits",
        "private/get_transfers",
        "private/submit_transfer_to_subaccount",
        "private/submit_transfer_to_user",
        "private/submit_transfer_between_subaccounts",
        "private/get_current_deposit_address",
        "private/create_deposit_address",
        "private/change_margin_model",
        "private/move_positions",
    ];

    IEnumerable<RpcMethod> AccountMethods() =>
        [
            Reading("private/get_account_summary", Summary),
            Reading("private/get_account_summaries", AllSummaries),
            Reading("private/get_positions", Positions),
            Reading("private/get_position", call => WireAccount.Position(venue, call.Account, Book(call))),
            Reading("private/get_subaccounts", Subaccounts),
            Reading("private/get_subaccounts_details", SubaccountDetails),
            Reading("private/get_user_locks", Locks),
            new("private/get_transaction_log", RateClass.TransactionLog, TransactionLog),
            Reading(
                "private/get_settlement_history_by_instrument",
                call => Settlements(call, call.Account.Settlements, call.Parameters.Text("instrument_name"))
            ),
            Reading(
                "private/get_settlement_history_by_currency",
                call => Settlements(call, call.Account.Settlements, null)
            ),
            new("private/set_self_trading_config", RateClass.NonMatching, SetSelfTrading, Trades: true),
        ];

    JsonNode Summary(RpcCall call)
    {
        bool extended = call.Parameters.Flag("extended") ?? false;
        return WireAccount.Summary(venue, call.Account, CurrencyOf(call), extended ? limits : null);
    }

    JsonNode AllSummaries(RpcCall call)
    {
        bool extended = call.Parameters.Flag("extended") ?? false;
        var answer = new JsonObject
        {
            ["summaries"] = Wire.List(
                Venue
                    .Currencies(call.Account)
                    .Select(currency => WireAccount.Summary(venue, call.Account, currency, extended ? limits : null))
            ),
        };
        WireAccount.AddUser(call.Account, answer);
        return answer;
    }

    JsonNode Positions(RpcCall call)
    {
        string currency = call.Parameters.OptionalText("currency") ?? "any";
        var matches = Channels.Matching(call.Parameters.OptionalText("kind") ?? "any", currency);
        return Wire.List(
            call.Account.Positions.Values.Where(held => matches(held.Listed))
                .Select(held => WireAccount.Position(venue, call.Account, held.Listed))
        );
    }

    JsonNode Subaccounts(RpcCall call)
    {
        var row = new JsonObject();
        WireAccount.AddUser(call.Account, row);
        row["is_password"] = true;
        row["margin_model"] = "segregated_sm";
        row["receive_notifications"] = false;
        if (call.Parameters.Flag("with_portfolio") == true)
        {
            var portfolio = new JsonObject();
            foreach (var currency in Venue.Currencies(call.Account))
                portfolio[currency.Code.ToLowerInvariant()] = WireAccount.Summary(venue, call.Account, currency, null);
            row["portfolio"] = portfolio;
        }
        return new JsonArray(row);
    }

    JsonNode SubaccountDetails(RpcCall call)
    {
        var matches = Channels.Matching("any", call.Parameters.Text("currency"));
        var row = new JsonObject { ["uid"] = call.Account.Id, ["positions"] = Positions(call) };
        if (call.Parameters.Flag("with_open_orders") == true)
            row["open_orders"] = Wire.List(
                call.Account.OpenOrders.Where(order => matches(order.Listed)).Select(WireOrders.Order)
            );
        return new JsonArray(row);
    }

    static JsonNode Locks(RpcCall call) =>
        Wire.List(
            Venue
                .Currencies(call.Account)
                .Select(currency =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["currency"] = currency.Code,
                            ["enabled"] = call.Account.Locked.Contains(currency),
                            ["message"] = call.Account.Locked.Contains(currency) ? "liquidation" : "",
                        }
                )
        );

    static JsonNode TransactionLog(RpcCall call)
    {
        var from = call.Parameters;
        var currency = CurrencyOf(call);
        long before = from.Whole("continuation") ?? long.MaxValue;
        string? type = from.OptionalText("query");
        var within = Window<LedgerEntry>(from, entry => entry.AtMs, _ => 0);
        int count = (int)Math.Clamp(from.Whole("count") ?? 100, 1, MostTrades);
        var rows = call
            .Account.Ledger.Where(entry => entry.Currency == currency && entry.Id < before && within(entry))
            .Where(entry => type is null || entry.Type == type)
            .Reverse()
            .Take(count + 1)
            .ToList();
        return new JsonObject
        {
            ["logs"] = Wire.List(rows.Take(count).Select(entry => WireOrders.LedgerRow(call.Account, entry))),
            ["continuation"] = rows.Count > count ? rows[count - 1].Id : null,
        };
    }

    static JsonNode SetSelfTrading(RpcCall call)
    {
        call.Account.SelfTrade =
            call.Parameters.Word("mode", Wire.SelfTradeModes) ?? throw RpcRefusal.Bad("mode", "value required");
        call.Parameters.Flag("extended_to_subaccounts");
        call.Parameters.Flag("block_rfq_self_match_prevention");
        return "ok";
    }
}
