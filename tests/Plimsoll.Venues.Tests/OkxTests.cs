using System.Text.Json;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues.Tests;

/// <summary>The client against a small venue that speaks as the manual does and checks every signature.</summary>
public sealed class OkxTests
{
    readonly VirtualTime time = new();
    readonly OkxWorld world;
    readonly List<EngineEvent> told = [];
    OkxClient? client;

    public OkxTests() => world = new OkxWorld(time);

    [Fact]
    public void Market_and_account_are_told_as_the_venue_states_them()
    {
        world.Lead = TimeSpan.FromSeconds(20);
        Run(() => UntilAsync(() => told.OfType<TickerSeen>().Any(seen => seen.ForwardUsd is not null)));
        var swap = told.OfType<TickerSeen>().Last(seen => seen is { Instrument: OkxWorld.Swap });
        // 0.01% each four hours is 0.02% in eight.
        Assert.Equal(
            new TickerSeen(
                OkxWorld.Swap,
                30_000.4m,
                29_999,
                new TopOfBook(OkxWorld.Bid, OkxWorld.Ask),
                OkxWorld.Size,
                OkxWorld.Size,
                null,
                null,
                0.0002m
            ),
            swap
        );
        var option = told.OfType<TickerSeen>().Last(seen => seen is { Instrument: OkxWorld.Option });
        Assert.Equal(
            (0.05m, 0.592m, 30_100m, 29_999m),
            (option.Mark, option.MarkVolatility, option.ForwardUsd, option.IndexUsd)
        );
        // Maintenance over adjusted equity is 80/800: the ratio is told against the whole equity.
        var account = told.OfType<AccountSeen>().First();
        Assert.Equal((1000m, 250m, 100m), (account.EquityUsd, account.InitialMarginUsd, account.MaintenanceMarginUsd));
        Assert.Equal([new Balance(new("BTC"), 0.01333m), new Balance(new("USDT"), 600)], account.Equities);
        Assert.InRange(told.OfType<ClockOffsetSeen>().First().Offset.TotalSeconds, 19.9, 20.1);
    }

    [Fact]
    public void A_contract_is_its_value_times_its_multiplier_and_fees_change_their_sign()
    {
        var listed = Run(() => Task.CompletedTask);
        Assert.Equal(
            ["BTC-USD-260327", OkxWorld.Option, "BTC-USD-SWAP", OkxWorld.Swap],
            listed.Select(one => one.Name)
        );
        var swap = listed.Single(one => one.Name == OkxWorld.Swap);
        Assert.Equal((0.01m, PayoffShape.Linear, "USDT"), (swap.ContractSize, swap.Shape, swap.Settlement.Code));
        Assert.Equal((0.0001m, 0.0004m), (swap.Fees.MakerRate, swap.Fees.TakerRate));
        var inverse = listed.Single(one => one.Name == "BTC-USD-SWAP");
        Assert.Equal(
            (100m, PayoffShape.Inverse, "BTC"),
            (inverse.ContractSize, inverse.Shape, inverse.Settlement.Code)
        );
        Assert.Equal((0.0002m, 0.0005m), (inverse.Fees.MakerRate, inverse.Fees.TakerRate));
        var option = Assert.IsType<OptionInstrument>(listed.Single(one => one.Name == OkxWorld.Option));
        Assert.Equal((0.01m, 60_000m, OptionRight.Call), (option.ContractSize, option.StrikeUsd, option.Right));
        Assert.Equal(new DateTimeOffset(2026, 3, 27, 8, 0, 0, TimeSpan.Zero), option.Expiry);
        Assert.Equal(option.Expiry, listed.OfType<FutureInstrument>().Single().Expiry);
    }

    /// <summary>Options of a family have wider ticks where they cost more.</summary>
    [Fact]
    public void Ticks_of_options_follow_the_bands_of_their_family()
    {
        var option = Run(() => Task.CompletedTask).Single(one => one.Name == OkxWorld.Option);
        Assert.Equal(new TickSchedule(0.0001m, [new TickStep(0.005m, 0.0005m)]), option.Ticks);
        Assert.Equal((0.0049m, 0.0055m), (option.Ticks.RoundDown(0.00495m), option.Ticks.RoundUp(0.0051m)));
    }

