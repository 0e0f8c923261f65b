using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Plimsoll.Numerics;

/// <summary>Elementary functions for kernels: inlined, free of branches, equal bits at every width.</summary>
/// <remarks>
/// Own code because the runtime's vector exp and log are called and not inlined, promise neither equal bits across
/// widths nor across versions, and err by up to 2.5 units in the last place (ulp). Largest errors here, held by tests:
/// exp 1 ulp, log 1 ulp, Mills ratio 4 ulp.
/// </remarks>
public static class LaneMath<L, V>
    where L : struct, ILanes<V>
    where V : struct
{
    const double Ln2High = 6.93147180369123816490e-01; // 33 bits: n·Ln2High is exact
    const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>e^x for any x: 0 below −746, infinity above 710, NaN for NaN.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Exp(V x)
    {
        return ExpWithin(L.Minimum(L.All(710), L.Maximum(L.All(-746), x)));
    }

    /// <summary>e^x for x in [−1400, 710]: the clamps saved; other x give nonsense.</summary>
    [MethodImpl(AggressiveInlining)]
    static V ExpWithin(V x)
    {
        V n = WholePowers(x);
        return L.Scale(ExpOfRest(x, n), n);
    }

    /// <summary>e^x for x in [−708, 709] to 2e-14: two thirds of the operations; other x give nonsense.</summary>
    /// <remarks>Chebyshev interpolation of degree 9 on |r| ≤ ln(2)/2, even and odd powers apart.</remarks>
    [MethodImpl(AggressiveInlining)]
    public static V ExpShort(V x)
    {
        V n = WholePowers(x);
        V r = L.SubtractProduct(x, n, L.All(0.6931471805599453));
        V rr = L.Multiply(r, r);
        V even = L.MultiplyAdd(L.All(2.488447635159146e-05), rr, L.All(0.0013888801714761622));
        V odd = L.MultiplyAdd(L.All(2.763265575933203e-06), rr, L.All(0.0001984119061583585));
        even = L.MultiplyAdd(even, rr, L.All(0.041666667040776456));
        odd = L.MultiplyAdd(odd, rr, L.All(0.008333333367332009));
        even = L.MultiplyAdd(even, rr, L.All(0.4999999999943814));
        odd = L.MultiplyAdd(odd, rr, L.All(0.16666666666615607));
        even = L.MultiplyAdd(even, rr, L.All(1.0000000000000135));
        odd = L.MultiplyAdd(odd, rr, L.All(1.0000000000000013));
        return L.ScaleNormal(L.MultiplyAdd(odd, r, even), n);
    }

    [MethodImpl(AggressiveInlining)]
    static V WholePowers(V x)
    {
        V shift = L.All(LaneBits.RoundingShift);
        return L.Subtract(L.MultiplyAdd(x, L.All(1.4426950408889634), shift), shift);
    }

    /// <summary>e^(x − n·ln 2), with what rounding took from the rest added to its square's term.</summary>
    [MethodImpl(AggressiveInlining)]
    static V ExpOfRest(V x, V n)
    {
        V high = L.SubtractProduct(x, n, L.All(Ln2High));
        V r = L.SubtractProduct(high, n, L.All(Ln2Low));
        V lost = L.SubtractProduct(L.Subtract(high, r), n, L.All(Ln2Low));
        V rr = L.Multiply(r, r);
        // (e^r − 1 − r)/r² by Chebyshev interpolation on |r| ≤ ln(2)/2, error 4e-19; even and odd powers apart.
        V even = L.MultiplyAdd(L.All(2.0914686968086876e-09), rr, L.All(2.75572736431103e-07));
        V odd = L.MultiplyAdd(L.All(2.5105217004720745e-08), rr, L.All(2.7557255400206422e-06));
        even = L.MultiplyAdd(even, rr, L.All(2.4801587325547743e-05));
        odd = L.MultiplyAdd(odd, rr, L.All(0.00019841269874820627));
        even = L.MultiplyAdd(even, rr, L.All(0.0013888888888883748));
        odd = L.MultiplyAdd(odd, rr, L.All(0.008333333333326136));
        even = L.MultiplyAdd(even, rr, L.All(0.04166666666666667));
        odd = L.MultiplyAdd(odd, rr, L.All(0.1666666666666667));
        even = L.MultiplyAdd(even, rr, L.All(0.5));
        V tail = L.MultiplyAdd(L.MultiplyAdd(odd, r, even), rr, lost);
        return L.Add(L.All(1), L.Add(r, tail));
    }

    /// <summary>ln x for any x: −infinity at 0, infinity at infinity, NaN below 0 and for NaN.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Log(V x)
    {
        V isTiny = L.IsLess(x, L.All(2.2250738585072014e-308));
        V normal = L.Select(isTiny, L.Multiply(x, L.All(18014398509481984.0)), x); // 2^54
        V exponent = L.Subtract(L.Exponent(normal), L.Select(isTiny, L.All(54), L.All(0)));
        V value = LogOfParts(exponent, L.Subtract(L.Mantissa(normal), L.All(1)));
        V isFinitePositive = L.And(L.IsLess(L.All(0), x), L.IsLess(x, L.All(double.PositiveInfinity)));
        V isZero = L.IsEqual(x, L.All(0));
        V isInfinite = L.IsEqual(x, L.All(double.PositiveInfinity));
        V other = L.Select(isZero, L.All(double.NegativeInfinity), L.Select(isInfinite, x, L.All(double.NaN)));
        return L.Select(isFinitePositive, value, other);
    }

    /// <summary>ln x for positive normal x: cheaper; other x give nonsense.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V LogOfNormal(V x) => LogOfParts(L.Exponent(x), L.Subtract(L.Mantissa(x), L.All(1)));

    /// <summary>exponent·ln 2 + ln(1 + f), f in [√½ − 1, √2 − 1].</summary>
    /// <remarks>Sun Microsystems' fdlibm, e_log.c (1993): s = f/(2 + f), a polynomial of degree 7 in s².</remarks>
    [MethodImpl(AggressiveInlining)]
    public static V LogOfParts(V exponent, V f)
    {
        V s = L.Divide(f, L.Add(L.All(2), f));
        V z = L.Multiply(s, s);
        V w = L.Multiply(z, z);
        V even = L.MultiplyAdd(L.All(1.531383769920937332e-01), w, L.All(2.222219843214978396e-01));
        V odd = L.MultiplyAdd(L.All(1.479819860511658591e-01), w, L.All(1.818357216161805012e-01));
        odd = L.MultiplyAdd(odd, w, L.All(2.857142874366239149e-01));
        even = L.MultiplyAdd(even, w, L.All(3.999999999940941908e-01));
        odd = L.MultiplyAdd(odd, w, L.All(6.666666666666735130e-01));
        V rest = L.MultiplyAdd(even, w, L.Multiply(odd, z));
        V halfSquare = L.Multiply(L.Multiply(f, f), L.All(0.5));
        V low = L.MultiplyAdd(s, L.Add(halfSquare, rest), L.Multiply(exponent, L.All(Ln2Low)));
        return L.MultiplyAdd(exponent, L.All(Ln2High), L.Subtract(f, L.Subtract(halfSquare, low)));
    }

    /// <summary>Mills ratio N(−a)/φ(a) for a ≥ 0: from √(π/2) at 0 to 1/a far out.</summary>
    /// <remarks>
    /// q(τ)/(1 + 5a/4), τ = (a − 5.5)/(a + 5.5): Chebyshev interpolation of degree 23 of q on [−1, 1], truncation
    /// 3e-17, no range branches (the form of erfcx in Shepherd and Laframboise, Math. Comp. 36 (1981), with another
    /// denominator). One division serves both quotients.
    /// </remarks>
    [MethodImpl(AggressiveInlining)]
    public static V MillsRatio(V a)
    {
        V plus = L.Add(a, L.All(5.5));
        V scale = L.MultiplyAdd(a, L.All(1.25), L.All(1));
        V inverse = L.Divide(L.All(1), L.Multiply(plus, scale));
        V t = L.SubtractProduct(L.All(1), L.All(11), L.Multiply(scale, inverse));
        V tt = L.Multiply(t, t);
        V even = L.MultiplyAdd(L.All(-7.136232452601857e-10), tt, L.All(1.1407375767216802e-08));
        V odd = L.MultiplyAdd(L.All(1.2276374509088082e-09), tt, L.All(-1.4804326113515088e-08));
        even = L.MultiplyAdd(even, tt, L.All(-1.3420201665695447e-07));
        odd = L.MultiplyAdd(odd, tt, L.All(1.095586138171103e-07));
        even = L.MultiplyAdd(even, tt, L.All(1.494801771840061e-06));
        odd = L.MultiplyAdd(odd, tt, L.All(-6.753880959053855e-07));
        even = L.MultiplyAdd(even, tt, L.All(-1.5417437374411806e-05));
        odd = L.MultiplyAdd(odd, tt, L.All(3.257702076036502e-06));
        even = L.MultiplyAdd(even, tt, L.All(0.0001248922835558805));
        odd = L.MultiplyAdd(odd, tt, L.All(1.0271156865815742e-07));
        even = L.MultiplyAdd(even, tt, L.All(-0.00022142420604917985));
        odd = L.MultiplyAdd(odd, tt, L.All(-0.00030630566420721136));
        even = L.MultiplyAdd(even, tt, L.All(-0.014256365439981827));
        odd = L.MultiplyAdd(odd, tt, L.All(0.0037543948369648805));
        even = L.MultiplyAdd(even, tt, L.All(-0.06593849850584597));
        odd = L.MultiplyAdd(odd, tt, L.All(0.03538917991957563));
        even = L.MultiplyAdd(even, tt, L.All(-0.10041731746746789));
        odd = L.MultiplyAdd(odd, tt, L.All(0.09481633857145352));
        even = L.MultiplyAdd(even, tt, L.All(0.04383631530022203));
        odd = L.MultiplyAdd(odd, tt, L.All(0.05836296186120695));
        even = L.MultiplyAdd(even, tt, L.All(1.3885435128371837));
        odd = L.MultiplyAdd(odd, tt, L.All(-0.19367641919021783));
        return L.Multiply(L.MultiplyAdd(odd, t, even), L.Multiply(plus, inverse));
    }

    /// <summary>Normal density φ(z), relative accuracy kept in the tail: the square's rounding is put back.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V NormalDensity(V z) => DensityWithin(L.Minimum(L.All(52), L.Absolute(z)));

    /// <summary>Normal density for |z| up to 52, from 39 on 0: the clamp saved.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V DensityWithin(V z)
    {
        V square = L.Multiply(z, z);
        V lost = L.MultiplyAdd(z, z, L.Negate(square));
        V e = ExpWithin(L.Multiply(square, L.All(-0.5)));
        V density = L.Multiply(e, L.All(0.3989422804014327));
        return L.SubtractProduct(density, density, L.Multiply(lost, L.All(0.5)));
    }

    /// <summary>Normal distribution function, relative accuracy kept in the lower tail.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V NormalCdf(V z)
    {
        V size = L.Minimum(L.All(52), L.Absolute(z)); // the density is 0 before; NaN passes
        V tail = L.Multiply(DensityWithin(size), MillsRatio(size));
        return L.Select(L.IsLess(L.All(0), z), L.Subtract(L.All(1), tail), tail);
    }
}
