using static Plimsoll.Paper.Tests.SmallVenue;

namespace Plimsoll.Paper.Tests;

/// <summary>One rule of the venue each, as its reference states it.</summary>
public sealed class OrderTests
{
    readonly SmallVenue small = new();
    readonly PaperAccount maker;
    readonly PaperAccount taker;

    public OrderTests() => (maker, taker) = (small.Client("maker"), small.Client("taker"));

    [Fact]
    public void Post_only_is_moved_inside_the_spread_and_refused_when_it_asks_for_that()
    {
        small.Sell(maker, Perpetual, 100, 65_010m);
        var moved = small.Buy(taker, Perpetual, 10, 65_020m, r => r with { PostOnly = true });
        Assert.Equal((OrderState.Open, 65_009.5m), (moved.Order!.State, moved.Order.Price));
        var refused = small.Buy(taker, Perpetual, 10, 65_020m, r => r with { PostOnly = true, RejectPostOnly = true });
        Assert.Equal(VenueError.PostOnlyReject, refused.Error);
        var plain = small.Buy(taker, Perpetual, 10, 65_020m);
        Assert.Equal((OrderState.Filled, 65_010m), (plain.Order!.State, plain.Order.AveragePrice));
    }

    [Theory]
    [InlineData(Call, 0.0047, VenueError.None)]
    [InlineData(Call, 0.0055, VenueError.None)]
    [InlineData(Call, 0.0123, VenueError.PriceWrongTick)]
    [InlineData(Call, 0.00475, VenueError.PriceWrongTick)]
    [InlineData(Perpetual, 64_900.3, VenueError.PriceWrongTick)]
    [InlineData(Perpetual, 64_900.5, VenueError.None)]
    [InlineData(Perpetual, -1, VenueError.InvalidPrice)]
    public void Prices_follow_the_tick_schedule(string name, decimal price, VenueError expected)
    {
        decimal amount = name == Call ? 0.1m : 10;
        Assert.Equal(expected, small.Buy(taker, name, amount, price).Error);
    }

    [Theory]
    [InlineData(Perpetual, 5, VenueError.QtyTooLow)]
    [InlineData(Perpetual, 15, VenueError.InvalidAmount)]
    [InlineData(Call, 0.15, VenueError.InvalidAmount)]
    [InlineData(Call, 0.05, VenueError.QtyTooLow)]
    [InlineData(Linear, 0.001, VenueError.None)]
    [InlineData(Linear, 0.0015, VenueError.InvalidAmount)]
    public void Amounts_are_whole_lots_above_the_minimum(string name, decimal amount, VenueError expected)
    {
        decimal price = name switch
        {
            Perpetual => 64_900m,
            Call => 0.05m,
            _ => 1_990m,
        };
        Assert.Equal(expected, small.Buy(taker, name, amount, price).Error);
    }

    [Fact]
    public void Orders_outside_the_band_are_refused_and_a_market_order_stops_at_it()
    {
        Assert.Equal(VenueError.PriceTooHigh, small.Buy(taker, Perpetual, 10, 65_975.5m).Error);
        Assert.Equal(VenueError.PriceTooLow, small.Sell(taker, Perpetual, 10, 64_024.5m).Error);
        small.Sell(maker, Perpetual, 100, 65_100m);
        small.Sell(maker, Perpetual, 100, 65_970m);
        small.Observe(64_900m, 2_000m, 60_000);
        var market = small.Buy(taker, Perpetual, 150);
        Assert.Equal((OrderState.Cancelled, 100m), (market.Order!.State, market.Order.Filled));
    }

    [Fact]
    public void Reduce_only_shrinks_to_the_position_and_never_flips_it()
    {
        Assert.Equal(VenueError.OtherReject, small.Sell(taker, Perpetual, 10, 65_000m, ReduceOnly).Error);
        small.Sell(maker, Perpetual, 100, 65_000m);
        small.Buy(taker, Perpetual, 100, 65_000m);
        Assert.Equal(VenueError.OtherReject, small.Buy(taker, Perpetual, 10, 65_000m, ReduceOnly).Error);
        var first = small.Sell(taker, Perpetual, 250, 65_100m, ReduceOnly);
        Assert.Equal(100, first.Order!.Amount);
        Assert.Equal(VenueError.OtherReject, small.Sell(taker, Perpetual, 10, 65_100m, ReduceOnly).Error);
        small.Buy(maker, Perpetual, 60, 65_000m);
        small.Sell(taker, Perpetual, 60, 65_000m);
        Assert.Equal(40, small.Venue.Find(taker, first.Order.Id)!.Amount);
        small.Buy(maker, Perpetual, 40, 65_000m);
        small.Sell(taker, Perpetual, 40, 65_000m);
        var gone = small.Venue.Find(taker, first.Order.Id)!;
        Assert.Equal((OrderState.Cancelled, CancelReason.RiskMitigation), (gone.State, gone.CancelReason));
        Assert.Equal(0, taker.SizeOf(small[Perpetual]));
    }

