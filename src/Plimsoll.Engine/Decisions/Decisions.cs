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
}
