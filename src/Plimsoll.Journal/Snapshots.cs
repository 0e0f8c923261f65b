using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Plimsoll.Journal;

/// <summary>A state as it was after one record: a cache of the journal, never the truth.</summary>
/// <param name="Sequence">Last record that the state has seen.</param>
/// <param name="Chain">That record's chain hash.</param>
/// <param name="State">The owner's bytes.</param>
public sealed record StateSnapshot(ulong Sequence, byte[] Chain, byte[] State);

/// <summary>Keeps the newest snapshots beside a journal.</summary>
/// <remarks>File: magic 8, sequence 8, chain 32, state, SHA-256 of all that 32. A damaged one is passed over.</remarks>
public static class Snapshots
{
    /// <summary>Ending of a snapshot's file name.</summary>
    public const string Ending = ".snapshot";

    const int Kept = 3;
    const int StateAt = 16 + RecordCodec.ChainBytes;

    static ReadOnlySpan<byte> Magic => "PLIMSNP1"u8;

    /// <summary>Writes a snapshot and removes those beyond the newest three.</summary>
    public static void Write(IJournalFiles files, StateSnapshot snapshot)
    {
        var bytes = new byte[StateAt + snapshot.State.Length + SHA256.HashSizeInBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), snapshot.Sequence);
        snapshot.Chain.CopyTo(bytes.AsSpan(16));
        snapshot.State.CopyTo(bytes.AsSpan(StateAt));
        SHA256.HashData(
            bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes),
            bytes.AsSpan(^SHA256.HashSizeInBytes..)
        );
        files.Replace(FormattableString.Invariant($"{snapshot.Sequence:D20}{Ending}"), bytes);
        var all = files.List(Ending);
        for (int i = 0; i < all.Length - Kept; i++)
            files.Delete(all[i]);
    }

    /// <summary>The newest sound snapshot at or before a sequence; null where there is none.</summary>
    public static StateSnapshot? Newest(IJournalFiles files, ulong atMost)
    {
        foreach (string name in files.List(Ending).Reverse())
            if (Read(files.Read(name)) is { } snapshot && snapshot.Sequence <= atMost)
                return snapshot;
        return null;
    }

    /// <summary>Last records of all sound snapshots, oldest first.</summary>
    public static ImmutableArray<ulong> Sequences(IJournalFiles files) =>
        [.. files.List(Ending).Select(name => Read(files.Read(name))?.Sequence).OfType<ulong>()];

    static StateSnapshot? Read(byte[] bytes)
    {
        if (bytes.Length < StateAt + SHA256.HashSizeInBytes || !bytes.AsSpan().StartsWith(Magic))
            return null;
        var body = bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes);
        return SHA256.HashData(body).AsSpan().SequenceEqual(bytes.AsSpan(^SHA256.HashSizeInBytes..))
            ? new StateSnapshot(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)),
                bytes[16..StateAt],
                body[StateAt..].ToArray()
            )
            : null;
    }
}
