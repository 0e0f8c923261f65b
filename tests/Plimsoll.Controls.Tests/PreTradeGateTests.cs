using CsCheck;
using Plimsoll.Markets;
using static Plimsoll.Controls.Tests.GateFixture;

namespace Plimsoll.Controls.Tests;

public sealed class PreTradeGateTests
{
    [Fact]
    public void A_sound_order_passes_every_control()
    {
        var answer = PreTradeGate.Check(Opening, Input, Limits);
        Assert.Same(Opening, answer.Approved!.Value);
        Assert.Equal(PreTradeControl.All.Select(control => control.Name), answer.Results.Select(r => r.Control));
        Assert.All(answer.Results, result => Assert.Null(result.Refusal));
    }

    [Fact]
    public void Only_the_gate_can_approve() => Assert.Empty(typeof(Approved<OrderIntent>).GetConstructors());

    [Fact]
    public void Names_of_controls_are_unique() =>
        Assert.Equal(
            PreTradeControl.All.Length,
            PreTradeControl.All.Select(control => control.Name).Distinct(StringComparer.Ordinal).Count()
        );

    /// <summary>Each input taken away or made absurd: the opening is refused, by the control named.</summary>
    public static TheoryData<string, PreTradeInput> BrokenInputs() =>
        new()
        {
            { "engine-state", Input with { Permission = TradingPermission.None } },
            { "engine-state", Input with { Permission = TradingPermission.ReduceOnly } },
            { "known-instrument", Input with { Instrument = null } },
            { "known-instrument", Input with { Instrument = Linear } },
            { "fresh-data", Input with { Book = null } },
            { "fresh-data", Input with { Book = Input.Book!.Value with { At = Now.AddSeconds(-2.1) } } },
            { "fresh-data", Input with { Mark = null } },
            { "fresh-data", Input with { Mark = Input.Mark!.Value with { At = Now.AddSeconds(-5.1) } } },
            { "fresh-data", Input with { IndexUsd = null } },
            { "fresh-data", Input with { IndexUsd = Input.IndexUsd!.Value with { At = Now.AddSeconds(-5.1) } } },
            { "fresh-data", Input with { Position = null } },
            { "fresh-data", Input with { Position = Input.Position!.Value with { At = Now.AddSeconds(-10.1) } } },
            { "fresh-data", Input with { EquityUsd = null } },
            { "fresh-data", Input with { EquityUsd = Input.EquityUsd!.Value with { At = Now.AddSeconds(-11) } } },
            { "price-collar", Input with { Mark = new Observed<decimal>(0, Now) } },
            { "price-collar", Input with { Mark = new Observed<decimal>(-60_000, Now) } },
            { "order-size", Input with { EquityUsd = new Observed<decimal>(0, Now) } },
            { "order-size", Input with { EquityUsd = new Observed<decimal>(-5, Now) } },
            { "order-size", Input with { EquityUsd = new Observed<decimal>(19_999, Now) } },
            { "message-rate", Input with { MessagesLastSecond = 5 } },
            { "open-orders", Input with { WorkingInAccount = null } },
            { "open-orders", Input with { WorkingInAccount = 20 } },
            { "position-limit", Input with { Position = new Observed<decimal>(19_001, Now) } },
            { "gross-limit", Input with { OtherGrossNotionalUsd = null } },
            { "gross-limit", Input with { OtherGrossNotionalUsd = 490_001 } },
            { "margin-use", Input with { InitialMarginShareAfter = null } },
            { "margin-use", Input with { InitialMarginShareAfter = 0.61m } },
            { "loss-of-the-day", Input with { LossTodayShare = null } },
            { "loss-of-the-day", Input with { LossTodayShare = 0.1m } },
        };

    [Theory, MemberData(nameof(BrokenInputs))]
    public void A_broken_input_refuses_the_opening(string control, PreTradeInput input) =>
        Assert.Equal(control, RefusedBy(Opening, input));

    public static TheoryData<string, ControlLimits> MissingLimits() =>
        new()
        {
            { "price-collar", Limits with { PriceCollar = null } },
            { "order-size", Limits with { OrderNotionalUsd = null } },
            { "order-size", Limits with { OrderShareOfEquity = null } },
            { "open-orders", Limits with { OpenOrders = null } },
            { "position-limit", Limits with { PositionNotionalUsd = null } },
            { "gross-limit", Limits with { GrossNotionalUsd = null } },
            { "margin-use", Limits with { InitialMarginShare = null } },
            { "loss-of-the-day", Limits with { LossTodayShare = null } },
        };

    [Theory, MemberData(nameof(MissingLimits))]
    public void A_limit_that_is_not_set_refuses_the_opening(string control, ControlLimits limits) =>
        Assert.Equal(control, RefusedBy(Opening, Input, limits));

