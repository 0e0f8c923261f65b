using System.Buffers.Binary;
using System.Text;

namespace Plimsoll.Venues;

/// <summary>Words of 32 bytes, big-endian, as in the contract ABI of Ethereum (Solidity documentation).</summary>
static class Abi
{
    public const int Word = 32;

    /// <summary>The first four bytes of the keccak of a signature such as <c>getBlockNumber()</c>.</summary>
    public static byte[] Selector(string signature) => Keccak.Of(Encoding.ASCII.GetBytes(signature))[..4];

    /// <summary>A number that is not negative.</summary>
    public static byte[] Number(ulong value)
    {
        var word = new byte[Word];
        BinaryPrimitives.WriteUInt64BigEndian(word.AsSpan(Word - 8), value);
        return word;
    }

    /// <summary>An address: 0x and 40 hex digits.</summary>
    public static byte[] Address(string address)
    {
        var word = new byte[Word];
        Convert.FromHexString(address.AsSpan(2)).CopyTo(word, Word - 20);
        return word;
    }

    /// <summary>Bytes of hex digits after 0x.</summary>
    /// <exception cref="FormatException">They are none.</exception>
    public static byte[] Bytes(string hex) =>
        hex.StartsWith("0x", StringComparison.Ordinal)
            ? Convert.FromHexString(hex.AsSpan(2))
            : throw new FormatException($"no hex: {hex[..Math.Min(8, hex.Length)]}");

    /// <summary>Hex digits after 0x.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);
}

/// <summary>Reads words one after the other; what does not fit its type is refused, never cut off.</summary>
ref struct AbiReader(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> all = bytes;
    int at;

    /// <summary>A number of 64 bits that is not negative.</summary>
    /// <exception cref="FormatException">It does not fit, or the bytes have ended.</exception>
    public ulong Unsigned()
    {
        var word = Next();
        if (word[..24].ContainsAnyExcept((byte)0))
            throw new FormatException("a number of more than 64 bits");
        return BinaryPrimitives.ReadUInt64BigEndian(word[24..]);
    }

    /// <summary>A number of 64 bits with its sign in two's complement over the whole word.</summary>
    /// <exception cref="FormatException">It does not fit, or the bytes have ended.</exception>
    public long Signed()
    {
        var word = Next();
        long value = BinaryPrimitives.ReadInt64BigEndian(word[24..]);
        if (word[..24].ContainsAnyExcept(value < 0 ? byte.MaxValue : (byte)0))
            throw new FormatException("a number of more than 64 bits");
        return value;
    }

    /// <summary>A truth value.</summary>
    public bool Flag() =>
        Unsigned() switch
        {
            0 => false,
            1 => true,
            _ => throw new FormatException("no truth value"),
        };

    /// <summary>Goes to a byte, counted from the beginning.</summary>
    public void Seek(ulong to) =>
        at = to <= (ulong)all.Length ? (int)to : throw new FormatException("an offset behind the end");

    /// <summary>So many bytes from here.</summary>
    public ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(all.Length - at))
            throw new FormatException("bytes that end too soon");
        var taken = all.Slice(at, (int)length);
        at += (int)length;
        return taken;
    }

    ReadOnlySpan<byte> Next() => Take(Abi.Word);
}
