using System.Buffers.Binary;
using System.Text;

namespace Plimsoll.Journal;

/// <summary>First bytes of a segment: what it is, whose it is, and the hash that it goes on from.</summary>
/// <remarks>
/// Magic 8 (<c>PLIMJRN1</c>), first sequence 8, owner's name 64 (UTF-8, zeros after it), previous chain 32, CRC-32C of
/// the rest 4, zeros 12: 128 bytes.
/// </remarks>
/// <param name="Owner">Engine and account that write here; at most 64 bytes.</param>
/// <param name="FirstSequence">Sequence of the first record.</param>
/// <param name="PreviousChain">Chain hash before it; zeros in the first segment.</param>
public sealed record SegmentHeader(string Owner, ulong FirstSequence, byte[] PreviousChain)
{
    /// <summary>Bytes of a header.</summary>
    public const int Bytes = 128;

    const int OwnerBytes = 64;
    const int OwnerAt = 16;
    const int ChainAt = OwnerAt + OwnerBytes;
    const int CheckSumAt = ChainAt + RecordCodec.ChainBytes;

    static ReadOnlySpan<byte> Magic => "PLIMJRN1"u8;

    /// <summary>File name of the segment that starts with a sequence; names sort as sequences do.</summary>
    public static string FileName(ulong firstSequence) => FormattableString.Invariant($"{firstSequence:D20}.journal");

    /// <summary>The header as bytes.</summary>
    /// <exception cref="ArgumentException">The owner's name is too long.</exception>
    public byte[] Write()
    {
        var bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), FirstSequence);
        if (Encoding.UTF8.GetByteCount(Owner) is 0 or > OwnerBytes)
            throw new ArgumentException($"a journal's owner is named in 1 to {OwnerBytes} bytes, not \"{Owner}\"");
        Encoding.UTF8.GetBytes(Owner, bytes.AsSpan(OwnerAt, OwnerBytes));
        PreviousChain.CopyTo(bytes.AsSpan(ChainAt));
        uint sum = RecordCodec.CheckSum(bytes.AsSpan(0, CheckSumAt));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CheckSumAt), sum);
        return bytes;
    }

    /// <summary>The header at the start of a segment; null where there is none that holds.</summary>
    public static SegmentHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Bytes || !bytes.StartsWith(Magic))
            return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[CheckSumAt..]) != RecordCodec.CheckSum(bytes[..CheckSumAt]))
            return null;
        if (bytes[(CheckSumAt + 4)..Bytes].IndexOfAnyExcept((byte)0) >= 0)
            return null;
        string owner = Encoding.UTF8.GetString(bytes.Slice(OwnerAt, OwnerBytes)).TrimEnd('\0');
        return new SegmentHeader(
            owner,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            bytes.Slice(ChainAt, RecordCodec.ChainBytes).ToArray()
        );
    }
}
