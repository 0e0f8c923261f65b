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
                if (failed.IsAmbiguous || order.Phase == OrderPhase.Open)
                {
                    order.Phase = OrderPhase.Unknown;
                    effects.Add(new ReadOrder(failed.Label));
                    order.ReadAt = state.Now;
                    break;
                }
                End(state, order);
                Cuts.Learn(state, state.Instruments[order.Intent.Instrument], order, failed.Refusal);
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
            bool overdue = state.Now >= order.Intent.ValidUntil;
            bool unknown = order.Phase == OrderPhase.Unknown;
            if ((overdue || unknown) && (order.ReadAt is not { } read || state.Now - read >= ReadAgain))
            {
                order.ReadAt = state.Now;
                effects.Add(new ReadOrder(order.Intent.Label));
            }
            if (overdue && order is { Phase: OrderPhase.Open, CancelAskedAt: null })
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
        if (seen.Status == VenueOrderStatus.Open)
        {
            order.Phase = OrderPhase.Open;
            return;
        }
        End(state, order);
        bool isRejected = seen.Status == VenueOrderStatus.Rejected;
        Cuts.Learn(state, state.Instruments[order.Intent.Instrument], order, seen.Refusal);
        if (isRejected)
        {
            Refused(state, order.Intent);
            effects.Add(new Alert("rejected", $"{seen.Label}: {seen.Reason}"));
        }
    }

    /// <summary>Books a trade, once.</summary>
    public static void Book(EngineState state, FillSeen fill, List<EngineEffect> effects)
    {
        if (!state.Trades.Add(fill.TradeId))
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
        order.Intent.ValidUntil + state.Settings!.NotFoundMargin + state.ClockOffset.Duration();

    static void End(EngineState state, OrderState order) => (order.Phase, order.EndedAt) = (OrderPhase.Done, state.Now);
}
