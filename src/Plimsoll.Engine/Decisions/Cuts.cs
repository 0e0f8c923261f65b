using Plimsoll.Controls;

namespace Plimsoll.Engine;

/// <summary>Brings the margin ratio down before the venue does: most margin released per cost first.</summary>
/// <remarks>
/// Orders are immediate-or-cancel at a bounded price; each try reads the market again and goes farther, up to
/// the line's own room. What a contract releases is the solve's figure; without one, its share of all notional.
/// </remarks>
static class Cuts
{
    const decimal FirstReach = 0.25m;
    const int MostNarrowings = 6;

    public static void Make(EngineState state, List<EngineEffect> effects)
    {
        if (state is not { BufferedRatio: { } ratio, EquityUsd: { } equity })
            return;
        var line = Line(state.Settings!, ratio);
        decimal excess = state.MarginCheck.Factor * state.MaintenanceMarginUsd - state.Settings!.CutTarget * equity;
        foreach (var own in Ordered(state))
        {
            if (excess <= 0)
                break;
            decimal each = Releases(state, own);
            decimal alive = AtOnce(state, own).Sum(order => order.Remaining);
            excess -= alive * each;
            decimal needed = each > 0 ? Math.Ceiling(Math.Max(0, excess) / each / own.Terms.LotContracts) : 0;
            decimal wanted = Math.Min(Math.Abs(own.Position), needed * own.Terms.LotContracts);
            decimal sent = Reduce(state, own, Math.Sign(own.Position) * wanted, line, "cut", effects);
            excess -= sent * each;
        }
    }

    /// <summary>Sends at most one order that takes contracts off; how many it takes.</summary>
    /// <param name="state">State.</param>
    /// <param name="own">Instrument.</param>
    /// <param name="contracts">To take off, with the position's sign.</param>
    /// <param name="line">How hard.</param>
    /// <param name="cause">For the decision's record.</param>
    /// <param name="effects">Added to.</param>
    public static decimal Reduce(
        EngineState state,
        InstrumentState own,
        decimal contracts,
        CutLine line,
        string cause,
        List<EngineEffect> effects
    )
    {
        if (contracts == 0 || own.Mark is not { } mark)
            return 0;
        // What rests goes first: an increase must not fill meanwhile, and a reduction may be too far away to fill.
        decimal covered = 0;
        foreach (var resting in OrderMaking.AtRest(state, own.Terms.Name).ToList())
        {
            OrderBook.Cancel(state, resting, effects);
            covered += resting.Intent.ReduceOnly ? resting.Remaining : 0;
        }
        if (own.LastCutAt is { } last && state.Now - last < state.Settings!.CutInterval)
            return 0;
        if (AtOnce(state, own).Any())
            return 0;
        bool buys = contracts < 0;
        decimal depth = buys ? own.AskContracts : own.BidContracts;
        decimal slice =
            depth > 0 ? Math.Max(own.Terms.MinimumOrderContracts, line.DepthShare * depth) : decimal.MaxValue;
        // It may still fill until the venue has said that it is gone; both together must not turn the position.
        decimal amount = Math.Min(Math.Min(Math.Abs(contracts), Math.Abs(own.Position) - covered), slice);
        decimal room = line.PriceRoom * Reach(own.CutMisses) * mark.Value;
        decimal price = buys ? mark.Value + room : Math.Max(0, mark.Value - room);
        var order = OrderMaking.Of(
            state,
            own,
            buys ? amount : -amount,
            price,
            reduceOnly: true,
            OrderLife.ImmediateOrCancel,
            OrderPurpose.Cut
        );
        if (order is null)
            return 0;
        string? refused = OrderMaking.Try(state, own, order, effects);
        own.LastCutAt = state.Now;
        string why =
            own is { IsOwed: true, Target.Binding: var because } ? because
            : cause == "cut" && state.MarginCheck.Widening is not 0 ? MarginChecking.Words(state.MarginCheck.Widening)
            : "";
        bool isNews = Decisions.Put(state, own, cause, own.Position - contracts, order, why, refused, effects);
        if (refused is not null && isNews)
            effects.Add(new Alert("cut-refused", $"{own.Terms.Name}: {refused}"));
        return refused is null ? order.Contracts : 0;
    }

    /// <summary>What the end of an order says of the price of the next.</summary>
    /// <param name="state">State.</param>
    /// <param name="own">Its instrument.</param>
    /// <param name="order">A cut, or a resize.</param>
    /// <param name="refusal">Why the venue refused it; none when it took the order.</param>
    public static void Learn(EngineState state, InstrumentState own, OrderState order, RefusalKind refusal)
    {
        if (order.Intent.Life == OrderLife.Rests)
            return;
        if (order.Intent.Purpose != OrderPurpose.Cut)
        {
            // Nobody stood there: the next try is at rest again.
            if (order.Filled == 0)
                own.RestingSince = null;
            if (state.Follows(2))
                own.ResizeMisses = order.Filled > 0 || refusal != RefusalKind.None ? 0 : own.ResizeMisses + 1;
            return;
        }
        // A venue that refuses the price has a band nearer than the line's room: the next goes half as far.
        if (refusal == RefusalKind.Price)
            own.CutMisses = Math.Max(-MostNarrowings, Math.Min(own.CutMisses, 0) - 1);
        else
            own.CutMisses = order.Filled > 0 ? Math.Min(own.CutMisses, 0) : own.CutMisses + 1;
    }

    /// <summary>
    /// Share of the line's room: each miss opens it by another quarter, so that no order repeats a dead price.
    /// </summary>
    static decimal Reach(int misses) =>
        misses >= 0 ? Math.Min(1, FirstReach * (1 + misses)) : FirstReach / (1 << -misses);

    /// <summary>Reducing orders under way that do not rest.</summary>
    static IEnumerable<OrderState> AtOnce(EngineState state, InstrumentState own) =>
        state.Orders.Values.Where(order =>
            order.Remaining > 0
            && order.Intent is { ReduceOnly: true, Life: OrderLife.ImmediateOrCancel }
            && order.Intent.Instrument == own.Terms.Name
        );

    static CutLine Line(EngineSettings settings, decimal ratio)
    {
        var line = settings.Cuts[0];
        foreach (var next in settings.Cuts)
            if (ratio >= next.MarginRatio)
                line = next;
        return line;
    }

    // Ties by name, so that the order never depends on anything else.
    static IEnumerable<InstrumentState> Ordered(EngineState state) =>
        state
            .Instruments.Values.Where(own => own.Position != 0)
            .OrderByDescending(own => Releases(state, own) / (own.Target?.ExitCostUsd is > 0 and { } cost ? cost : 1))
            .ThenBy(own => own.Terms.Name, StringComparer.Ordinal)
            .ToList();

    static decimal Releases(EngineState state, InstrumentState own)
    {
        if (own.Target?.MaintenanceUsd is { } known)
            return Math.Max(0, known);
        decimal all = state.Instruments.Values.Sum(one => Math.Abs(one.Position) * (one.ContractUsd ?? 0));
        return all > 0 ? state.MaintenanceMarginUsd * (own.ContractUsd ?? 0) / all : 0;
    }
}
