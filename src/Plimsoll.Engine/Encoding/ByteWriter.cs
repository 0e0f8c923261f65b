using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Plimsoll.Engine;

/// <summary>Writes values as canonical bytes: little-endian, texts in UTF-8 behind their length.</summary>
/// <remarks>A decimal keeps its digits: 1.0 and 1.00 are other bytes, because words made of them differ.</remarks>
sealed class ByteWriter
{
    readonly ArrayBufferWriter<byte> bytes = new(256);

    public ReadOnlySpan<byte> Written => bytes.WrittenSpan;

    public void Clear() => bytes.ResetWrittenCount();

    public void Flag(bool value) => Small(value ? (byte)1 : (byte)0);

    public void Small(byte value)
    {
        bytes.GetSpan(1)[0] = value;
        bytes.Advance(1);
    }

    public void Whole(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(4), value);
        bytes.Advance(4);
    }

    public void Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(8), value);
        bytes.Advance(8);
    }

    public void Sequence(ulong value) => Long((long)value);

    public void Amount(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        foreach (int part in parts)
            Whole(part);
    }

    public void Text(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        Whole(length);
        Encoding.UTF8.GetBytes(value, bytes.GetSpan(length));
        bytes.Advance(length);
    }

    public void Time(DateTimeOffset at) => Long(at.UtcTicks);

    public void Span(TimeSpan span) => Long(span.Ticks);

    public void Maybe<T>(T? value, Action<T> write)
        where T : struct
    {
        Flag(value is not null);
        if (value is { } known)
            write(known);
    }

    public void MaybeText(string? value)
    {
        Flag(value is not null);
        if (value is not null)
            Text(value);
    }

    public void Many<T>(IReadOnlyCollection<T> values, Action<T> write)
    {
        Whole(values.Count);
        foreach (var value in values)
            write(value);
    }

    public void Many<T>(ImmutableArray<T> values, Action<T> write) =>
        Many(values.IsDefault ? [] : (IReadOnlyCollection<T>)values, write);
}
