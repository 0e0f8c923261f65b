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
        var settings = state.Settings!;
        if (own.Target is not { } target || own.PositionAt is null)
            return;
        if (state.TargetsAt is not { } fresh || state.Now - fresh > settings.TargetAge)
            return;
        if (!OrderMaking.Working(state, own.Terms.Name).IsEmpty)
            return;
        var (heading, binding) = Normalisation.Wanted(state, own, target);
        decimal gap = heading - own.Position;
        if (own.IsOwed)
        {
            Cuts.Reduce(state, own, own.Position - heading, settings.Cuts[1], "rebalance", effects);
            return;
        }
        if (IsInBand(settings, own, heading, gap))
            return;
        // Toward zero first: a position is closed before the other side is opened, so that reductions stay reductions.
        bool reduces = own.Position != 0 && Math.Sign(gap) == -Math.Sign(own.Position);
        if (reduces)
            gap = Math.Sign(gap) * Math.Min(Math.Abs(gap), Math.Abs(own.Position));
        else if (own.DeleveragedAt is { } closed && state.Now - closed < settings.DeleveragingPause)
            return;
        var side = gap > 0 ? Side.Buy : Side.Sell;
        if (own.Top is not { } top || (side == Side.Buy ? top.Value.Ask : top.Value.Bid) is not { } price)
            return;
        if (reduces)
            price += Reach(own, side, price);
        decimal depth = side == Side.Buy ? own.AskContracts : own.BidContracts;
        decimal slice = Math.Max(own.Terms.MinimumOrderContracts, settings.DepthShare * depth);
        // What is opened goes in steps that the control of sizes lets pass, or it would never go at all.
        if (!reduces)
            slice = Math.Min(slice, LargestOrder(state, own));
        decimal wanted = Math.Sign(gap) * Math.Min(Math.Abs(gap), slice);
        var order = OrderMaking.Of(
            state,
            own,
            wanted,
            price,
            reduces,
            OrderLife.ImmediateOrCancel,
            OrderPurpose.Resize
        );
        if (order is null)
            return;
        string? refused = OrderMaking.Try(state, own, order, effects);
        Decisions.Put(state, own, "resize", heading, order, binding, refused, effects);
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
