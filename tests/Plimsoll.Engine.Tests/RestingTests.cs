using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine.Tests;

/// <summary>Orders that rest inside the spread: placed, followed, crossed at the deadline, out of the way of cuts.</summary>
public sealed class RestingTests
{
    const string Btc = "BTC-PERPETUAL";
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    static EngineSettings Settings(bool venueEdits = true) =>
        EngineDriver.Settings with
        {
            Resting = new RestingSettings
            {
                IsOn = true,
                VenueEdits = venueEdits,
                Deadline = Deadline,
            },
        };

    /// <summary>Live, with a target and its first order at rest; bid 59,999 and ask 60,000 with ticks of 0.5.</summary>
    static (EngineDriver Driver, OrderIntent Order) AtRest(
        decimal held = 0,
        decimal target = 3_000,
        bool venueEdits = true,
        decimal? exitCostUsd = 1
    )
    {
        var driver = EngineDriver.Live(held);
        driver.Give(new Configured(Settings(venueEdits), []));
        Quote(driver, 59_999, 60_000);
        driver.Give(
            new TargetsReady(
                driver.State.SolveAskedSequence,
                driver.State.SolveDigest,
                [new TargetContracts(Btc, target, 0.2m, exitCostUsd, "")]
            )
        );
        var order = driver.LastOrder.Order;
        Open(driver, order);
        return (driver, order);
    }

    static List<EngineEffect> Quote(EngineDriver driver, decimal bid, decimal ask, decimal depth = 10_000) =>
        driver.Give(new TickerSeen(Btc, ask, ask, new TopOfBook(bid, ask), depth, depth, null));

    static List<EngineEffect> Open(EngineDriver driver, OrderIntent order, decimal filled = 0) =>
        driver.Give(
            new OrderSeen(
                order.Label,
                VenueOrderStatus.Open,
                filled,
                "",
                Contracts: order.Contracts,
                LimitPrice: order.LimitPrice
            )
        );

    static void Fill(EngineDriver driver, OrderIntent order, decimal contracts, string trade) =>
        driver.Give(new FillSeen(trade, order.Label, Btc, order.Side, contracts, order.LimitPrice, false));

    /// <summary>Time goes on second by second; the account and the book stay fresh.</summary>
    static List<EngineEffect> Pass(EngineDriver driver, int seconds, decimal bid, decimal ask)
    {
        int before = driver.Effects.Count;
        for (int i = 0; i < seconds; i++)
        {
            driver.Wait(1);
            driver.Account();
            Quote(driver, bid, ask);
        }
        return driver.Effects[before..];
    }

    [Fact]
    public void An_order_in_no_hurry_rests_a_tick_inside_the_spread_and_only_there()
    {
        var (_, order) = AtRest();
        Assert.Equal(
            (Side.Buy, 59_999.5m, true, OrderLife.Rests, false, 2_500m),
            (order.Side, order.LimitPrice, order.PostOnly, order.Life, order.ReduceOnly, order.Contracts)
        );
        // A reduction too, on its own side of the book.
        var (_, sale) = AtRest(held: 3_000, target: 1_000);
        Assert.Equal((Side.Sell, 59_999.5m, true), (sale.Side, sale.LimitPrice, sale.ReduceOnly));
    }

    [Fact]
    public void It_follows_a_market_that_leaves_by_a_change_of_the_same_order()
    {
        var (driver, order) = AtRest();
        driver.Wait(1.1);
        driver.Account();
        var effects = Quote(driver, 60_050, 60_060);
        var edit = Assert.Single(effects.OfType<EditOrder>());
        Assert.Equal((order.Label, 60_050.5m, 2_500m), (edit.Order.Label, edit.Order.LimitPrice, edit.Order.Contracts));
        Assert.True(edit.Order.ValidUntil > order.ValidUntil);
        Assert.NotNull(edit.Approval);
        Assert.Contains(effects, effect => effect is Decided { Cause: "re-price", Order: 2_500 });
        Assert.Empty(driver.Effects.OfType<SendOrder>().Skip(1));
    }

