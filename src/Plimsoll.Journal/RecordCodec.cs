using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Plimsoll.Journal;

/// <summary>What reading at one place of a segment found.</summary>
public enum RecordFinding
{
    /// <summary>A whole record whose check sum and chain hold.</summary>
    Record = 0,

    /// <summary>The end: no byte, or only zeros.</summary>
    End = 1,

    /// <summary>Bytes that are no whole record, or whose check sum, sequence or chain does not hold.</summary>
    Damaged = 2,
}

/// <summary>Bytes of one record; the layout stands in docs/journal.md and never changes within a format.</summary>
/// <remarks>
/// Little-endian, 8-byte aligned: length 4 (header and payload, no padding), CRC-32C 4 (over all that follows, padding
/// included), sequence 8, time 8, type 2, version 2, flags 4, chain 32, payload, zeros up to a multiple of 8.
/// </remarks>
public static class RecordCodec
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderBytes = 64;

    /// <summary>Bytes of a chain hash.</summary>
    public const int ChainBytes = SHA256.HashSizeInBytes;

    /// <summary>Longest payload.</summary>
    public const int LongestPayload = 16 << 20;

    const int CheckSumAt = 4;
    const int SequenceAt = 8;
    const int TimeAt = 16;
    const int TypeAt = 24;
    const int VersionAt = 26;
    const int FlagsAt = 28;
    const int ChainAt = 32;

    /// <summary>Bytes that a record takes.</summary>
    public static int Size(int payloadBytes) => (HeaderBytes + payloadBytes + 7) & ~7;

    /// <summary>Writes a record and moves the chain on.</summary>
    /// <param name="header">Header.</param>
    /// <param name="payload">At most <see cref="LongestPayload"/> bytes.</param>
    /// <param name="chain">In: the previous record's; out: this one's. 32 bytes.</param>
    /// <param name="target">At least <see cref="Size"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The payload is too long.</exception>
    public static int Write(RecordHeader header, ReadOnlySpan<byte> payload, Span<byte> chain, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, LongestPayload);
        int size = Size(payload.Length);
        var record = target[..size];
        BinaryPrimitives.WriteInt32LittleEndian(record, HeaderBytes + payload.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(record[SequenceAt..], header.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(record[TimeAt..], header.TimeNanoseconds);
        BinaryPrimitives.WriteUInt16LittleEndian(record[TypeAt..], header.Type);
        BinaryPrimitives.WriteUInt16LittleEndian(record[VersionAt..], header.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(record[FlagsAt..], header.Flags);
        Link(chain, record[SequenceAt..ChainAt], payload);
        chain.CopyTo(record[ChainAt..]);
        payload.CopyTo(record[HeaderBytes..]);
        record[(HeaderBytes + payload.Length)..].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record[CheckSumAt..], CheckSum(record[SequenceAt..]));
        return size;
    }

    /// <summary>Reads the record at the start of some bytes.</summary>
    /// <param name="bytes">From the record on to the end of the segment.</param>
    /// <param name="chain">The previous record's; the record's own after a good read.</param>
    /// <param name="expected">Sequence that has to stand there.</param>
    /// <param name="record">The record, when it is good.</param>
    public static RecordFinding Read(
        ReadOnlySpan<byte> bytes,
        Span<byte> chain,
        ulong expected,
        out JournalRecord? record
    )
    {
        record = null;
        if (bytes.IndexOfAnyExcept((byte)0) < 0)
            return RecordFinding.End;
        if (!IsWhole(bytes, out var header, out var payload) || header.Sequence != expected)
            return RecordFinding.Damaged;
        Span<byte> own = stackalloc byte[ChainBytes];
        chain.CopyTo(own);
        Link(own, bytes[SequenceAt..ChainAt], payload);
        if (!own.SequenceEqual(bytes.Slice(ChainAt, ChainBytes)))
            return RecordFinding.Damaged;
        own.CopyTo(chain);
        record = new JournalRecord(header, payload.ToArray(), own.ToArray());
        return RecordFinding.Record;
    }

    /// <summary>Whether a record whose own check sum holds starts here, whatever its place in the chain.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes, out RecordHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (bytes.Length < HeaderBytes)
            return false;
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length < HeaderBytes || length - HeaderBytes > LongestPayload || Size(length - HeaderBytes) > bytes.Length)
            return false;
        var record = bytes[..Size(length - HeaderBytes)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[CheckSumAt..]) != CheckSum(record[SequenceAt..]))
            return false;
        if (record[length..].IndexOfAnyExcept((byte)0) >= 0)
            return false;
        header = new RecordHeader(
            BinaryPrimitives.ReadUInt64LittleEndian(record[SequenceAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[TimeAt..]),
            BinaryPrimitives.ReadUInt16LittleEndian(record[TypeAt..]),
            BinaryPrimitives.ReadUInt16LittleEndian(record[VersionAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[FlagsAt..])
        );
        payload = record[HeaderBytes..length];
        return true;
    }

    /// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4) of some bytes.</summary>
    public static uint CheckSum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte value in bytes)
            sum = BitOperations.Crc32C(sum, value);
        return ~sum;
    }

    static void Link(Span<byte> chain, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(chain);
        hash.AppendData(header);
        hash.AppendData(payload);
        hash.GetHashAndReset(chain);
    }
}
