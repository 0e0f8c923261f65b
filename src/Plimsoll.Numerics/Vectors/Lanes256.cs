using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Plimsoll.Numerics;

/// <summary>Four lanes.</summary>
public readonly struct Lanes256 : ILanes<Vector256<double>>
{
    /// <inheritdoc />
    public static int Count => 4;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Load(ref double origin, nuint offset) => Vector256.LoadUnsafe(ref origin, offset);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static void Store(Vector256<double> value, ref double origin, nuint offset) =>
        value.StoreUnsafe(ref origin, offset);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> All(double value) => Vector256.Create(value);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b) => a + b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Subtract(Vector256<double> a, Vector256<double> b) => a - b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Multiply(Vector256<double> a, Vector256<double> b) => a * b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Divide(Vector256<double> a, Vector256<double> b) => a / b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) =>
        Vector256.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> SubtractProduct(Vector256<double> c, Vector256<double> a, Vector256<double> b) =>
        Vector256.FusedMultiplyAdd(-a, b, c);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> SquareRoot(Vector256<double> a) => Vector256.Sqrt(a);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Absolute(Vector256<double> a) => Vector256.Abs(a);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Negate(Vector256<double> a) => -a;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Maximum(Vector256<double> a, Vector256<double> b) => Vector256.MaxNative(a, b);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Minimum(Vector256<double> a, Vector256<double> b) => Vector256.MinNative(a, b);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> IsLess(Vector256<double> a, Vector256<double> b) => Vector256.LessThan(a, b);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> IsEqual(Vector256<double> a, Vector256<double> b) => Vector256.Equals(a, b);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> And(Vector256<double> maskA, Vector256<double> maskB) => maskA & maskB;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Or(Vector256<double> maskA, Vector256<double> maskB) => maskA | maskB;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Not(Vector256<double> mask) => ~mask;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Select(Vector256<double> mask, Vector256<double> a, Vector256<double> b) =>
        Vector256.ConditionalSelect(mask, a, b);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static bool Any(Vector256<double> mask) => mask.ExtractMostSignificantBits() != 0;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static bool Every(Vector256<double> mask) => mask.ExtractMostSignificantBits() == (1u << 4) - 1;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Scale(Vector256<double> a, Vector256<double> n)
    {
        // Half of n first: 2^n alone may not be a double. The first product is exact, the second rounds once.
        var shift = Vector256.Create(LaneBits.RoundingShift);
        var half = n * Vector256.Create(0.5) + shift;
        var rest = n - (half - shift) + shift;
        var one = Vector256.Create(1.0).AsInt64();
        return a * (one + (half.AsInt64() << 52)).AsDouble() * (one + (rest.AsInt64() << 52)).AsDouble();
    }

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> ScaleNormal(Vector256<double> a, Vector256<double> n) =>
        (a.AsInt64() + ((n + Vector256.Create(LaneBits.RoundingShift)).AsInt64() << 52)).AsDouble();

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Mantissa(Vector256<double> a) =>
        (
            ((a.AsInt64() + Vector256.Create(LaneBits.ToRootHalf)) & Vector256.Create(LaneBits.Fraction))
            + Vector256.Create(LaneBits.RootHalf)
        ).AsDouble();

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> Exponent(Vector256<double> a) =>
        (((a.AsInt64() + Vector256.Create(LaneBits.ToRootHalf)) >>> 52) | Vector256.Create(LaneBits.TwoTo52)).AsDouble()
        - Vector256.Create(LaneBits.TwoTo52AndBias);
}
