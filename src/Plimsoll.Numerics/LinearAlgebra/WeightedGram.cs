using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Plimsoll.Numerics;

/// <summary>The weighted Gram matrix XᵀDX, upper triangle, in one fixed order of summation.</summary>
/// <remarks>
/// Register blocks of 4 x 6 columns with eight scenarios in the lanes, chunks of 512 scenarios so that a chunk of a few
/// hundred columns stays in the second-level cache. An element is the sum over chunks, ascending, of a fixed tree over
/// eight fused chains: it does not depend on the vector width, and threads own whole rows of blocks, so neither on
/// them.
/// </remarks>
public static class WeightedGram
{
    const int Chunk = 512;
    const int Tall = 4;
    const int Wide = 6;

    /// <summary>Adds Σ_s weights_s·x_si·x_sj to the leading block of <paramref name="into"/>, upper triangle.</summary>
    /// <param name="x">S x n.</param>
    /// <param name="weights">S weights, of any sign.</param>
    /// <param name="into">At least n x n.</param>
    /// <param name="threads">1 or 2; the bits do not depend on it.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public static void Add(ColumnMatrix x, double[] weights, SymmetricMatrix into, int threads = 1)
    {
        if (weights.Length < x.Rows || into.Size < x.Columns)
            throw new ArgumentException($"Gram of {x.Rows} x {x.Columns}: {weights.Length} weights into {into.Size}");
        if (threads > 1 && (long)x.Rows * x.Columns * x.Columns > 4_000_000)
            AddOnTwoThreads(x, weights, into);
        else
            AddRows(x, weights, into, 0, 1);
    }

    static void AddOnTwoThreads(ColumnMatrix x, double[] weights, SymmetricMatrix into) =>
        Parallel.For(0, 2, half => AddRows(x, weights, into, half, 2));

    static void AddRows(ColumnMatrix x, double[] weights, SymmetricMatrix into, int first, int step)
    {
        Span<double> scaled = stackalloc double[Tall * Chunk];
        Span<double> sums = stackalloc double[Tall * Wide];
        int panels = (x.Columns + Tall - 1) / Tall;
        for (int start = 0; start < x.Rows; start += Chunk)
        {
            int length = Math.Min(Chunk, x.Rows - start);
            int padded = Math.Min((length + 7) & ~7, x.Stride - start);
            for (int panel = first; panel < panels; panel += step)
            {
                int i = panel * Tall;
                int tall = Math.Min(Tall, x.Columns - i);
                if (!Scale(x, weights, i, tall, start, length, scaled))
                    continue;
                for (int j = i; j < x.Columns; j += Wide)
                {
                    Block(x, scaled, j, start, padded, sums);
                    int wide = Math.Min(Wide, x.Columns - j);
                    for (int a = 0; a < tall; a++)
                    {
                        var row = into.Row(i + a);
                        for (int b = 0; b < wide; b++)
                            row[j + b] += sums[a * Wide + b];
                    }
                }
            }
        }
    }

