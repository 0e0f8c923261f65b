using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine.Tests;

public sealed class EngineCoreTests
{
    [Fact]
    public void It_starts_disconnected_and_asks_for_the_venues_truth()
    {
        var driver = new EngineDriver();
        driver.Give(new Configured(EngineDriver.Settings, [EngineDriver.Perpetual()]));
        Assert.Equal(EngineMode.Disconnected, driver.State.Mode);
        Assert.Contains(new Reconcile(), driver.Give(new SessionUp()));
        driver.Account();
        driver.AnswerReconcile();
        Assert.Equal(EngineMode.ReduceOnly, driver.State.Mode);
        Assert.Equal("not armed", driver.State.ModeCause);
    }

    [Fact]
    public void Events_out_of_order_or_before_the_settings_are_a_callers_error()
    {
        var state = new EngineState();
        Assert.Throws<ArgumentException>(() =>
            EngineCore.Step(state, new Sequenced(1, EngineDriver.Start, new TimePassed()), [])
        );
        var driver = EngineDriver.Live();
        var late = new Sequenced(driver.State.Sequence + 1, driver.Now.AddTicks(-1), new TimePassed());
        Assert.Throws<ArgumentException>(() => EngineCore.Step(driver.State, late, []));
        var gap = new Sequenced(driver.State.Sequence + 2, driver.Now, new TimePassed());
        Assert.Throws<ArgumentException>(() => EngineCore.Step(driver.State, gap, []));
    }

    [Fact]
    public void A_target_becomes_a_slice_of_the_depth_with_its_reason()
    {
        var driver = EngineDriver.Live();
        var effects = driver.Target(5_000);
        var order = Assert.Single(effects.OfType<SendOrder>()).Order;
        Assert.Equal(
            (Side.Buy, 2_500m, 60_000m, false),
            (order.Side, order.Contracts, order.LimitPrice, order.ReduceOnly)
        );
        var decided = Assert.Single(effects.OfType<Decided>());
        Assert.Equal(new Decided("BTC-PERPETUAL", "resize", 0, 5_000, 2_500, "survival.worst-case"), decided);
        Assert.Empty(driver.Tick(60_000).OfType<SendOrder>());
    }

    [Fact]
    public void Within_the_band_nothing_is_traded()
    {
        var driver = EngineDriver.Live(held: 4_600);
        Assert.Empty(driver.Target(5_000).OfType<SendOrder>());
        driver = EngineDriver.Live(held: 4_400);
        Assert.Equal(600, Assert.Single(driver.Target(5_000).OfType<SendOrder>()).Order.Contracts);
    }

    [Fact]
    public void A_position_is_closed_before_the_other_side_is_opened()
    {
        var driver = EngineDriver.Live(held: 1_000);
        var order = Assert.Single(driver.Target(-1_000).OfType<SendOrder>()).Order;
        Assert.Equal((Side.Sell, 1_000m, true), (order.Side, order.Contracts, order.ReduceOnly));
    }

    [Fact]
    public void A_target_without_its_margin_opens_nothing_and_says_which_control_refused()
    {
        var driver = EngineDriver.Live();
        var effects = driver.Target(5_000, maintenanceUsd: null);
        Assert.Empty(effects.OfType<SendOrder>());
        Assert.Equal("control margin-use", Assert.Single(effects.OfType<Decided>()).Binding);
    }

    [Fact]
    public void An_answer_to_another_question_is_dropped()
    {
        var driver = EngineDriver.Live();
        var effects = driver.Give(
            new TargetsReady(driver.State.SolveAskedSequence, "other", [new("BTC-PERPETUAL", 5, 1, 1, "")])
        );
        Assert.Equal("stale-solve", Assert.Single(effects.OfType<Alert>()).Code);
        Assert.Empty(effects.OfType<SendOrder>());
    }

