using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>Follows our own orders: what the venue says of them, what is asked again, what is believed dead.</summary>
/// <remarks>
/// A time-out is not a failure. An order of unknown fate counts at full size until the venue has twice, after its
/// valid-until and the clocks' difference, not known its label.
/// </remarks>
static class OrderBook
{
    static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    const int MissesToBelieve = 2;

    public static void Apply(EngineState state, EngineEvent happened, List<EngineEffect> effects)
    {
        switch (happened)
        {
            case OrderSeen seen:
                See(state, seen, effects);
                break;
            case OrderNotFound missing when state.Orders.TryGetValue(missing.Label, out var order) && order.IsAlive:
                if (state.Now >= DeadAt(state, order) && ++order.TimesMissing >= MissesToBelieve)
                    End(state, order);
                break;
            case SendFailed failed when state.Orders.TryGetValue(failed.Label, out var order) && order.IsAlive:
                // A change that was refused is none; whether the order itself still rests is read back.
                if (!failed.IsAmbiguous)
                    order.Pending = null;
                if (failed.IsAmbiguous || order.Phase == OrderPhase.Open)
                {
                    order.Phase = OrderPhase.Unknown;
                    effects.Add(new ReadOrder(failed.Label));
                    order.ReadAt = state.Now;
                    break;
                }
                End(state, order);
                Cuts.Learn(state, state.Instruments[order.Intent.Instrument], order, failed.Refusal);
                if (order.Intent.PostOnly && failed.Refusal == RefusalKind.WouldTrade)
                    break;
                Refused(state, order.Intent);
                effects.Add(new Alert("rejected", $"{failed.Label}: {failed.Reason}"));
                break;
            case FillSeen fill:
                Book(state, fill, effects);
                break;
        }
    }

    /// <summary>Asks after orders whose life is over or whose fate is unknown.</summary>
    public static void Age(EngineState state, List<EngineEffect> effects)
    {
        Forget(state);
        if (!state.SessionIsUp)
            return;
        foreach (var order in state.Orders.Values)
        {
            if (!order.IsAlive)
                continue;
            bool overdue = state.Now >= order.EndsAt;
            bool unknown = order.Phase == OrderPhase.Unknown || order.Pending is not null && IsSlow(state, order);
            if ((overdue || unknown) && (order.ReadAt is not { } read || state.Now - read >= ReadAgain))
            {
                order.ReadAt = state.Now;
                effects.Add(new ReadOrder(order.Intent.Label));
            }
            // A cancellation may be lost as well as any other message: it is asked for until the order is gone.
            bool isAsked = order.CancelAskedAt is not null;
            if (order.Phase == OrderPhase.Open && (state.Follows(3) ? overdue || isAsked : overdue && !isAsked))
                Cancel(state, order, effects);
        }
    }

    /// <summary>Asks for the cancellation of an order; it lives until the venue says that it does not.</summary>
    public static void Cancel(EngineState state, OrderState order, List<EngineEffect> effects)
    {
        if (order.CancelAskedAt is { } asked && state.Now - asked < ReadAgain)
            return;
        order.CancelAskedAt = state.Now;
        effects.Add(new CancelOrder(order.Intent.Label));
    }

    /// <summary>Every order alive was asked to be cancelled in one message.</summary>
    public static void AskCancels(EngineState state)
    {
        foreach (var order in state.Orders.Values)
            if (order.IsAlive)
                order.CancelAskedAt = state.Now;
    }

    /// <summary>Without a session the fate of everything alive is unknown.</summary>
    public static void LoseSession(EngineState state)
    {
        foreach (var order in state.Orders.Values)
            if (order.IsAlive)
                order.Phase = OrderPhase.Unknown;
    }

    /// <summary>Remembers a refused order for the control of repetitions.</summary>
    public static void Refused(EngineState state, OrderIntent intent)
    {
        var recent = state.Instruments[intent.Instrument].Recent;
        recent.Add(new RecentOrder(state.Now, intent.Side, intent.Contracts, intent.LimitPrice, true));
    }

