using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Plimsoll.Numerics;

/// <summary>A symmetric matrix of which the upper triangle is kept, by rows, 64-byte aligned.</summary>
/// <remarks>What stands below the diagonal has no meaning: kernels may leave anything there.</remarks>
public sealed unsafe class SymmetricMatrix : IDisposable
{
    /// <summary>From here on the upper triangle exceeds half a megabyte, and a product is bound by memory.</summary>
    const int Large = 400;

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
        // A large matrix does not stay in the caches: then four rows share each pass over v and the result.
        int first = Size < Large ? 0 : MultiplyByFours(v, into);
        for (int i = first; i < Size; i++)
        {
            var row = Row(i)[i..Size];
            into[i] += ColumnProducts.Dot(row, v[i..Size]);
            if (i + 1 < Size)
                ColumnProducts.AddScaled(v[i], row[1..], into[(i + 1)..Size]);
        }
    }

    /// <summary>The rows in fours, and what their columns give to the rows below; how many rows that were.</summary>
    int MultiplyByFours(ReadOnlySpan<double> v, Span<double> into)
    {
        ref double from = ref MemoryMarshal.GetReference(v);
        ref double to = ref MemoryMarshal.GetReference(into);
        int i = 0;
        for (; i + 4 <= Size; i += 4)
        {
            for (int a = i; a < i + 4; a++)
            for (int b = a; b < i + 4; b++)
            {
                into[a] += Row(a)[b] * v[b];
                if (b > a)
                    into[b] += Row(a)[b] * v[a];
            }
            ref double row0 = ref MemoryMarshal.GetReference(Row(i));
            ref double row1 = ref MemoryMarshal.GetReference(Row(i + 1));
            ref double row2 = ref MemoryMarshal.GetReference(Row(i + 2));
            ref double row3 = ref MemoryMarshal.GetReference(Row(i + 3));
            var (v0, v1, v2, v3) = (v[i], v[i + 1], v[i + 2], v[i + 3]);
            var (sum0, sum1, sum2, sum3) = (
                Vector512<double>.Zero,
                Vector512<double>.Zero,
                Vector512<double>.Zero,
                Vector512<double>.Zero
            );
            int j = i + 4;
            for (; j + 8 <= Size; j += 8)
            {
                nuint at = (nuint)j;
                var x = Vector512.LoadUnsafe(ref from, at);
                var y = Vector512.LoadUnsafe(ref to, at);
                var r0 = Vector512.LoadUnsafe(ref row0, at);
                var r1 = Vector512.LoadUnsafe(ref row1, at);
                var r2 = Vector512.LoadUnsafe(ref row2, at);
                var r3 = Vector512.LoadUnsafe(ref row3, at);
                sum0 = Vector512.FusedMultiplyAdd(r0, x, sum0);
                sum1 = Vector512.FusedMultiplyAdd(r1, x, sum1);
                sum2 = Vector512.FusedMultiplyAdd(r2, x, sum2);
                sum3 = Vector512.FusedMultiplyAdd(r3, x, sum3);
                y = Vector512.FusedMultiplyAdd(r0, Vector512.Create(v0), y);
                y = Vector512.FusedMultiplyAdd(r1, Vector512.Create(v1), y);
                y = Vector512.FusedMultiplyAdd(r2, Vector512.Create(v2), y);
                y = Vector512.FusedMultiplyAdd(r3, Vector512.Create(v3), y);
                y.StoreUnsafe(ref to, at);
            }
            into[i] += ColumnProducts.SumLanes(sum0);
            into[i + 1] += ColumnProducts.SumLanes(sum1);
            into[i + 2] += ColumnProducts.SumLanes(sum2);
            into[i + 3] += ColumnProducts.SumLanes(sum3);
            for (; j < Size; j++)
            for (int a = i; a < i + 4; a++)
            {
                into[a] += Row(a)[j] * v[j];
                into[j] += Row(a)[j] * v[a];
            }
        }
        return i;
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
