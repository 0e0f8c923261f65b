using System.Runtime.Intrinsics;

namespace Plimsoll.Numerics;

/// <summary>How many lanes a kernel works on at once. The width changes the time, never a bit of the result.</summary>
public enum VectorWidth
{
    /// <summary>One number at a time.</summary>
    Scalar = 1,

    /// <summary>Four lanes (AVX2 with FMA).</summary>
    Bits256 = 4,

    /// <summary>Eight lanes (AVX-512).</summary>
    Bits512 = 8,
}

/// <summary>The width that this machine runs fastest.</summary>
public static class VectorWidths
{
    /// <summary>512 bits where the hardware has them, else 256, else scalar.</summary>
    public static VectorWidth Widest =>
        Vector512.IsHardwareAccelerated ? VectorWidth.Bits512
        : Vector256.IsHardwareAccelerated ? VectorWidth.Bits256
        : VectorWidth.Scalar;
}