    [Fact]
    public void An_ambiguous_failure_is_read_back_and_never_sent_again()
    {
        var driver = EngineDriver.Live();
        driver.Target(1_000);
        string label = driver.LastOrder.Order.Label;
        Assert.Contains(new ReadOrder(label), driver.Give(new SendFailed(label, true, "time-out")));
        for (int i = 0; i < 6; i++)
        {
            driver.Give(new OrderNotFound(label));
            Assert.DoesNotContain(driver.Wait(1), effect => effect is SendOrder);
            driver.Tick(60_000);
            driver.Account();
        }
        // Its valid-until (5 s) and the margin (2 s) have passed: two readings without it are believed.
        driver.Wait(1.5);
        driver.Give(new OrderNotFound(label));
        Assert.Contains(label, driver.State.AliveOrders);
        driver.Tick(60_000);
        driver.Account();
        var effects = driver.Give(new OrderNotFound(label));
        Assert.DoesNotContain(label, driver.State.AliveOrders);
        effects.AddRange(driver.Tick(60_000));
        var again = Assert.Single(effects.OfType<SendOrder>());
        Assert.NotEqual(label, again.Order.Label);
    }

    [Fact]
    public void A_trade_is_booked_once_however_often_and_in_whatever_order_it_is_told()
    {
        EngineEvent[] told(string label) =>
            [
                new OrderSeen(label, VenueOrderStatus.Open, 0, ""),
                new FillSeen("t1", label, "BTC-PERPETUAL", Side.Buy, 400, 60_000, false),
                new FillSeen("t2", label, "BTC-PERPETUAL", Side.Buy, 600, 60_000, false),
                new FillSeen("t1", label, "BTC-PERPETUAL", Side.Buy, 400, 60_000, false),
                new OrderSeen(label, VenueOrderStatus.Filled, 1_000, ""),
            ];
        foreach (int[] order in Permutations([0, 1, 2, 3, 4]))
        {
            var driver = EngineDriver.Live();
            driver.Target(1_000);
            string label = driver.LastOrder.Order.Label;
            foreach (int i in order)
                driver.Give(told(label)[i]);
            Assert.Equal(1_000, driver.State.Position("BTC-PERPETUAL"));
            Assert.Empty(driver.State.AliveOrders);
        }
    }

    [Fact]
    public void A_lost_session_leaves_every_order_of_unknown_fate_and_nothing_is_sent()
    {
        var driver = EngineDriver.Live();
        driver.Target(5_000);
        driver.Give(new SessionDown("reset"));
        Assert.Equal(EngineMode.Disconnected, driver.State.Mode);
        Assert.Single(driver.State.AliveOrders);
        Assert.Empty(driver.Tick(60_000).OfType<SendOrder>());
        driver.Give(new SessionUp());
        Assert.Equal(EngineMode.Disconnected, driver.State.Mode);
        driver.AnswerReconcile();
        Assert.NotEqual(EngineMode.Disconnected, driver.State.Mode);
    }

    [Fact]
    public void A_difference_with_the_venue_stops_openings_until_a_clean_reading()
    {
        var driver = EngineDriver.Live(held: 1_000);
        driver.Wait(16);
        driver.AnswerReconcile(new Position("BTC-PERPETUAL", 1_001, null));
        Assert.Equal(EngineMode.ReduceOnly, driver.State.Mode);
        Assert.Contains("1001 at the venue", driver.State.ModeCause, StringComparison.Ordinal);
        Assert.Equal(1_001, driver.State.Position("BTC-PERPETUAL"));
        driver.Wait(16);
        driver.AnswerReconcile(new Position("BTC-PERPETUAL", 1_001, null));
        driver.Wait(6);
        driver.Account();
        driver.Wait(6);
        Assert.Equal(EngineMode.Live, driver.State.Mode);
    }

    /// <summary>Contracts that came from elsewhere, of which no trade is told: the venue's reading stands.</summary>
    [Fact]
    public void The_venues_position_wins_whatever_was_told()
    {
        var driver = EngineDriver.Live(held: 100);
        driver.Wait(16);
        driver.AnswerReconcile(new Position("BTC-PERPETUAL", 250, null), new Position("ETH-PERPETUAL", -7, null));
        Assert.Equal((250m, -7m), (driver.State.Position("BTC-PERPETUAL"), driver.State.Position("ETH-PERPETUAL")));
        driver.Wait(16);
        driver.AnswerReconcile();
        Assert.Equal((0m, 0m), (driver.State.Position("BTC-PERPETUAL"), driver.State.Position("ETH-PERPETUAL")));
    }

