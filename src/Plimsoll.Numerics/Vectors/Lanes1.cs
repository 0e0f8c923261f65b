using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Plimsoll.Numerics;

/// <summary>One lane: the scalar form of every kernel.</summary>
public readonly struct Lanes1 : ILanes<double>
{
    /// <inheritdoc />
    public static int Count => 1;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Load(ref double origin, nuint offset) => Unsafe.Add(ref origin, offset);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static void Store(double value, ref double origin, nuint offset) => Unsafe.Add(ref origin, offset) = value;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double All(double value) => value;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Add(double a, double b) => a + b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Subtract(double a, double b) => a - b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Multiply(double a, double b) => a * b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Divide(double a, double b) => a / b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double MultiplyAdd(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double SubtractProduct(double c, double a, double b) => Math.FusedMultiplyAdd(-a, b, c);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double SquareRoot(double a) => Math.Sqrt(a);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Absolute(double a) => Math.Abs(a);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Negate(double a) => -a;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Maximum(double a, double b) => a > b ? a : b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Minimum(double a, double b) => a < b ? a : b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double IsLess(double a, double b) => Mask(a < b);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double IsEqual(double a, double b) => Mask(a == b);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double And(double maskA, double maskB) => Mask(Any(maskA) & Any(maskB));

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Or(double maskA, double maskB) => Mask(Any(maskA) | Any(maskB));

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Not(double mask) => Mask(!Any(mask));

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Select(double mask, double a, double b) => Any(mask) ? a : b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static bool Any(double mask) => BitConverter.DoubleToInt64Bits(mask) != 0;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static bool Every(double mask) => Any(mask);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Scale(double a, double n)
    {
        // Half of n first: 2^n alone may not be a double. The first product is exact, the second rounds once.
        long half = (long)n >> 1;
        return a * PowerOfTwo(half) * PowerOfTwo((long)n - half);
    }

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double ScaleNormal(double a, double n) =>
        BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a) + ((long)n << 52));

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Mantissa(double a) =>
        BitConverter.Int64BitsToDouble(
            ((BitConverter.DoubleToInt64Bits(a) + LaneBits.ToRootHalf) & LaneBits.Fraction) + LaneBits.RootHalf
        );

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static double Exponent(double a) =>
        ((BitConverter.DoubleToInt64Bits(a) + LaneBits.ToRootHalf) >>> 52) - 1023;

    [MethodImpl(AggressiveInlining)]
    static double PowerOfTwo(long n) => BitConverter.Int64BitsToDouble((n + 1023) << 52);

    [MethodImpl(AggressiveInlining)]
    static double Mask(bool holds) => BitConverter.Int64BitsToDouble(holds ? -1 : 0);
}
