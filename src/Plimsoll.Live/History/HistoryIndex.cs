using Plimsoll.Engine;
using Plimsoll.Journal;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Live;

/// <summary>Brings a database of history up to its journal.</summary>
public static class HistoryIndex
{
    const ulong CommitEvery = 20_000;
    static readonly byte[] NoChain = new byte[32];

    /// <summary>Reads what is new since the last time; a database of another journal is made anew.</summary>
    /// <returns>Faults of the journal; what comes before them is in the database.</returns>
    public static IReadOnlyList<Fault> Refresh(IJournalFiles files, HistoryDatabase database)
    {
        if (database.Progress is { } known)
        {
            // The last segment is read again up to what is known: a journal that was cut or changed shows there.
            var start =
                known.SegmentRecord == 0
                    ? null
                    : new JournalBase(known.SegmentRecord, known.SegmentTime, known.SegmentChain, known.SegmentEvents);
            var reading = new Reading(database, known, start);
            var faults = reading.Read(files);
            if (reading.IsSameJournal)
                return faults;
            database.Clear();
        }
        return new Reading(database, null, null).Read(files);
    }

    sealed class Reading(HistoryDatabase database, HistoryProgress? known, JournalBase? from)
    {
        readonly HashSet<string> segments = [];
        HistoryProgress progress = known ?? new HistoryProgress(0, NoChain, 0, 0, NoChain, 0);
        JournalHistory history = new();
        ulong events;
        Sequenced? cause;
        (RecordHeader Header, byte[] Chain)? last;

        public bool IsSameJournal { get; private set; } = known is null;

        public IReadOnlyList<Fault> Read(IJournalFiles files)
        {
            var start = from ?? JournalBase.StartOf(files);
            history = new JournalHistory(events = start?.Mark ?? 0);
            if (start is not null)
                progress = progress with
                {
                    SegmentRecord = start.Sequence,
                    SegmentTime = start.TimeNanoseconds,
                    SegmentChain = start.Chain,
                    SegmentEvents = start.Mark,
                };
            segments.UnionWith(files.List(JournalReader.SegmentEnding));
            var scan = JournalReader.Scan(files, See, from);
            if (known is null || IsSameJournal)
                database.Commit(progress);
            if (history.Fault is { } fault)
                return [fault];
            return scan.Damage is { IsTornTail: false } damage
                ? [new Fault(damage.Segment, null, "", damage.Words, "a sound journal")]
                : [];
        }

        void See(JournalRecord record)
        {
            var header = record.Header;
            if (last is { } before && segments.Contains(SegmentHeader.FileName(header.Sequence)))
                progress = progress with
                {
                    SegmentRecord = before.Header.Sequence,
                    SegmentTime = before.Header.TimeNanoseconds,
                    SegmentChain = before.Chain,
                    SegmentEvents = events,
                };
            last = (header, record.Chain);
            var entry = history.Understand(record);
            if (entry is EventEntry { Next: var next })
                (cause, events) = (next, next.Sequence);
            if (known is not null && header.Sequence <= known.Record)
            {
                if (header.Sequence == known.Record)
                    IsSameJournal = record.Chain.AsSpan().SequenceEqual(known.Chain);
                return;
            }
            if (!IsSameJournal || entry is null)
                return;
            if (entry is EventEntry happened)
                database.Take(happened.Next);
            else if (entry is EffectsEntry effects && cause is { } of)
                database.Take(of, effects.Effects);
            progress = progress with { Record = header.Sequence, Chain = record.Chain };
            if (header.Sequence % CommitEvery == 0)
                database.Commit(progress);
        }
    }
}
