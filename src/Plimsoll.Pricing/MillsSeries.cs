using System.Runtime.CompilerServices;
using Plimsoll.Numerics;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Plimsoll.Pricing;

/// <summary>
/// Y(h + t) and Y(h − t) for small t, Y(z) = N(z)/φ(z): the parts even and odd in t as Taylor series at h.
/// </summary>
/// <remarks>
/// Plain subtraction Y(h + t) − Y(h − t) loses the digits of t; the odd series does not. From Y' = 1 + zY follows
/// Y^(n+1) = n·Y^(n−1) + z·Y^(n), and for every second derivative, scaled by powers of t, with q = (ht)²:
/// a_(k+1) = ((4k + 3)t² + q)·a_k − 2k(2k + 1)t⁴·a_(k−1), odd part Σ a_k/(2k + 1)!, a_0 = t·Y'(h);
/// b_(k+1) = ((4k + 1)t² + q)·b_k − 2k(2k − 1)t⁴·b_(k−1), even part Σ b_k/(2k)!, b_0 = Y(h).
/// The idea is Jäckel's (Let's Be Rational, 2015, section 6.2).
/// </remarks>
static class MillsSeries<L, V>
    where L : struct, ILanes<V>
    where V : struct
{
    /// <summary>Below this t the first neglected terms are under 3e-16 of the sums.</summary>
    public const double Below = 0.2;

    /// <summary>
    /// Within |ht| of this the terms do not cancel. Beyond, the plain difference loses only what rounding x = 2ht
    /// costs.
    /// </summary>
    public const double Within = 0.75;

    /// <summary>(Y(h + t) − Y(h − t))/2.</summary>
    /// <param name="h">At most 0.</param>
    /// <param name="t">At least 0.</param>
    /// <param name="ht">Their product.</param>
    /// <param name="mills">Y(h).</param>
    [MethodImpl(AggressiveInlining)]
    public static V Odd(V h, V t, V ht, V mills)
    {
        V tt = L.Multiply(t, t);
        V fourth = L.Multiply(tt, tt);
        V step = L.Multiply(tt, L.All(4));
        V factor = L.MultiplyAdd(ht, ht, L.Multiply(tt, L.All(3)));
        V a0 = L.Multiply(t, L.MultiplyAdd(h, mills, L.All(1)));
        V a1 = L.SubtractProduct(L.Multiply(factor, a0), tt, t);
        factor = L.Add(factor, step);
        V a2 = Next(factor, 6, fourth, a1, a0);
        factor = L.Add(factor, step);
        V a3 = Next(factor, 20, fourth, a2, a1);
        factor = L.Add(factor, step);
        V a4 = Next(factor, 42, fourth, a3, a2);
        factor = L.Add(factor, step);
        V a5 = Next(factor, 72, fourth, a4, a3);
        factor = L.Add(factor, step);
        V a6 = Next(factor, 110, fourth, a5, a4);
        V sum = L.Multiply(a6, L.All(1 / 6227020800.0));
        sum = L.Add(sum, L.MultiplyAdd(a5, L.All(1 / 39916800.0), L.Multiply(a4, L.All(1 / 362880.0))));
        sum = L.Add(sum, L.MultiplyAdd(a3, L.All(1 / 5040.0), L.Multiply(a2, L.All(1 / 120.0))));
        return L.Add(a0, L.MultiplyAdd(a1, L.All(1 / 6.0), sum));
    }

    /// <summary>(Y(h + t) + Y(h − t))/2; parameters as in <see cref="Odd"/>.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Even(V t, V ht, V mills)
    {
        V tt = L.Multiply(t, t);
        V fourth = L.Multiply(tt, tt);
        V step = L.Multiply(tt, L.All(4));
        V factor = L.MultiplyAdd(ht, ht, tt);
        V b1 = L.MultiplyAdd(factor, mills, L.Multiply(t, ht));
        factor = L.Add(factor, step);
        V b2 = Next(factor, 2, fourth, b1, mills);
        factor = L.Add(factor, step);
        V b3 = Next(factor, 12, fourth, b2, b1);
        factor = L.Add(factor, step);
        V b4 = Next(factor, 30, fourth, b3, b2);
        factor = L.Add(factor, step);
        V b5 = Next(factor, 56, fourth, b4, b3);
        factor = L.Add(factor, step);
        V b6 = Next(factor, 90, fourth, b5, b4);
        V sum = L.Multiply(b6, L.All(1 / 479001600.0));
        sum = L.Add(sum, L.MultiplyAdd(b5, L.All(1 / 3628800.0), L.Multiply(b4, L.All(1 / 40320.0))));
        sum = L.Add(sum, L.MultiplyAdd(b3, L.All(1 / 720.0), L.Multiply(b2, L.All(1 / 24.0))));
        return L.Add(mills, L.MultiplyAdd(b1, L.All(0.5), sum));
    }

    [MethodImpl(AggressiveInlining)]
    static V Next(V factor, double weight, V fourth, V current, V previous) =>
        L.SubtractProduct(L.Multiply(factor, current), L.Multiply(fourth, L.All(weight)), previous);
}
