namespace Plimsoll.Engine;

/// <summary>The venue's truth, read back: it wins for sizes; a difference is said and stops openings.</summary>
static class Reconciliation
{
    public static void Apply(EngineState state, ReconcileSeen seen, List<EngineEffect> effects)
    {
        if (seen.AskedAt != state.ReconcileAskedSequence)
            return; // an answer to an older question
        // A trade that was booked here and that the venue's positions do not count yet: the answer is older than it.
        var counted = seen.Trades.Select(trade => trade.TradeId).ToHashSet(StringComparer.Ordinal);
        if (state.ReconciledAt is not null && !state.FreshTrades.IsSubsetOf(counted))
        {
            state.ReconcileAskedAt = null;
            return;
        }
        bool isFirst = state.ReconciledAt is null;
        foreach (var trade in seen.Trades.Where(trade => !state.Trades.IsCounted(trade)))
        {
            if (!isFirst)
                effects.Add(new Alert("lost-trade", trade.TradeId));
            OrderBook.Book(state, trade, effects);
        }
        string? difference = Positions(state, seen, isFirst);
        if (difference is not null)
            effects.Add(new Alert("difference", difference));
        Settle(state);
        if (state.Follows(3) && state.ReconcileAskedAt is { } askedAt)
            state.Trades.Forget(askedAt + state.ClockOffset - state.Settings!.TradeMemory);
        Orders(state, seen, effects);
        state.FreshTrades.Clear();
        (state.Difference, state.ReconciledAt, state.ReconcileAskedAt) = (difference, state.Now, null);
    }

    static string? Positions(EngineState state, ReconcileSeen seen, bool isFirst)
    {
        var held = seen.Positions.ToDictionary(p => p.Instrument, p => p.Contracts, StringComparer.Ordinal);
        string? difference = null;
        var entries = seen.Positions.ToDictionary(p => p.Instrument, p => p.EntryPrice, StringComparer.Ordinal);
        foreach (var (name, own) in state.Instruments)
        {
            if (state.Follows(2))
                own.EntryPrice = entries.GetValueOrDefault(name);
            decimal venue = held.GetValueOrDefault(name);
            if (venue != own.Position && !isFirst)
                difference = FormattableString.Invariant($"{name}: {own.Position} here, {venue} at the venue");
            (own.Position, own.PositionAt) = (venue, state.Now);
        }
        foreach (string name in held.Keys.Where(name => !state.Instruments.ContainsKey(name)))
            difference = FormattableString.Invariant($"{name}: {held[name]} at the venue, not known here");
        return difference;
    }

    /// <summary>Orders that ended before the venue was asked are in its positions, whatever was told.</summary>
    static void Settle(EngineState state)
    {
        foreach (var order in state.Orders.Values)
            if (order.EndedAt < state.ReconcileAskedAt)
                order.Booked = Math.Max(order.Booked, order.Filled);
    }

    static void Orders(EngineState state, ReconcileSeen seen, List<EngineEffect> effects)
    {
        foreach (var listed in seen.Orders)
            if (!state.Orders.TryGetValue(listed.Label, out var own))
            {
                effects.Add(new CancelOrder(listed.Label));
                effects.Add(new Alert("foreign-order", listed.Label));
            }
            else if (own.IsAlive)
            {
                own.Phase = OrderPhase.Open;
                own.TimesMissing = 0;
                // Of an order that is being changed only its own reading tells which total stands.
                if (own.Pending is null)
                    own.Filled = Math.Max(own.Filled, own.Intent.Contracts - listed.Remaining);
            }
            else
                OrderBook.Cancel(state, own, effects);
        // One that is not listed is not yet dead: it may be in flight. It is read back by its label.
        var labels = seen.Orders.Select(order => order.Label).ToHashSet(StringComparer.Ordinal);
        foreach (var own in state.Orders.Values)
            if (own.IsAlive && own.Phase == OrderPhase.Open && !labels.Contains(own.Intent.Label))
                own.Phase = OrderPhase.Unknown;
    }
}
