namespace Plimsoll.Numerics;

/// <summary>The arithmetic that a kernel is written in: one vector width, every operation correctly rounded.</summary>
/// <remarks>
/// A kernel is one generic method over <see cref="ILanes{TVector}"/>; <see cref="Lanes512"/>, <see cref="Lanes256"/>
/// and <see cref="Lanes1"/> fill it in. Only operations that IEEE 754 fixes to the last bit stand here (no
/// estimates, no
/// library exp), so a kernel gives equal bits at every width. A mask is a vector whose lanes are all ones or all zeros.
/// </remarks>
/// <typeparam name="TVector">A vector of doubles.</typeparam>
public interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>The lanes at origin[offset], origin[offset + 1], ...</summary>
    static abstract TVector Load(ref double origin, nuint offset);

    /// <summary>Writes the lanes to origin[offset], origin[offset + 1], ...</summary>
    static abstract void Store(TVector value, ref double origin, nuint offset);

    /// <summary>The same number in every lane.</summary>
    static abstract TVector All(double value);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a − b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a·b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a/b.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a·b + c with one rounding.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>c − a·b with one rounding.</summary>
    static abstract TVector SubtractProduct(TVector c, TVector a, TVector b);

    /// <summary>Square root.</summary>
    static abstract TVector SquareRoot(TVector a);

    /// <summary>|a|.</summary>
    static abstract TVector Absolute(TVector a);

    /// <summary>−a.</summary>
    static abstract TVector Negate(TVector a);

    /// <summary>a where a &gt; b, otherwise b; so b where either is NaN.</summary>
    static abstract TVector Maximum(TVector a, TVector b);

    /// <summary>a where a &lt; b, otherwise b; so b where either is NaN.</summary>
    static abstract TVector Minimum(TVector a, TVector b);

    /// <summary>Mask of a &lt; b; false where either is NaN.</summary>
    static abstract TVector IsLess(TVector a, TVector b);

    /// <summary>Mask of a = b; false where either is NaN.</summary>
    static abstract TVector IsEqual(TVector a, TVector b);

    /// <summary>Mask of both.</summary>
    static abstract TVector And(TVector maskA, TVector maskB);

    /// <summary>Mask of either.</summary>
    static abstract TVector Or(TVector maskA, TVector maskB);

    /// <summary>Mask of the opposite.</summary>
    static abstract TVector Not(TVector mask);

    /// <summary>a where the mask holds, otherwise b.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    /// <summary>Whether the mask holds in any lane.</summary>
    static abstract bool Any(TVector mask);

    /// <summary>Whether the mask holds in every lane.</summary>
    static abstract bool Every(TVector mask);

    /// <summary>a·2^n for whole n in [−2044, 2044]; rounded once where the result is subnormal.</summary>
    static abstract TVector Scale(TVector a, TVector n);

    /// <summary>a·2^n for whole n where |a|, and the result, are normal numbers: cheaper.</summary>
    static abstract TVector ScaleNormal(TVector a, TVector n);

    /// <summary>The m in [√½, √2) of a = m·2^n, for positive normal a.</summary>
    static abstract TVector Mantissa(TVector a);

    /// <summary>The n of a = m·2^n, m in [√½, √2), for positive normal a.</summary>
    static abstract TVector Exponent(TVector a);
}

/// <summary>Bit patterns that the three widths share.</summary>
static class LaneBits
{
    /// <summary>2^52 + 2^51: adding it leaves the nearest whole number in the low bits.</summary>
    public const double RoundingShift = 6755399441055744.0;

    /// <summary>Bits of √½.</summary>
    public const long RootHalf = 0x3FE6A09E667F3BCD;

    /// <summary>Bits of 1 less those of √½: moves the carry of the exponent to √½.</summary>
    public const long ToRootHalf = 0x3FF0000000000000 - RootHalf;

    /// <summary>The 52 bits behind the point.</summary>
    public const long Fraction = 0x000FFFFFFFFFFFFF;

    /// <summary>Bits of 2^52: a number below 2^52 in the low bits makes 2^52 plus it.</summary>
    public const long TwoTo52 = 0x4330000000000000;

    /// <summary>2^52 + 1023: takes off what <see cref="TwoTo52"/> and the exponent's bias added.</summary>
    public const double TwoTo52AndBias = 4503599627370496.0 + 1023;
}
