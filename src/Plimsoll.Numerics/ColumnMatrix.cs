using System.Runtime.InteropServices;

namespace Plimsoll.Numerics;

/// <summary>A dense matrix of doubles held by columns, each column contiguous, 64-byte aligned and
/// zero-padded.</summary>
/// <remarks>
/// Rows are what is summed over (scenarios), columns what is chosen (instruments). The stride is the row count rounded
/// up to a multiple of 8, so that a 512-bit kernel needs no remainder loop; padding stays zero. Mutable while it is
/// being filled; afterwards it is shared and must not be written. Memory lives outside the garbage-collected heap.
/// </remarks>
public sealed unsafe class ColumnMatrix : IDisposable
{
    void* block;
    double* data;

    /// <exception cref="ArgumentOutOfRangeException">A negative size.</exception>
    public ColumnMatrix(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        (Rows, Columns, Stride) = (rows, columns, (rows + 7) & ~7);
        nuint bytes = (nuint)Stride * (nuint)columns * sizeof(double);
        // Fresh pages of the system are zero already; whoever fills a column first pays for them, in parallel.
        block = NativeMemory.AllocZeroed(bytes + 64);
        data = (double*)(((nuint)block + 63) & ~(nuint)63);
        GC.AddMemoryPressure((long)bytes + 64);
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Distance between the starts of two columns: a multiple of 8.</summary>
    public int Stride { get; }

    /// <summary>The rows of one column.</summary>
    public Span<double> Column(int column) => PaddedColumn(column)[..Rows];

    /// <summary>One column with its zero padding; length <see cref="Stride"/>.</summary>
    public Span<double> PaddedColumn(int column)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Columns);
        ObjectDisposedException.ThrowIf(data == null, this);
        return new Span<double>(data + (nint)column * Stride, Stride);
    }

    /// <summary>One cell.</summary>
    public double this[int row, int column]
    {
        get => Column(column)[row];
        set => Column(column)[row] = value;
    }

    /// <summary>A new matrix with the given columns of this one, in the given order.</summary>
    public ColumnMatrix Select(ReadOnlySpan<int> columns)
    {
        var chosen = new ColumnMatrix(Rows, columns.Length);
        for (int j = 0; j < columns.Length; j++)
            PaddedColumn(columns[j]).CopyTo(chosen.PaddedColumn(j));
        return chosen;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory of a matrix that nobody disposed.</summary>
    ~ColumnMatrix() => Free();

    void Free()
    {
        if (data == null)
            return;
        NativeMemory.Free(block);
        GC.RemoveMemoryPressure((long)Stride * Columns * sizeof(double) + 64);
        block = null;
        data = null;
    }
}
