using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>
/// One option on many moved smiles: its total deviation and its probability, for <see cref="ScanKernel"/>.
/// </summary>
/// <remarks>The same bits at every vector width, no allocation.</remarks>
public static class ScanSmiles
{
    /// <summary>
    /// deviation_i = √max(1e-24, w(κ) + tilt_i·κ)·√u_i, κ = ln(K/F_i)/√u_i, w the slice's total variance.
    /// </summary>
    /// <param name="slice">The fitted slice.</param>
    /// <param name="strikeUsd">Strike, positive.</param>
    /// <param name="logForward">ln of the forward in USD.</param>
    /// <param name="varianceScale">u, positive.</param>
    /// <param name="tilt">Total variance per unit of κ.</param>
    /// <param name="deviation">Receives volatility times the root of time.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Deviations(
        SviSlice slice,
        double strikeUsd,
        ReadOnlySpan<double> logForward,
        ReadOnlySpan<double> varianceScale,
        ReadOnlySpan<double> tilt,
        Span<double> deviation
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(strikeUsd);
        SpanLengths.Require(deviation.Length, logForward.Length, nameof(logForward));
        SpanLengths.Require(deviation.Length, varianceScale.Length, nameof(varianceScale));
        SpanLengths.Require(deviation.Length, tilt.Length, nameof(tilt));
        var cell = new RevaluationCell(strikeUsd, 1, slice, 1);
        ref double log = ref MemoryMarshal.GetReference(logForward);
        ref double scale = ref MemoryMarshal.GetReference(varianceScale);
        ref double slope = ref MemoryMarshal.GetReference(tilt);
        int done = 0;
        if (VectorWidths.Widest == VectorWidth.Bits512)
            done = Deviate<Lanes512, Vector512<double>>(cell, ref log, ref scale, ref slope, deviation, done);
        if (VectorWidths.Widest >= VectorWidth.Bits256)
            done = Deviate<Lanes256, Vector256<double>>(cell, ref log, ref scale, ref slope, deviation, done);
        Deviate<Lanes1, double>(cell, ref log, ref scale, ref slope, deviation, done);
    }

    /// <summary>
    /// The signed probability of exercise N(±d) of a call or put, minus for puts: d2 under the forward's own law
    /// (<paramref name="ofStrike"/>) or d1 (the delta).
    /// </summary>
    /// <param name="strikeUsd">Strike, positive.</param>
    /// <param name="right">Call or put.</param>
    /// <param name="ofStrike">d2, else d1.</param>
    /// <param name="logForward">ln of the forward in USD.</param>
    /// <param name="deviation">Volatility times the root of time, positive.</param>
    /// <param name="probability">Receives the values.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Probabilities(
        double strikeUsd,
        OptionRight right,
        bool ofStrike,
        ReadOnlySpan<double> logForward,
        ReadOnlySpan<double> deviation,
        Span<double> probability
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(strikeUsd);
        SpanLengths.Require(probability.Length, logForward.Length, nameof(logForward));
        SpanLengths.Require(probability.Length, deviation.Length, nameof(deviation));
        double half = ofStrike ? -0.5 : 0.5;
        double logStrike = LaneMath<Lanes1, double>.Log(strikeUsd);
        double sign = Black76.SignOf(right);
        ref double log = ref MemoryMarshal.GetReference(logForward);
        ref double root = ref MemoryMarshal.GetReference(deviation);
        int done = 0;
        if (VectorWidths.Widest == VectorWidth.Bits512)
            done = Reach<Lanes512, Vector512<double>>(logStrike, sign, half, ref log, ref root, probability, done);
        if (VectorWidths.Widest >= VectorWidth.Bits256)
            done = Reach<Lanes256, Vector256<double>>(logStrike, sign, half, ref log, ref root, probability, done);
        Reach<Lanes1, double>(logStrike, sign, half, ref log, ref root, probability, done);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Deviate<L, V>(
        RevaluationCell cell,
        ref double logForward,
        ref double varianceScale,
        ref double tilt,
        Span<double> deviation,
        int from
    )
        where L : struct, ILanes<V>
        where V : struct
    {
        ref double into = ref MemoryMarshal.GetReference(deviation);
        int i = from;
        for (; i <= deviation.Length - L.Count; i += L.Count)
        {
            nuint at = (nuint)i;
            V root = L.SquareRoot(L.Load(ref varianceScale, at));
            V kappa = L.Divide(L.Subtract(L.All(cell.LogStrike), L.Load(ref logForward, at)), root);
            V y = L.Subtract(kappa, L.All(cell.M));
            V wing = L.SquareRoot(L.MultiplyAdd(y, y, L.All(cell.SigmaSquare)));
            V straight = L.MultiplyAdd(L.All(cell.BRho), y, L.All(cell.A));
            straight = L.MultiplyAdd(L.Load(ref tilt, at), kappa, straight);
            V variance = L.MultiplyAdd(L.All(cell.B), wing, straight);
            L.Store(L.Multiply(L.SquareRoot(L.Maximum(L.All(1e-24), variance)), root), ref into, at);
        }
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Reach<L, V>(
        double logStrike,
        double sign,
        double half,
        ref double logForward,
        ref double deviation,
        Span<double> probability,
        int from
    )
        where L : struct, ILanes<V>
        where V : struct
    {
        ref double into = ref MemoryMarshal.GetReference(probability);
        int i = from;
        for (; i <= probability.Length - L.Count; i += L.Count)
        {
            nuint at = (nuint)i;
            V root = L.Load(ref deviation, at);
            V above = L.Divide(L.Subtract(L.Load(ref logForward, at), L.All(logStrike)), root);
            V d = L.MultiplyAdd(root, L.All(half), above);
            V each = LaneMath<L, V>.NormalCdf(L.Multiply(L.All(sign), d));
            L.Store(L.Multiply(L.All(sign), each), ref into, at);
        }
        return i;
    }
}
