using System.Runtime.CompilerServices;
using Plimsoll.Numerics;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Plimsoll.Pricing;

/// <summary>
/// Where the kernel writes; index by option. Greeks may be null references when only prices are asked.
/// </summary>
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

/// <summary>What the first loop of the kernel hands to the second; index within the block.</summary>
ref struct Black76Scratch
{
    /// <summary>Options of a block.</summary>
    public const int Block = 128;

    /// <summary>Doubles to reserve.</summary>
    public const int Length = 6 * Block;

    public ref double X;
    public ref double Half;
    public ref double InverseS;
    public ref double D1;
    public ref double Density;
    public ref double RootT;

    public Black76Scratch(Span<double> memory)
    {
        X = ref memory[0];
        Half = ref memory[Block];
        InverseS = ref memory[2 * Block];
        D1 = ref memory[3 * Block];
        Density = ref memory[4 * Block];
        RootT = ref memory[5 * Block];
    }
}

/// <summary>Black-76 in two passes: the out-of-the-money side first, the intrinsic value added last.</summary>
/// <remarks>
/// With x = ln(F/K), s = σ√t, h = −|x|/s, the out-of-the-money value is F·φ(d1)·(Y(h + s/2) − Y(h − s/2)),
/// Y(z) = N(z)/φ(z), because F·φ(d1) = K·φ(d2): one exponential serves both sides. Small deviations take the difference
/// by <see cref="MillsSeries{L, V}"/>.
/// </remarks>
static class Black76Lanes<L, V>
    where L : struct, ILanes<V>
    where V : struct
{
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

    /// <summary>First pass: where the option stands in deviations, and the density there.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void Place(V forward, V strike, V t, V vol, Black76Scratch to, nuint j)
    {
        V rootT = L.SquareRoot(t);
        L.Store(rootT, ref to.RootT, j);
        V s = L.Multiply(vol, rootT);
        // No time or no volatility: the limit, through a deviation that is nearly none. NaN stays NaN.
        s = L.Select(L.IsLess(s, L.All(Tiny)), L.All(Tiny), s);
        V inverseS = L.Divide(L.All(1), s);
        L.Store(inverseS, ref to.InverseS, j);
        V half = L.Multiply(s, L.All(0.5));
        L.Store(half, ref to.Half, j);
        V x = LogRatio(forward, strike);
        L.Store(x, ref to.X, j);
        // From 39 deviations on the density is 0, and only its product with finite numbers is wanted.
        V d1 = L.Maximum(L.All(-52), L.Minimum(L.All(52), L.MultiplyAdd(x, inverseS, half)));
        L.Store(d1, ref to.D1, j);
        L.Store(LaneMath<L, V>.DensityWithin(d1), ref to.Density, j);
    }

    /// <summary>Second pass: value and Greeks of option i from its place j in the block.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void Finish(
        V forward,
        V strike,
        V vol,
        V sign,
        bool withGreeks,
        Black76Scratch from,
        nuint j,
        Black76Output to,
        nuint i
    )
    {
        V x = L.Load(ref from.X, j);
        V half = L.Load(ref from.Half, j);
        V density = L.Load(ref from.Density, j);
        V inverseS = L.Load(ref from.InverseS, j);
        V isLow = L.IsLess(x, L.All(0));
        V ht = L.Multiply(L.Absolute(x), L.All(-0.5));
        V h = L.Maximum(L.All(-64), L.Multiply(L.Add(ht, ht), inverseS));
        V scaled = L.Multiply(forward, density);

        // tail1: N(d1) where F < K, N(−d1) elsewhere; rest1 is 1 − tail1; both exact in their own tail.
        V value;
        V tail1;
        V rest1;
        V isSmall = L.And(
            L.IsLess(half, L.All(MillsSeries<L, V>.Below)),
            L.IsLess(L.All(-MillsSeries<L, V>.Within), ht)
        );
        if (L.Every(isSmall))
            Series(h, half, ht, isLow, density, scaled, out value, out tail1, out rest1);
        else
        {
            Direct(h, half, isLow, L.Minimum(forward, strike), density, scaled, out value, out tail1, out rest1);
            if (L.Any(isSmall))
            {
                Series(h, half, ht, isLow, density, scaled, out V value2, out V tail2, out V rest2);
                value = L.Select(isSmall, value2, value);
                tail1 = L.Select(isSmall, tail2, tail1);
                rest1 = L.Select(isSmall, rest2, rest1);
            }
        }
        V isFlat = L.IsLess(half, L.All(Tiny));
        if (L.Any(isFlat))
            value = L.Select(isFlat, L.All(0), value);
        V intrinsic = L.Maximum(L.All(0), L.Multiply(sign, L.Subtract(forward, strike)));
        L.Store(L.Add(value, intrinsic), ref to.PriceUsd, i);
        if (!withGreeks)
            return;
        V upper = L.Select(isLow, tail1, rest1);
        V lower = L.Select(isLow, rest1, tail1);
        L.Store(L.Select(L.IsLess(L.All(0), sign), upper, L.Negate(lower)), ref to.Delta, i);

        Curve(forward, vol, density, half, isFlat, from, j, to, i);
    }

    /// <summary>Gamma to volga: products of the density, 0 where it is 0.</summary>
    [MethodImpl(AggressiveInlining)]
    static void Curve(
        V forward,
        V vol,
        V density,
        V half,
        V isFlat,
        Black76Scratch from,
        nuint j,
        Black76Output to,
        nuint i
    )
    {
        V inverseS = L.Load(ref from.InverseS, j);
        V scaled = L.Multiply(forward, density);
        V gamma = L.Divide(L.Multiply(density, inverseS), forward);
        V rootT = L.Load(ref from.RootT, j);
        V vega = L.Multiply(scaled, rootT);
        L.Store(vega, ref to.VegaUsdPerVol, i);
        V theta = L.Multiply(L.Multiply(scaled, L.Multiply(vol, L.All(-0.5))), L.Multiply(vol, inverseS));
        if (L.Any(isFlat))
        {
            // At the strike gamma grows without bound as the deviation goes to 0: its limit, not a large number.
            V limit = L.Select(L.IsLess(L.All(0), density), L.All(double.PositiveInfinity), L.All(0));
            gamma = L.Select(isFlat, limit, gamma);
            theta = L.Select(isFlat, L.All(0), theta);
        }
        L.Store(gamma, ref to.GammaPerUsd, i);
        L.Store(theta, ref to.ThetaUsdPerYear, i);
        V d1 = L.Load(ref from.D1, j);
        V d2OverVol = L.Multiply(L.Subtract(d1, L.Add(half, half)), L.Multiply(rootT, inverseS));
        L.Store(L.Negate(L.Multiply(density, d2OverVol)), ref to.VannaPerVol, i);
        L.Store(L.Multiply(L.Multiply(vega, d1), d2OverVol), ref to.VolgaUsdPerVol2, i);
    }

    /// <summary>Two Mills ratios and their difference.</summary>
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

    /// <summary>One Mills ratio and the series about it.</summary>
    [MethodImpl(AggressiveInlining)]
    static void Series(V h, V half, V ht, V isLow, V density, V scaled, out V value, out V tail1, out V rest1)
    {
        V mills = LaneMath<L, V>.MillsRatio(L.Negate(h));
        V odd = MillsSeries<L, V>.Odd(h, half, ht, mills);
        V even = MillsSeries<L, V>.Even(half, ht, mills);
        value = L.Multiply(scaled, L.Add(odd, odd));
        tail1 = L.Multiply(density, L.Add(even, L.Select(isLow, odd, L.Negate(odd))));
        rest1 = L.Subtract(L.All(1), tail1);
    }
}
