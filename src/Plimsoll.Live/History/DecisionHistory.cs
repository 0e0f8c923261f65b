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

/// <summary>Decisions read back from a journal, each with the state that it was made in.</summary>
public static class DecisionHistory
{
    /// <summary>The newest decisions, oldest first.</summary>
    /// <param name="files">The journal.</param>
    /// <param name="most">How many.</param>
    /// <param name="instrument">Of one instrument; null: of all.</param>
    public static ImmutableArray<PastDecision> Read(IJournalFiles files, int most, string? instrument)
    {
        var last = new Queue<(Sequenced Next, Decided Decided)>();
        Sequenced? cause = null;
        JournalHistory.Read(
            files,
            entry =>
            {
                if (entry is EventEntry happened)
                    cause = happened.Next;
                else if (entry is EffectsEntry effects)
                    foreach (var decided in effects.Effects.OfType<Decided>())
                        if (cause is { } next && (instrument is null || decided.Instrument == instrument))
                        {
                            last.Enqueue((next, decided));
                            if (last.Count > most)
                                last.Dequeue();
                        }
            }
        );
        return Explained(files, [.. last]);
    }

    // A second reading applies the events again, so that only the states asked for are kept.
    static ImmutableArray<PastDecision> Explained(
        IJournalFiles files,
        ImmutableArray<(Sequenced Next, Decided Decided)> wanted
    )
    {
        var (state, effects) = (new EngineState(), new List<EngineEffect>());
        var made = ImmutableArray.CreateBuilder<PastDecision>(wanted.Length);
        JournalHistory.Read(
            files,
            entry =>
            {
                if (entry is not EventEntry happened || made.Count == wanted.Length)
                    return;
                effects.Clear();
                EngineCore.Step(state, happened.Next, effects);
                if (wanted[made.Count].Next.Sequence != happened.Next.Sequence)
                    return;
                var view = EngineView.Of(state);
                while (made.Count < wanted.Length && wanted[made.Count].Next.Sequence == happened.Next.Sequence)
                {
                    var (next, decided) = wanted[made.Count];
                    made.Add(new PastDecision(next.Sequence, next.At, next.Event, decided, view));
                }
            }
        );
        return made.ToImmutable();
    }
}
