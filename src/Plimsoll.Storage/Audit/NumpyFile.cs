using System.Buffers.Binary;
using System.Text;

namespace Plimsoll.Storage;

/// <summary>Numpy's own array format, version 1.0: float64, little-endian, C order.</summary>
/// <remarks>
/// Layout: NEP 1 (numpy.org/neps/nep-0001-npy-format.html): magic, version, header length, header, data.
/// </remarks>
public static class NumpyFile
{
    const int Alignment = 64;

    /// <summary>Writes one axis.</summary>
    public static void Write(Stream stream, ReadOnlySpan<double> values)
    {
        Header(stream, FormattableString.Invariant($"({values.Length},)"));
        WriteRow(stream, values);
    }

    /// <summary>Writes a matrix given by its columns; rows stand one after the other in the file.</summary>
    public static void WriteColumns(Stream stream, double[][] columns, int rows)
    {
        Header(stream, FormattableString.Invariant($"({rows}, {columns.Length})"));
        var row = new double[columns.Length];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < row.Length; c++)
                row[c] = columns[c][r];
            WriteRow(stream, row);
        }
    }

    static void Header(Stream stream, string shape)
    {
        string text = "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }";
        int length = text.Length + 1;
        int padded = (10 + length + Alignment - 1) / Alignment * Alignment - 10;
        stream.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0]);
        Span<byte> size = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(size, (ushort)padded);
        stream.Write(size);
        stream.Write(Encoding.ASCII.GetBytes(text.PadRight(padded - 1) + "\n"));
    }

    static void WriteRow(Stream stream, ReadOnlySpan<double> values)
    {
        var bytes = new byte[8 * values.Length];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8 * i), values[i]);
        stream.Write(bytes);
    }
}
