using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Plimsoll.Numerics;

/// <summary>
/// Sums whose order is fixed by the length alone: the same bits at every vector width and thread count.
/// </summary>
/// <remarks>
/// Element i of a block of 4,096 goes to lane i mod 32; the lanes are added pairwise, then the blocks pairwise, so the
/// rounding error grows with the logarithm of the length past 128 terms a lane. Allocates nothing.
/// </remarks>
public static class FixedOrderSum
{
    const int Block = 4096;

    /// <summary>Σ values; 0 when empty.</summary>
    public static double Sum(ReadOnlySpan<double> values)
    {
        if (values.Length <= Block)
            return SumOfBlock(values);
        int half = HalfOf(values.Length);
        return Sum(values[..half]) + Sum(values[half..]);
    }

    /// <summary>Σ a·b, each product added with one rounding; 0 when empty.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"lengths differ: {a.Length} and {b.Length}", nameof(b));
        if (a.Length <= Block)
            return DotOfBlock(a, b);
        int half = HalfOf(a.Length);
        return Dot(a[..half], b[..half]) + Dot(a[half..], b[half..]);
    }

    /// <summary>Half of the blocks, so that the split depends on nothing but the length.</summary>
    static int HalfOf(int length) => (length / Block + 1) / 2 * Block;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double SumOfBlock(ReadOnlySpan<double> values)
    {
        ref double origin = ref MemoryMarshal.GetReference(values);
        var (s0, s1, s2, s3) = (Zero, Zero, Zero, Zero);
        int i = 0;
        for (; i <= values.Length - 32; i += 32)
        {
            s0 += Vector512.LoadUnsafe(ref origin, (nuint)i);
            s1 += Vector512.LoadUnsafe(ref origin, (nuint)i + 8);
            s2 += Vector512.LoadUnsafe(ref origin, (nuint)i + 16);
            s3 += Vector512.LoadUnsafe(ref origin, (nuint)i + 24);
        }
        double rest = 0;
        for (; i < values.Length; i++)
            rest += values[i];
        return Fold(s0, s1, s2, s3) + rest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double DotOfBlock(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref double left = ref MemoryMarshal.GetReference(a);
        ref double right = ref MemoryMarshal.GetReference(b);
        var (s0, s1, s2, s3) = (Zero, Zero, Zero, Zero);
        int i = 0;
        for (; i <= a.Length - 32; i += 32)
        {
            s0 = MultiplyAdd(ref left, ref right, (nuint)i, s0);
            s1 = MultiplyAdd(ref left, ref right, (nuint)i + 8, s1);
            s2 = MultiplyAdd(ref left, ref right, (nuint)i + 16, s2);
            s3 = MultiplyAdd(ref left, ref right, (nuint)i + 24, s3);
        }
        double rest = 0;
        for (; i < a.Length; i++)
            rest = Math.FusedMultiplyAdd(a[i], b[i], rest);
        return Fold(s0, s1, s2, s3) + rest;
    }

    static Vector512<double> Zero => Vector512<double>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> MultiplyAdd(ref double left, ref double right, nuint i, Vector512<double> sum) =>
        Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref left, i), Vector512.LoadUnsafe(ref right, i), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double Fold(Vector512<double> s0, Vector512<double> s1, Vector512<double> s2, Vector512<double> s3)
    {
        var eight = (s0 + s1) + (s2 + s3);
        var four = eight.GetLower() + eight.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
