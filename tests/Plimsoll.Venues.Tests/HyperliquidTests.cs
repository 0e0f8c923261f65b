using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues.Tests;

/// <summary>
/// The client against a small venue that speaks as the published examples do and checks every signature.
/// </summary>
public sealed class HyperliquidTests
{
    readonly VirtualTime time = new();
    readonly HyperliquidWorld world;
    readonly List<EngineEvent> told = [];
    HyperliquidClient? client;

    public HyperliquidTests() => world = new HyperliquidWorld(time);

    [Fact]
    public void Market_and_account_are_told_as_the_venue_states_them()
    {
        Run(() => UntilAsync(() => told.OfType<TickerSeen>().Any(seen => seen.Top.Ask is not null)));
        var ticker = told.OfType<TickerSeen>().Last();
        Assert.Equal(
            new TickerSeen(
                "BTC",
                30_000.4m,
                29_999,
                new TopOfBook(30_000, 30_001),
                2,
                2,
                null,
                null,
                0.0001m,
                100,
                688.11m
            ),
            ticker
        );
        var account = told.OfType<AccountSeen>().First();
        Assert.Equal(1182.312496m, account.EquityUsd);
        Assert.Equal(171.740766m, account.InitialMarginUsd);
        Assert.Equal(34.3m, account.MaintenanceMarginUsd, 9);
        // The fills of the first message are history and are not booked.
        Assert.Empty(told.OfType<FillSeen>());
    }

    [Fact]
    public void Orders_rest_fill_partly_and_are_cancelled()
    {
        Run(async () =>
        {
            Send("rests", Side.Buy, 1, 29_000, OrderLife.Rests);
            Send("takes", Side.Buy, 1.5m, 30_100, OrderLife.ImmediateOrCancel);
            Send("partly", Side.Buy, 5, 30_100, OrderLife.ImmediateOrCancel);
            await UntilAsync(() => Last("partly") is not null && Last("rests") is not null);
            client!.Start(new CancelOrder("rests"), 1);
            await UntilAsync(() => Last("rests")?.Status == VenueOrderStatus.Cancelled);
            client.Start(new Reconcile(), 9);
            await UntilAsync(() => told.OfType<ReconcileSeen>().Any());
        });
        Assert.Equal((VenueOrderStatus.Filled, 1.5m), (Last("takes")!.Status, Last("takes")!.FilledContracts));
        Assert.Equal((VenueOrderStatus.Cancelled, 2m), (Last("partly")!.Status, Last("partly")!.FilledContracts));
        Assert.Equal(["takes", "partly"], told.OfType<FillSeen>().Select(fill => fill.Label));
        var seen = told.OfType<ReconcileSeen>().Single();
        Assert.Equal((9ul, 3.5m), (seen.AskedAt, Assert.Single(seen.Positions).Contracts));
        Assert.Equal(2, seen.Trades.Length);
        Assert.Empty(seen.Orders);
        Assert.Equal(3, world.Arrived.Distinct().Count());
    }

