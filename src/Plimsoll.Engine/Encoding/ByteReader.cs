using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Plimsoll.Engine;

/// <summary>Bytes that are no encoding of what they should be; never leaves the codecs.</summary>
sealed class BadBytes(string message) : Exception(message);

/// <summary>Reads what <see cref="ByteWriter"/> wrote.</summary>
sealed class ByteReader(byte[] bytes)
{
    int at;

    /// <exception cref="BadBytes">Something follows.</exception>
    public void End()
    {
        if (at != bytes.Length)
            throw new BadBytes(FormattableString.Invariant($"{bytes.Length - at} bytes too many"));
    }

    public bool Flag() =>
        Small() switch
        {
            0 => false,
            1 => true,
            var other => throw new BadBytes(FormattableString.Invariant($"{other} is neither yes nor no")),
        };

    public byte Small() => Take(1)[0];

    public int Whole() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ulong Sequence() => (ulong)Long();

    public decimal Amount()
    {
        ReadOnlySpan<int> parts = [Whole(), Whole(), Whole(), Whole()];
        try
        {
            return new decimal(parts);
        }
        catch (ArgumentException)
        {
            throw new BadBytes("no decimal");
        }
    }

    public string Text() => Encoding.UTF8.GetString(Take(Count(1)));

    public DateTimeOffset Time()
    {
        long ticks = Long();
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw new BadBytes("no time");
    }

    public TimeSpan Span() => TimeSpan.FromTicks(Long());

    public T? Maybe<T>(Func<T> read)
        where T : struct => Flag() ? read() : null;

    public string? MaybeText() => Flag() ? Text() : null;

    public ImmutableArray<T> Many<T>(Func<T> read)
    {
        int count = Count(1);
        var values = ImmutableArray.CreateBuilder<T>(count);
        for (int i = 0; i < count; i++)
            values.Add(read());
        return values.MoveToImmutable();
    }

    public T Choice<T>()
        where T : struct, Enum
    {
        byte number = Small();
        var value = (T)Enum.ToObject(typeof(T), number);
        return Enum.IsDefined(value)
            ? value
            : throw new BadBytes(FormattableString.Invariant($"{typeof(T).Name} has no {number}"));
    }

    // A length that runs past the end is refused before anything of that size is made.
    int Count(int each)
    {
        int count = Whole();
        return count >= 0 && (long)count * each <= bytes.Length - at
            ? count
            : throw new BadBytes(FormattableString.Invariant($"{count} values in {bytes.Length - at} bytes"));
    }

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - at)
            throw new BadBytes("the bytes end too early");
        at += count;
        return bytes.AsSpan(at - count, count);
    }
}
