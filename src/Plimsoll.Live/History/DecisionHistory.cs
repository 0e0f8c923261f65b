using System.Collections.Immutable;
using Plimsoll.Engine;
using Plimsoll.Journal;

namespace Plimsoll.Live;

/// <summary>A decision of the past with what was known when it was made.</summary>
/// <param name="Sequence">Of the event that led to it.</param>
/// <param name="At">When.</param>
/// <param name="Cause">The event.</param>
/// <param name="Decided">What was decided.</param>
/// <param name="View">The state after the event.</param>
public sealed record PastDecision(
    ulong Sequence,
    DateTimeOffset At,
    EngineEvent Cause,
    Decided Decided,
    EngineView View
);

/// <summary>Decisions made again from a journal, each with the state that it was made in.</summary>
public static class DecisionHistory
{
    /// <summary>The decisions of some events, oldest first.</summary>
    /// <param name="files">The journal from its first record on, with its archive where it has one.</param>
    /// <param name="sequences">Of the events.</param>
    public static ImmutableArray<PastDecision> Explain(IJournalFiles files, IReadOnlySet<ulong> sequences)
    {
        var (state, effects) = (new EngineState(), new List<EngineEffect>());
        var made = ImmutableArray.CreateBuilder<PastDecision>();
        ulong last = sequences.Count == 0 ? 0 : sequences.Max();
        JournalHistory.Read(
            files,
            entry =>
            {
                if (entry is not EventEntry happened || state.Sequence >= last)
                    return;
                effects.Clear();
                EngineCore.Step(state, happened.Next, effects);
                if (!sequences.Contains(happened.Next.Sequence))
                    return;
                var view = EngineView.Of(state);
                foreach (var decided in effects.OfType<Decided>())
                    made.Add(
                        new PastDecision(happened.Next.Sequence, happened.Next.At, happened.Next.Event, decided, view)
                    );
            }
        );
        return made.ToImmutable();
    }
}
