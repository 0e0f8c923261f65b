using Plimsoll.Engine;
using Plimsoll.Live;

namespace Plimsoll.Daemon;

/// <summary>How far a run has come: replaying its journal, or following its account.</summary>
/// <remarks>Written by the run's own thread, read by the service's.</remarks>
sealed class RunStage(string journal)
{
    /// <summary>The mode that is shown before any mode of the engine holds.</summary>
    public const string Replaying = "Replaying";

    /// <summary>What it blocks, in words.</summary>
    public const string Blocks = "everything: no session, no order, no command, until the journal's end is reached";

    static readonly EngineView Nothing = EngineView.Of(new EngineState());
    volatile EngineLoop? loop;
    volatile bool hasBegun;
    long replayed;
    long replayedAtTicks;

    /// <summary>What happens, for those who listen.</summary>
    public NewsBoard News { get; } = new(RunEndpoints.MostDecisions);

    /// <summary>The loop once the journal's end was reached with the recorded digests; null before.</summary>
    public EngineLoop? Loop => loop;

    /// <summary>Why there is no loop yet, in words.</summary>
    public string Cause => FormattableString.Invariant($"event {Interlocked.Read(ref replayed)} of {journal}");

    /// <summary>The state that the service shows.</summary>
    /// <remarks>What the journal ends in is the process before: until this one has begun it has no session.</remarks>
    public EngineView View =>
        loop is not { View: var view }
            ? Nothing with
            {
                Sequence = (ulong)Interlocked.Read(ref replayed),
                Now = new DateTimeOffset(Interlocked.Read(ref replayedAtTicks), TimeSpan.Zero),
            }
        : hasBegun ? view
        : view with
        {
            Mode = EngineMode.Disconnected,
            ModeCause = "the venue has not named its instruments yet",
            SessionIsUp = false,
        };

    /// <summary>An event of the journal was applied again.</summary>
    public void Replay(Sequenced next)
    {
        Interlocked.Exchange(ref replayed, (long)next.Sequence);
        Interlocked.Exchange(ref replayedAtTicks, next.At.UtcTicks);
    }

    /// <summary>The venue's terms are known and the engine knows of this process.</summary>
    public void Begin() => hasBegun = true;

    /// <summary>The journal's end was reached; commands wait for the loop from now on.</summary>
    public void Follow(EngineLoop follows)
    {
        follows.Told += News.Take;
        loop = follows;
    }
}
