using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>One option at many markets, each jumped by the same cell of a venue's scenario grid.</summary>
/// <remarks>
/// Black-76 over the shocked forward from total deviations: no root, no logarithm and no division by deviation in the
/// loop, since a grid asks for the same market some thirty times. Error below 2e-12 of the forward, the same bits at
/// every vector width, no allocation.
/// </remarks>
public static class ScanKernel
{
    const int Block = 256;
    const double LnRootTwoPi = 0.9189385332046728;

    static readonly SviSlice NoSmile = new(default, 1, 1, 0, 0, 0, 0, 1);

    /// <summary>value_i = B76(F_i·e^move, K, deviation_i) / (F_i·e^move).</summary>
    /// <param name="strikeUsd">Strike, positive.</param>
    /// <param name="right">Call or put.</param>
    /// <param name="logForward">ln of the forward in USD before the jump.</param>
    /// <param name="inverseForward">1 / forward before the jump.</param>
    /// <param name="deviation">Shocked volatility times the root of time; positive.</param>
    /// <param name="inverseDeviation">Its inverse.</param>
    /// <param name="logMove">ln of the jump of the forward.</param>
    /// <param name="value">Receives the values.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void ValueOverForward(
        double strikeUsd,
        OptionRight right,
        ReadOnlySpan<double> logForward,
        ReadOnlySpan<double> inverseForward,
        ReadOnlySpan<double> deviation,
        ReadOnlySpan<double> inverseDeviation,
        double logMove,
        Span<double> value
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(strikeUsd);
        SpanLengths.Require(value.Length, logForward.Length, nameof(logForward));
        SpanLengths.Require(value.Length, inverseForward.Length, nameof(inverseForward));
        SpanLengths.Require(value.Length, deviation.Length, nameof(deviation));
        SpanLengths.Require(value.Length, inverseDeviation.Length, nameof(inverseDeviation));
        var cell = new RevaluationCell(
            strikeUsd * LaneMath<Lanes1, double>.Exp(-logMove),
            Black76.SignOf(right),
            NoSmile,
            1
        );
        var markets = new ScanOrigins
        {
            LogForward = ref MemoryMarshal.GetReference(logForward),
            InverseForward = ref MemoryMarshal.GetReference(inverseForward),
            Deviation = ref MemoryMarshal.GetReference(deviation),
            InverseDeviation = ref MemoryMarshal.GetReference(inverseDeviation),
        };
        int done = 0;
        if (VectorWidths.Widest == VectorWidth.Bits512)
            done = RunFrom<Lanes512, Vector512<double>>(cell, markets, value, done);
        if (VectorWidths.Widest >= VectorWidth.Bits256)
            done = RunFrom<Lanes256, Vector256<double>>(cell, markets, value, done);
        RunFrom<Lanes1, double>(cell, markets, value, done);
    }

    ref struct ScanOrigins
    {
        public ref double LogForward;
        public ref double InverseForward;
        public ref double Deviation;
        public ref double InverseDeviation;
    }

    /// <remarks>
    /// In two short loops over a block, as in <see cref="RevaluationKernel"/> and for the same reason.
    /// </remarks>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int RunFrom<L, V>(RevaluationCell cell, ScanOrigins markets, Span<double> value, int from)
        where L : struct, ILanes<V>
        where V : struct
    {
        ref double into = ref MemoryMarshal.GetReference(value);
        Span<double> scratch = stackalloc double[3 * Block];
        ref double near = ref scratch[0];
        ref double far = ref scratch[Block];
        ref double density = ref scratch[2 * Block];
        int i = from;
        while (i <= value.Length - L.Count)
        {
            int end = Math.Min(Block, (value.Length - i) / L.Count * L.Count);
            for (int j = 0; j < end; j += L.Count)
            {
                nuint at = (nuint)(i + j);
                V k = L.Subtract(L.All(cell.LogStrike), L.Load(ref markets.LogForward, at));
                V t = L.Multiply(L.Load(ref markets.Deviation, at), L.All(0.5));
                V distance = L.Multiply(L.Absolute(k), L.Load(ref markets.InverseDeviation, at));
                V inner = L.Subtract(t, distance);
                V outer = L.Add(t, distance);
                L.Store(inner, ref near, (nuint)j);
                L.Store(outer, ref far, (nuint)j);
                V d1 = L.Select(L.IsLess(L.All(0), k), inner, outer);
                V exponent = L.MultiplyAdd(L.Multiply(d1, d1), L.All(-0.5), L.All(-LnRootTwoPi));
                L.Store(LaneMath<L, V>.ExpShort(L.Maximum(L.All(-700), exponent)), ref density, (nuint)j);
            }
            for (int j = 0; j < end; j += L.Count)
            {
                nuint at = (nuint)(i + j);
                V each = RevaluationLanes<L, V>.Value(
                    cell,
                    L.Load(ref near, (nuint)j),
                    L.Load(ref far, (nuint)j),
                    L.Load(ref density, (nuint)j),
                    L.Load(ref markets.InverseForward, at)
                );
                L.Store(each, ref into, at);
            }
            i += end;
        }
        return i;
    }
}