    /// <summary>Weighted copy of a panel of columns; false when it is all zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static bool Scale(ColumnMatrix x, double[] weights, int i, int tall, int start, int length, Span<double> scaled)
    {
        scaled.Clear();
        for (int a = 0; a < tall; a++)
        {
            var source = x.Column(i + a).Slice(start, length);
            var target = scaled.Slice(a * Chunk, length);
            var weight = weights.AsSpan(start, length);
            ref double from = ref MemoryMarshal.GetReference(source);
            ref double by = ref MemoryMarshal.GetReference(weight);
            ref double to = ref MemoryMarshal.GetReference(target);
            int s = 0;
            for (; s + 8 <= length; s += 8)
                (Vector512.LoadUnsafe(ref from, (nuint)s) * Vector512.LoadUnsafe(ref by, (nuint)s)).StoreUnsafe(
                    ref to,
                    (nuint)s
                );
            for (; s < length; s++)
                target[s] = source[s] * weight[s];
        }
        return scaled.ContainsAnyExcept(0.0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Block(ColumnMatrix x, ReadOnlySpan<double> scaled, int j, int start, int length, Span<double> sums)
    {
        int last = x.Columns - 1;
        ref double a = ref MemoryMarshal.GetReference(scaled);
        ref double p0 = ref x.PaddedColumn(j)[start];
        ref double p1 = ref x.PaddedColumn(Math.Min(j + 1, last))[start];
        ref double p2 = ref x.PaddedColumn(Math.Min(j + 2, last))[start];
        ref double p3 = ref x.PaddedColumn(Math.Min(j + 3, last))[start];
        ref double p4 = ref x.PaddedColumn(Math.Min(j + 4, last))[start];
        ref double p5 = ref x.PaddedColumn(Math.Min(j + 5, last))[start];
        Vector512<double> c00 = default,
            c01 = default,
            c02 = default,
            c03 = default,
            c04 = default,
            c05 = default;
        Vector512<double> c10 = default,
            c11 = default,
            c12 = default,
            c13 = default,
            c14 = default,
            c15 = default;
        Vector512<double> c20 = default,
            c21 = default,
            c22 = default,
            c23 = default,
            c24 = default,
            c25 = default;
        Vector512<double> c30 = default,
            c31 = default,
            c32 = default,
            c33 = default,
            c34 = default,
            c35 = default;
        for (nuint s = 0; s < (nuint)length; s += 8)
        {
            var a0 = Vector512.LoadUnsafe(ref a, s);
            var a1 = Vector512.LoadUnsafe(ref a, s + Chunk);
            var a2 = Vector512.LoadUnsafe(ref a, s + 2 * Chunk);
            var a3 = Vector512.LoadUnsafe(ref a, s + 3 * Chunk);
            var b = Vector512.LoadUnsafe(ref p0, s);
            c00 = Vector512.FusedMultiplyAdd(a0, b, c00);
            c10 = Vector512.FusedMultiplyAdd(a1, b, c10);
            c20 = Vector512.FusedMultiplyAdd(a2, b, c20);
            c30 = Vector512.FusedMultiplyAdd(a3, b, c30);
            b = Vector512.LoadUnsafe(ref p1, s);
            c01 = Vector512.FusedMultiplyAdd(a0, b, c01);
            c11 = Vector512.FusedMultiplyAdd(a1, b, c11);
            c21 = Vector512.FusedMultiplyAdd(a2, b, c21);
            c31 = Vector512.FusedMultiplyAdd(a3, b, c31);
            b = Vector512.LoadUnsafe(ref p2, s);
            c02 = Vector512.FusedMultiplyAdd(a0, b, c02);
            c12 = Vector512.FusedMultiplyAdd(a1, b, c12);
            c22 = Vector512.FusedMultiplyAdd(a2, b, c22);
            c32 = Vector512.FusedMultiplyAdd(a3, b, c32);
            b = Vector512.LoadUnsafe(ref p3, s);
            c03 = Vector512.FusedMultiplyAdd(a0, b, c03);
            c13 = Vector512.FusedMultiplyAdd(a1, b, c13);
            c23 = Vector512.FusedMultiplyAdd(a2, b, c23);
            c33 = Vector512.FusedMultiplyAdd(a3, b, c33);
            b = Vector512.LoadUnsafe(ref p4, s);
            c04 = Vector512.FusedMultiplyAdd(a0, b, c04);
            c14 = Vector512.FusedMultiplyAdd(a1, b, c14);
            c24 = Vector512.FusedMultiplyAdd(a2, b, c24);
            c34 = Vector512.FusedMultiplyAdd(a3, b, c34);
            b = Vector512.LoadUnsafe(ref p5, s);
            c05 = Vector512.FusedMultiplyAdd(a0, b, c05);
            c15 = Vector512.FusedMultiplyAdd(a1, b, c15);
            c25 = Vector512.FusedMultiplyAdd(a2, b, c25);
            c35 = Vector512.FusedMultiplyAdd(a3, b, c35);
        }
        StoreSix(sums, 0, c00, c01, c02, c03, c04, c05);
        StoreSix(sums, Wide, c10, c11, c12, c13, c14, c15);
        StoreSix(sums, 2 * Wide, c20, c21, c22, c23, c24, c25);
        StoreSix(sums, 3 * Wide, c30, c31, c32, c33, c34, c35);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreSix(
        Span<double> sums,
        int at,
        Vector512<double> a,
        Vector512<double> b,
        Vector512<double> c,
        Vector512<double> d,
        Vector512<double> e,
        Vector512<double> f
    )
    {
        sums[at] = ColumnProducts.SumLanes(a);
        sums[at + 1] = ColumnProducts.SumLanes(b);
        sums[at + 2] = ColumnProducts.SumLanes(c);
        sums[at + 3] = ColumnProducts.SumLanes(d);
        sums[at + 4] = ColumnProducts.SumLanes(e);
        sums[at + 5] = ColumnProducts.SumLanes(f);
    }
}
