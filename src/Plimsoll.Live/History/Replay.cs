using System.Collections.Immutable;
using Plimsoll.Engine;
using Plimsoll.Journal;
using Plimsoll.Markets;

namespace Plimsoll.Live;

/// <summary>The first place at which a replay goes another way than the record.</summary>
/// <param name="Sequence">Of the event.</param>
/// <param name="At">Its time.</param>
/// <param name="Event">Its kind.</param>
/// <param name="What">Effects, state, targets, or the input that differs.</param>
/// <param name="Recorded">What stands in the journal.</param>
/// <param name="Replayed">What came out now.</param>
public sealed record ReplayDifference(
    ulong Sequence,
    DateTimeOffset At,
    string Event,
    string What,
    string Recorded,
    string Replayed
);

/// <summary>What a replay found.</summary>
public sealed record ReplayReport
{
    /// <summary>Check sums and chain of what was read.</summary>
    public required JournalScan Scan { get; init; }

    /// <summary>A record that was not understood; empty when all were.</summary>
    public required ImmutableArray<Fault> Faults { get; init; }

    /// <summary>Events applied again.</summary>
    public required ulong Events { get; init; }

    /// <summary>Effects compared byte by byte.</summary>
    public required ulong Effects { get; init; }

    /// <summary>Decisions among them.</summary>
    public required ulong Decisions { get; init; }

    /// <summary>Digests of states compared.</summary>
    public required ulong Digests { get; init; }

    /// <summary>Solves done again and compared; 0 when not asked for.</summary>
    public required ulong Solves { get; init; }

    /// <summary>Digest of the last state.</summary>
    public required string FinalDigest { get; init; }

    /// <summary>The first difference; null when everything came out again.</summary>
    public required ReplayDifference? Difference { get; init; }

    /// <summary>Whether the journal is whole and came out again, bit for bit.</summary>
    public bool IsSame => Difference is null && Faults.IsEmpty && Scan.Damage is null or { IsTornTail: true };
}

/// <summary>Applies a journal's events again from the first on and compares every effect and digest.</summary>
public sealed class Replay
{
    readonly EngineState state = new();
    readonly List<EngineEffect> effects = [];
    readonly Func<RunInput, Parsed<SolveSettings>>? solving;
    Sequenced last;
    bool compared = true;
    RunInput? run;
    (Solve Asked, ulong Sequence, EngineView View)? open;
    ulong effectCount;
    ulong decisionCount;
    ulong digestCount;
    ulong solveCount;
    ReplayDifference? difference;

    Replay(Func<RunInput, Parsed<SolveSettings>>? solving) => this.solving = solving;

    /// <summary>Replays a journal.</summary>
    /// <param name="files">The folder.</param>
    /// <param name="solving">What solves are made from, to do them again too; null compares what was recorded.</param>
    public static ReplayReport Run(IJournalFiles files, Func<RunInput, Parsed<SolveSettings>>? solving = null)
    {
        var replay = new Replay(solving);
        var reading = JournalHistory.Read(files, replay.See);
        replay.CheckUnrecorded();
        return new ReplayReport
        {
            Scan = reading.Scan,
            Faults = reading.Faults,
            Events = replay.state.Sequence,
            Effects = replay.effectCount,
            Decisions = replay.decisionCount,
            Digests = replay.digestCount,
            Solves = replay.solveCount,
            FinalDigest = replay.state.Digest(),
            Difference = replay.difference,
        };
    }

    void See(HistoryEntry entry)
    {
        if (difference is not null)
            return;
        switch (entry)
        {
            case RunEntry begun:
                run = begun.Input;
                break;
            case EventEntry happened:
                CheckUnrecorded();
                Step(happened.Next);
                break;
            case EffectsEntry recorded:
                Compare(recorded);
                break;
            case DigestEntry digest:
                digestCount++;
                string now = state.Digest();
                if (now != digest.Digest)
                    Differ("state", digest.Digest, now);
                break;
        }
    }

    void Step(Sequenced next)
    {
        last = next;
        if (next.Event is TargetsReady answer)
            Redo(answer);
        effects.Clear();
        try
        {
            EngineCore.Step(state, next, effects);
        }
        catch (ArgumentException refused)
        {
            Differ("order of events", "taken", refused.Message);
            return;
        }
        compared = effects.Count == 0;
        if (solving is not null && effects.OfType<Solve>().LastOrDefault() is { } asked)
            open = (asked, next.Sequence, EngineView.Of(state));
    }

    void Compare(EffectsEntry recorded)
    {
        compared = true;
        effectCount += (ulong)recorded.Effects.Count;
        decisionCount += (ulong)recorded.Effects.Count(effect => effect is Decided);
        if (recorded.Sequence != last.Sequence)
        {
            Differ("effects", $"of event {recorded.Sequence}", $"of event {last.Sequence}");
            return;
        }
        byte[] again = EffectCodec.Write(effects);
        if (recorded.Bytes.Span.SequenceEqual(again))
            return;
        for (int i = 0; i < Math.Max(effects.Count, recorded.Effects.Count); i++)
        {
            string before = i < recorded.Effects.Count ? $"{recorded.Effects[i]}" : "nothing";
            string after = i < effects.Count ? $"{Comparable(effects[i])}" : "nothing";
            if (before != after)
            {
                Differ(FormattableString.Invariant($"effect {i + 1}"), before, after);
                return;
            }
        }
        Differ("digits of an effect", Convert.ToHexString(recorded.Bytes.Span), Convert.ToHexString(again));
    }

    // An order's approval is no part of what was recorded.
    static EngineEffect Comparable(EngineEffect effect) =>
        effect switch
        {
            SendOrder send => send with { Approval = null },
            EditOrder edit => edit with { Approval = null },
            _ => effect,
        };

    // A crash between the flush of an event and that of its effects cannot be: both are flushed together.
    void CheckUnrecorded()
    {
        if (!compared)
            Differ("effects", "nothing", string.Join("; ", effects.Select(Comparable)));
        compared = true;
    }

    void Redo(TargetsReady recorded)
    {
        if (solving is null || run is null || open is not { } asked || asked.Sequence != recorded.InputSequence)
            return;
        var settings = solving(run);
        if (!settings.Succeeded)
        {
            Differ("an input of solves", run.HistoryDigest, settings.Faults[0].ToString());
            return;
        }
        var again = SizingSolve.Run(settings.Value, asked.View, asked.Asked, asked.Sequence);
        solveCount++;
        if (!EventCodec.Write(again).AsSpan().SequenceEqual(EventCodec.Write(recorded)))
            Differ("targets of a solve", Words(recorded), Words(again));
    }

    static string Words(EngineEvent answer) =>
        answer is TargetsReady ready ? string.Join("; ", ready.Targets) : answer.ToString();

    void Differ(string what, string recorded, string replayed) =>
        difference ??= new ReplayDifference(
            last.Sequence,
            last.At,
            last.Event?.GetType().Name ?? "",
            what,
            recorded,
            replayed
        );
}
