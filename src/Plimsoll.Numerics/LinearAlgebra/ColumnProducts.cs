using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Plimsoll.Numerics;

/// <summary>Products of a <see cref="ColumnMatrix"/> with vectors, summed in a fixed order.</summary>
/// <remarks>
/// Every sum is a chain of fused multiply-adds in eight lanes whose order does not depend on the machine's vector
/// width or on the number of threads, so that equal input gives equal bits everywhere. Nothing is allocated.
/// </remarks>
public static partial class ColumnProducts
{
    /// <summary>into_s += Σ_j matrix[s,j]·q_j, j ascending; columns with q_j = 0 are not read.</summary>
    /// <exception cref="ArgumentException">A length does not fit the matrix.</exception>
    public static void MultiplyAdd(ColumnMatrix matrix, ReadOnlySpan<double> q, Span<double> into)
    {
        if (q.Length != matrix.Columns || into.Length != matrix.Rows)
            throw new ArgumentException(
                $"product of {matrix.Rows} x {matrix.Columns} by {q.Length} into {into.Length}"
            );
        MultiplyAddRows(matrix, q, into, 0);
    }

    static void MultiplyAddRows(ColumnMatrix matrix, ReadOnlySpan<double> q, Span<double> into, int first)
    {
        Span<int> chosen = stackalloc int[4];
        for (int j = 0; j < q.Length; )
        {
            int count = 0;
            for (; j < q.Length && count < 4; j++)
                if (q[j] != 0)
                    chosen[count++] = j;
            if (count == 4)
                AddFour(matrix, q, chosen, into, first);
            else
                for (int c = 0; c < count; c++)
                    AddScaled(q[chosen[c]], matrix.Column(chosen[c])[first..], into);
        }
    }

    /// <summary>into_j = Σ_s matrix[s,j]·v_s.</summary>
    /// <exception cref="ArgumentException">A length does not fit the matrix.</exception>
    public static void TransposeMultiply(ColumnMatrix matrix, ReadOnlySpan<double> v, Span<double> into)
    {
        if (v.Length != matrix.Rows || into.Length != matrix.Columns)
            throw new ArgumentException($"transposed product of {matrix.Rows} x {matrix.Columns} by {v.Length}");
        TransposeMultiplyColumns(matrix, v, into, 0, matrix.Columns);
    }

    static void TransposeMultiplyColumns(
        ColumnMatrix matrix,
        ReadOnlySpan<double> v,
        Span<double> into,
        int from,
        int end
    )
    {
        int j = from;
        for (; j + 4 <= end; j += 4)
            DotFour(matrix, j, v, into);
        for (; j < end; j++)
            into[j] = Dot(matrix.Column(j), v);
    }

    /// <summary>into += scale·v, element by element, fused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(double scale, ReadOnlySpan<double> v, Span<double> into)
    {
        ref double source = ref MemoryMarshal.GetReference(v);
        ref double target = ref MemoryMarshal.GetReference(into);
        int length = Math.Min(v.Length, into.Length);
        var factor = Vector512.Create(scale);
        int s = 0;
        for (; s + 8 <= length; s += 8)
            Vector512
                .FusedMultiplyAdd(
                    Vector512.LoadUnsafe(ref source, (nuint)s),
                    factor,
                    Vector512.LoadUnsafe(ref target, (nuint)s)
                )
                .StoreUnsafe(ref target, (nuint)s);
        for (; s < length; s++)
            into[s] = Math.FusedMultiplyAdd(v[s], scale, into[s]);
    }

    /// <summary>into = scale·v, element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(double scale, ReadOnlySpan<double> v, Span<double> into)
    {
        ref double source = ref MemoryMarshal.GetReference(v);
        ref double target = ref MemoryMarshal.GetReference(into);
        int length = Math.Min(v.Length, into.Length);
        var factor = Vector512.Create(scale);
        int s = 0;
        for (; s + 8 <= length; s += 8)
            (factor * Vector512.LoadUnsafe(ref source, (nuint)s)).StoreUnsafe(ref target, (nuint)s);
        for (; s < length; s++)
            into[s] = scale * v[s];
    }

