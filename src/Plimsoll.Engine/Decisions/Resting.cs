using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>
/// Orders in no hurry rest inside the spread, are re-priced as the market moves, and cross at a deadline.
/// </summary>
/// <remarks>
/// One resting order an instrument, post-only, so that it never pays the spread by accident. It is changed by an edit
/// where the venue has one, at most once each pause, only past a band, and never with the messages that openings may
/// need; where the venue has none it is cancelled and the next one is priced anew. What takes risk off in a hurry never
/// rests: cuts, a flattening, a throttle, reduce-only.
/// </remarks>
static class Resting
{
    // A book that is older than so many of its allowed ages says nothing any more: the order would rest blindly.
    const int BlindAges = 5;

    /// <summary>Whether an order toward a target may wait for the market to come to it.</summary>
    public static bool MayWait(EngineState state, InstrumentState own, bool reduces)
    {
        if (!state.Settings!.Resting.IsOn || state.Mode != EngineMode.Live || own.IsOwed)
            return false;
        bool isThrottled = state.Keep < 1 || state.Coins.GetValueOrDefault(own.Terms.Underlying) is { Scale: < 1 };
        return !(reduces && isThrottled);
    }

    /// <summary>Whether the time at rest is over, so that what is left crosses.</summary>
    public static bool IsOver(EngineState state, InstrumentState own) =>
        own.RestingSince is { } since && state.Now - since >= state.Settings!.Resting.Deadline;

    /// <summary>
    /// Puts an order into the book, unless one left just now or nobody quotes the side that it would join.
    /// </summary>
    /// <param name="state">State.</param>
    /// <param name="own">Instrument.</param>
    /// <param name="wish">Where it goes and why.</param>
    /// <param name="effects">Added to.</param>
    /// <returns>Whether the way to the target is sought at rest, with or without an order now.</returns>
    public static bool Place(EngineState state, InstrumentState own, ResizeWish wish, List<EngineEffect> effects)
    {
        if (Price(own, wish.Side) is not { } price)
            return false;
        if (IsPausing(state, own))
            return true;
        decimal depth = wish.Side == Side.Buy ? own.BidContracts : own.AskContracts;
        var order = OrderMaking.Of(
            state,
            own,
            wish.Slice(state, own, depth),
            price,
            wish.Reduces,
            OrderLife.Rests,
            OrderPurpose.Resize,
            postOnly: true
        );
        if (order is null)
            return true;
        own.RestingSince ??= state.Now;
        string? refused = OrderMaking.Try(state, own, order, effects);
        own.RestedAt = refused is null ? state.Now : own.RestedAt;
        Decisions.Put(state, own, "resize", wish.Heading, order, wish.Binding, refused, effects);
        return true;
    }

    /// <summary>Follows the market with an order that rests, or ends it where its reason is gone.</summary>
    /// <param name="state">State.</param>
    /// <param name="own">Instrument.</param>
    /// <param name="order">The order.</param>
    /// <param name="toward">Where the position goes now; null: nowhere.</param>
    /// <param name="effects">Added to.</param>
    public static void Follow(
        EngineState state,
        InstrumentState own,
        OrderState order,
        ResizeWish? toward,
        List<EngineEffect> effects
    )
    {
        if (order.CancelAskedAt is not null)
            return;
        if (toward is not { } wish || IsPastReason(state, own, order, wish))
        {
            OrderBook.Cancel(state, order, effects);
            return;
        }
        // Fills that are told and not booked yet would be counted twice.
        bool isClear = order is { Phase: OrderPhase.Open, Pending: null } && order.Filled == order.Booked;
        if (!isClear || IsPausing(state, own) || Changed(own, order, wish, state.Settings!) is not { } wanted)
            return;
        bool isSmaller = wanted.Contracts < order.Intent.Contracts;
        if (!isSmaller && 2 * OrderMaking.MessagesLastSecond(state) >= state.Settings!.Controls.MessagesPerSecond)
            return;
        if (!state.Settings!.Resting.VenueEdits)
        {
            own.RestedAt = state.Now;
            OrderBook.Cancel(state, order, effects);
            return;
        }
        wanted = wanted with { ValidUntil = state.Now + state.Settings.OrderLife };
        string? refused = OrderMaking.TryChange(state, own, order, wanted, effects);
        own.RestedAt = state.Now;
        Decisions.Put(state, own, "re-price", wish.Heading, wanted, wish.Binding, refused, effects);
        // What may not be changed may not go on resting where it is either.
        if (refused is not null && refused != "message-rate" && refused != "duplicate-order")
            OrderBook.Cancel(state, order, effects);
    }