    /// <summary>Ids are kept for a while alone; what is older is known by the venue's time of it.</summary>
    [Fact]
    public void A_trade_from_before_the_last_reading_is_counted_already_and_its_id_need_not_be_kept()
    {
        var driver = EngineDriver.Live(held: 0);
        FillSeen Trade(int i, DateTimeOffset at) =>
            new($"t{i}", null, "BTC-PERPETUAL", Side.Buy, 1, 60_000, false, VenueAt: at);
        var first = Trade(0, driver.Now);
        for (int minute = 0; minute < 60; minute++)
        {
            driver.Give(Trade(minute, driver.Now));
            driver.Wait(60);
            driver.Account();
            driver.Give(
                new ReconcileSeen(
                    driver.LastReconcile,
                    [new Position("BTC-PERPETUAL", minute + 1, null)],
                    [],
                    [Trade(minute, driver.Now.AddMinutes(-1))]
                )
            );
            Assert.True(driver.State.Trades.Count <= 12, $"{driver.State.Trades.Count} ids");
        }
        Assert.Equal(60, driver.State.Position("BTC-PERPETUAL"));
        driver.Give(first);
        Assert.Equal(60, driver.State.Position("BTC-PERPETUAL"));
        // One that was never told, from before the reading: the reading had it.
        driver.Give(Trade(1_000, driver.Now.AddMinutes(-30)));
        Assert.Equal(60, driver.State.Position("BTC-PERPETUAL"));
        driver.Give(Trade(1_001, driver.Now));
        driver.Give(Trade(1_001, driver.Now));
        Assert.Equal(61, driver.State.Position("BTC-PERPETUAL"));
    }

    [Fact]
    public void A_foreign_order_is_cancelled_and_said()
    {
        var driver = EngineDriver.Live();
        driver.Wait(16);
        var foreign = new ListedOrder("x", "BTC-PERPETUAL", Side.Buy, 5, 50_000, false);
        var effects = driver.Give(new ReconcileSeen(driver.LastReconcile, [], [foreign], []));
        Assert.Contains(new CancelOrder("x"), effects);
        Assert.Contains(effects, effect => effect is Alert { Code: "foreign-order" });
    }

    [Fact]
    public void Old_account_figures_and_clocks_apart_reduce_only()
    {
        var driver = EngineDriver.Live();
        driver.Wait(10.5);
        Assert.Equal(EngineMode.ReduceOnly, driver.State.Mode);
        driver = EngineDriver.Live();
        driver.Give(new ClockOffsetSeen(TimeSpan.FromMilliseconds(-501)));
        Assert.Equal(EngineMode.ReduceOnly, driver.State.Mode);
    }

    [Fact]
    public void The_drawdown_throttle_asks_for_a_solve_and_at_its_end_only_reduces()
    {
        var driver = EngineDriver.Live();
        driver.Target(0);
        driver.Wait(2);
        driver.Tick(60_000);
        var effects = driver.Account(equity: 89_000);
        Assert.Contains(effects, effect => effect is Solve { Why: "the drawdown throttle moved" });
        Assert.Equal(0.5m, driver.State.Keep);
        driver.Account(equity: 69_000);
        Assert.Equal(EngineMode.ReduceOnly, driver.State.Mode);
        Assert.Equal("the drawdown keeps nothing", driver.State.ModeCause);
    }

    [Fact]
    public void Kill_cancels_everything_and_opens_nothing_until_a_person_arms_again()
    {
        var driver = EngineDriver.Live(held: 1_000);
        driver.Target(5_000);
        var effects = driver.Give(new Killed("ana", "drill", Flatten: false));
        Assert.Single(effects.OfType<CancelAll>());
        Assert.Equal(EngineMode.Halted, driver.State.Mode);
        driver.Give(new OrderSeen(driver.LastOrder.Order.Label, VenueOrderStatus.Cancelled, 0, ""));
        driver.Wait(5);
        Assert.Empty(driver.Tick(60_000).OfType<SendOrder>());
        driver.Give(new Armed("ana", "drill over"));
        driver.Account();
        driver.Wait(6);
        driver.Account();
        Assert.Equal(EngineMode.Live, driver.State.Mode);
    }

    [Fact]
    public void Kill_can_flatten_and_only_ever_reduces()
    {
        var driver = EngineDriver.Live(held: -1_000);
        var effects = driver.Give(new Killed("ana", "out", Flatten: true));
        var order = Assert.Single(effects.OfType<SendOrder>()).Order;
        Assert.Equal(
            (Side.Buy, 1_000m, true, OrderPurpose.Cut),
            (order.Side, order.Contracts, order.ReduceOnly, order.Purpose)
        );
    }