    [Theory]
    [InlineData(60_001, 60_002, 1.1)] // the move is within the band: 0.02% of 60,000 is 12
    [InlineData(60_050, 60_060, 0.5)] // the last message left less than a second ago
    [InlineData(59_999.5, 60_000, 1.1)] // nobody stands before it: the best price is its own
    [InlineData(59_950, 59_999.5, 1.1)] // the market came nearer
    public void It_is_left_where_it_is(double bid, double ask, double seconds)
    {
        var (driver, _) = AtRest();
        driver.Wait(seconds);
        driver.Account();
        var effects = Quote(driver, (decimal)bid, (decimal)ask);
        Assert.DoesNotContain(effects, effect => effect is EditOrder or CancelOrder or SendOrder);
    }

    [Fact]
    public void Messages_that_openings_may_need_are_not_spent_on_changes()
    {
        var (driver, _) = AtRest();
        driver.Wait(1.1);
        driver.Account();
        for (int i = 0; i < driver.State.Settings!.Controls.MessagesPerSecond / 2; i++)
            driver.State.Messages.Enqueue(driver.Now);
        Assert.DoesNotContain(Quote(driver, 60_050, 60_060), effect => effect is EditOrder);
        Assert.Contains(driver.Wait(1.1), effect => effect is EditOrder);
    }

    [Fact]
    public void Where_the_venue_changes_nothing_it_is_cancelled_and_priced_anew_under_another_label()
    {
        var (driver, order) = AtRest(venueEdits: false);
        driver.Wait(1.1);
        driver.Account();
        var effects = Quote(driver, 60_050, 60_060);
        Assert.Equal(order.Label, Assert.Single(effects.OfType<CancelOrder>()).Label);
        Assert.Empty(driver.Effects.OfType<EditOrder>());
        driver.Give(new OrderSeen(order.Label, VenueOrderStatus.Cancelled, 0, ""));
        driver.Wait(1.1);
        Quote(driver, 60_050, 60_060);
        var next = driver.LastOrder.Order;
        Assert.NotEqual(order.Label, next.Label);
        Assert.Equal((60_050.5m, true), (next.LimitPrice, next.PostOnly));
    }

    /// <summary>A part is filled while the change is under way: the total is the new one, nothing is bought twice.</summary>
    [Fact]
    public void A_change_states_the_total_with_what_is_filled()
    {
        var (driver, order) = AtRest();
        Open(driver, order, filled: 1_000);
        Fill(driver, order, 1_000, "t1");
        driver.Wait(1.1);
        driver.Account();
        var edit = Assert.Single(Quote(driver, 60_050, 60_060).OfType<EditOrder>()).Order;
        Assert.Equal(2_500, edit.Contracts);
        Open(driver, order, filled: 1_200);
        Fill(driver, order, 200, "t2");
        Open(driver, edit, filled: 1_200);
        Assert.Equal(1_200, driver.State.Position(Btc));
        Assert.Equal(1_300, driver.State.Orders[order.Label].Remaining);
        Assert.Equal(60_050.5m, driver.State.Orders[order.Label].Intent.LimitPrice);
    }

    [Fact]
    public void An_unknown_change_is_read_back_and_never_sent_again_and_counts_at_its_worst()
    {
        // The target falls: the order is to be smaller.
        var (driver, order) = AtRest();
        driver.Wait(1.1);
        driver.Account();
        driver.State.Instruments[Btc].Target = new TargetContracts(Btc, 1_500, 0.2m, 1, "");
        var edit = Assert.Single(Quote(driver, 59_999, 60_000).OfType<EditOrder>()).Order;
        Assert.Equal(1_500, edit.Contracts);
        var own = driver.State.Orders[order.Label];
        Assert.Equal(2_500, own.Remaining);
        var effects = driver.Give(new SendFailed(order.Label, true, "time-out"));
        Assert.Contains(effects, effect => effect is ReadOrder);
        // The old terms prove nothing while the change may still arrive.
        Open(driver, order);
        Assert.Equal((2_500m, edit), (own.Remaining, own.Pending));
        var meanwhile = Pass(driver, 4, 60_100, 60_110);
        Assert.DoesNotContain(meanwhile, effect => effect is EditOrder or SendOrder);
        Assert.Contains(meanwhile, effect => effect is ReadOrder);
        // It did arrive.
        Open(driver, edit);
        Assert.Equal((1_500m, 1_500m), (own.Remaining, own.Intent.Contracts));
    }

