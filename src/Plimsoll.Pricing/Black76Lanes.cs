using System.Runtime.CompilerServices;
using Plimsoll.Numerics;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Plimsoll.Pricing;

/// <summary>Where the kernel writes; index by option. Greeks may be null references when only prices are asked.</summary>
ref struct Black76Output
{
    public ref double PriceUsd;
    public ref double Delta;
    public ref double GammaPerUsd;
    public ref double VegaUsdPerVol;
    public ref double ThetaUsdPerYear;
    public ref double VannaPerVol;
    public ref double VolgaUsdPerVol2;
}

/// <summary>Black-76 in one pass: the out-of-the-money side first, the intrinsic value added last.</summary>
/// <remarks>
/// With x = ln(F/K), s = σ√t, h = −|x|/s, the out-of-the-money value is F·φ(d1)·(Y(h + s/2) − Y(h − s/2)),
/// Y(z) = N(z)/φ(z), because F·φ(d1) = K·φ(d2): one exponential serves both sides. For small s the difference is summed
/// as a Taylor series in s/2, so no digit cancels; the idea is Jäckel's (Let's Be Rational, 2015, section 6), the
/// recurrence below is from Y' = 1 + zY.
/// </remarks>
static class Black76Lanes<L, V>
    where L : struct, ILanes<V>
    where V : struct
{
    /// <summary>Half deviations below this use the series, whose first neglected term is then below 1e-17.</summary>
    const double SeriesBelow = 0.35;

    /// <summary>
    /// Beyond this |x| the series' terms cancel, while the plain difference only loses what x itself is worth there.
    /// </summary>
    const double SeriesWithin = 1.5;

    const double Tiny = 1e-290;

    /// <summary>ln(F/K), exact to relative rounding even where the strike is a few ulp from the forward.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V LogRatio(V forwardUsd, V strikeUsd)
    {
        V inverseStrike = L.Divide(L.All(1), strikeUsd);
        V ratio = L.Multiply(forwardUsd, inverseStrike);
        V lost = L.Multiply(L.SubtractProduct(forwardUsd, ratio, strikeUsd), inverseStrike);
        V exponent = L.Exponent(ratio);
        V f = L.Subtract(L.Mantissa(ratio), L.All(1));
        V isNear = L.IsEqual(exponent, L.All(0));
        return LaneMath<L, V>.LogOfParts(exponent, L.Add(f, L.Select(isNear, lost, L.All(0))));
    }

    /// <summary>Evaluates the lanes that start at option i.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void Evaluate(V forward, V strike, V t, V vol, V sign, bool withGreeks, Black76Output to, nuint i)
    {
        V rootT = L.SquareRoot(t);
        V deviation = L.Multiply(vol, rootT);
        V isFlat = L.IsLess(deviation, L.All(Tiny)); // no time or no volatility; false for NaN, which stays NaN
        V s = L.Select(isFlat, L.All(Tiny), deviation);
        V inverseS = L.Divide(L.All(1), s);
        V x = LogRatio(forward, strike);
        V isLow = L.IsLess(x, L.All(0));
        V half = L.Multiply(s, L.All(0.5));
        // Beyond 64 deviations the density is 0 and only its product with finite numbers is wanted.
        V h = L.Maximum(L.All(-64), L.Multiply(L.Negate(L.Absolute(x)), inverseS));
        V signedH = L.Select(isLow, h, L.Negate(h));
        V d1 = L.Minimum(L.All(64), L.Add(signedH, half));
        V density = LaneMath<L, V>.NormalDensity(d1);
        V scaled = L.Multiply(forward, density);

        // tail1: N(d1) where F < K, N(−d1) elsewhere; rest1 is 1 − tail1; both exact in their own tail.
        V value;
        V tail1;
        V rest1;
        V isSmall = L.And(L.IsLess(half, L.All(SeriesBelow)), L.IsLess(L.Absolute(x), L.All(SeriesWithin)));
        if (L.Every(isSmall))
            Series(h, half, x, isLow, density, scaled, out value, out tail1, out rest1);
        else
        {
            Direct(h, half, isLow, L.Minimum(forward, strike), density, scaled, out value, out tail1, out rest1);
            if (L.Any(isSmall))
            {
                Series(h, half, x, isLow, density, scaled, out V value2, out V tail2, out V rest2);
                value = L.Select(isSmall, value2, value);
                tail1 = L.Select(isSmall, tail2, tail1);
                rest1 = L.Select(isSmall, rest2, rest1);
            }
        }
        value = L.Select(isFlat, L.All(0), L.Maximum(L.All(0), value));
        V isCall = L.IsLess(L.All(0), sign);
        V intrinsic = L.Maximum(L.All(0), L.Multiply(sign, L.Subtract(forward, strike)));
        L.Store(L.Add(value, intrinsic), ref to.PriceUsd, i);
        if (!withGreeks)
            return;
        V upper = L.Select(isLow, tail1, rest1);
        V lower = L.Select(isLow, rest1, tail1);
        L.Store(L.Select(isCall, upper, L.Negate(lower)), ref to.Delta, i);
        StoreHigher(forward, vol, rootT, inverseS, d1, L.Subtract(d1, s), density, scaled, isFlat, to, i);
    }

    /// <summary>Gamma to volga: products of the density; 0 where it is 0.</summary>
    [MethodImpl(AggressiveInlining)]
    static void StoreHigher(
        V forward,
        V vol,
        V rootT,
        V inverseS,
        V d1,
        V d2,
        V density,
        V scaled,
        V isFlat,
        Black76Output to,
        nuint i
    )
    {
        // At the strike gamma grows without bound as the deviation goes to 0: the limit is said, not a large number.
        V limit = L.Select(L.IsLess(L.All(0), density), L.All(double.PositiveInfinity), L.All(0));
        V gamma = L.Divide(L.Multiply(density, inverseS), forward);
        L.Store(L.Select(isFlat, limit, gamma), ref to.GammaPerUsd, i);
        V vega = L.Multiply(scaled, rootT);
        L.Store(vega, ref to.VegaUsdPerVol, i);
        V theta = L.Multiply(L.Multiply(scaled, L.Multiply(vol, L.All(-0.5))), L.Multiply(vol, inverseS));
        L.Store(L.Select(isFlat, L.All(0), theta), ref to.ThetaUsdPerYear, i);
        V d2OverVol = L.Multiply(d2, L.Multiply(rootT, inverseS));
        L.Store(L.Negate(L.Multiply(density, d2OverVol)), ref to.VannaPerVol, i);
        L.Store(L.Multiply(L.Multiply(vega, d1), d2OverVol), ref to.VolgaUsdPerVol2, i);
    }

    /// <summary>Two Mills ratios and their difference: for half deviations from <see cref="SeriesBelow"/> on.</summary>
    [MethodImpl(AggressiveInlining)]
    static void Direct(V h, V half, V isLow, V cap, V density, V scaled, out V value, out V tail1, out V rest1)
    {
        V near = L.Minimum(L.All(64), L.Add(h, half));
        V isOver = L.IsLess(L.All(0), near);
        V millsNear = LaneMath<L, V>.MillsRatio(L.Absolute(near));
        V millsFar = LaneMath<L, V>.MillsRatio(L.Minimum(L.All(64), L.Subtract(half, h)));
        V toNear = L.Select(isOver, L.Negate(millsNear), millsNear);
        V atNear = L.Select(isOver, cap, L.All(0));
        value = L.MultiplyAdd(scaled, L.Subtract(toNear, millsFar), atNear);
        V tailNear = L.Multiply(density, millsNear);
        V tailFar = L.Multiply(density, millsFar);
        V otherNear = L.Subtract(L.All(1), tailNear);
        tail1 = L.Select(isLow, L.Select(isOver, otherNear, tailNear), tailFar);
        rest1 = L.Select(isLow, L.Select(isOver, tailNear, otherNear), L.Subtract(L.All(1), tailFar));
    }

    /// <summary>Y(h + t) − Y(h − t) = 2·odd and Y(h ± t) = even ± odd by their Taylor series at h.</summary>
    /// <remarks>
    /// Terms o_k = Y^(2k+1)·t^(2k+1)/(2k+1)!, e_k = Y^(2k)·t^(2k)/(2k)!; from Y^(n+1) = n·Y^(n−1) + z·Y^(n):
    /// o_(k+1) = [((4k + 3)t² + q)·o_k − t⁴·o_(k−1)]/((2k + 2)(2k + 3)), q = (ht)² = x²/4, and likewise for e.
    /// </remarks>
    [MethodImpl(AggressiveInlining)]
    static void Series(V h, V t, V x, V isLow, V density, V scaled, out V value, out V tail1, out V rest1)
    {
        V mills = LaneMath<L, V>.MillsRatio(L.Negate(h));
        V slope = L.MultiplyAdd(h, mills, L.All(1));
        V tt = L.Multiply(t, t);
        V fourth = L.Multiply(tt, tt);
        V ht = L.Multiply(L.Absolute(x), L.All(-0.5));
        V q = L.Multiply(ht, ht);

        V o0 = L.Multiply(t, slope);
        V o1 = L.Multiply(L.SubtractProduct(L.Multiply(L.MultiplyAdd(L.All(3), tt, q), o0), tt, t), L.All(1.0 / 6));
        V o2 = Next(7, 4 * 5, tt, q, fourth, o1, o0);
        V o3 = Next(11, 6 * 7, tt, q, fourth, o2, o1);
        V o4 = Next(15, 8 * 9, tt, q, fourth, o3, o2);
        V o5 = Next(19, 10 * 11, tt, q, fourth, o4, o3);
        V o6 = Next(23, 12 * 13, tt, q, fourth, o5, o4);
        V o7 = Next(27, 14 * 15, tt, q, fourth, o6, o5);
        V o8 = Next(31, 16 * 17, tt, q, fourth, o7, o6);
        V oddTail = L.Add(L.Add(L.Add(o8, o7), L.Add(o6, o5)), L.Add(o4, o3));
        V odd = L.Add(o0, L.Add(o1, L.Add(o2, oddTail)));

        V e1 = L.Multiply(L.MultiplyAdd(L.Add(tt, q), mills, L.Multiply(t, ht)), L.All(0.5));
        V e2 = Next(5, 3 * 4, tt, q, fourth, e1, mills);
        V e3 = Next(9, 5 * 6, tt, q, fourth, e2, e1);
        V e4 = Next(13, 7 * 8, tt, q, fourth, e3, e2);
        V e5 = Next(17, 9 * 10, tt, q, fourth, e4, e3);
        V e6 = Next(21, 11 * 12, tt, q, fourth, e5, e4);
        V e7 = Next(25, 13 * 14, tt, q, fourth, e6, e5);
        V evenTail = L.Add(L.Add(e7, e6), L.Add(e5, e4));
        V even = L.Add(mills, L.Add(e1, L.Add(e2, L.Add(e3, evenTail))));

        value = L.Multiply(scaled, L.Add(odd, odd));
        tail1 = L.Multiply(density, L.Add(even, L.Select(isLow, odd, L.Negate(odd))));
        rest1 = L.Subtract(L.All(1), tail1);
    }

    [MethodImpl(AggressiveInlining)]
    static V Next(double factor, double divisor, V tt, V q, V fourth, V current, V previous)
    {
        V first = L.Multiply(L.MultiplyAdd(L.All(factor), tt, q), L.All(1 / divisor));
        return L.MultiplyAdd(first, current, L.Multiply(L.Multiply(fourth, L.All(-1 / divisor)), previous));
    }
}
