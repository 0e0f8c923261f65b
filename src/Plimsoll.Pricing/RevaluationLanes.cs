using System.Runtime.CompilerServices;
using Plimsoll.Numerics;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Plimsoll.Pricing;

/// <summary>What one option brings to all its cells.</summary>
readonly struct RevaluationCell(double strikeUsd, double sign, SviSlice slice, double size)
{
    public readonly double StrikeUsd = strikeUsd;
    public readonly double LogStrike = LaneMath<Lanes1, double>.Log(strikeUsd);
    public readonly double Sign = sign;
    public readonly double Size = size;
    public readonly double A = slice.A;
    public readonly double B = slice.B;
    public readonly double BRho = slice.B * slice.Rho;
    public readonly double M = slice.M;
    public readonly double SigmaSquare = slice.Sigma * slice.Sigma;
}

/// <summary>One vector of cells: total variance on the moved smile, then Black-76 over the forward.</summary>
/// <remarks>
/// v = φ(d1)·(±M(|h + t|) − M(t − h)) + [h + t &gt; 0]·min(1, K/F) + intrinsic, h = −|k|/s, t = s/2, M the Mills ratio:
/// the plain form of <see cref="Black76Lanes{L, V}"/>, since a cell is wanted to the forward's scale and not to its
/// own.
/// </remarks>
static class RevaluationLanes<L, V>
    where L : struct, ILanes<V>
    where V : struct
{
    const double LnRootTwoPi = 0.9189385332046728;

    /// <summary>
    /// Total variance at scenario i, hence near = h + t, far = t − h and the density φ(d1), stored at j.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    public static void Place(
        in RevaluationCell cell,
        RevaluationOrigins scenarios,
        nuint i,
        ref double nearAt,
        ref double farAt,
        ref double densityAt,
        nuint j
    )
    {
        V k = L.Subtract(L.All(cell.LogStrike), L.Load(ref scenarios.LogForward, i));
        V kappa = L.Multiply(k, L.Load(ref scenarios.InverseRootScale, i));
        V y = L.Subtract(kappa, L.All(cell.M));
        V root = L.SquareRoot(L.MultiplyAdd(y, y, L.All(cell.SigmaSquare)));
        V straight = L.MultiplyAdd(L.All(cell.BRho), y, L.All(cell.A));
        straight = L.MultiplyAdd(L.Load(ref scenarios.Tilt, i), kappa, straight);
        V variance = L.MultiplyAdd(L.All(cell.B), root, straight);
        // A tilt can push a far wing below zero: no variance there, so the value is intrinsic.
        V deviation = L.SquareRoot(L.Maximum(L.All(1e-24), variance));
        V s = L.Multiply(deviation, L.Load(ref scenarios.RootScale, i));

        V t = L.Multiply(s, L.All(0.5));
        V distance = L.Divide(L.Absolute(k), s);
        V near = L.Subtract(t, distance);
        V far = L.Add(t, distance);
        L.Store(near, ref nearAt, j);
        L.Store(far, ref farAt, j);
        V isAbove = L.IsLess(L.All(0), k);
        V d1 = L.Select(isAbove, near, far);
        V exponent = L.MultiplyAdd(L.Multiply(d1, d1), L.All(-0.5), L.All(-LnRootTwoPi));
        // Cut off where the density is 1e-304, to keep the short exponential among the normal numbers.
        L.Store(LaneMath<L, V>.ExpShort(L.Maximum(L.All(-700), exponent)), ref densityAt, j);
    }

    /// <summary>The option's value over the forward.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Value(in RevaluationCell cell, V near, V far, V density, V inverseForward)
    {
        V isOver = L.IsLess(L.All(0), near);
        V difference = MillsDifference(near, far, isOver);
        V strikeOverForward = L.Multiply(L.All(cell.StrikeUsd), inverseForward);
        V cap = L.Select(isOver, L.Minimum(L.All(1), strikeOverForward), L.All(0));
        V intrinsic = L.Maximum(L.All(0), L.Multiply(L.All(cell.Sign), L.Subtract(L.All(1), strikeOverForward)));
        V outOfTheMoney = L.Maximum(L.All(0), L.MultiplyAdd(density, difference, cap));
        return L.Add(outOfTheMoney, intrinsic);
    }

    /// <summary>±M(|near|) − M(far), minus where near is positive; one division for both.</summary>
    /// <remarks>M(a) = q(τ)/(1 + 5a/4), τ = (a − 5)/(a + 5), q of degree 17: relative error 5e-13.</remarks>
    [MethodImpl(AggressiveInlining)]
    static V MillsDifference(V near, V far, V isOver)
    {
        V size = L.Absolute(near);
        V plusNear = L.Add(size, L.All(5));
        V plusFar = L.Add(far, L.All(5));
        V scaleNear = L.MultiplyAdd(size, L.All(1.25), L.All(1));
        V scaleFar = L.MultiplyAdd(far, L.All(1.25), L.All(1));
        V bottomNear = L.Multiply(plusNear, scaleNear);
        V bottomFar = L.Multiply(plusFar, scaleFar);
        V inverse = L.Divide(L.All(1), L.Multiply(bottomNear, bottomFar));
        V millsNear = Mills(plusNear, scaleNear, L.Multiply(inverse, bottomFar));
        V millsFar = Mills(plusFar, scaleFar, L.Multiply(inverse, bottomNear));
        return L.Subtract(L.Select(isOver, L.Negate(millsNear), millsNear), millsFar);
    }

    /// <summary>q(τ)/scale, given inverse = 1/(plus·scale).</summary>
    [MethodImpl(AggressiveInlining)]
    static V Mills(V plus, V scale, V inverse)
    {
        V t = L.SubtractProduct(L.All(1), L.All(10), L.Multiply(scale, inverse));
        V tt = L.Multiply(t, t);
        V even = L.MultiplyAdd(L.All(1.1587090968390428e-07), tt, L.All(5.87783288357024e-07));
        V odd = L.MultiplyAdd(L.All(3.2576381720354027e-07), tt, L.All(-3.737689716266378e-06));
        even = L.MultiplyAdd(even, tt, L.All(-3.553330742208287e-05));
        odd = L.MultiplyAdd(odd, tt, L.All(2.8701289310741198e-05));
        even = L.MultiplyAdd(even, tt, L.All(0.0006093767768039748));
        odd = L.MultiplyAdd(odd, tt, L.All(-0.00016829794332759904));
        even = L.MultiplyAdd(even, tt, L.All(-0.005389264870949085));
        odd = L.MultiplyAdd(odd, tt, L.All(-5.982409140140691e-05));
        even = L.MultiplyAdd(even, tt, L.All(-0.05316773296897796));
        odd = L.MultiplyAdd(odd, tt, L.All(0.021926026300749912));
        even = L.MultiplyAdd(even, tt, L.All(-0.11271089702560659));
        odd = L.MultiplyAdd(odd, tt, L.All(0.09155379185189066));
        even = L.MultiplyAdd(even, tt, L.All(0.0244916572142023));
        odd = L.MultiplyAdd(odd, tt, L.All(0.082026677618237));
        even = L.MultiplyAdd(even, tt, L.All(1.3978587591857474));
        odd = L.MultiplyAdd(odd, tt, L.All(-0.19696073175697795));
        return L.Multiply(L.MultiplyAdd(odd, t, even), L.Multiply(plus, inverse));
    }
}