    [Fact]
    public void An_error_inside_ok_and_a_refused_action_are_plain_refusals()
    {
        Run(async () =>
        {
            world.NextAnswer = JsonNode.Parse(Recorded.Of("hyperliquid", "order_error_in_ok").GetRawText());
            Send("small", Side.Buy, 0.0001m, 29_000, OrderLife.Rests);
            await UntilAsync(() => told.OfType<SendFailed>().Any());
            world.NextAnswer = JsonNode.Parse(Recorded.Of("hyperliquid", "action_error").GetRawText());
            Send("unsigned", Side.Buy, 1, 29_000, OrderLife.Rests);
            await UntilAsync(() => told.OfType<SendFailed>().Count() == 2);
        });
        Assert.Equal(
            [
                new SendFailed("small", false, "Order must have minimum value of $10.", RefusalKind.Amount),
                new SendFailed("unsigned", false, "User or API Wallet 0x... does not exist.", RefusalKind.Access),
            ],
            told.OfType<SendFailed>()
        );
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
            // Six seconds without an answer ended the session.
            await UntilAsync(() => told.Last(happened => happened is SessionUp or SessionDown) is SessionUp);
            client!.Start(new ReadOrder("taken"), 1);
            client.Start(new ReadOrder("lost"), 2);
            await UntilAsync(() => Last("taken") is not null && told.OfType<OrderNotFound>().Any());
        });
        Assert.All(told.OfType<SendFailed>(), failed => Assert.True(failed.IsAmbiguous));
        Assert.Equal(VenueOrderStatus.Open, Last("taken")!.Status);
        Assert.Equal([new OrderNotFound("lost")], told.OfType<OrderNotFound>());
        Assert.Equal([HyperliquidContracts.ClientId("taken")], world.Arrived);
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
            world.Current!.Break();
            await UntilAsync(() => !world.Resting.Any());
            await UntilAsync(() => told.OfType<OrderSeen>().Count(s => s.Status == VenueOrderStatus.Cancelled) >= 2);
        });
        Assert.Contains("scheduleCancel", world.Actions);
        Assert.Equal(2, told.OfType<SessionUp>().Count());
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("missing")]
    public void An_agents_address_is_no_account(string role)
    {
        world.Role = role;
        var refused = Assert.Throws<VenueKeyRefused>(() => Run(() => WaitAsync(30)));
        Assert.Contains(role, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_on_other_dexes_are_refused_and_not_overlooked()
    {
        world.HoldsElsewhere = true;
        var refused = Assert.Throws<VenueKeyRefused>(() => Run(() => WaitAsync(30)));
        Assert.Contains("BTC on the dex xyz", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_live_venue_needs_leave_and_an_account_an_address()
    {
        Assert.NotNull((HyperliquidWorld.Settings with { Url = HyperliquidSettings.Live }).Problem);
        Assert.Null((HyperliquidWorld.Settings with { Url = HyperliquidSettings.Live, IsLive = true }).Problem);
        Assert.NotNull((HyperliquidWorld.Settings with { Account = "0x12" }).Problem);
        Assert.Equal(
            "wss://api.hyperliquid-testnet.xyz/ws",
            new HyperliquidSettings { Account = "" }
                .Socket
                .AbsoluteUri
        );
    }

    /// <summary>
    /// Every price on the tick schedule is one that the venue's rule allows, and no step is needlessly wide.
    /// </summary>
    [Fact]
    public void Ticks_are_the_venues_rule_of_five_figures() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 999_999_999], Gen.Int[0, 8])
            .Sample(drawn =>
            {
                var (sizeDecimals, digits, scale) = drawn;
                decimal price = digits / (decimal)Math.Pow(10, scale);
                var ticks = HyperliquidInstruments.Ticks(sizeDecimals);
                decimal down = ticks.RoundDown(price),
                    up = ticks.RoundUp(price);
                bool close = up - down <= Math.Min(1, Math.Max(Power(sizeDecimals - 6), price * 0.0001m));
                return IsAllowed(down, sizeDecimals) && IsAllowed(up, sizeDecimals) && close;
            });

    [Theory]
    [InlineData("0.1000", "0.1")]
    [InlineData("100", "100")]
    [InlineData("1670.10", "1670.1")]
    [InlineData("0.00000001", "0.00000001")]
    [InlineData("0", "0")]
    public void Numbers_go_out_without_trailing_zeros(string number, string written) =>
        Assert.Equal(
            written,
            TextNumbers.Write(decimal.Parse(number, System.Globalization.CultureInfo.InvariantCulture))
        );

    /// <summary>The mark of a liquidation stands at both sides; deleveraging has a direction of its own.</summary>
    [Theory]
    [InlineData("Close Short", "0x00000000000000000000000000000000000000aa", false, false)]
    [InlineData("Close Short", "OWN", true, false)]
    [InlineData("Liquidated Cross Long", "OWN", true, false)]
    [InlineData("Auto-Deleveraging", null, false, true)]
    [InlineData("Auto-Deleveraging", "0x00000000000000000000000000000000000000aa", false, true)]
    [InlineData("Auto-Deleveraging", "OWN", true, false)]
    public void Liquidation_and_deleveraging_are_told_apart(
        string direction,
        string? liquidated,
        bool isForced,
        bool isDeleveraging
    )
    {
        string account = HyperliquidWorld.Settings.Account;
        string mark = liquidated is null
            ? "null"
            : $$"""{"liquidatedUser":"{{liquidated.Replace("OWN", account.ToUpperInvariant().Replace("0X", "0x"))}}","markPx":"101","method":"market"}""";
        var fill = new HyperliquidContracts(account).Fill(
            JsonElement.Parse(
                $$"""{"coin":"ETH","px":"100","sz":"2","side":"B","time":1,"startPosition":"-5","dir":"{{direction}}","closedPnl":"1","hash":"0x","oid":1,"crossed":false,"fee":"0","tid":7,"liquidation":{{mark}} }"""
            )
        );
        Assert.Equal((isForced, isDeleveraging), (fill.IsForced, fill.IsDeleveraging));
    }

    [Fact]
    public void Published_orders_fills_and_positions_are_read()
    {
        var contracts = new HyperliquidContracts(HyperliquidWorld.Settings.Account);
        var fees = JsonElement.Parse("""{"userAddRate":"0.00015","userCrossRate":"0.00045"}""");
        var listed = contracts.Learn(Recorded.Of("hyperliquid", "meta"), fees);
        Assert.Equal(["ATOM", "BTC", "ETH", "MATIC"], listed.Select(one => one.Name));
        Assert.Equal((2, 0.01m, 3), (contracts.Asset("ATOM"), listed[0].LotContracts, contracts.Asset("MATIC")));
        var update = Recorded.Of("hyperliquid", "orderUpdates").GetProperty("data")[0];
        var filled = contracts.Order(update.GetProperty("order"), update.Text("status"), 1);
        Assert.Equal(
            ("91490942", "id:91490942", VenueOrderStatus.Filled, 5m),
            (filled.Id, filled.Label, filled.Status, filled.Filled)
        );
        foreach (var row in Recorded.Of("hyperliquid", "historicalOrders").EnumerateArray())
        {
            var gone = contracts.Order(row.GetProperty("order"), row.Text("status"), 1);
            bool isRefused = row.Text("status") == "iocCancelRejected";
            Assert.Equal(isRefused ? VenueOrderStatus.Rejected : VenueOrderStatus.Cancelled, gone.Status);
            Assert.Equal((0m, row.Text("status")), (gone.Filled, gone.Reason));
        }
        var fill = contracts.Fill(
            Recorded.Of("hyperliquid", "userFills_snapshot").GetProperty("data").GetProperty("fills")[0]
        );
        Assert.Equal(new FillSeen("118906512037719", null, "AVAX", Side.Buy, 93.53m, 18.435m, false), fill);
        var positions = HyperliquidAccount.Positions(Recorded.Of("hyperliquid", "clearinghouseState"));
        Assert.Equal(
            [("BTC", -0.00785m), ("ETH", 0.1334m), ("ATOM", -0.45m), ("MATIC", 76.6m)],
            positions.Select(position => (position.Instrument, position.Contracts))
        );
    }

    /// <summary>An isolated position is liquidated alone: it sets the ratio although the cross pool is well.</summary>
    [Fact]
    public void The_pool_nearest_to_liquidation_sets_the_ratio()
    {
        var state = JsonElement.Parse(
            """
            {"marginSummary":{"accountValue":"1000","totalMarginUsed":"100"},
             "crossMarginSummary":{"accountValue":"900"},"crossMaintenanceMarginUsed":"90",
             "assetPositions":[{"position":{"coin":"BTC","szi":"1","positionValue":"4000","marginUsed":"100",
               "maxLeverage":40,"leverage":{"type":"isolated"}}}]}
            """
        );
        var seen = HyperliquidAccount.Figures(state);
        Assert.Equal((1000m, 140m, 500m), (seen.EquityUsd, seen.InitialMarginUsd, seen.MaintenanceMarginUsd));
    }

    void Run(Func<Task> scenario) =>
        time.Run(
            async () =>
            {
                client = new(HyperliquidWorld.Settings, HyperliquidWorld.Agent, time, world.OpenAsync, time.Context);
                using var stop = new CancellationTokenSource();
                var running = VirtualTime.Within(client.RunAsync(["BTC"], told.Add, stop.Token));
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
            TimeSpan.FromMinutes(5)
        );

    void Send(string label, Side side, decimal contracts, decimal price, OrderLife life)
    {
        var now = time.GetUtcNow();
        var order = new OrderIntent(
            label,
            "BTC",
            side,
            contracts,
            price,
            false,
            false,
            life,
            now.AddSeconds(5),
            OrderPurpose.Resize
        );
        var listed = new HyperliquidContracts(HyperliquidWorld.Settings.Account);
        var fees = JsonElement.Parse("""{"userAddRate":"0","userCrossRate":"0"}""");
        listed.Learn(Recorded.Of("hyperliquid", "meta"), fees);
        client!.Start(Orders.Approved(order, listed.Find("BTC")!, now), 1);
    }

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

    static decimal Power(int exponent) => (decimal)Math.Pow(10, exponent);

    static bool IsAllowed(decimal price, int sizeDecimals)
    {
        if (price == decimal.Truncate(price))
            return true;
        string text = TextNumbers.Write(price);
        string figures = text.Replace(".", "").TrimStart('0');
        return figures.Length <= 5 && text[(text.IndexOf('.') + 1)..].Length <= 6 - sizeDecimals;
    }
}
