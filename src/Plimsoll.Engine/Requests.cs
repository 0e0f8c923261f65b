namespace Plimsoll.Engine;

/// <summary>What the engine asks for: the venue's truth every so often, a solve when something changed.</summary>
static class Requests
{
    static readonly TimeSpan ReconcilePatience = TimeSpan.FromSeconds(5);
    static readonly TimeSpan SolvePatience = TimeSpan.FromSeconds(30);

    /// <param name="state">State.</param>
    /// <param name="touched">The instrument that the event was about, which alone can have moved; null: any.</param>
    /// <param name="effects">Added to.</param>
    public static void Ask(EngineState state, string? touched, List<EngineEffect> effects)
    {
        if (!state.SessionIsUp)
            return;
        bool isDue = state.ReconciledAt is not { } read || state.Now - read >= state.Settings!.ReconcileInterval;
        bool isAsked = state.ReconcileAskedAt is { } asked && state.Now - asked < ReconcilePatience;
        if (isDue && !isAsked)
        {
            (state.ReconcileAskedAt, state.ReconcileAskedSequence) = (state.Now, state.Sequence);
            effects.Add(new Reconcile());
        }
        if (touched is null)
            MarginChecking.Ask(state, effects);
        if (SolveCause(state, touched) is { } why)
        {
            state.MarginCheck.SolveWidening = state.MarginCheck.Widening;
            (state.SolveAskedAt, state.SolveAskedSequence) = (state.Now, state.Sequence);
            (state.SolveKeep, state.IsDeleveraged) = (state.Keep, false);
            foreach (var coin in state.Coins.Values)
                coin.SolveScale = coin.Scale;
            foreach (var own in state.Instruments.Values)
            {
                if (own.IndexUsd is { } index)
                    state.SolveIndex[own.Terms.Underlying] = index.Value;
                if (own.MarkVolatility is { } volatility)
                    state.SolveVolatility[own.Terms.Name] = volatility;
                if (state.Follows(2) && own.Mark is { } mark)
                    state.SolveMark[own.Terms.Name] = mark.Value;
            }
            state.SolveDigest = state.Digest();
            effects.Add(new Solve(state.SolveDigest, why));
        }
    }

    /// <summary>Takes an answer, unless it answers another question than the last one asked.</summary>
    public static void Take(EngineState state, TargetsReady answer, List<EngineEffect> effects)
    {
        if (answer.InputSequence != state.SolveAskedSequence || answer.InputDigest != state.SolveDigest)
        {
            effects.Add(new Alert("stale-solve", FormattableString.Invariant($"of event {answer.InputSequence}")));
            return;
        }
        var before = state.Instruments.Values.Where(own => own.IsOwed).ToDictionary(own => own, own => own.Target);
        foreach (var own in state.Instruments.Values)
            own.Target = null;
        foreach (var target in answer.Targets)
            if (state.Instruments.TryGetValue(target.Instrument, out var own))
                own.Target = answer.FromHoldings ? Owed(before.GetValueOrDefault(own), target) : target;
        if (state.Follows(2))
            TakeSurface(state, answer);
        state.TargetsAt = state.SolveAskedAt;
        state.SolveAskedAt = null;
    }

    /// <summary>
    /// A solve that starts from what is held and finds it good has not said that a broken hedge is whole again.
    /// </summary>
    static TargetContracts Owed(TargetContracts? owed, TargetContracts target) =>
        owed is { Contracts: var left } && left * target.Contracts >= 0 && Math.Abs(left) < Math.Abs(target.Contracts)
            ? target with
            {
                Contracts = left,
                Binding = owed.Binding,
            }
            : target;

    static void TakeSurface(EngineState state, TargetsReady answer)
    {
        foreach (var coin in state.Coins.Values)
            coin.HeldScale = answer.FromHoldings ? coin.SolveScale : 1;
        foreach (var own in state.Instruments.Values)
        {
            // A solve may owe less; what it still takes off a broken hedge is as urgent as before.
            own.IsOwed &=
                own.Target is { Contracts: var left }
                && left * own.Position >= 0
                && Math.Abs(left) < Math.Abs(own.Position);
            own.Base =
                state.SolveMark.TryGetValue(own.Terms.Name, out decimal mark)
                && state.SolveIndex.TryGetValue(own.Terms.Underlying, out decimal index)
                    ? new SurfaceBase(index, mark, Known(state.SolveVolatility, own.Terms.Name))
                    : null;
        }
        foreach (var (name, annual) in answer.Volatilities.IsDefault ? [] : answer.Volatilities)
            if (state.Coins.TryGetValue(name, out var coin) && annual > 0)
            {
                coin.LawVolatility = annual;
                coin.Variance ??= annual * annual;
            }
    }

    static decimal? Known(SortedDictionary<string, decimal> values, string name) =>
        values.TryGetValue(name, out decimal value) ? value : null;

    static string? SolveCause(EngineState state, string? touched)
    {
        if (state.ReconciledAt is null || state.EquityUsd is null)
            return null;
        if (state.SolveAskedAt is { } asked && state.Now - asked < SolvePatience)
            return null;
        if (state.TargetsAt is not { } last)
            return "no targets yet";
        if (state.IsDeleveraged)
            return "a leg was deleveraged";
        if (state.Now - last < state.Settings!.SolvePause)
            return null;
        if (state.Keep != state.SolveKeep)
            return "the drawdown throttle moved";
        if (state.MarginCheck.Widening != state.MarginCheck.SolveWidening)
            return "the margin models' error moved";
        if (state.Now - last >= state.Settings.SolveInterval)
            return "the last one is old";
        if (touched is not null)
            return state.Instruments.TryGetValue(touched, out var one) ? Moved(state, one) : null;
        foreach (var own in state.Instruments.Values)
            if (Moved(state, own) is { } why)
                return why;
        return state.Follows(2) ? RiskSurface.Worn(state) : null;
    }

    static string? Moved(EngineState state, InstrumentState own)
    {
        if (
            own.IndexUsd is { } index
            && state.SolveIndex.TryGetValue(own.Terms.Underlying, out decimal before)
            && Math.Abs(index.Value / before - 1) >= state.Settings!.IndexTrigger
        )
            return $"the index of {own.Terms.Underlying} moved";
        if (
            own.MarkVolatility is { } volatility
            && state.SolveVolatility.TryGetValue(own.Terms.Name, out decimal then)
            && Math.Abs(volatility / then - 1) >= state.Settings!.VolatilityTrigger
        )
            return $"the volatility of {own.Terms.Name} moved";
        return null;
    }
}
