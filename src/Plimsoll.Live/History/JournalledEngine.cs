using System.Buffers.Binary;
using System.Text;
using Plimsoll.Engine;
using Plimsoll.Journal;

namespace Plimsoll.Live;

/// <summary>The engine with its journal: an event is appended, applied, and what it asks for is appended too.</summary>
/// <remarks>
/// Not thread safe. Nothing of an event may leave before <see cref="Flush"/> returned. Recovery is the newest snapshot
/// and the events after it; the digests on the way are compared, so that a program that decides otherwise says so.
/// </remarks>
public sealed class JournalledEngine : IDisposable
{
    /// <summary>Events between two digests in the journal.</summary>
    public const ulong DigestEvery = 1_000;

    readonly IJournalFiles files;
    readonly JournalWriter writer;
    readonly List<EngineEffect> effects = [];

    JournalledEngine(IJournalFiles files, JournalWriter writer, EngineState state) =>
        (this.files, this.writer, State) = (files, writer, state);

    /// <summary>As it is after the last event.</summary>
    public EngineState State { get; }

    /// <summary>Records of the journal.</summary>
    public ulong Records => writer.LastSequence;

    /// <summary>A cut last write that opening took off, in words; null where there was none.</summary>
    public string? TornTail => writer.TornTail?.Words;

    /// <summary>Whether enough is gathered that it should be flushed.</summary>
    public bool WantsFlush => writer.WantsFlush;

    /// <summary>Whether something is not durable yet.</summary>
    public bool HasGathered => writer.DurableSequence < writer.LastSequence;

    /// <summary>Opens a journal and comes back to the state that it ends in.</summary>
    /// <param name="files">The folder.</param>
    /// <param name="owner">Engine and account.</param>
    /// <param name="replayed">Told of each event that is applied again; what it throws ends the opening.</param>
    /// <exception cref="JournalFault">Damaged, another's, or it leads to another state than was recorded.</exception>
    public static JournalledEngine Open(IJournalFiles files, string owner, Action<Sequenced>? replayed = null)
    {
        var start = JournalBase.StartOf(files);
        var recovery = new Recovery(Snapshots.Newest(files, ulong.MaxValue), start, replayed);
        var writer = JournalWriter.Open(files, owner, seen: recovery.See);
        if (!recovery.MetItsSnapshot)
        {
            // The snapshot is of another journal, or lies beyond this one's end: the journal is the truth.
            writer.Dispose();
            if (start is not null)
                throw new JournalFault(
                    $"the first {start.Sequence} records are archived and no sound snapshot of later ones is there"
                );
            recovery = new Recovery(null, null, replayed);
            writer = JournalWriter.Open(files, owner, seen: recovery.See);
        }
        if (recovery.Trouble is { } trouble)
        {
            writer.Dispose();
            throw new JournalFault(trouble);
        }
        return new JournalledEngine(files, writer, recovery.State);
    }

    /// <summary>Appends what this process's solves are made from.</summary>
    public void Begin(RunInput input, DateTimeOffset at) =>
        writer.Append(Nanoseconds(at), RecordKind.RunInput, RecordKind.Version, 0, input.Write());

    /// <summary>Appends and applies one event.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="at">The sequencer's time; one before the last event's counts as that.</param>
    /// <returns>Its place, and what it asks for: a list that belongs to the caller.</returns>
    public (Sequenced Next, IReadOnlyList<EngineEffect> Effects) Apply(EngineEvent happened, DateTimeOffset at)
    {
        var time = at < State.Now ? State.Now : at;
        long nanoseconds = Nanoseconds(time);
        ushort kind = EventCodec.NumberOf(happened);
        writer.Append(nanoseconds, kind, EventCodec.VersionOf(happened), 0, EventCodec.Write(happened));
        var next = new Sequenced(State.Sequence + 1, time, happened);
        effects.Clear();
        EngineCore.Step(State, next, effects);
        if (effects.Count > 0)
            Append(nanoseconds, RecordKind.Effects, next.Sequence, EffectCodec.Write(effects));
        if (next.Sequence % DigestEvery == 0)
            Append(nanoseconds, RecordKind.Digest, next.Sequence, Encoding.ASCII.GetBytes(State.Digest()));
        return (next, effects.Count == 0 ? [] : [.. effects]);
    }

    /// <summary>Returns once everything appended survives a loss of power.</summary>
    /// <exception cref="JournalFault">It could not; the journal takes nothing more.</exception>
    public void Flush() => writer.Flush();

    /// <summary>Writes a snapshot of the state, after a flush.</summary>
    public void Snapshot()
    {
        writer.Flush();
        Snapshots.Write(files, new StateSnapshot(writer.LastSequence, writer.Chain.ToArray(), StateCodec.Write(State)));
    }

    /// <summary>Closes the journal; what is not flushed never happened.</summary>
    public void Dispose() => writer.Dispose();

    // Times of records never fall, also where a run began later than its first event's clock says.
    long Nanoseconds(DateTimeOffset at) => Math.Max(writer.LastTimeNanoseconds, JournalHistory.Nanoseconds(at));

    void Append(long nanoseconds, ushort kind, ulong sequence, byte[] content)
    {
        var payload = new byte[RecordKind.SequenceBytes + content.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, sequence);
        content.CopyTo(payload, RecordKind.SequenceBytes);
        writer.Append(nanoseconds, kind, RecordKind.Version, 0, payload);
    }

    /// <summary>Follows the records of an opening journal.</summary>
    sealed class Recovery
    {
        readonly StateSnapshot? snapshot;
        readonly JournalHistory history;
        readonly Action<Sequenced>? replayed;
        readonly List<EngineEffect> unsent = [];

        public Recovery(StateSnapshot? from, JournalBase? start, Action<Sequenced>? replayed)
        {
            this.replayed = replayed;
            history = new JournalHistory(start?.Mark ?? 0);
            var state = from is null ? null : StateCodec.Read(from.State);
            snapshot = state is null ? null : from;
            State = state ?? new EngineState();
            MetItsSnapshot = snapshot is null && start is null;
        }

        public EngineState State { get; }

        public bool MetItsSnapshot { get; private set; }

        public string? Trouble { get; private set; }

        public void See(JournalRecord record)
        {
            // Records before the snapshot are still read: their check sums, chain and encoding must hold.
            var entry = history.Understand(record);
            if (entry is null)
                Trouble ??= history.Fault?.ToString();
            if (snapshot is { } known && record.Header.Sequence <= known.Sequence)
            {
                if (record.Header.Sequence == known.Sequence)
                    MetItsSnapshot = record.Chain.AsSpan().SequenceEqual(known.Chain);
                return;
            }
            if (Trouble is not null || !MetItsSnapshot)
                return;
            if (entry is EventEntry happened)
                Step(happened.Next);
            else if (entry is DigestEntry digest && State.Digest() != digest.Digest)
                Trouble = FormattableString.Invariant(
                    $"event {digest.Sequence}: the journal leads to another state than recorded; see plimsoll replay"
                );
        }

        void Step(Sequenced next)
        {
            unsent.Clear();
            try
            {
                EngineCore.Step(State, next, unsent);
            }
            catch (ArgumentException refused)
            {
                Trouble = refused.Message;
            }
            replayed?.Invoke(next);
        }
    }
}