    static void See(EngineState state, OrderSeen seen, List<EngineEffect> effects)
    {
        if (!state.Orders.TryGetValue(seen.Label, out var order))
        {
            // Not of our making, or of a life before the journal: it is taken over by ending it.
            if (seen.Status == VenueOrderStatus.Open)
            {
                effects.Add(new CancelOrder(seen.Label));
                effects.Add(new Alert("foreign-order", seen.Label));
            }
            return;
        }
        if (seen.FilledContracts < order.Filled)
        {
            effects.Add(new Alert("fill-fell", $"{seen.Label}: {order.Filled} to {seen.FilledContracts}"));
            effects.Add(new ReadOrder(seen.Label));
            order.ReadAt = state.Now;
            return;
        }
        order.Filled = seen.FilledContracts;
        order.TimesMissing = 0;
        if (!order.IsAlive)
            return;
        LearnTerms(state, order, seen);
        if (seen.Status == VenueOrderStatus.Open)
        {
            order.Phase = OrderPhase.Open;
            return;
        }
        End(state, order);
        bool isRejected = seen.Status == VenueOrderStatus.Rejected;
        Cuts.Learn(state, state.Instruments[order.Intent.Instrument], order, seen.Refusal);
        // A market that came to meet it is no fault of the order: it is tried again at the next price.
        if (isRejected && order.Intent.PostOnly && seen.Refusal == RefusalKind.WouldTrade)
            return;
        if (isRejected)
        {
            Refused(state, order.Intent);
            effects.Add(new Alert("rejected", $"{seen.Label}: {seen.Reason}"));
        }
    }

    // What the venue has of an order that was to be changed. Its old terms prove nothing while the change may still
    // arrive; after its valid-until they do.
    static void LearnTerms(EngineState state, OrderState order, OrderSeen seen)
    {
        if (seen is not { Contracts: { } contracts, LimitPrice: { } price })
            return;
        if (order.Pending is { } asked)
        {
            if (contracts == asked.Contracts && price == asked.LimitPrice)
                (order.Intent, order.Pending) = (asked, null);
            else if (state.Now >= DeadAt(state, order))
                order.Pending = null;
        }
        if (order.Pending is null && contracts > order.Intent.Contracts)
            order.Intent = order.Intent with { Contracts = contracts };
    }

    static bool IsSlow(EngineState state, OrderState order) => state.Now - order.EditAskedAt >= ReadAgain;

    /// <summary>Books a trade, once.</summary>
    public static void Book(EngineState state, FillSeen fill, List<EngineEffect> effects)
    {
        if (!state.Trades.Add(fill))
            return;
        if (fill.IsForced)
        {
            state.IsForced = true;
            effects.Add(new Alert("forced-trade", $"{fill.Instrument}: {fill.Side} {fill.Contracts} at {fill.Price}"));
        }
        if (!state.Instruments.TryGetValue(fill.Instrument, out var own))
        {
            effects.Add(new Alert("unknown-instrument", fill.Instrument));
            return;
        }
        state.FreshTrades.Add(fill.TradeId);
        own.Position += fill.Side == Side.Buy ? fill.Contracts : -fill.Contracts;
        if (fill.Label is { } label && state.Orders.TryGetValue(label, out var order))
            order.Booked += fill.Contracts;
        if (own.PositionAt is not null)
            own.PositionAt = state.Now;
        if (fill.IsDeleveraging && state.Follows(2))
            Deleveraging.Rebalance(state, own, fill, effects);
    }

    // What has ended and is booked is kept for a while, for reports that come late, and then let go.
    static void Forget(EngineState state)
    {
        List<string>? old = null;
        foreach (var (label, order) in state.Orders)
            if (order is { IsAlive: false, Remaining: 0 } && state.Now - order.EndedAt > Remembered)
                (old ??= []).Add(label);
        foreach (string label in old ?? [])
            state.Orders.Remove(label);
    }

    // The venue may still take an order until its valid-until on its own clock.
    static DateTimeOffset DeadAt(EngineState state, OrderState order) =>
        order.LastValidUntil + state.Settings!.NotFoundMargin + state.ClockOffset.Duration();

    static void End(EngineState state, OrderState order)
    {
        (order.Phase, order.EndedAt, order.Pending) = (OrderPhase.Done, state.Now, null);
    }
}
