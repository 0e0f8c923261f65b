using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues.Tests;

/// <summary>The venue's own published messages, read as they stand.</summary>
public sealed class DeribitPayloadTests
{
    readonly List<EngineEvent> told = [];
    readonly DeribitContracts contracts = new();

    public DeribitPayloadTests()
    {
        // The inverse perpetuals of the examples, with the terms that the venue states for them.
        foreach (var (coin, size) in new[] { ("BTC", 10), ("ETH", 1) })
        {
            var row = JsonNode.Parse(Result("public.get_instruments")[0].GetRawText())!.AsObject();
            row["instrument_name"] = $"{coin}-PERPETUAL";
            (row["base_currency"], row["settlement_currency"]) = (coin, coin);
            (row["contract_size"], row["min_trade_amount"]) = (size, size);
            contracts.Learn(JsonElement.Parse(row.ToJsonString()));
        }
    }

    [Fact]
    public void Instruments_are_read_with_their_terms()
    {
        var future = Assert.Single(contracts.Learn(Result("public.get_instruments")), one => one.Name == "BTC-29SEP23");
        Assert.IsType<FutureInstrument>(future);
        Assert.Equal(
            (10m, "USD", 2.5m),
            (future.OrderAmountPerContract, future.OrderAmountUnit, future.Ticks.At(30_000))
        );
    }

    static OrderSeen Seen(
        string label,
        VenueOrderStatus status,
        decimal filled,
        decimal? contracts,
        decimal? limitPrice
    ) => new(label, status, filled, "", Contracts: contracts, LimitPrice: limitPrice);

    [Fact]
    public void The_answer_to_an_order_holds_the_order_and_its_trades()
    {
        var reports = new OrderReports(told.Add);
        var answer = Result("private.buy");
        reports.Take(contracts.Order(answer.GetProperty("order")));
        foreach (var trade in answer.GetProperty("trades").EnumerateArray())
        {
            reports.Take(contracts.Fill(trade));
            reports.Take(contracts.Fill(trade));
        }
        Assert.Equal(
            [
                Seen("id:ETH-584864807", VenueOrderStatus.Filled, 21, 21, 198.75m),
                new FillSeen(
                    "ETH-2696097",
                    null,
                    "ETH-PERPETUAL",
                    Side.Sell,
                    21,
                    202.8m,
                    false,
                    VenueAt: DateTimeOffset.FromUnixTimeMilliseconds(
                        answer.GetProperty("trades")[0].GetProperty("timestamp").GetInt64()
                    )
                ),
            ],
            told
        );
    }

    [Fact]
    public void An_order_that_was_edited_rests_under_its_id()
    {
        var reports = new OrderReports(told.Add);
        reports.Take(contracts.Order(Result("private.edit").GetProperty("order")));
        Assert.Equal([Seen("i_love_deribit", VenueOrderStatus.Open, 0, 15, 50_111)], told);
        Assert.Equal("94166", reports.OnlyId("i_love_deribit"));
        Assert.Equal("BTC-PERPETUAL", reports.InstrumentOf("i_love_deribit"));
    }

    /// <summary>A stop of somebody else waits without a price; a raw notification is one object, not a list.</summary>
    [Fact]
    public void A_waiting_stop_and_a_raw_notification_are_orders_like_any_other()
    {
        var reports = new OrderReports(told.Add);
        reports.Take(contracts.Order(Result("private.cancel")));
        reports.Take(contracts.Order(Data("user_orders_raw_is_single_object")));
        Assert.Equal(
            [
                Seen("id:ETH-SLIS-12", VenueOrderStatus.Open, 0, 5, null),
                Seen("plm-000000017-0", VenueOrderStatus.Open, 0, 37, 118.94m),
            ],
            told
        );
    }

    [Fact]
    public void What_an_order_was_is_never_told_after_what_it_has_become()
    {
        var reports = new OrderReports(told.Add);
        string filled = Result("private.get_order_state_by_label")[0].GetRawText();
        reports.Take(contracts.Order(JsonElement.Parse(filled)));
        var early = JsonNode.Parse(filled)!.AsObject();
        (early["order_state"], early["filled_amount"]) = ("open", 12);
        early["last_update_timestamp"] = 1_550_219_800_000;
        reports.Take(contracts.Order(JsonElement.Parse(early.ToJsonString())));
        var same = Seen("fooBar", VenueOrderStatus.Filled, 37, 37, 118.94m);
        Assert.Equal([same, same], told);
    }