    public static TheoryData<string, OrderIntent> BrokenOrders() =>
        new()
        {
            { "known-instrument", Opening with { Instrument = "ETH-PERPETUAL" } },
            { "order-shape", Opening with { Label = "" } },
            { "order-shape", Opening with { Label = new string('x', 65) } },
            { "order-shape", Opening with { ValidUntil = Now } },
            { "order-shape", Opening with { PostOnly = true, Life = OrderLife.ImmediateOrCancel } },
            { "order-shape", Opening with { LimitPrice = 0 } },
            { "order-shape", Opening with { LimitPrice = -1 } },
            { "order-shape", Opening with { LimitPrice = 60_000.25m } },
            { "order-shape", Opening with { Contracts = 0 } },
            { "order-shape", Opening with { Contracts = -10 } },
            { "order-shape", Opening with { Contracts = 10.5m } },
            { "reduce-only-never-flips", Opening with { Purpose = OrderPurpose.Cut } },
            { "reduce-only-never-flips", Opening with { ReduceOnly = true } },
            { "price-collar", Opening with { LimitPrice = 61_201 } },
            { "order-size", Opening with { Contracts = 5_001 } },
        };

    [Theory, MemberData(nameof(BrokenOrders))]
    public void A_broken_order_is_refused(string control, OrderIntent order) =>
        Assert.Equal(control, RefusedBy(order, Input));

    [Fact]
    public void The_collar_holds_on_the_losing_side_only()
    {
        Assert.Null(RefusedBy(Opening with { LimitPrice = 40_000 }, Input));
        Assert.Null(RefusedBy(Opening with { LimitPrice = 61_200.5m }, Input));
        Assert.Equal("price-collar", RefusedBy(Opening with { Side = Side.Sell, LimitPrice = 58_799 }, Input));
        Assert.Null(RefusedBy(Opening with { Side = Side.Sell, LimitPrice = 80_000 }, Input));
    }

    [Fact]
    public void An_option_of_a_few_ticks_is_collared_with_one_tick_of_room()
    {
        var order = Opening with { Instrument = Call.Name, Contracts = 0.1m, LimitPrice = 0.0004m };
        var input = Input with { Instrument = Call, Mark = new Observed<decimal>(0.0003m, Now) };
        Assert.Null(RefusedBy(order, input));
        Assert.Equal("price-collar", RefusedBy(order with { LimitPrice = 0.0005m }, input));
    }

    [Fact]
    public void The_tick_grows_with_the_price_of_an_option()
    {
        var order = Opening with { Instrument = Call.Name, Contracts = 0.1m, LimitPrice = 0.0055m };
        var input = Input with { Instrument = Call, Mark = new Observed<decimal>(0.0055m, Now) };
        Assert.Null(RefusedBy(order, input));
        Assert.Equal("order-shape", RefusedBy(order with { LimitPrice = 0.0056m }, input));
    }

    [Fact]
    public void Nothing_is_opened_around_a_settlement()
    {
        var order = Opening with
        {
            Instrument = Call.Name,
            Contracts = 0.1m,
            LimitPrice = 0.02m,
            ValidUntil = Call.Expiry,
        };
        PreTradeInput At(TimeSpan before)
        {
            var now = Call.Expiry - before;
            return Input with
            {
                Now = now,
                Instrument = Call,
                Mark = new Observed<decimal>(0.02m, now),
                IndexUsd = new Observed<decimal>(60_000, now),
                Book = new Observed<TopOfBook>(default, now),
                Position = new Observed<decimal>(0, now),
                EquityUsd = new Observed<decimal>(100_000, now),
            };
        }
        Assert.Null(RefusedBy(order, At(TimeSpan.FromMinutes(5.1))));
        Assert.Equal("settlement-pause", RefusedBy(order, At(TimeSpan.FromMinutes(4.9))));
        Assert.Equal("known-instrument", RefusedBy(order, At(TimeSpan.Zero)));
    }

    [Fact]
    public void The_multiplier_counts_for_every_kind_of_contract()
    {
        // 50,000 USD at an index of 59,990: 5,000 inverse contracts of 10 USD, 833 linear ones of 0.001 coin.
        Assert.Null(RefusedBy(Opening with { Contracts = 5_000 }, Input));
        var linear = Opening with { Instrument = Linear.Name, Contracts = 833 };
        var input = Input with { Instrument = Linear };
        Assert.Null(RefusedBy(linear, input));
        Assert.Equal("order-size", RefusedBy(linear with { Contracts = 834 }, input));
        var option = Opening with { Instrument = Call.Name, Contracts = 0.8m, LimitPrice = 0.02m };
        var quoted = Input with { Instrument = Call, Mark = new Observed<decimal>(0.02m, Now) };
        Assert.Null(RefusedBy(option, quoted));
        Assert.Equal("order-size", RefusedBy(option with { Contracts = 0.9m }, quoted));
    }

    [Fact]
    public void A_reduction_passes_while_every_opening_limit_is_broken()
    {
        var broken = Held with
        {
            Permission = TradingPermission.ReduceOnly,
            Book = null,
            IndexUsd = null,
            EquityUsd = null,
            WorkingInAccount = null,
            OtherGrossNotionalUsd = null,
            InitialMarginShareAfter = 5,
            LossTodayShare = 0.9m,
            MessagesLastSecond = 5,
            Recent = [.. Enumerable.Repeat(new RecentOrder(Now, Side.Sell, 1_000, 60_000, true), 9)],
        };
        Assert.Null(RefusedBy(Reducing, broken, new ControlLimits()));
    }

