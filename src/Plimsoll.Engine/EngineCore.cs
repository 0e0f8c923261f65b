namespace Plimsoll.Engine;

/// <summary>The deterministic core: one event in, the state moved on, effects out; no clock, no luck.</summary>
/// <remarks>
/// Work in a step is bounded by the instruments and orders of the account; surfaces, matrices and solves run outside
/// and come back as <see cref="TargetsReady"/>. The caller makes the event durable before it steps, and lets no effect
/// out before. Same events, same effects, same digests.
/// </remarks>
public static class EngineCore
{
    /// <summary>Applies one event.</summary>
    /// <param name="state">Moved on in place.</param>
    /// <param name="next">Its sequence is the state's plus one and its time not before the state's.</param>
    /// <param name="effects">What the world is asked for is added, in order.</param>
    /// <exception cref="ArgumentException">Out of order, or before <see cref="Configured"/>.</exception>
    public static void Step(EngineState state, Sequenced next, List<EngineEffect> effects)
    {
        if (next.Sequence != state.Sequence + 1 || next.At < state.Now)
            throw new ArgumentException(
                $"event {next.Sequence} at {next.At:O} after {state.Sequence} at {state.Now:O}"
            );
        if (state.Settings is null && next.Event is not Configured)
            throw new ArgumentException($"{next.Event.GetType().Name} before the settings");
        (state.Sequence, state.Now) = (next.Sequence, next.At);
        Apply(state, next.Event, effects);
        OrderBook.Age(state, effects);
        string? touched = Touched(state, next.Event);
        if (touched is null && state.Follows(2))
            Normalisation.Update(state, effects);
        ModeRules.Move(state, effects);
        Decisions.Make(state, touched, effects);
        Requests.Ask(state, touched, effects);
    }

    static void Apply(EngineState state, EngineEvent happened, List<EngineEffect> effects)
    {
        switch (happened)
        {
            case Configured configured:
                Configure(state, configured);
                break;
            case TickerSeen ticker:
                MarketFigures.Apply(state, ticker, effects);
                break;
            case AccountSeen account:
                AccountFigures.Apply(state, account);
                break;
            case OrderSeen or OrderNotFound or SendFailed or FillSeen:
                OrderBook.Apply(state, happened, effects);
                break;
            case ReconcileSeen seen:
                Reconciliation.Apply(state, seen, effects);
                break;
            case TargetsReady targets:
                Requests.Take(state, targets, effects);
                break;
            case SolveFailed failed:
                effects.Add(new Alert("solve-failed", failed.Reason));
                break;
            case Stopped stopped:
                (state.IsArmed, state.EndedWell) = (false, true);
                effects.Add(new Alert("stopped", stopped.Why));
                foreach (var order in state.Orders.Values)
                    if (order.IsAlive)
                        OrderBook.Cancel(state, order, effects);
                break;
            case Started started:
                (state.SessionIsUp, state.IsArmed, state.SolveAskedAt) = (false, false, null);
                (state.EndedWell, state.MarginCheck.AskedAt) = (false, null);
                OrderBook.LoseSession(state);
                effects.Add(new Alert("started", started.Version));
                break;
            case SessionUp:
                (state.SessionIsUp, state.ReconciledAt, state.ReconcileAskedAt) = (true, null, null);
                break;
            case SessionDown down:
                state.SessionIsUp = false;
                OrderBook.LoseSession(state);
                effects.Add(new Alert("session-down", down.Reason));
                break;
            case DeleveragingSeen seen:
                Deleveraging.See(state, seen, effects);
                break;
            case MarginStated stated:
                MarginChecking.See(state, stated);
                break;
            case MarginCompared compared:
                MarginChecking.See(state, compared, effects);
                break;
            case ClockOffsetSeen clock:
                state.ClockOffset = clock.Offset;
                break;
            case Armed armed:
                (state.IsArmed, state.HaltCause, state.IsFlattening) = (true, null, false);
                (state.AskedReduceOnly, state.IsForced) = (null, false);
                effects.Add(new Alert("armed", $"{armed.Who}: {armed.Why}"));
                break;
            case ReduceOnlyAsked asked:
                state.AskedReduceOnly = $"{asked.Who}: {asked.Why}";
                break;
            case Killed killed:
                (state.HaltCause, state.IsArmed) = ($"killed by {killed.Who}: {killed.Why}", false);
                state.IsFlattening = killed.Flatten;
                effects.Add(new CancelAll(state.HaltCause));
                OrderBook.AskCancels(state);
                break;
        }
    }

    static void Configure(EngineState state, Configured configured)
    {
        state.Settings = configured.Settings;
        foreach (var terms in configured.Instruments)
            if (state.Instruments.TryGetValue(terms.Name, out var known))
                known.Terms = terms;
            else
                state.Instruments[terms.Name] = new InstrumentState(terms);
        if (state.Follows(2))
            foreach (var own in state.Instruments.Values)
                state.Coins.TryAdd(own.Terms.Underlying, new CoinState());
    }

    /// <summary>The instrument that alone can have to be looked at again; null: any, empty: none.</summary>
    static string? Touched(EngineState state, EngineEvent happened) =>
        happened switch
        {
            TickerSeen ticker => ticker.Instrument,
            FillSeen fill => fill.Instrument,
            OrderSeen seen => Of(state, seen.Label),
            OrderNotFound missing => Of(state, missing.Label),
            SendFailed failed => Of(state, failed.Label),
            _ => null,
        };

    static string Of(EngineState state, string label) =>
        state.Orders.TryGetValue(label, out var order) ? order.Intent.Instrument : "";
}