    [Fact]
    public void Old_terms_after_the_changes_valid_until_say_that_it_was_never_taken()
    {
        var (driver, order) = AtRest();
        driver.Wait(1.1);
        driver.Account();
        Quote(driver, 60_050, 60_060);
        driver.Give(new SendFailed(order.Label, true, "time-out"));
        Pass(driver, 8, 60_050, 60_060);
        Assert.NotNull(driver.State.Orders[order.Label].Pending);
        var effects = Open(driver, order);
        Assert.Equal(order, driver.State.Orders[order.Label].Intent);
        // And so it is changed anew, from what is known now.
        Assert.Equal(order.Label, Assert.Single(effects.OfType<EditOrder>()).Order.Label);
    }

    [Fact]
    public void A_refused_change_leaves_the_order_which_is_read_back()
    {
        var (driver, order) = AtRest();
        driver.Wait(1.1);
        driver.Account();
        Quote(driver, 60_050, 60_060);
        var effects = driver.Give(new SendFailed(order.Label, false, "too many", RefusalKind.RateLimit));
        Assert.Contains(effects, effect => effect is ReadOrder);
        var own = driver.State.Orders[order.Label];
        Assert.Equal((null, OrderPhase.Unknown, 2_500m), (own.Pending, own.Phase, own.Remaining));
    }

    [Theory, InlineData(0.5, true), InlineData(0.001, false), InlineData(null, true)]
    public void At_the_deadline_it_is_cancelled_and_crosses_if_that_is_worth_its_cost(double? exitCostUsd, bool crosses)
    {
        var (driver, order) = AtRest(exitCostUsd: (decimal?)exitCostUsd);
        // A taker pays 0.05% of 10 dollars a contract, 0.005, and here no spread: the mark is the ask.
        var effects = Pass(driver, 20, 59_999.5m, 60_000);
        Assert.Equal(order.Label, Assert.Single(effects.OfType<CancelOrder>()).Label);
        var after = driver.Give(new OrderSeen(order.Label, VenueOrderStatus.Cancelled, 0, ""));
        after.AddRange(Quote(driver, 59_999.5m, 60_000));
        if (crosses)
        {
            var cross = Assert.Single(after.OfType<SendOrder>()).Order;
            Assert.Equal((OrderLife.ImmediateOrCancel, 60_000m), (cross.Life, cross.LimitPrice));
            return;
        }
        Assert.Contains(after.OfType<Decided>(), decided => decided.Binding.StartsWith("crossing costs 0.00"));
        Assert.All(after.OfType<SendOrder>(), again => Assert.Equal(OrderLife.Rests, again.Order.Life));
    }

    [Fact]
    public void A_lost_cancellation_is_asked_for_again_until_the_order_is_gone()
    {
        var (driver, order) = AtRest();
        var effects = Pass(driver, 20, 59_999.5m, 60_000);
        for (int i = 0; i < 3; i++)
        {
            Open(driver, order);
            effects.AddRange(Pass(driver, 1, 59_999.5m, 60_000));
        }
        Assert.True(effects.OfType<CancelOrder>().Count() >= 3);
    }

    [Fact]
    public void What_the_market_met_before_it_rested_is_no_fault_and_is_tried_again()
    {
        var (driver, order) = AtRest();
        for (int i = 0; i < 8; i++)
        {
            var effects = driver.Give(
                new OrderSeen(driver.LastOrder.Order.Label, VenueOrderStatus.Rejected, 0, "", RefusalKind.WouldTrade)
            );
            Assert.DoesNotContain(effects, effect => effect is Alert { Code: "rejected" });
            Pass(driver, 1, 59_999, 60_000);
        }
        Assert.NotEqual(order.Label, driver.LastOrder.Order.Label);
        Assert.Equal(OrderLife.Rests, driver.LastOrder.Order.Life);
    }