    /// <summary>An order finds only what is held in the mode that it names.</summary>
    [Fact]
    public void What_is_held_isolated_is_traded_isolated()
    {
        world.MarginMode = "isolated";
        Run(async () =>
        {
            Send("opens", Side.Buy, 15, 30_100, OrderLife.ImmediateOrCancel);
            await UntilAsync(() => Last("opens")?.Status == VenueOrderStatus.Filled);
            client!.Start(new Reconcile(), 9);
            await UntilAsync(() => told.OfType<ReconcileSeen>().Any());
            Send("closes", Side.Sell, 5, 29_900, OrderLife.ImmediateOrCancel);
            await UntilAsync(() => Last("closes")?.Status == VenueOrderStatus.Filled);
        });
        Assert.Equal(["cross", "isolated"], world.Modes);
        Assert.Equal(15, Assert.Single(told.OfType<ReconcileSeen>().Last().Positions).Contracts);
    }

    [Fact]
    public void One_contract_may_be_held_in_both_modes()
    {
        static JsonElement Rows(params (string Mode, int Contracts)[] held) =>
            JsonElement.Parse(
                "["
                    + string.Join(
                        ',',
                        held.Select(one =>
                            $$"""{"instId":"X","instType":"SWAP","mgnMode":"{{one.Mode}}","pos":"{{one.Contracts}}","avgPx":"7"}"""
                        )
                    )
                    + "]"
            );
        var holdings = new OkxHoldings();
        Assert.Equal("cross", holdings.Mode("X", Side.Sell));
        Assert.Equal([new Position("X", 5, 7)], holdings.Read(Rows(("isolated", 5))));
        Assert.Equal(("isolated", "isolated"), (holdings.Mode("X", Side.Sell), holdings.Mode("X", Side.Buy)));
        Assert.Equal([new Position("X", 3, null)], holdings.Read(Rows(("isolated", 5), ("cross", -2))));
        Assert.Equal(("isolated", "cross"), (holdings.Mode("X", Side.Sell), holdings.Mode("X", Side.Buy)));
        Assert.Empty(holdings.Read(Rows(("isolated", 2), ("cross", -2))));
        holdings.Take(Rows(("isolated", 0))[0]);
        Assert.Equal("cross", holdings.Mode("X", Side.Sell));
    }

    [Fact]
    public void Orders_rest_fill_partly_and_are_cancelled()
    {
        Run(async () =>
        {
            Send("rests", Side.Buy, 1, 29_000, OrderLife.Rests);
            Send("takes", Side.Buy, 15, 30_100, OrderLife.ImmediateOrCancel);
            Send("partly", Side.Buy, 500, 30_100, OrderLife.ImmediateOrCancel);
            await UntilAsync(() => Last("partly")?.Status == VenueOrderStatus.Cancelled && Last("rests") is not null);
            client!.Start(new CancelOrder("rests"), 1);
            await UntilAsync(() => Last("rests")?.Status == VenueOrderStatus.Cancelled);
            client.Start(new Reconcile(), 9);
            await UntilAsync(() => told.OfType<ReconcileSeen>().Any());
        });
        Assert.Equal((VenueOrderStatus.Filled, 15m), (Last("takes")!.Status, Last("takes")!.FilledContracts));
        Assert.Equal((VenueOrderStatus.Cancelled, 200m), (Last("partly")!.Status, Last("partly")!.FilledContracts));
        Assert.Equal(["takes", "partly"], told.OfType<FillSeen>().Select(fill => fill.Label));
        var seen = told.OfType<ReconcileSeen>().Single();
        Assert.Equal((9ul, 215m), (seen.AskedAt, Assert.Single(seen.Positions).Contracts));
        Assert.Equal(told.OfType<FillSeen>(), seen.Trades.OrderBy(fill => fill.TradeId));
        Assert.Empty(seen.Orders);
        Assert.Equal(3, world.Arrived.Distinct().Count());
    }