    [Fact]
    public void Closing_sends_the_whole_position_whatever_reduce_only_orders_rest()
    {
        small.Sell(maker, Perpetual, 100, 65_000m);
        small.Buy(taker, Perpetual, 100, 65_000m);
        small.Sell(taker, Perpetual, 100, 65_100m, ReduceOnly);
        small.Buy(maker, Perpetual, 500, 64_990m);
        var closed = small.Venue.ClosePosition(taker, Perpetual, null, null);
        Assert.Equal((OrderState.Filled, 100m), (closed.Order!.State, closed.Order.Filled));
        Assert.Equal(0, taker.SizeOf(small[Perpetual]));
        Assert.Empty(taker.OpenOrders);
        Assert.Equal(VenueError.AlreadyClosed, small.Venue.ClosePosition(taker, Perpetual, null, null).Error);
    }

    [Fact]
    public void An_order_that_met_its_owner_is_refused_or_the_resting_one_goes_as_the_owner_chose()
    {
        small.Sell(maker, Perpetual, 100, 65_000m);
        var own = small.Sell(taker, Perpetual, 100, 65_001m);
        Assert.Equal(VenueError.OrderOverlap, small.Buy(maker, Perpetual, 10, 65_000m).Error);
        var part = small.Buy(taker, Perpetual, 150, 65_001m);
        Assert.Equal((OrderState.Cancelled, 100m), (part.Order!.State, part.Order.Filled));
        taker.SelfTrade = SelfTradeMode.CancelMaker;
        var passed = small.Buy(taker, Perpetual, 20, 65_001m);
        Assert.Equal(OrderState.Open, passed.Order!.State);
        Assert.Equal(OrderState.Cancelled, small.Venue.Find(taker, own.Order!.Id)!.State);
    }

    [Fact]
    public void Valid_until_guards_the_start_of_matching_and_leaves_no_order()
    {
        var late = small.Buy(taker, Perpetual, 10, 64_000.5m, r => r with { ValidUntilMs = small.Venue.NowMs - 1 });
        Assert.Equal((VenueError.TimedOut, (Order?)null), (late.Error, late.Order));
        Assert.Empty(taker.OpenOrders);
        var now = small.Buy(taker, Perpetual, 10, 64_900m, r => r with { ValidUntilMs = small.Venue.NowMs });
        Assert.Equal(VenueError.None, now.Error);
    }

    [Fact]
    public void A_stop_waits_fires_as_a_new_order_and_a_take_waits_the_other_way()
    {
        small.Sell(maker, Perpetual, 100, 65_000m);
        small.Buy(taker, Perpetual, 100, 65_000m);
        small.Buy(maker, Perpetual, 1000, 64_000.5m + 100);
        var stop = small.Sell(taker, Perpetual, 100, null, r => Stop(r, OrderKind.StopMarket, 64_800m));
        Assert.Equal(OrderState.Untriggered, stop.Order!.State);
        Assert.Equal(
            VenueError.TriggerPriceTooHigh,
            small.Sell(taker, Perpetual, 100, null, r => Stop(r, OrderKind.StopMarket, 65_500m)).Error
        );
        Assert.Equal(
            VenueError.TriggerPriceTooLow,
            small.Sell(taker, Perpetual, 100, null, r => Stop(r, OrderKind.TakeMarket, 64_500m)).Error
        );
        small.Observe(64_700m, 2_000m, 60_000);
        Assert.Equal(OrderState.Triggered, small.Venue.Find(taker, stop.Order.Id)!.State);
        var fired = taker.ClosedOrders.Single(order => order.TriggerOrderId == stop.Order.Id);
        Assert.Equal((OrderState.Filled, 100m), (fired.State, fired.Filled));
        Assert.NotEqual(stop.Order.Id, fired.Id);
        Assert.Equal(0, taker.SizeOf(small[Perpetual]));
    }