    [Fact]
    public void A_cut_cancels_what_rests_first_and_never_turns_the_position()
    {
        // A reduction of 2,500 rests; the margin ratio then asks for everything at once.
        var (driver, order) = AtRest(held: 3_000, target: 0);
        Assert.Equal((2_500m, true), (order.Contracts, order.ReduceOnly));
        var effects = driver.Account(equity: 1_000, initial: 950, maintenance: 900);
        int cancelled = effects.FindIndex(effect => effect is CancelOrder cancel && cancel.Label == order.Label);
        int cut = effects.FindIndex(effect => effect is SendOrder { Order.Purpose: OrderPurpose.Cut });
        Assert.True(cancelled >= 0 && cancelled < cut, "cancelled first");
        var sent = ((SendOrder)effects[cut]).Order;
        Assert.Equal(OrderLife.ImmediateOrCancel, sent.Life);
        Assert.Equal(500, sent.Contracts);
    }

    [Fact]
    public void Safer_modes_take_resting_increases_off_and_let_nothing_rest()
    {
        var (driver, order) = AtRest();
        var effects = driver.Give(new ReduceOnlyAsked("ana", "lunch"));
        Assert.Contains(effects, effect => effect is CancelOrder cancel && cancel.Label == order.Label);
        var (other, resting) = AtRest();
        effects = other.Give(new Killed("ana", "enough", Flatten: true));
        Assert.IsType<CancelAll>(effects[0]);
        Assert.All(effects.OfType<SendOrder>(), sent => Assert.Equal(OrderLife.ImmediateOrCancel, sent.Order.Life));
        Assert.NotNull(resting);
        // A reduction does not wait either once only reductions are let through.
        var (third, sale) = AtRest(held: 3_000, target: 1_000);
        effects = third.Give(new ReduceOnlyAsked("ana", "lunch"));
        Assert.Contains(effects, effect => effect is CancelOrder cancel && cancel.Label == sale.Label);
        effects = third.Give(new OrderSeen(sale.Label, VenueOrderStatus.Cancelled, 0, ""));
        Assert.Equal(OrderLife.ImmediateOrCancel, Assert.Single(effects.OfType<SendOrder>()).Order.Life);
    }

    [Fact]
    public void A_target_that_turns_or_a_book_that_is_silent_ends_it()
    {
        var (driver, order) = AtRest();
        driver.State.Instruments[Btc].Target = new TargetContracts(Btc, -3_000, 0.2m, 1, "");
        Assert.Equal(order.Label, Assert.Single(Quote(driver, 59_999, 60_000).OfType<CancelOrder>()).Label);
        (driver, order) = AtRest();
        driver.Wait(9);
        Assert.DoesNotContain(driver.Effects, effect => effect is CancelOrder);
        Assert.Equal(order.Label, Assert.Single(driver.Wait(2).OfType<CancelOrder>()).Label);
    }

    /// <summary>The gate sees every order alive at full size, whichever rests, flies or is of unknown fate.</summary>
    [Fact]
    public void Orders_alive_count_in_the_limits_of_position_and_reduction()
    {
        var (driver, order) = AtRest();
        var own = driver.State.Instruments[Btc];
        driver.Give(new SendFailed(order.Label, true, "time-out"));
        // 2,500 contracts of 10 dollars are alive and 400,000 dollars the limit.
        OrderIntent Next(decimal contracts) =>
            OrderMaking.Of(
                driver.State,
                own,
                contracts,
                60_000,
                false,
                OrderLife.ImmediateOrCancel,
                OrderPurpose.Resize
            )!;
        var limits = driver.State.Settings! with { };
        driver.Give(
            new Configured(limits with { Controls = limits.Controls with { PositionNotionalUsd = 60_000 } }, [])
        );
        driver.Account();
        Quote(driver, 59_999, 60_000);
        Assert.Equal("position-limit", OrderMaking.Try(driver.State, own, Next(3_501), []));
        Assert.Null(OrderMaking.Try(driver.State, own, Next(3_500), []));
    }
}
