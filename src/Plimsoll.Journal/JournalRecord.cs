namespace Plimsoll.Journal;

/// <summary>What the journal keeps beside a payload.</summary>
/// <param name="Sequence">Plus one each, from 1.</param>
/// <param name="TimeNanoseconds">Nanoseconds since 1970 UTC at the sequencer; never falls.</param>
/// <param name="Type">Kind of payload; numbers never move (tested by whoever owns the kinds).</param>
/// <param name="Version">Schema of the payload.</param>
/// <param name="Flags">Marks of the owner.</param>
public readonly record struct RecordHeader(
    ulong Sequence,
    long TimeNanoseconds,
    ushort Type,
    ushort Version,
    uint Flags
);

/// <summary>One record as it stands in the journal.</summary>
/// <param name="Header">Sequence, time, type, version, flags.</param>
/// <param name="Payload">The owner's bytes.</param>
/// <param name="Chain">SHA-256 over the previous record's chain, this header and this payload.</param>
public sealed record JournalRecord(RecordHeader Header, byte[] Payload, byte[] Chain);
