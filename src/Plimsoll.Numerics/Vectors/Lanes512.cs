using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Plimsoll.Numerics;

/// <summary>Eight lanes.</summary>
public readonly struct Lanes512 : ILanes<Vector512<double>>
{
    /// <inheritdoc />
    public static int Count => 8;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Load(ref double origin, nuint offset) => Vector512.LoadUnsafe(ref origin, offset);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static void Store(Vector512<double> value, ref double origin, nuint offset) =>
        value.StoreUnsafe(ref origin, offset);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> All(double value) => Vector512.Create(value);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Add(Vector512<double> a, Vector512<double> b) => a + b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Subtract(Vector512<double> a, Vector512<double> b) => a - b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Multiply(Vector512<double> a, Vector512<double> b) => a * b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Divide(Vector512<double> a, Vector512<double> b) => a / b;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> SubtractProduct(Vector512<double> c, Vector512<double> a, Vector512<double> b) =>
        Vector512.FusedMultiplyAdd(-a, b, c);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> SquareRoot(Vector512<double> a) => Vector512.Sqrt(a);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Absolute(Vector512<double> a) => Vector512.Abs(a);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Negate(Vector512<double> a) => -a;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Maximum(Vector512<double> a, Vector512<double> b) => Vector512.MaxNative(a, b);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Minimum(Vector512<double> a, Vector512<double> b) => Vector512.MinNative(a, b);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> IsLess(Vector512<double> a, Vector512<double> b) => Vector512.LessThan(a, b);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> IsEqual(Vector512<double> a, Vector512<double> b) => Vector512.Equals(a, b);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> And(Vector512<double> maskA, Vector512<double> maskB) => maskA & maskB;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Or(Vector512<double> maskA, Vector512<double> maskB) => maskA | maskB;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Not(Vector512<double> mask) => ~mask;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Select(Vector512<double> mask, Vector512<double> a, Vector512<double> b) =>
        Vector512.ConditionalSelect(mask, a, b);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static bool Any(Vector512<double> mask) => mask.ExtractMostSignificantBits() != 0;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static bool Every(Vector512<double> mask) => mask.ExtractMostSignificantBits() == (1u << 8) - 1;

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Scale(Vector512<double> a, Vector512<double> n) =>
        Avx512F.IsSupported ? Avx512F.Scale(a, n) : ScaleTwice(a, n);

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> ScaleNormal(Vector512<double> a, Vector512<double> n) =>
        (a.AsInt64() + ((n + Vector512.Create(LaneBits.RoundingShift)).AsInt64() << 52)).AsDouble();

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Mantissa(Vector512<double> a) =>
        (
            ((a.AsInt64() + Vector512.Create(LaneBits.ToRootHalf)) & Vector512.Create(LaneBits.Fraction))
            + Vector512.Create(LaneBits.RootHalf)
        ).AsDouble();

    /// <inheritdoc />
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> Exponent(Vector512<double> a) =>
        (((a.AsInt64() + Vector512.Create(LaneBits.ToRootHalf)) >>> 52) | Vector512.Create(LaneBits.TwoTo52)).AsDouble()
        - Vector512.Create(LaneBits.TwoTo52AndBias);

    [MethodImpl(AggressiveInlining)]
    static Vector512<double> ScaleTwice(Vector512<double> a, Vector512<double> n) =>
        Vector512.Create(Lanes256.Scale(a.GetLower(), n.GetLower()), Lanes256.Scale(a.GetUpper(), n.GetUpper()));
}