    /// <summary>The venue lets two orders share a label: what is told is the two together.</summary>
    [Fact]
    public void Orders_that_share_a_label_are_told_as_one()
    {
        var reports = new OrderReports(told.Add);
        string filled = Result("private.get_order_state_by_label")[0].GetRawText();
        reports.Take(contracts.Order(JsonElement.Parse(filled)));
        reports.Take(
            contracts.Order(JsonElement.Parse(filled.Replace("331562", "331563").Replace("\"filled\"", "\"open\"")))
        );
        Assert.Equal(new OrderSeen("fooBar", VenueOrderStatus.Open, 74, ""), told[^1]);
        Assert.Null(reports.OnlyId("fooBar"));
    }

    [Fact]
    public void A_forced_trade_is_one_where_the_liquidated_side_was_ours()
    {
        var trade = JsonNode.Parse(Result("private.buy").GetProperty("trades")[0].GetRawText())!.AsObject();
        bool IsForced(string? liquidation) => Of(liquidation).IsForced;
        FillSeen Of(string? liquidation, string? label = null)
        {
            trade["liquidation"] = liquidation;
            if (label is not null)
                trade["label"] = label;
            return contracts.Fill(JsonElement.Parse(trade.ToJsonString()));
        }
        Assert.Equal((true, true, false, false), (IsForced("T"), IsForced("MT"), IsForced("M"), IsForced(null)));
        // The other side of a liquidation is a trade like any: what is deleveraged is a transfer and no trade.
        Assert.Equal((false, false), (Of("M", "").IsDeleveraging, Of("M", "mine").IsDeleveraging));
    }

    [Fact]
    public void The_book_of_the_example_follows_its_snapshot_and_nothing_else()
    {
        var book = new DeribitBook();
        Assert.True(book.Take(Data("book_change")));
        Assert.False(book.IsWhole);
        Assert.True(book.Take(Data("book_snapshot")));
        Assert.Equal((5042.34m, 30m), book.Bid);
        Assert.Equal((5042.64m, 40m), book.Ask);
        Assert.True(book.Take(Data("book_change")));
        Assert.Null(book.Bid);
        // The same change once more does not follow itself.
        Assert.False(book.Take(Data("book_change")));
        Assert.False(book.IsWhole);
    }

    /// <summary>Levels that fit do not make up for an id that does not.</summary>
    [Fact]
    public void A_change_that_follows_another_one_than_the_last_is_a_gap()
    {
        var book = new DeribitBook();
        Assert.True(book.Take(Data("book_snapshot")));
        var change = JsonNode.Parse(Data("book_change").GetRawText())!.AsObject();
        change["prev_change_id"] = 297_216;
        Assert.False(book.Take(JsonElement.Parse(change.ToJsonString())));
        Assert.False(book.IsWhole);
    }

    [Fact]
    public void A_report_of_the_same_moment_with_less_filled_is_the_earlier_one()
    {
        var reports = new OrderReports(told.Add);
        OrderReport Report(decimal filled) => new("7", "mine", "BTC-PERPETUAL", VenueOrderStatus.Open, filled, 1, "");
        foreach (decimal filled in (decimal[])[5, 3, 6])
            reports.Take(Report(filled));
        Assert.Equal([5, 5, 6], told.OfType<OrderSeen>().Select(seen => seen.FilledContracts));
    }

    /// <summary>302.6 BTC at 3,937.89 USD; each margin keeps its share of the wallet's own margin balance.</summary>
    [Fact]
    public void Wallets_come_to_dollars_by_their_index()
    {
        var wallets = new DeribitWallets(told.Add);
        wallets.Take(Data("user_portfolio"));
        wallets.Tell();
        Assert.Empty(told);
        Assert.Equal(["deribit_price_index.btc_usd"], wallets.IndexChannels);
        wallets.TakeIndex(Data("deribit_price_index"));
        wallets.Tell();
        var seen = Assert.IsType<AccountSeen>(Assert.Single(told));
        Assert.Equal(302.61869214m * 3937.89m, seen.EquityUsd);
        Assert.Equal(0.8857841m / 302.62729214m, seen.MaintenanceMarginUsd / seen.EquityUsd, 6);
    }