    [Fact]
    public void Kill_does_not_wait_for_messages_limits_or_data()
    {
        var driver = EngineDriver.Live();
        driver.Wait(60);
        driver.Give(new SessionDown("gone"));
        Assert.Single(driver.Give(new Killed("ana", "blind", Flatten: false)).OfType<CancelAll>());
    }

    [Fact]
    public void Cuts_start_at_their_line_and_end_at_their_target()
    {
        var driver = EngineDriver.Live(held: 10_000);
        driver.Target(10_000, maintenanceUsd: 4);
        Assert.Empty(driver.Account(equity: 60_000, initial: 50_000, maintenance: 41_900).OfType<SendOrder>());
        var order = Assert.Single(driver.Account(60_000, 50_000, 42_000).OfType<SendOrder>()).Order;
        Assert.Equal(EngineMode.Cutting, driver.State.Mode);
        // 42,000 less 60% of 60,000 is 6,000: 1,500 contracts of 4 USD each.
        Assert.Equal((Side.Sell, 1_500m, true), (order.Side, order.Contracts, order.ReduceOnly));
        driver.Give(new FillSeen("c1", order.Label, "BTC-PERPETUAL", Side.Sell, 1_500, 59_990, false));
        driver.Give(new OrderSeen(order.Label, VenueOrderStatus.Filled, 1_500, ""));
        Assert.Empty(driver.Account(60_000, 42_000, 36_000).OfType<SendOrder>());
        driver.Wait(6);
        Assert.NotEqual(EngineMode.Cutting, driver.State.Mode);
    }

    /// <summary>USD of margin freed for each USD that leaving costs, whichever position is the larger.</summary>
    [Theory, InlineData(0.0001, "ETH-PERPETUAL"), InlineData(1, "BTC-PERPETUAL")]
    public void Cuts_take_first_what_frees_most_margin_per_cost(double costOfEther, string first)
    {
        var driver = EngineDriver.Live(held: 10_000);
        driver.Wait(16);
        driver.AnswerReconcile(
            new Position("BTC-PERPETUAL", 10_000, null),
            new Position("ETH-PERPETUAL", 20_000, null)
        );
        driver.Tick(60_000);
        driver.Tick(2_000, "ETH-PERPETUAL");
        driver.Targets([
            new TargetContracts("BTC-PERPETUAL", 10_000, 4, 0.01m, ""),
            new TargetContracts("ETH-PERPETUAL", 20_000, 0.5m, (decimal)costOfEther, ""),
        ]);
        var orders = driver.Account(60_000, 50_000, 42_000).OfType<SendOrder>().ToList();
        Assert.Equal(first, orders[0].Order.Instrument);
        Assert.All(orders, send => Assert.True(send.Order.ReduceOnly));
    }

    [Fact]
    public void Each_miss_of_a_cut_goes_farther_and_never_past_its_room()
    {
        var driver = EngineDriver.Live(held: 10_000);
        driver.Target(10_000, maintenanceUsd: 4);
        driver.Account(60_000, 60_000, 50_000);
        var prices = new List<decimal>();
        for (int i = 0; i < 6; i++)
        {
            var order = driver.LastOrder.Order;
            prices.Add(order.LimitPrice);
            driver.Give(new OrderSeen(order.Label, VenueOrderStatus.Cancelled, 0, "no liquidity"));
            driver.Wait(0.3);
            driver.Tick(60_000);
            driver.Account(60_000, 60_000, 50_000);
        }
        Assert.Equal([59_700m, 59_400m, 59_100m, 58_800m, 58_800m, 58_800m], prices);
    }

    /// <summary>The venue's band is 1.5% about the mark: 2% is refused until the price lies within it.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public void A_cut_that_the_venue_refuses_for_its_price_comes_nearer_until_it_is_taken(bool isFailure)
    {
        var driver = EngineDriver.Live(held: 10_000);
        driver.Target(10_000, maintenanceUsd: 4);
        var wide = EngineDriver.Settings with { Cuts = [new CutLine(0.7m, 0.25m, 0.08m)] };
        driver.Give(new Configured(wide, [EngineDriver.Perpetual()]));
        driver.Account(60_000, 60_000, 50_000);
        var prices = new List<decimal>();
        for (int i = 0; i < 4; i++)
        {
            var order = driver.LastOrder.Order;
            prices.Add(order.LimitPrice);
            if (order.LimitPrice >= 60_000 * 0.985m)
                driver.Give(new OrderSeen(order.Label, VenueOrderStatus.Filled, order.Contracts, ""));
            else if (isFailure)
                driver.Give(new SendFailed(order.Label, false, "band", RefusalKind.Price));
            else
                driver.Give(new OrderSeen(order.Label, VenueOrderStatus.Rejected, 0, "band", RefusalKind.Price));
            driver.Wait(0.3);
            driver.Tick(60_000);
            driver.Account(60_000, 60_000, 50_000);
        }
        // A taken price is kept: the next cut does not try the refused one again.
        Assert.Equal([58_800m, 59_400m, 59_400m, 59_400m], prices);
    }

