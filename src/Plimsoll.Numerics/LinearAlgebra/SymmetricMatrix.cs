using System.Runtime.InteropServices;

namespace Plimsoll.Numerics;

/// <summary>A symmetric matrix of which the upper triangle is kept, by rows, 64-byte aligned.</summary>
/// <remarks>What stands below the diagonal has no meaning: kernels may leave anything there.</remarks>
public sealed unsafe class SymmetricMatrix : IDisposable
{
    double* data;

    /// <exception cref="ArgumentOutOfRangeException">A negative size.</exception>
    public SymmetricMatrix(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        (Size, Stride) = (size, (size + 7) & ~7);
        nuint bytes = (nuint)Stride * (nuint)Math.Max(size, 1) * sizeof(double);
        data = (double*)NativeMemory.AlignedAlloc(bytes == 0 ? 64 : bytes, 64);
        NativeMemory.Clear(data, bytes);
    }

    /// <summary>Number of rows.</summary>
    public int Size { get; }

    /// <summary>Distance between the starts of two rows: a multiple of 8.</summary>
    public int Stride { get; }

    /// <summary>One row, columns 0 to <see cref="Stride"/>; only those from the diagonal on count.</summary>
    public Span<double> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Size);
        ObjectDisposedException.ThrowIf(data == null, this);
        return new Span<double>(data + (nint)row * Stride, Stride);
    }

    /// <summary>One element of the symmetric matrix.</summary>
    public double this[int row, int column]
    {
        get => row <= column ? Row(row)[column] : Row(column)[row];
        set
        {
            if (row <= column)
                Row(row)[column] = value;
            else
                Row(column)[row] = value;
        }
    }

    /// <summary>Sets every element to zero.</summary>
    public void Clear() => NativeMemory.Clear(data, (nuint)Stride * (nuint)Size * sizeof(double));

    /// <summary>Copies all elements from a matrix of the same size.</summary>
    public void CopyFrom(SymmetricMatrix other)
    {
        if (other.Size != Size)
            throw new ArgumentException($"size {other.Size} into size {Size}");
        NativeMemory.Copy(other.data, data, (nuint)Stride * (nuint)Size * sizeof(double));
    }

    /// <summary>Adds factor·v·vᵀ; v of length <see cref="Size"/>.</summary>
    public void AddOuterProduct(double factor, ReadOnlySpan<double> v)
    {
        for (int i = 0; i < Size; i++)
            if (v[i] != 0)
                ColumnProducts.AddScaled(factor * v[i], v[i..Size], Row(i)[i..Size]);
    }

    /// <summary>into = this·v.</summary>
    public void Multiply(ReadOnlySpan<double> v, Span<double> into)
    {
        into[..Size].Clear();
        for (int i = 0; i < Size; i++)
        {
            var row = Row(i)[i..Size];
            into[i] += ColumnProducts.Dot(row, v[i..Size]);
            if (i + 1 < Size)
                ColumnProducts.AddScaled(v[i], row[1..], into[(i + 1)..Size]);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        NativeMemory.AlignedFree(data);
        data = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory of a matrix that nobody disposed.</summary>
    ~SymmetricMatrix() => NativeMemory.AlignedFree(data);
}