    [Fact]
    public void The_wallet_nearest_to_liquidation_sets_the_ratio_and_a_cross_pool_is_not_counted_twice()
    {
        static JsonElement Wallet(string code, decimal equity, decimal maintenance, bool cross = false) =>
            JsonElement.Parse(
                new JsonObject
                {
                    ["currency"] = code,
                    ["equity"] = equity,
                    ["margin_balance"] = equity,
                    ["initial_margin"] = maintenance * 2,
                    ["maintenance_margin"] = maintenance,
                    ["cross_collateral_enabled"] = cross,
                    ["total_equity_usd"] = cross ? 900_000 : null,
                    ["total_initial_margin_usd"] = cross ? 90_000 : null,
                    ["total_maintenance_margin_usd"] = cross ? 45_000 : null,
                }.ToJsonString()
            );
        (decimal, decimal, decimal) Last()
        {
            var seen = Assert.IsType<AccountSeen>(told[^1]);
            return (seen.EquityUsd, seen.InitialMarginUsd, seen.MaintenanceMarginUsd);
        }
        var wallets = new DeribitWallets(told.Add);
        wallets.Take(Wallet("USDC", 900_000, 0));
        wallets.Take(Wallet("USDT", 100_000, 80_000));
        wallets.Tell();
        Assert.Equal((1_000_000m, 1_600_000m, 800_000m), Last());
        wallets.Take(Wallet("USDC", 900_000, 45_000, cross: true));
        wallets.Take(Wallet("USDT", 900_000, 45_000, cross: true));
        wallets.Tell();
        Assert.Equal((900_000m, 90_000m, 45_000m), Last());
    }

    [Fact]
    public void Errors_are_told_in_the_venues_words_and_what_is_not_listed_proves_nothing()
    {
        var answer = RpcAnswer.Of(Recorded.Of("deribit", "rpc_error_invalid_params"));
        Assert.Equal(
            (RpcOutcome.Refused, -32602, "Invalid params amount wrong format"),
            (answer.Outcome, answer.Code, answer.Words)
        );
        Assert.Equal("private/buy: bad_request (11050)", Refused("rpc_error").Message);
        Assert.False(ErrorCodes.Deribit.IsAmbiguous(10009));
        Assert.False(ErrorCodes.Deribit.IsAmbiguous(13888));
        Assert.True(ErrorCodes.Deribit.IsAmbiguous(11094));
        Assert.True(ErrorCodes.Deribit.IsAmbiguous(13028));
        Assert.True(ErrorCodes.Deribit.IsAmbiguous(99_999));
    }

    [Theory]
    [InlineData(10007, RefusalKind.Price)]
    [InlineData(10043, RefusalKind.Tick)]
    [InlineData(10002, RefusalKind.Amount)]
    [InlineData(10009, RefusalKind.Funds)]
    [InlineData(10028, RefusalKind.RateLimit)]
    [InlineData(10041, RefusalKind.Paused)]
    [InlineData(10020, RefusalKind.Instrument)]
    [InlineData(11054, RefusalKind.WouldTrade)]
    [InlineData(10003, RefusalKind.SelfMatch)]
    [InlineData(10013, RefusalKind.VenueLimit)]
    [InlineData(13403, RefusalKind.Access)]
    [InlineData(13888, RefusalKind.Late)]
    [InlineData(13032, RefusalKind.Label)]
    [InlineData(11094, RefusalKind.Other)]
    [InlineData(99_999, RefusalKind.Other)]
    public void An_error_code_says_what_kind_of_refusal_it_is(int code, RefusalKind kind) =>
        Assert.Equal(kind, ErrorCodes.Deribit.KindOf(code));

    [Theory]
    [InlineData("connection account:read trade:read wallet:read", true, false)]
    [InlineData("connection account:read trade:read_write wallet:read", false, true)]
    [InlineData("connection account:read trade:read_write wallet:read_write", false, false)]
    [InlineData("connection mainaccount", false, false)]
    [InlineData("session:x account:read_write trade:read_write wallet:none", false, true)]
    public void Scopes_say_what_a_key_may_do(string scope, bool onlyReads, bool isForTrading)
    {
        var read = new DeribitScope(scope);
        Assert.Equal(onlyReads, read.MayRead && read.Writes.Count == 0);
        Assert.Equal(isForTrading, read.ProblemFor(trades: true) is null);
    }

    static JsonElement Result(string name) => Recorded.Of("deribit", name).GetProperty("result");

    static JsonElement Data(string name) => Recorded.Of("deribit", name).GetProperty("params").GetProperty("data");

    static VenueRefusal Refused(string name) =>
        Assert.Throws<VenueRefusal>(() => RpcAnswer.Of(Recorded.Of("deribit", name)).Needed("private/buy"));
}