    [Fact]
    public void A_bad_tick_cuts_nothing_and_a_true_crash_is_believed_within_a_second()
    {
        var driver = EngineDriver.Live(held: 10_000);
        driver.Target(10_000, maintenanceUsd: 4);
        driver.Account(80_000, 40_000, 30_000);
        Assert.Contains(driver.Tick(30_000), effect => effect is Alert { Code: "suspect-mark" });
        driver.Wait(0.2);
        Assert.Empty(driver.Tick(60_010).OfType<SendOrder>());
        Assert.NotEqual(EngineMode.Cutting, driver.State.Mode);
        driver.Wait(0.2);
        driver.Tick(48_000);
        driver.Wait(0.2);
        driver.Tick(47_900);
        var order = Assert.Single(driver.Account(40_000, 40_000, 34_000).OfType<SendOrder>()).Order;
        Assert.InRange(order.LimitPrice, 47_900m * 0.98m, 47_900m);
    }

    [Fact]
    public void A_forced_trade_of_the_venue_stops_everything()
    {
        var driver = EngineDriver.Live(held: 1_000);
        driver.Give(new FillSeen("adl", null, "BTC-PERPETUAL", Side.Sell, 400, 60_000, IsForced: true));
        Assert.Equal(EngineMode.Liquidating, driver.State.Mode);
        Assert.Equal(600, driver.State.Position("BTC-PERPETUAL"));
        driver.Give(new Armed("ana", "seen"));
        driver.Wait(6);
        Assert.NotEqual(EngineMode.Liquidating, driver.State.Mode);
    }

    [Fact]
    public void A_balance_that_is_not_told_is_kept_and_not_taken_for_nothing()
    {
        var driver = EngineDriver.Live();
        Balance[] told = [new(new Currency("BTC"), 1.5m), new(Currency.Usdc, 200)];
        driver.Give(new AccountSeen(100_000, 0, 0, [.. told]));
        driver.Give(new AccountSeen(100_000, 0, 0));
        Assert.Equal(told, EngineView.Of(driver.State).Equities);
        driver.Give(new AccountSeen(100_000, 0, 0, []));
        Assert.Equal(told, EngineView.Of(driver.State).Equities);
    }

    [Fact]
    public void A_filled_amount_that_falls_is_read_again()
    {
        var driver = EngineDriver.Live();
        driver.Target(1_000);
        string label = driver.LastOrder.Order.Label;
        driver.Give(new OrderSeen(label, VenueOrderStatus.Open, 500, ""));
        var effects = driver.Give(new OrderSeen(label, VenueOrderStatus.Open, 400, ""));
        Assert.Contains(new ReadOrder(label), effects);
    }

    static IEnumerable<int[]> Permutations(int[] items) =>
        items.Length == 1
            ? [items]
            : items.SelectMany(first =>
                Permutations([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest])
            );

    [Fact]
    public void A_target_beyond_the_largest_order_is_reached_in_steps_that_the_control_lets_pass()
    {
        var driver = EngineDriver.Live();
        driver.Tick(60_000, depth: 1_000_000);
        driver.Target(25_000);
        // 200,000 USD an order, 10 USD a contract.
        Assert.Equal(20_000, driver.LastOrder.Order.Contracts);
        driver.Give(
            new Configured(
                EngineDriver.Settings with
                {
                    Controls = EngineDriver.Settings.Controls with { OrderNotionalUsd = 5_000 },
                },
                []
            )
        );
        driver.Give(new OrderSeen(driver.LastOrder.Order.Label, VenueOrderStatus.Cancelled, 0, ""));
        driver.Wait(1);
        driver.Account();
        driver.Tick(60_000, depth: 1_000_000);
        Assert.Equal(500, driver.LastOrder.Order.Contracts);
    }
}
