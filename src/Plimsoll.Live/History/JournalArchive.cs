using System.Collections.Immutable;
using Plimsoll.Engine;
using Plimsoll.Journal;

namespace Plimsoll.Live;

/// <summary>Moves old segments of a journal to another folder; nothing is ever deleted for good.</summary>
/// <remarks>
/// A segment goes when it is closed, when its last record is old enough, and when every kept snapshot lies after it, so
/// that a restart never needs it. It is made durable in the archive first, then the journal's base is moved on, then it
/// is removed: a crash between leaves a copy too many and never one too few.
/// </remarks>
public static class JournalArchive
{
    /// <summary>Moves what may go.</summary>
    /// <param name="journal">The journal; its engine may be running.</param>
    /// <param name="archive">Where to.</param>
    /// <param name="before">Segments whose last record is younger stay.</param>
    /// <returns>Names of the segments that were moved.</returns>
    /// <exception cref="JournalFault">The journal is damaged, or an archived file differs.</exception>
    public static ImmutableArray<string> Move(IJournalFiles journal, IJournalFiles archive, DateTimeOffset before)
    {
        var oldest = Snapshots.Sequences(journal);
        if (oldest.IsEmpty)
            return [];
        var ends = Ends(journal);
        var moved = ImmutableArray.CreateBuilder<string>();
        // The last one is being written.
        foreach (var (name, end) in ends.SkipLast(1))
        {
            bool mayGo = end.Sequence < oldest[0] && JournalHistory.Time(end.TimeNanoseconds) < before;
            if (!mayGo)
                break;
            Keep(journal, archive, name);
            end.Write(journal);
            journal.Delete(name);
            moved.Add(name);
        }
        return moved.ToImmutable();
    }

    /// <summary>How each segment ends.</summary>
    static List<(string Name, JournalBase End)> Ends(IJournalFiles journal)
    {
        var start = JournalBase.StartOf(journal);
        var names = journal
            .List(JournalReader.SegmentEnding)
            .Where(name => string.CompareOrdinal(name, SegmentHeader.FileName((start?.Sequence ?? 0) + 1)) >= 0)
            .ToList();
        var ends = new List<(string, JournalBase)>();
        ulong events = start?.Mark ?? 0;
        JournalRecord? last = null;
        void Close()
        {
            if (last is { Header: var header })
                ends.Add(
                    (names[ends.Count], new JournalBase(header.Sequence, header.TimeNanoseconds, last.Chain, events))
                );
        }
        var scan = JournalReader.Scan(
            journal,
            record =>
            {
                int next = ends.Count + 1;
                if (next < names.Count && names[next] == SegmentHeader.FileName(record.Header.Sequence))
                    Close();
                if (EventCodec.IsEvent(record.Header.Type))
                    events++;
                last = record;
            }
        );
        if (scan.Damage is { IsTornTail: false } damage)
            throw new JournalFault($"the journal is damaged: {damage.Words}");
        Close();
        return ends;
    }

    static void Keep(IJournalFiles journal, IJournalFiles archive, string name)
    {
        byte[] bytes = journal.Read(name);
        if (archive.List(name).IsEmpty)
            archive.Replace(name, bytes);
        else if (!archive.Read(name).AsSpan().SequenceEqual(bytes))
            throw new JournalFault($"the archive holds another {name}");
    }
}