    /// <summary>Σ_s a_s·b_s in the fixed order of this class.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref double first = ref MemoryMarshal.GetReference(a);
        ref double second = ref MemoryMarshal.GetReference(b);
        int length = Math.Min(a.Length, b.Length);
        var sum = Vector512<double>.Zero;
        int s = 0;
        for (; s + 8 <= length; s += 8)
            sum = Vector512.FusedMultiplyAdd(
                Vector512.LoadUnsafe(ref first, (nuint)s),
                Vector512.LoadUnsafe(ref second, (nuint)s),
                sum
            );
        if (s < length)
            sum = Vector512.FusedMultiplyAdd(Tail(a, s, length), Tail(b, s, length), sum);
        return SumLanes(sum);
    }

    /// <summary>The eight lanes added in a fixed tree.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double SumLanes(Vector512<double> v)
    {
        var four = v.GetLower() + v.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        return two.GetElement(0) + two.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static Vector512<double> Tail(ReadOnlySpan<double> v, int start, int length)
    {
        Span<double> padded = stackalloc double[8];
        padded.Clear();
        v[start..length].CopyTo(padded);
        return Vector512.Create<double>(padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddFour(
        ColumnMatrix matrix,
        ReadOnlySpan<double> q,
        ReadOnlySpan<int> chosen,
        Span<double> into,
        int first
    )
    {
        ref double a = ref MemoryMarshal.GetReference(matrix.Column(chosen[0])[first..]);
        ref double b = ref MemoryMarshal.GetReference(matrix.Column(chosen[1])[first..]);
        ref double c = ref MemoryMarshal.GetReference(matrix.Column(chosen[2])[first..]);
        ref double d = ref MemoryMarshal.GetReference(matrix.Column(chosen[3])[first..]);
        ref double target = ref MemoryMarshal.GetReference(into);
        double qa = q[chosen[0]];
        double qb = q[chosen[1]];
        double qc = q[chosen[2]];
        double qd = q[chosen[3]];
        var va = Vector512.Create(qa);
        var vb = Vector512.Create(qb);
        var vc = Vector512.Create(qc);
        var vd = Vector512.Create(qd);
        nuint s = 0;
        nuint length = (nuint)into.Length;
        for (; s + 8 <= length; s += 8)
        {
            var sum = Vector512.LoadUnsafe(ref target, s);
            sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref a, s), va, sum);
            sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref b, s), vb, sum);
            sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref c, s), vc, sum);
            sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref d, s), vd, sum);
            sum.StoreUnsafe(ref target, s);
        }
        for (; s < length; s++)
        {
            double sum = Math.FusedMultiplyAdd(Unsafe.Add(ref a, s), qa, Unsafe.Add(ref target, s));
            sum = Math.FusedMultiplyAdd(Unsafe.Add(ref b, s), qb, sum);
            sum = Math.FusedMultiplyAdd(Unsafe.Add(ref c, s), qc, sum);
            Unsafe.Add(ref target, s) = Math.FusedMultiplyAdd(Unsafe.Add(ref d, s), qd, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void DotFour(ColumnMatrix matrix, int column, ReadOnlySpan<double> v, Span<double> into)
    {
        ref double a = ref MemoryMarshal.GetReference(matrix.PaddedColumn(column));
        ref double b = ref MemoryMarshal.GetReference(matrix.PaddedColumn(column + 1));
        ref double c = ref MemoryMarshal.GetReference(matrix.PaddedColumn(column + 2));
        ref double d = ref MemoryMarshal.GetReference(matrix.PaddedColumn(column + 3));
        ref double source = ref MemoryMarshal.GetReference(v);
        var sa = Vector512<double>.Zero;
        var sb = sa;
        var sc = sa;
        var sd = sa;
        nuint s = 0;
        nuint length = (nuint)v.Length;
        for (; s + 8 <= length; s += 8)
        {
            var factor = Vector512.LoadUnsafe(ref source, s);
            sa = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref a, s), factor, sa);
            sb = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref b, s), factor, sb);
            sc = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref c, s), factor, sc);
            sd = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref d, s), factor, sd);
        }
        if (s < length)
        {
            var factor = Tail(v, (int)s, v.Length);
            sa = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref a, s), factor, sa);
            sb = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref b, s), factor, sb);
            sc = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref c, s), factor, sc);
            sd = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref d, s), factor, sd);
        }
        into[column] = SumLanes(sa);
        into[column + 1] = SumLanes(sb);
        into[column + 2] = SumLanes(sc);
        into[column + 3] = SumLanes(sd);
    }
}
