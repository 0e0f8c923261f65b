using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Plimsoll.Numerics;

/// <content>Products on two threads, and two products of one pass.</content>
public static partial class ColumnProducts
{
    /// <summary>
    /// <see cref="MultiplyAdd(ColumnMatrix, ReadOnlySpan{double}, Span{double})"/> on one or two threads, each with
    /// half of the rows: the same bits. Of <paramref name="q"/> as many numbers as there are columns are read.
    /// </summary>
    public static void MultiplyAdd(ColumnMatrix matrix, double[] q, double[] into, int threads)
    {
        if (threads < 2 || IsSmall(matrix))
        {
            MultiplyAdd(matrix, q.AsSpan(0, matrix.Columns), into);
            return;
        }
        int middle = matrix.Rows / 16 * 8;
        Parallel.For(
            0,
            2,
            half =>
                MultiplyAddRows(
                    matrix,
                    q.AsSpan(0, matrix.Columns),
                    half == 0 ? into.AsSpan(0, middle) : into.AsSpan(middle, matrix.Rows - middle),
                    half * middle
                )
        );
    }

    /// <summary>
    /// <see cref="TransposeMultiply(ColumnMatrix, ReadOnlySpan{double}, Span{double})"/> on one or two threads, each
    /// with half of the columns: the same bits. As many numbers of <paramref name="into"/> are set as columns.
    /// </summary>
    public static void TransposeMultiply(ColumnMatrix matrix, double[] v, double[] into, int threads)
    {
        if (threads < 2 || IsSmall(matrix))
        {
            TransposeMultiply(matrix, v.AsSpan(0, matrix.Rows), into.AsSpan(0, matrix.Columns));
            return;
        }
        int middle = matrix.Columns / 8 * 4;
        Parallel.For(
            0,
            2,
            half =>
                TransposeMultiplyColumns(
                    matrix,
                    v.AsSpan(0, matrix.Rows),
                    into,
                    half == 0 ? 0 : middle,
                    half == 0 ? middle : matrix.Columns
                )
        );
    }

    /// <summary>Two transposed products of one pass over the matrix, each with the bits it has by itself.</summary>
    public static void TransposeMultiply(
        ColumnMatrix matrix,
        double[] v,
        double[] intoV,
        double[] w,
        double[] intoW,
        int threads
    )
    {
        if (threads < 2 || IsSmall(matrix))
        {
            TransposeMultiplyColumns(matrix, v, intoV, w, intoW, 0, matrix.Columns);
            return;
        }
        int middle = matrix.Columns / 8 * 4;
        Parallel.For(
            0,
            2,
            half =>
                TransposeMultiplyColumns(
                    matrix,
                    v,
                    intoV,
                    w,
                    intoW,
                    half == 0 ? 0 : middle,
                    half == 0 ? middle : matrix.Columns
                )
        );
    }

    static void TransposeMultiplyColumns(
        ColumnMatrix matrix,
        ReadOnlySpan<double> v,
        Span<double> intoV,
        ReadOnlySpan<double> w,
        Span<double> intoW,
        int from,
        int end
    )
    {
        v = v[..matrix.Rows];
        w = w[..matrix.Rows];
        int j = from;
        for (; j + 4 <= end; j += 4)
            DotFourByTwo(matrix, j, v, intoV, w, intoW);
        for (; j < end; j++)
        {
            intoV[j] = Dot(matrix.Column(j), v);
            intoW[j] = Dot(matrix.Column(j), w);
        }
    }

    // Below this a second thread costs more to call than it takes off.
    static bool IsSmall(ColumnMatrix matrix) => (long)matrix.Rows * matrix.Columns < 400_000;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void DotFourByTwo(
        ColumnMatrix matrix,
        int column,
        ReadOnlySpan<double> v,
        Span<double> intoV,
        ReadOnlySpan<double> w,
        Span<double> intoW
    )
    {
        ref double a = ref MemoryMarshal.GetReference(matrix.PaddedColumn(column));
        ref double b = ref MemoryMarshal.GetReference(matrix.PaddedColumn(column + 1));
        ref double c = ref MemoryMarshal.GetReference(matrix.PaddedColumn(column + 2));
        ref double d = ref MemoryMarshal.GetReference(matrix.PaddedColumn(column + 3));
        ref double first = ref MemoryMarshal.GetReference(v);
        ref double second = ref MemoryMarshal.GetReference(w);
        Vector512<double> va = default,
            vb = default,
            vc = default,
            vd = default;
        Vector512<double> wa = default,
            wb = default,
            wc = default,
            wd = default;
        nuint length = (nuint)v.Length;
        for (nuint s = 0; s < length; s += 8)
        {
            bool isWhole = s + 8 <= length;
            var one = isWhole ? Vector512.LoadUnsafe(ref first, s) : Tail(v, (int)s, v.Length);
            var two = isWhole ? Vector512.LoadUnsafe(ref second, s) : Tail(w, (int)s, w.Length);
            var x = Vector512.LoadUnsafe(ref a, s);
            va = Vector512.FusedMultiplyAdd(x, one, va);
            wa = Vector512.FusedMultiplyAdd(x, two, wa);
            x = Vector512.LoadUnsafe(ref b, s);
            vb = Vector512.FusedMultiplyAdd(x, one, vb);
            wb = Vector512.FusedMultiplyAdd(x, two, wb);
            x = Vector512.LoadUnsafe(ref c, s);
            vc = Vector512.FusedMultiplyAdd(x, one, vc);
            wc = Vector512.FusedMultiplyAdd(x, two, wc);
            x = Vector512.LoadUnsafe(ref d, s);
            vd = Vector512.FusedMultiplyAdd(x, one, vd);
            wd = Vector512.FusedMultiplyAdd(x, two, wd);
        }
        (intoV[column], intoW[column]) = (SumLanes(va), SumLanes(wa));
        (intoV[column + 1], intoW[column + 1]) = (SumLanes(vb), SumLanes(wb));
        (intoV[column + 2], intoW[column + 2]) = (SumLanes(vc), SumLanes(wc));
        (intoV[column + 3], intoW[column + 3]) = (SumLanes(vd), SumLanes(wd));
    }
}
