using System.Collections.Immutable;

namespace Plimsoll.Journal;

/// <summary>Where a journal is damaged.</summary>
/// <param name="Segment">File.</param>
/// <param name="Offset">First bad byte's record.</param>
/// <param name="Sequence">Sequence that should stand there.</param>
/// <param name="IsTornTail">
/// Nothing valid follows in the last segment: a write that the power cut, which opening takes off.
/// </param>
/// <param name="Words">The same for people.</param>
public sealed record JournalDamage(string Segment, long Offset, ulong Sequence, bool IsTornTail, string Words);

/// <summary>Everything that a journal holds up to its first damage.</summary>
/// <param name="Owner">From the segments' headers; empty for an empty journal.</param>
/// <param name="Segments">File names in order.</param>
/// <param name="LastSequence">0 for an empty journal.</param>
/// <param name="LastTimeNanoseconds">Of the last record.</param>
/// <param name="LastChain">Of the last record; zeros for an empty journal.</param>
/// <param name="EndOffset">In the last segment, after the last good record.</param>
/// <param name="Damage">Null for a sound journal.</param>
public sealed record JournalScan(
    string Owner,
    ImmutableArray<string> Segments,
    ulong LastSequence,
    long LastTimeNanoseconds,
    byte[] LastChain,
    long EndOffset,
    JournalDamage? Damage
);

/// <summary>Reads a journal from its first record, or the first that is not archived, and checks every one.</summary>
public static class JournalReader
{
    /// <summary>Ending of a segment's file name.</summary>
    public const string SegmentEnding = ".journal";

    /// <summary>Reads all records; each good one is shown in order. Never throws for what the bytes hold.</summary>
    /// <param name="files">The folder.</param>
    /// <param name="seen">Called for each good record; null only checks.</param>
    /// <param name="from">End of a segment after which to begin; null: at the journal's own beginning.</param>
    public static JournalScan Scan(IJournalFiles files, Action<JournalRecord>? seen = null, JournalBase? from = null)
    {
        var segments = files.List(SegmentEnding);
        var chain = new byte[RecordCodec.ChainBytes];
        var state = new JournalScan("", segments, 0, 0, chain, 0, null);
        if ((from ?? JournalBase.StartOf(files)) is { } start)
        {
            start.Chain.CopyTo(chain, 0);
            // A segment that was copied to the archive and not yet removed when the power went is no part of it.
            string first = SegmentHeader.FileName(start.Sequence + 1);
            segments = [.. segments.Where(name => string.CompareOrdinal(name, first) >= 0)];
            state = state with
            {
                Segments = segments,
                LastSequence = start.Sequence,
                LastTimeNanoseconds = start.TimeNanoseconds,
            };
        }
        for (int i = 0; i < segments.Length; i++)
        {
            byte[] bytes = files.Read(segments[i]);
            bool last = i == segments.Length - 1;
            state = ReadSegment(state, segments[i], bytes, last, chain, seen);
            if (state.Damage is not null)
                break;
        }
        return state with { LastChain = chain };
    }

    static JournalScan ReadSegment(
        JournalScan state,
        string name,
        byte[] bytes,
        bool last,
        byte[] chain,
        Action<JournalRecord>? seen
    )
    {
        var header = SegmentHeader.Read(bytes);
        if (header is null)
        {
            bool torn = last && bytes.Length <= SegmentHeader.Bytes && state.LastSequence > 0;
            return Damaged(state, name, 0, torn, "the segment's header does not hold");
        }
        if (state.Owner.Length > 0 && header.Owner != state.Owner)
            return Damaged(state, name, 0, false, $"the segment belongs to {header.Owner}, not to {state.Owner}");
        if (header.FirstSequence != state.LastSequence + 1 || !header.PreviousChain.AsSpan().SequenceEqual(chain))
            return Damaged(state, name, 0, false, "the segment does not go on from the one before");
        state = state with { Owner = header.Owner, EndOffset = SegmentHeader.Bytes };
        int offset = SegmentHeader.Bytes;
        while (true)
        {
            var rest = bytes.AsSpan(offset);
            switch (RecordCodec.Read(rest, chain, state.LastSequence + 1, out var record))
            {
                case RecordFinding.End:
                    return state;
                case RecordFinding.Damaged:
                    bool torn = last && !AnyRecordIn(rest[1..], offset + 1);
                    return Damaged(state, name, offset, torn, "the record is cut, changed or out of order");
            }
            if (record!.Header.TimeNanoseconds < state.LastTimeNanoseconds)
                return Damaged(state, name, offset, false, "the record's time lies before the one before it");
            seen?.Invoke(record);
            offset += RecordCodec.Size(record.Payload.Length);
            state = state with
            {
                LastSequence = record.Header.Sequence,
                LastTimeNanoseconds = record.Header.TimeNanoseconds,
                EndOffset = offset,
            };
        }
    }

    // Records stand on multiples of 8, so that one that follows the damage is found whatever was changed before it.
    static bool AnyRecordIn(ReadOnlySpan<byte> bytes, int offset)
    {
        for (int at = (8 - (offset & 7)) & 7; at + RecordCodec.HeaderBytes <= bytes.Length; at += 8)
            if (RecordCodec.IsWhole(bytes[at..], out var header, out _) && header.Sequence > 0)
                return true;
        return false;
    }

    static JournalScan Damaged(JournalScan state, string segment, long offset, bool torn, string what)
    {
        ulong sequence = state.LastSequence + 1;
        string words = FormattableString.Invariant($"{segment}, byte {offset}: record {sequence}: {what}");
        return state with { Damage = new JournalDamage(segment, offset, sequence, torn, words) };
    }
}
