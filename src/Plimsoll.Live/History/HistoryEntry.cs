using System.Collections.Immutable;
using Plimsoll.Engine;
using Plimsoll.Journal;
using Plimsoll.Markets;

namespace Plimsoll.Live;

/// <summary>One record of an engine's journal, understood.</summary>
public abstract record HistoryEntry
{
    private protected HistoryEntry(JournalRecord record) => Record = record;

    /// <summary>As it stands in the journal.</summary>
    public JournalRecord Record { get; }
}

/// <summary>An event.</summary>
public sealed record EventEntry(JournalRecord Of, Sequenced Next) : HistoryEntry(Of);

/// <summary>What the engine asked for after an event.</summary>
/// <param name="Of">Record.</param>
/// <param name="Sequence">Of the event.</param>
/// <param name="Effects">In order; orders among them cannot be sent.</param>
/// <param name="Bytes">Their encoding.</param>
public sealed record EffectsEntry(
    JournalRecord Of,
    ulong Sequence,
    IReadOnlyList<EngineEffect> Effects,
    ReadOnlyMemory<byte> Bytes
) : HistoryEntry(Of);

/// <summary>Digest of the state after an event.</summary>
public sealed record DigestEntry(JournalRecord Of, ulong Sequence, string Digest) : HistoryEntry(Of);

/// <summary>A process began.</summary>
public sealed record RunEntry(JournalRecord Of, RunInput Input) : HistoryEntry(Of);

/// <summary>How far a journal could be read.</summary>
/// <param name="Scan">Check sums and chain.</param>
/// <param name="Faults">The first record that was not understood; empty when all were.</param>
public sealed record HistoryReading(JournalScan Scan, ImmutableArray<Fault> Faults);