    [Fact]
    public void Good_til_day_ends_with_the_session_and_expiring_books_are_emptied()
    {
        var day = small.Buy(taker, Perpetual, 10, 64_900m, r => r with { TimeInForce = TimeInForce.GoodTilDay });
        var stays = small.Buy(taker, Perpetual, 10, 64_900m);
        small.Wait(86_400_000);
        Assert.Equal(CancelReason.Settlement, small.Venue.Find(taker, day.Order!.Id)!.CancelReason);
        Assert.Equal(OrderState.Open, small.Venue.Find(taker, stays.Order!.Id)!.State);
    }

    [Fact]
    public void Orders_that_the_wallet_cannot_carry_are_refused_and_premiums_are_reserved()
    {
        var poor = small.Client("poor", 0.1m, 10);
        Assert.Equal(VenueError.NotEnoughFunds, small.Buy(poor, Perpetual, 400_000, 64_900m).Error);
        Assert.Equal(VenueError.None, small.Buy(poor, Perpetual, 200_000, 64_900m).Error);
        var other = small.Client("other", 0.1m, 10);
        Assert.Equal(VenueError.None, small.Buy(other, Call, 0.9m, 0.1m).Error);
        Assert.Equal(0.09m, small.Venue.Wallet(other, Btc).Initial);
        Assert.Equal(VenueError.NotEnoughFunds, small.Buy(other, Call, 0.2m, 0.1m).Error);
        Assert.Equal(VenueError.NotEnoughFunds, small.Sell(other, Call, 1m, 0.1m).Error);
    }

    [Fact]
    public void A_cancelled_order_cannot_be_cancelled_again_and_a_foreign_one_is_not_found()
    {
        var order = small.Buy(taker, Perpetual, 10, 64_900m).Order!;
        Assert.Equal(VenueError.OrderNotFound, small.Venue.Cancel(maker, order.Id).Error);
        Assert.Equal(VenueError.None, small.Venue.Cancel(taker, order.Id).Error);
        Assert.Equal(VenueError.NotOpenOrder, small.Venue.Cancel(taker, order.Id).Error);
        Assert.Equal(VenueError.OrderNotFound, small.Venue.Cancel(taker, "BTC-1").Error);
    }

    [Fact]
    public void Cancelling_by_label_takes_every_order_of_the_label_and_no_other()
    {
        foreach (string label in (string[])["a", "b", "a"])
            small.Buy(taker, Perpetual, 10, 64_900m, r => r with { Label = label });
        var gone = small.Venue.CancelWhere(taker, order => order.Label == "a", CancelReason.UserRequest);
        Assert.Equal(2, gone.Count);
        Assert.Equal("b", Assert.Single(taker.OpenOrders).Label);
    }

    [Fact]
    public void Fees_are_capped_at_an_eighth_of_the_options_price()
    {
        var (book, call) = (small[Perpetual].Instrument, small[Call].Instrument);
        Assert.Equal(0.00007692m, Payoff.Fee(book, 10_000, 65_000, 65_000, Liquidity.Taker));
        Assert.Equal(0, Payoff.Fee(book, 10_000, 65_000, 65_000, Liquidity.Maker));
        Assert.Equal(0.0003m, Payoff.Fee(call, 1, 0.05m, 65_000, Liquidity.Taker));
        Assert.Equal(0.0000125m, Payoff.Fee(call, 1, 0.0001m, 65_000, Liquidity.Taker));
        Assert.Equal(0.6m, Payoff.Fee(small[LinearCall].Instrument, 1, 50, 2_000, Liquidity.Taker));
        Assert.Equal(0.125m, Payoff.Fee(small[LinearCall].Instrument, 1, 1, 2_000, Liquidity.Taker));
    }

    static OrderRequest ReduceOnly(OrderRequest request) => request with { ReduceOnly = true };

    static OrderRequest Stop(OrderRequest request, OrderKind kind, decimal trigger) =>
        request with
        {
            Kind = kind,
            TriggerPrice = trigger,
            Trigger = TriggerSource.MarkPrice,
        };
}