    /// <summary>The position builder gets the book and the cash, and a key that only reads is enough.</summary>
    [Fact]
    public void The_position_builder_states_the_margin_of_a_book()
    {
        world.Permissions = "read_only";
        Run(
            async () =>
            {
                client!.Start(
                    new SimulateMargin([
                        new Position(OkxWorld.Swap, 15, null),
                        new Position(OkxWorld.Option, -2, null),
                    ]),
                    12
                );
                await UntilAsync(() => told.OfType<MarginStated>().Any());
            },
            settings: OkxWorld.Settings with
            {
                Trades = false,
            }
        );
        var stated = told.OfType<MarginStated>().Single();
        Assert.Equal((12UL, ""), (stated.AskedAt, stated.Reason));
        Assert.Equal(new StatedPool(Currency.Usd, 130.5m, 100.4m), Assert.Single(stated.Pools));
        Assert.Equal(
            """{"inclRealPosAndEq":false,"simPos":[{"instId":"BTC-USDT-SWAP","pos":"15"},"""
                + """{"instId":"BTC-USD-260327-60000-C","pos":"-2"}],"simAsset":[{"ccy":"USDT","amt":"1000.5"}]}""",
            Assert.Single(world.Built).ToJsonString()
        );
    }

    [Fact]
    public void A_change_keeps_the_order_and_one_that_fails_is_read_back()
    {
        Run(async () =>
        {
            Send("rests", Side.Buy, 1, 29_000, OrderLife.Rests);
            await UntilAsync(() => Last("rests") is not null);
            Edit("rests", 3, 29_100);
            await UntilAsync(() => world.Resting.Single()["px"]!.GetValue<string>() == "29100");
            Assert.Equal("3", world.Resting.Single()["sz"]!.GetValue<string>());
            client!.Start(new CancelOrder("rests"), 2);
            await UntilAsync(() => Last("rests")!.Status == VenueOrderStatus.Cancelled);
            Edit("rests", 4, 29_200);
            await UntilAsync(() => told.OfType<SendFailed>().Any());
            await WaitAsync(1);
        });
        // "Not there" does not say whether it filled first: it is read back, and the reading says cancelled.
        Assert.True(told.OfType<SendFailed>().Single().IsAmbiguous);
        Assert.Equal(VenueOrderStatus.Cancelled, Last("rests")!.Status);
        Assert.Single(world.Arrived);
    }

    [Theory]
    [InlineData("51008", "Order failed. Insufficient margin", false, RefusalKind.Funds)]
    [InlineData("51006", "price outside its limits", false, RefusalKind.Price)]
    [InlineData("50004", "Endpoint request timeout", true, RefusalKind.Other)]
    [InlineData("50013", "Systems are busy", true, RefusalKind.Paused)]
    [InlineData("59999", "a code that nobody listed", true, RefusalKind.Other)]
    public void The_rows_own_code_says_whether_an_order_may_have_been_taken(
        string code,
        string words,
        bool isAmbiguous,
        RefusalKind kind
    )
    {
        Run(async () =>
        {
            world.Refuses = (code, words);
            Send("refused", Side.Buy, 1, 29_000, OrderLife.Rests);
            await UntilAsync(() => told.OfType<SendFailed>().Any());
        });
        Assert.Equal([new SendFailed("refused", isAmbiguous, $"{words} ({code})", kind)], told.OfType<SendFailed>());
    }

    [Fact]
    public void A_rate_limit_that_the_venue_met_stops_orders_but_not_for_long()
    {
        Run(async () =>
        {
            world.Refuses = ("50061", "Sub-account exceeds the maximum request rate");
            Send("first", Side.Buy, 1, 29_000, OrderLife.Rests);
            await UntilAsync(() => told.OfType<SendFailed>().Any());
            var at = time.GetUtcNow();
            Send("second", Side.Buy, 1, 29_000, OrderLife.Rests);
            await UntilAsync(() => Last("second") is not null);
            // Five messages stay for cuts, so the credits have to come back to six, at twenty a second.
            Assert.InRange((time.GetUtcNow() - at).TotalSeconds, 0.25, 1);
        });
        Assert.False(told.OfType<SendFailed>().Single().IsAmbiguous);
    }