    [Fact]
    public void The_reserve_of_messages_has_an_end() =>
        Assert.Equal("message-rate", RefusedBy(Reducing, Held with { MessagesLastSecond = 10 }));

    [Fact]
    public void A_reduction_never_flips_the_position_whatever_works_already()
    {
        Assert.Null(RefusedBy(Reducing, Held));
        Assert.Equal("reduce-only-never-flips", RefusedBy(Reducing with { Contracts = 1_001 }, Held));
        var working = Held with { Working = [new WorkingOrder("e1-0-1", Side.Sell, 400, 60_500, true)] };
        Assert.Null(RefusedBy(Reducing with { Contracts = 600 }, working));
        Assert.Equal("reduce-only-never-flips", RefusedBy(Reducing with { Contracts = 601 }, working));
    }

    [Fact]
    public void A_cut_that_does_not_reduce_meets_every_control()
    {
        var wrong = Reducing with { Side = Side.Buy };
        Assert.Equal("reduce-only-never-flips", RefusedBy(wrong, Held));
        Assert.Equal("engine-state", RefusedBy(wrong, Held with { Permission = TradingPermission.ReduceOnly }));
    }

    [Fact]
    public void An_order_does_not_meet_our_own()
    {
        var input = Input with { Working = [new WorkingOrder("mine", Side.Sell, 10, 60_000, false)] };
        Assert.Equal("self-match", RefusedBy(Opening, input));
        Assert.Null(RefusedBy(Opening with { LimitPrice = 59_999.5m }, input));
    }

    [Fact]
    public void A_duplicate_is_refused_until_its_window_has_passed()
    {
        PreTradeInput Sent(double secondsAgo) =>
            Input with
            {
                Recent = [new RecentOrder(Now.AddSeconds(-secondsAgo), Side.Buy, 1_000, 60_000, false)],
            };
        Assert.Equal("duplicate-order", RefusedBy(Opening, Sent(1.9)));
        Assert.Null(RefusedBy(Opening, Sent(2)));
        Assert.Null(RefusedBy(Opening with { Contracts = 999 }, Sent(1)));
    }

    [Fact]
    public void Five_refusals_in_ten_seconds_stop_the_instrument()
    {
        RecentOrder Refused(double secondsAgo) => new(Now.AddSeconds(-secondsAgo), Side.Buy, 1, 50_000, true);
        var four = Input with { Recent = [Refused(1), Refused(2), Refused(3), Refused(10)] };
        Assert.Null(RefusedBy(Opening, four with { Recent = four.Recent.Add(Refused(11)) }));
        Assert.Equal(
            "repeated-rejects",
            RefusedBy(Opening, four with { Recent = four.Recent.Add(Refused(4)).Add(Refused(9.9)) })
        );
    }

    /// <summary>Orders alive in any number, size and order of arrival never let the position pass its limit.</summary>
    [Fact]
    public void No_sequence_of_orders_can_carry_the_position_past_its_limit() =>
        Gen.Select(Gen.Bool, Gen.Int[1, 9_000])
            .List[1, 12]
            .Sample(orders =>
            {
                var input = Input;
                decimal bought = 0,
                    sold = 0;
                foreach (var (isBuy, contracts) in orders)
                {
                    var side = isBuy ? Side.Buy : Side.Sell;
                    var order = Opening with
                    {
                        Side = side,
                        Contracts = contracts,
                        LimitPrice = isBuy ? 59_000 : 61_000,
                    };
                    if (PreTradeGate.Check(order, input, Limits).Approved is null)
                        continue;
                    var alive = new WorkingOrder(order.Label, side, contracts, order.LimitPrice, false);
                    input = input with { Working = input.Working.Add(alive) };
                    bought += isBuy ? contracts : 0;
                    sold += isBuy ? 0 : contracts;
                }
                return Math.Max(bought, sold) * 10 <= Limits.PositionNotionalUsd;
            });

    /// <summary>Tightening any number can only refuse more.</summary>
    [Fact]
    public void A_tighter_limit_never_lets_more_pass() =>
        Gen.Select(Gen.Int[1, 30_000], Gen.Double[0.1, 1], Gen.Int[0, 60])
            .Sample(
                (contracts, factor, marginShare) =>
                {
                    var order = Opening with { Contracts = contracts };
                    var input = Input with { InitialMarginShareAfter = marginShare / 100m };
                    decimal share = (decimal)factor;
                    var tight = Limits with
                    {
                        OrderNotionalUsd = Limits.OrderNotionalUsd * share,
                        PositionNotionalUsd = Limits.PositionNotionalUsd * share,
                        GrossNotionalUsd = Limits.GrossNotionalUsd * share,
                        InitialMarginShare = Limits.InitialMarginShare * share,
                        OrderShareOfEquity = Limits.OrderShareOfEquity * share,
                    };
                    return PreTradeGate.Check(order, input, tight).Approved is null
                        || PreTradeGate.Check(order, input, Limits).Approved is not null;
                }
            );
}