    /// <summary>
    /// Why crossing now is not worth what it costs; null where it is, or where the solve does not say.
    /// </summary>
    /// <remarks>
    /// The solve weighed growth against what leaving one contract costs and still wanted the trade; so it is worth
    /// that much, and a tick, since prices come in ticks. A spread that is wider than then waits.
    /// </remarks>
    public static string? WhyNotCross(InstrumentState own, Side side, decimal price)
    {
        if (own is not { Target.ExitCostUsd: { } worth, Mark.Value: > 0 and var mark, IndexUsd.Value: var index })
            return null;
        decimal signed = side == Side.Buy ? price - mark : mark - price;
        decimal perPoint = RiskSurface.Gain(own.Terms, mark, mark + own.Terms.Ticks.At(mark), index);
        decimal each = perPoint / own.Terms.Ticks.At(mark);
        decimal costs = each * Math.Max(0, signed) + own.Terms.Fees.TakerRate * (own.ContractUsd ?? 0);
        return costs > worth + Math.Abs(perPoint)
            ? FormattableString.Invariant($"crossing costs {costs:0.####} USD a contract, it is worth {worth:0.####}")
            : null;
    }

    static bool IsPausing(EngineState state, InstrumentState own) =>
        own.RestedAt is { } last && state.Now - last < state.Settings!.Resting.EditPause;

    static bool IsPastReason(EngineState state, InstrumentState own, OrderState order, ResizeWish wish)
    {
        var limits = state.Settings!.Controls;
        if (wish.Side != order.Intent.Side || wish.Reduces != order.Intent.ReduceOnly)
            return true;
        if (!MayWait(state, own, wish.Reduces))
            return true;
        if (own.Top is not { } top || state.Now - top.At > BlindAges * limits.BookAge)
            return true;
        // The market went through it and left it behind at a price that no new order could have.
        if (own.Mark is not { Value: var mark } || limits.PriceCollar is not { } collar)
            return true;
        decimal room = collar * mark + own.Terms.Ticks.At(mark);
        decimal price = order.Intent.LimitPrice;
        return wish.Side == Side.Buy ? price > mark + room : price < mark - room;
    }

    /// <summary>The order as it should be now; null while it may stay as it is.</summary>
    static OrderIntent? Changed(InstrumentState own, OrderState order, ResizeWish wish, EngineSettings settings)
    {
        var now = order.Intent;
        decimal lot = own.Terms.LotContracts;
        // It is never made larger: what is still missing goes with the next one.
        decimal open = Math.Min(order.Remaining, Math.Floor(Math.Abs(wish.Gap) / lot) * lot);
        bool isTooLarge = open < order.Remaining && open >= own.Terms.MinimumOrderContracts;
        decimal price = now.LimitPrice;
        if (Price(own, now.Side) is { } better)
        {
            // Only what stands in front of it is followed: one's own price in the book is nobody to outbid.
            var top = own.Top!.Value.Value;
            bool isBeaten = now.Side == Side.Buy ? top.Bid > price : top.Ask < price;
            if (isBeaten && Math.Abs(better - price) >= settings.Resting.EditBand * price)
                price = better;
        }
        return isTooLarge || price != now.LimitPrice
            ? now with
            {
                LimitPrice = price,
                Contracts = order.Booked + (isTooLarge ? open : order.Remaining),
            }
            : null;
    }

    /// <summary>A tick better than the best of its side, never at the other; null where one side is empty.</summary>
    static decimal? Price(InstrumentState own, Side side)
    {
        if (own.Top is not { Value: { Bid: > 0 and { } bid, Ask: { } ask } })
            return null;
        var ticks = own.Terms.Ticks;
        return side == Side.Buy
            ? ticks.RoundDown(Math.Max(bid, Math.Min(bid + ticks.At(bid), ask - ticks.At(ask))))
            : ticks.RoundUp(Math.Min(ask, Math.Max(ask - ticks.At(ask), bid + ticks.At(bid))));
    }
}

/// <summary>Where a position goes by its target.</summary>
/// <param name="Heading">Contracts that it is heading for.</param>
/// <param name="Gap">Signed contracts to trade now, on this side of zero.</param>
/// <param name="Reduces">Whether they only take off.</param>
/// <param name="Largest">Contracts of the largest order that the controls let pass.</param>
/// <param name="Binding">What stopped the target short.</param>
readonly record struct ResizeWish(decimal Heading, decimal Gap, bool Reduces, decimal Largest, string Binding)
{
    public Side Side => Gap > 0 ? Side.Buy : Side.Sell;

    /// <summary>Signed contracts of one order on the way: a share of the depth there, within the controls.</summary>
    public decimal Slice(EngineState state, InstrumentState own, decimal depth)
    {
        decimal share = Math.Max(own.Terms.MinimumOrderContracts, state.Settings!.DepthShare * depth);
        return Math.Sign(Gap) * Math.Min(Math.Abs(Gap), Math.Min(Largest, share));
    }
}