    [Fact]
    public void A_lost_answer_is_read_back_by_the_labels_own_id_and_a_lost_request_is_unknown_to_the_venue()
    {
        Run(async () =>
        {
            world.LosesAnswers = true;
            Send("taken", Side.Buy, 1, 29_000, OrderLife.Rests);
            await UntilAsync(() => told.OfType<SendFailed>().Any());
            (world.LosesAnswers, world.LosesRequests) = (false, true);
            Send("lost", Side.Buy, 1, 29_000, OrderLife.Rests);
            await UntilAsync(() => told.OfType<SendFailed>().Count() == 2);
            world.LosesRequests = false;
            await WaitAsync(1);
            client!.Start(new ReadOrder("taken"), 1);
            client.Start(new ReadOrder("lost"), 2);
            await UntilAsync(() => Last("taken") is not null && told.OfType<OrderNotFound>().Any());
        });
        Assert.All(told.OfType<SendFailed>(), failed => Assert.True(failed.IsAmbiguous));
        Assert.Equal(VenueOrderStatus.Open, Last("taken")!.Status);
        Assert.Equal([new OrderNotFound("lost")], told.OfType<OrderNotFound>());
        Assert.Equal([OkxContracts.ClientId("taken")], world.Arrived);
    }

    /// <summary>After a restart nothing but the label is left of an order, and the venue wants its instrument too.</summary>
    [Fact]
    public void An_order_of_an_earlier_life_is_found_by_the_name_that_its_label_ends_with()
    {
        string label = $"main-17-{OkxWorld.Swap}";
        Run(async () =>
        {
            Send(label, Side.Buy, 1, 29_000, OrderLife.Rests);
            await UntilAsync(() => Last(label) is not null);
        });
        told.Clear();
        Run(async () =>
        {
            client!.Start(new ReadOrder(label), 1);
            await UntilAsync(() => Last(label) is not null);
            client.Start(new ReadOrder("nobody knows this one"), 2);
            await WaitAsync(2);
        });
        Assert.Equal(VenueOrderStatus.Open, Last(label)!.Status);
        Assert.Empty(told.OfType<OrderNotFound>());
    }

    [Fact]
    public void Cancelling_everything_goes_on_after_a_lost_line()
    {
        Run(async () =>
        {
            Send("one", Side.Buy, 1, 29_000, OrderLife.Rests);
            Send("two", Side.Buy, 1, 29_100, OrderLife.Rests);
            await UntilAsync(() => world.Resting.Count() == 2);
            await WaitAsync(2);
            world.LosesRequests = true;
            client!.Start(new CancelAll("test"), 1);
            await WaitAsync(5);
            Assert.Equal(2, world.Resting.Count());
            world.LosesRequests = false;
            world.Private!.Break();
            await UntilAsync(() => !world.Resting.Any());
            await UntilAsync(() => told.OfType<OrderSeen>().Count(s => s.Status == VenueOrderStatus.Cancelled) >= 2);
        });
        Assert.Contains("trade/cancel-all-after", world.Asked);
        Assert.Equal(2, told.OfType<SessionUp>().Count());
    }

    [Fact]
    public void A_link_that_breaks_and_a_sum_that_is_wrong_leave_no_quotes_until_a_snapshot()
    {
        Run(async () =>
        {
            world.ChangeBid(150);
            await UntilAsync(() => Quoted()?.BidContracts == 150);
            // The same id twice says that nothing happened; a smaller one that links is the venue's maintenance.
            world.ChangeBid(150, next: null, checksum: OkxWorld.Checksum(150));
            world.ChangeBid(140, next: 7);
            await UntilAsync(() => Quoted()?.BidContracts == 140);
            Assert.Equal(0, Snapshots());
            world.ChangeBid(130, follows: 12_345);
            await UntilAsync(() => Quoted() is { Top: { Bid: null, Ask: null } });
            await UntilAsync(() => Quoted()?.BidContracts == OkxWorld.Size);
            Assert.Equal(1, Snapshots());
            world.ChangeBid(120, checksum: 1);
            await UntilAsync(() => Quoted() is { Top: { Bid: null, Ask: null } });
            await UntilAsync(() => Quoted()?.BidContracts == OkxWorld.Size);
            Assert.Equal(2, Snapshots());
        });
        Assert.Equal(2, client!.Gaps);
        Assert.Equal(["closed here"], told.OfType<SessionDown>().Select(down => down.Reason));

        TickerSeen? Quoted() => told.OfType<TickerSeen>().LastOrDefault(seen => seen.Instrument == OkxWorld.Swap);
        int Snapshots() => world.Asked.Count(what => what == "unsubscribe");
    }

