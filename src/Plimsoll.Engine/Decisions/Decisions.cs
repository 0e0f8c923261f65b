using Plimsoll.Controls;

namespace Plimsoll.Engine;

/// <summary>What is traded now: by the mode, cuts, a flattening, or resizing toward the targets.</summary>
static class Decisions
{
    /// <param name="state">State.</param>
    /// <param name="touched">The instrument that the event was about; null looks at all.</param>
    /// <param name="effects">Added to.</param>
    public static void Make(EngineState state, string? touched, List<EngineEffect> effects)
    {
        switch (state.Mode)
        {
            case EngineMode.Cutting:
                Cuts.Make(state, effects);
                break;
            case EngineMode.Halted when state is { IsFlattening: true, SessionIsUp: true }:
                foreach (var own in state.Instruments.Values)
                    Cuts.Reduce(state, own, own.Position, state.Settings!.Cuts[^1], "flatten", effects);
                break;
            case EngineMode.Live or EngineMode.ReduceOnly:
                if (touched is null)
                    foreach (var own in state.Instruments.Values)
                        Resizing.Make(state, own, effects);
                else if (state.Instruments.TryGetValue(touched, out var one))
                    Resizing.Make(state, one, effects);
                break;
        }
    }

    /// <summary>
    /// Puts down what was decided. A refusal that was put down already is not repeated until it changes.
    /// </summary>
    /// <param name="state">State.</param>
    /// <param name="own">Instrument.</param>
    /// <param name="cause">Resize, cut, flatten.</param>
    /// <param name="wanted">Contracts that the decision is heading for.</param>
    /// <param name="order">As it was shown to the gate.</param>
    /// <param name="binding">What stopped it short where it went out.</param>
    /// <param name="refused">The control that refused it; null when it went out.</param>
    /// <param name="effects">Added to.</param>
    /// <returns>Whether it was put down.</returns>
    public static bool Put(
        EngineState state,
        InstrumentState own,
        string cause,
        decimal wanted,
        OrderIntent order,
        string binding,
        string? refused,
        List<EngineEffect> effects
    )
    {
        // A cut's size follows the account's figures; its refusal is the same refusal all the same.
        string? refusal =
            refused is null ? null
            : cause == "resize" ? FormattableString.Invariant($"{cause} to {wanted}: {refused}")
            : $"{cause} {order.Side}: {refused}";
        if (state.Follows(2) && refusal is not null && refusal == own.Refusal)
            return false;
        if (state.Follows(2))
            own.Refusal = refusal;
        decimal sent = refused is null ? order.Signed : 0;
        string stopped = refused is null ? binding : $"control {refused}";
        effects.Add(new Decided(own.Terms.Name, cause, own.Position, wanted, sent, stopped));
        return true;
    }
}
