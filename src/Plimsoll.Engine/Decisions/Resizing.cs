using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>Moves a position toward its target: one order at a time, sliced by depth, with a no-trade band.</summary>
static class Resizing
{
    const decimal ReachStep = 0.0005m;
    const decimal MostReach = 0.005m;

    public static void Make(EngineState state, InstrumentState own, List<EngineEffect> effects)
    {
        var resting = OrderMaking.AtRest(state, own.Terms.Name).FirstOrDefault();
        if (own.PositionAt is not null && own is { IsOwed: true, Target: not null } && IsFresh(state))
        {
            Rebalance(state, own, resting, effects);
            return;
        }
        var wish = Wish(state, own);
        if (resting is not null)
        {
            Resting.Follow(state, own, resting, wish, effects);
            return;
        }
        if (!OrderMaking.Working(state, own.Terms.Name).IsEmpty)
            return;
        if (wish is not { } toward)
        {
            own.RestingSince = null;
            return;
        }
        bool waits = Resting.MayWait(state, own, toward.Reduces);
        if (waits && !Resting.IsOver(state, own) && Resting.Place(state, own, toward, effects))
            return;
        Cross(state, own, toward, waits, effects);
    }

    static bool IsFresh(EngineState state) =>
        state.TargetsAt is { } fresh && state.Now - fresh <= state.Settings!.TargetAge;

    static void Rebalance(EngineState state, InstrumentState own, OrderState? resting, List<EngineEffect> effects)
    {
        if (resting is null && !OrderMaking.Working(state, own.Terms.Name).IsEmpty)
            return;
        decimal off = own.Position - Normalisation.Wanted(state, own, own.Target!).Contracts;
        Cuts.Reduce(state, own, off, state.Settings!.Cuts[1], "rebalance", effects);
    }

    /// <summary>Where the position is to go; null while it may stay, or nobody knows.</summary>
    static ResizeWish? Wish(EngineState state, InstrumentState own)
    {
        if (own.Target is not { } target || own.PositionAt is null || !IsFresh(state))
            return null;
        var (heading, binding) = Normalisation.Wanted(state, own, target);
        decimal gap = heading - own.Position;
        if (IsInBand(state.Settings!, own, heading, gap))
            return null;
        // Toward zero first: a position is closed before the other side is opened, so that reductions stay reductions.
        bool reduces = own.Position != 0 && Math.Sign(gap) == -Math.Sign(own.Position);
        if (reduces)
            gap = Math.Sign(gap) * Math.Min(Math.Abs(gap), Math.Abs(own.Position));
        else if (own.DeleveragedAt is { } closed && state.Now - closed < state.Settings!.DeleveragingPause)
            return null;
        // What is opened goes in steps that the control of sizes lets pass, or it would never go at all.
        return new ResizeWish(heading, gap, reduces, reduces ? decimal.MaxValue : LargestOrder(state, own), binding);
    }

    static void Cross(
        EngineState state,
        InstrumentState own,
        ResizeWish wish,
        bool isAfterRest,
        List<EngineEffect> effects
    )
    {
        if (own.Top is not { } top || (wish.Side == Side.Buy ? top.Value.Ask : top.Value.Bid) is not { } price)
            return;
        if (isAfterRest && Resting.WhyNotCross(own, wish.Side, price) is { } why)
        {
            own.RestingSince = state.Now;
            effects.Add(new Decided(own.Terms.Name, "resize", own.Position, wish.Heading, 0, why));
            return;
        }
        if (wish.Reduces)
            price += Reach(own, wish.Side, price);
        decimal depth = wish.Side == Side.Buy ? own.AskContracts : own.BidContracts;
        var order = OrderMaking.Of(
            state,
            own,
            wish.Slice(state, own, depth),
            price,
            wish.Reduces,
            OrderLife.ImmediateOrCancel,
            OrderPurpose.Resize
        );
        if (order is null)
            return;
        string? refused = OrderMaking.Try(state, own, order, effects);
        Decisions.Put(state, own, "resize", wish.Heading, order, wish.Binding, refused, effects);
    }

    /// <summary>
    /// How far past the best price a reducing order goes: farther with each one before it that found nobody, since a
    /// market that runs is never where it was seen. What opens waits for its price.
    /// </summary>
    static decimal Reach(InstrumentState own, Side side, decimal price) =>
        (side == Side.Buy ? 1 : -1) * Math.Min(MostReach, own.ResizeMisses * ReachStep) * price;

    /// <summary>Contracts of the largest order that the controls let pass; the gate itself has the last word.</summary>
    static decimal LargestOrder(EngineState state, InstrumentState own)
    {
        if (own.ContractUsd is not { } each || each <= 0)
            return decimal.MaxValue;
        var limits = state.Settings!.Controls;
        decimal most = limits.OrderNotionalUsd ?? decimal.MaxValue;
        if (limits.OrderShareOfEquity is { } share && state.EquityUsd is { } equity)
            most = Math.Min(most, share * Math.Max(0, equity));
        return most == decimal.MaxValue ? most : most / each;
    }

    static bool IsInBand(EngineSettings settings, InstrumentState own, decimal target, decimal gap)
    {
        if (target == 0)
            return gap == 0;
        decimal band = Math.Max(settings.BandLots * own.Terms.LotContracts, settings.BandShare * Math.Abs(target));
        return Math.Abs(gap) <= band && Math.Sign(own.Position) == Math.Sign(target);
    }
}
