using System.Buffers.Binary;
using System.Text;
using Plimsoll.Engine;
using Plimsoll.Journal;
using Plimsoll.Markets;

namespace Plimsoll.Live;

/// <summary>Reads an engine's journal as events, effects, digests and runs.</summary>
public sealed class JournalHistory
{
    const long NanosecondsPerTick = 100;

    ulong events;

    /// <param name="firstEvents">Events before the first record that is read: those of the archive.</param>
    public JournalHistory(ulong firstEvents = 0) => events = firstEvents;

    /// <summary>The first record that was not understood.</summary>
    public Fault? Fault { get; private set; }

    /// <summary>Reads a whole journal; stops showing entries at the first that is not understood.</summary>
    public static HistoryReading Read(IJournalFiles files, Action<HistoryEntry> seen)
    {
        var history = new JournalHistory(JournalBase.StartOf(files)?.Mark ?? 0);
        var scan = JournalReader.Scan(
            files,
            record =>
            {
                if (history.Understand(record) is { } entry)
                    seen(entry);
            }
        );
        return new HistoryReading(scan, history.Fault is { } fault ? [fault] : []);
    }

    /// <summary>The next record; null from the first that is not understood on.</summary>
    public HistoryEntry? Understand(JournalRecord record)
    {
        if (Fault is not null)
            return null;
        var header = record.Header;
        string place = FormattableString.Invariant($"record {header.Sequence}");
        if (EventCodec.IsEvent(header.Type))
        {
            var read = EventCodec.Read(header.Type, header.Version, record.Payload, place);
            if (read.Succeeded)
                return new EventEntry(record, new Sequenced(++events, Time(header), read.Value));
            Fault = read.Faults[0];
            return null;
        }
        var other = Other(record, place);
        if (other is null)
            Fault ??= new Fault(
                place,
                null,
                "record",
                FormattableString.Invariant($"kind {header.Type}, version {header.Version}"),
                "a record that this program knows"
            );
        return other;
    }

    /// <summary>Time of a record.</summary>
    public static DateTimeOffset Time(RecordHeader header) => Time(header.TimeNanoseconds);

    /// <summary>Time from nanoseconds since 1970 UTC.</summary>
    internal static DateTimeOffset Time(long nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / NanosecondsPerTick);

    /// <summary>Time as a record keeps it.</summary>
    internal static long Nanoseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;

    HistoryEntry? Other(JournalRecord record, string place)
    {
        var (kind, payload) = (record.Header.Type, record.Payload);
        if (record.Header.Version != RecordKind.Version)
            return null;
        if (kind == RecordKind.RunInput)
            return RunInput.Read(payload) is { } input ? new RunEntry(record, input) : null;
        if (payload.Length < RecordKind.SequenceBytes)
            return null;
        ulong sequence = BinaryPrimitives.ReadUInt64LittleEndian(payload);
        byte[] rest = payload[RecordKind.SequenceBytes..];
        if (kind == RecordKind.Digest)
            return new DigestEntry(record, sequence, Encoding.ASCII.GetString(rest));
        if (kind != RecordKind.Effects)
            return null;
        var effects = EffectCodec.Read(EffectCodec.Version, rest, place);
        if (!effects.Succeeded)
            Fault = effects.Faults[0];
        return effects.Succeeded ? new EffectsEntry(record, sequence, effects.Value, rest) : null;
    }
}