    /// <summary>The manual's two examples of what the sum is over.</summary>
    [Theory]
    [InlineData(
        """[["3366.1","7"],["3366","6"]]""",
        """[["3366.8","9"],["3368","8"]]""",
        "3366.1:7:3366.8:9:3366:6:3368:8"
    )]
    [InlineData(
        """[["3366.1","7"]]""",
        """[["3366.8","9"],["3368","8"],["3372","8"]]""",
        "3366.1:7:3366.8:9:3368:8:3372:8"
    )]
    public void The_sum_is_over_bid_and_ask_by_turns(string bids, string asks, string text)
    {
        var book = new OkxBook();
        var data = JsonElement.Parse($$"""{"bids":{{bids}},"asks":{{asks}},"seqId":1,"prevSeqId":-1}""");
        Assert.True(book.Take("snapshot", data));
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
            gzip.Write(System.Text.Encoding.ASCII.GetBytes(text));
        Assert.Equal(BitConverter.ToInt32(packed.ToArray().AsSpan()[^8..^4]), book.Sum());
    }

    [Fact]
    public void A_line_that_the_venue_will_close_is_left_before_it_does()
    {
        Run(async () =>
        {
            world.Private!.Arrive(
                """{"event":"notice","code":"64008","msg":"The connection will soon be closed","connId":"a"}"""
            );
            await UntilAsync(() => told.OfType<SessionUp>().Count() == 2);
        });
        Assert.Contains("announced", told.OfType<SessionDown>().First().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silent_line_is_left_and_a_ping_keeps_a_quiet_one()
    {
        Run(async () =>
        {
            await WaitAsync(60);
            Assert.Single(told.OfType<SessionUp>());
            (world.LosesAnswers, world.LosesRequests) = (true, true);
            await UntilAsync(() => told.OfType<SessionDown>().Any());
            (world.LosesAnswers, world.LosesRequests) = (false, false);
            await UntilAsync(() => told.OfType<SessionUp>().Count() == 2);
        });
    }

    [Fact]
    public void A_venue_that_is_busy_is_asked_again()
    {
        Run(async () =>
        {
            world.Busy = 2;
            client!.Start(new Reconcile(), 3);
            await UntilAsync(() => told.OfType<ReconcileSeen>().Any());
        });
    }

    [Theory]
    [InlineData("read_only,trade,withdraw", "net_mode", "3", "move money")]
    [InlineData("read_only", "net_mode", "3", "may not trade")]
    [InlineData("read_only,trade", "long_short_mode", "3", "long_short_mode")]
    [InlineData("read_only,trade", "net_mode", "1", "mode is 1")]
    public void An_account_or_key_that_will_not_do_is_refused(string rights, string mode, string level, string words)
    {
        (world.Permissions, world.PositionMode, world.Level) = (rights, mode, level);
        var refused = Assert.Throws<VenueKeyRefused>(() => Run(() => WaitAsync(30)));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_secret_is_refused_and_not_shown()
    {
        var wrong = VenueKey.Of("okx-id", "wrong-secret", "okx-passphrase");
        var refused = Assert.ThrowsAny<VenueException>(() => Run(() => WaitAsync(30), wrong));
        Assert.Contains("50113", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("okx-passphrase", refused.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Equity over maintenance margin at the venue, the other way round here; the nearest part sets it.</summary>
    [Theory]
    [InlineData(3, "", 100)]
    [InlineData(4, """{"posId":"9","mgnMode":"isolated","pos":"1","mgnRatio":"2.5"}""", 400)]
    [InlineData(4, """{"posId":"9","mgnMode":"isolated","pos":"0","mgnRatio":""}""", 100)]
    [InlineData(2, "", 500)]
    public void The_part_nearest_to_liquidation_sets_the_ratio(int mode, string position, int maintenance)
    {
        var account = new OkxAccount((OkxMode)mode);
        Assert.Null(account.Figures());
        account.Take(
            JsonElement.Parse(
                """
                {"totalEq":"1000","adjEq":"800","imr":"160","mmr":"80",
                 "details":[{"ccy":"USDT","eq":"400","imr":"50","mmr":"20","mgnRatio":"20"},
                            {"ccy":"BTC","eq":"0.01","imr":"0.006","mmr":"","mgnRatio":"2"}]}
                """
            )
        );
        if (position.Length > 0)
            account.TakePosition(JsonElement.Parse(position));
        Assert.Equal(maintenance, account.Figures()!.MaintenanceMarginUsd);
    }

    [Fact]
    public void Trades_of_a_liquidation_and_of_deleveraging_are_told_apart_and_are_of_nobody()
    {
        FillSeen? Of(string category) =>
            new OkxContracts().Fill(
                JsonElement.Parse(
                    """{"instId":"X","ordId":"1","clOrdId":"","side":"sell","fillSz":"3","fillPx":"2","tradeId":"5","""
                        + $"\"category\":\"{category}\"}}"
                )
            );
        var plain = new FillSeen("X/5", null, "X", Side.Sell, 3, 2, false);
        Assert.Equal(plain with { IsForced = true }, Of("partial_liquidation"));
        Assert.Equal(plain with { IsDeleveraging = true }, Of("adl"));
        Assert.Equal(plain, Of("normal"));
        Assert.Equal(32, OkxContracts.ClientId("any label at all: signs-and/more").Length + 1);
    }

    /// <summary>Lights of a position and the balance of the fund before it, in messages of the venue's manual.</summary>
    [Fact]
    public void The_place_in_the_queue_and_the_fund_before_it_are_told()
    {
        const string Fund = """
            {"arg":{"channel":"adl-warning","instType":"SWAP","instFamily":"BTC-USDT"},"data":[{"decRate":"","maxBal":"MAX",
            "adlRecRate":"0.25","adlRecBal":"8000.0","bal":"BAL","instType":"SWAP","adlRate":"0.5","ccy":"USDT",
            "instFamily":"BTC-USDT","maxBalTs":"","adlType":"","state":"STATE","adlBal":"0","ts":"1700210763001"}]}
            """;
        void Tell(string balance, string most, string state) =>
            world.Public!.Arrive(Fund.Replace("BAL\"", balance + "\"").Replace("MAX", most).Replace("STATE", state));
        void Hold(string position, string lights) =>
            world.Private!.Arrive(
                $$"""{"arg":{"channel":"positions","instType":"ANY"},"data":[{"instId":"{{OkxWorld.Swap}}","pos":"{{position}}","posId":"1","mgnMode":"cross","adl":"{{lights}}"}]}"""
            );
        Run(async () =>
        {
            Tell("280784384.9564228289548144", "", "normal");
            Tell("280784384.9564228289548144", "", "normal");
            Tell("150000000", "280784384.95", "warning");
            Hold("-12", "3");
            Hold("-13", "3");
            Hold("-13", "5");
            Hold("0", "");
            Hold("0", "0");
            await WaitAsync(1);
        });
        Assert.Contains(
            world.Subscriptions,
            row => row.Text("channel") == "adl-warning" && row.Text("instType") == "OPTION"
        );
        Assert.Equal(
            [
                new DeleveragingSeen(OkxWorld.Swap, null, 280784384.9564228289548144m),
                new DeleveragingSeen(OkxWorld.Swap, null, 280784384.95m),
                new DeleveragingSeen(OkxWorld.Swap, null, 150000000m),
                new DeleveragingSeen(OkxWorld.Swap, 0.6m, null),
                new DeleveragingSeen(OkxWorld.Swap, 1m, null),
                new DeleveragingSeen(OkxWorld.Swap, 0m, null),
            ],
            told.OfType<DeleveragingSeen>()
        );
    }

    [Fact]
    public void A_position_of_the_manual_shows_its_place_in_the_queue()
    {
        // The venue's example, as far as it matters here.
        var row = JsonElement.Parse(
            """{"adl":"1","availPos":"1","instId":"ETH-USD-210430","instType":"FUTURES","mgnMode":"isolated","pos":"1","posId":"307173036051017730","posSide":"long"}"""
        );
        var account = new OkxAccount(OkxMode.MultiCurrency);
        Assert.Equal(new DeleveragingSeen("ETH-USD-210430", 0.2m, null), account.Rank(row));
        Assert.Null(account.Rank(row));
    }

    [Fact]
    public void Demo_trading_unless_configuration_says_live()
    {
        var demo = new OkxSettings();
        Assert.Equal("wss://wspap.okx.com:8443/ws/v5/private", demo.Socket("private").AbsoluteUri);
        Assert.Equal("wss://ws.okx.com:8443/ws/v5/public", (demo with { IsLive = true }).Socket("public").AbsoluteUri);
        var headers = OkxRest.Headers(demo, OkxWorld.Key, time.GetUtcNow(), "GET", "/", "");
        Assert.Contains(("x-simulated-trading", "1"), headers);
        Assert.DoesNotContain(
            OkxRest.Headers(demo with { IsLive = true }, OkxWorld.Key, time.GetUtcNow(), "GET", "/", ""),
            header => header.Name == "x-simulated-trading"
        );
        Assert.NotNull((demo with { Url = new Uri("http://www.okx.com") }).Problem);
        Assert.NotNull((demo with { Url = new Uri("https://example.org") }).Problem);
        Assert.Null(demo.Problem);
    }

    System.Collections.Immutable.ImmutableArray<Instrument> Run(
        Func<Task> scenario,
        VenueKey? key = null,
        OkxSettings? settings = null
    )
    {
        var listed = System.Collections.Immutable.ImmutableArray<Instrument>.Empty;
        time.Run(
            async () =>
            {
                client = new(
                    settings ?? OkxWorld.Settings,
                    key ?? OkxWorld.Key,
                    time,
                    world.OpenAsync,
                    world.SendAsync,
                    time.Context
                );
                using var stop = new CancellationTokenSource();
                listed = await client.ReadInstrumentsAsync(stop.Token);
                var running = VirtualTime.Within(
                    client.RunAsync([OkxWorld.Swap, OkxWorld.Option], told.Add, stop.Token)
                );
                var done = Up();
                if (await Task.WhenAny(done, running) == running)
                    await running;
                await done;
                stop.Cancel();
                await running;

                async Task Up()
                {
                    await UntilAsync(() => told.OfType<SessionUp>().Any());
                    await scenario();
                }
            },
            time.GetUtcNow() - new DateTimeOffset(2026, 3, 4, 9, 31, 0, TimeSpan.Zero) + TimeSpan.FromMinutes(5)
        );
        return listed;
    }

    void Send(string label, Side side, decimal contracts, decimal price, OrderLife life) =>
        client!.Start(Approved(label, side, contracts, price, life), 1);

    void Edit(string label, decimal contracts, decimal price)
    {
        var send = Approved(label, Side.Buy, contracts, price, OrderLife.Rests);
        client!.Start(new EditOrder(send.Order, send.Approval), 1);
    }

    SendOrder Approved(string label, Side side, decimal contracts, decimal price, OrderLife life)
    {
        var now = time.GetUtcNow();
        var order = new OrderIntent(
            label,
            OkxWorld.Swap,
            side,
            contracts,
            price,
            false,
            false,
            life,
            now.AddSeconds(5),
            OrderPurpose.Resize
        );
        return Orders.Approved(order, Terms, now);
    }

    static Instrument Terms { get; } =
        new PerpetualInstrument
        {
            Name = OkxWorld.Swap,
            Venue = "okx",
            Underlying = "BTC",
            Shape = PayoffShape.Linear,
            Settlement = new("USDT"),
            ContractSize = 0.01m,
            LotContracts = 1,
            MinimumOrderContracts = 1,
            Ticks = TickSchedule.Uniform(0.1m),
            Fees = new FeeSchedule(0, 0, 0, null),
            OrderAmountPerContract = 1,
            OrderAmountUnit = "contracts",
        };

    OrderSeen? Last(string label) => told.OfType<OrderSeen>().LastOrDefault(seen => seen.Label == label);

    Task WaitAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), time);

    async Task UntilAsync(Func<bool> holds)
    {
        var limit = time.GetUtcNow().AddSeconds(60);
        while (!holds())
        {
            Assert.True(time.GetUtcNow() < limit, "not within a minute");
            await WaitAsync(0.01);
        }
    }
}
