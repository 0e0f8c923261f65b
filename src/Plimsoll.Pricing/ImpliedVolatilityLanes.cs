using System.Runtime.CompilerServices;
using Plimsoll.Numerics;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Plimsoll.Pricing;

/// <summary>
/// A block of prices reduced to out-of-the-money form, and how far the search has come; index by option.
/// </summary>
ref struct ImpliedVolatilityScratch
{
    /// <summary>Options of a block.</summary>
    public const int Block = 128;

    /// <summary>Doubles to reserve.</summary>
    public const int Length = 8 * Block;

    /// <summary>
    /// The <see cref="ImpliedVolatilityStatus"/> as a number; lanes not solved hold a harmless problem.
    /// </summary>
    public ref double Status;

    /// <summary>|ln(F/K)|.</summary>
    public ref double X;

    /// <summary>ln u, u the time value over min(F, K), in (0, 1).</summary>
    public ref double LogValue;

    /// <summary>ln(1 − u), from the distance to the maximum itself.</summary>
    public ref double LogRest;

    /// <summary>The deviation as far as it is known.</summary>
    public ref double S;

    /// <summary>A deviation that gives too low a price.</summary>
    public ref double Low;

    /// <summary>A deviation that gives too high a price.</summary>
    public ref double High;

    /// <summary>Mask of the lanes still searching.</summary>
    public ref double IsOpen;

    public ImpliedVolatilityScratch(Span<double> memory)
    {
        Status = ref memory[0];
        X = ref memory[Block];
        LogValue = ref memory[2 * Block];
        LogRest = ref memory[3 * Block];
        S = ref memory[4 * Block];
        Low = ref memory[5 * Block];
        High = ref memory[6 * Block];
        IsOpen = ref memory[7 * Block];
    }
}

/// <summary>Implied total deviation s = σ√t of out-of-the-money prices.</summary>
/// <remarks>
/// With h = −x/s, t = s/2: u = φ(h + t)·(Y(h + t) − Y(h − t)) and 1 − u = φ(h + t)·(M(h + t) + M(t − h)) where h + t
/// &gt; 0. Their logarithms need no exponential, and their slopes are 1 over the brackets. Each step is Householder's
/// of third order (error to the fourth power) on 1/ln u below the inflection and on ln(1 − u) above it: Jäckel's
/// objectives (Let's Be Rational, 2015, section 4) without his starting table. A bracket that shrinks with each
/// evaluation catches any step that would leave it, so the search cannot fail; two or three evaluations are usual.
/// </remarks>
static class ImpliedVolatilityLanes<L, V>
    where L : struct, ILanes<V>
    where V : struct
{
    const double LnRootTwoPi = 0.9189385332046728;
    const double Infinity = double.PositiveInfinity;

    /// <summary>The relative step after which the next would be below rounding: its fourth power is 1e-18.</summary>
    const double Close = 3e-5;

    /// <summary>Bounds, exact time value, log-moneyness, targets and start.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void Reduce(V price, V forward, V strike, V t, V sign, ImpliedVolatilityScratch to, nuint j)
    {
        V intrinsic = L.Multiply(sign, L.Subtract(forward, strike));
        V isInside = L.IsLess(L.All(0), intrinsic);
        // What the subtraction lost: deep in the money it can be as large as the time value.
        V lost = L.Multiply(sign, LostOf(forward, strike));
        V itm = L.Subtract(L.Subtract(price, intrinsic), lost);
        V timeValue = L.Select(isInside, itm, price);
        V low = L.Minimum(forward, strike);
        V rest = L.Subtract(L.Select(L.IsLess(L.All(0), sign), forward, strike), price);

        V status = L.Select(L.IsEqual(t, L.All(0)), Code(ImpliedVolatilityStatus.Expired), L.All(0));
        status = L.Select(L.IsEqual(rest, L.All(0)), Code(ImpliedVolatilityStatus.AtMaximum), status);
        status = L.Select(L.IsLess(rest, L.All(0)), Code(ImpliedVolatilityStatus.AboveMaximum), status);
        status = L.Select(L.IsEqual(timeValue, L.All(0)), Code(ImpliedVolatilityStatus.AtIntrinsic), status);
        status = L.Select(L.IsLess(timeValue, L.All(0)), Code(ImpliedVolatilityStatus.BelowIntrinsic), status);
        V isPositive = L.And(L.IsLess(L.All(0), forward), L.IsLess(L.All(0), strike));
        V isFinite = L.And(L.IsLess(L.Absolute(price), L.All(Infinity)), L.IsLess(t, L.All(Infinity)));
        isFinite = L.And(isFinite, L.And(L.IsLess(forward, L.All(Infinity)), L.IsLess(strike, L.All(Infinity))));
        V isTime = L.IsLess(L.All(-double.Epsilon), t);
        V isDomain = L.And(L.And(isPositive, isFinite), isTime);
        status = L.Select(isDomain, status, Code(ImpliedVolatilityStatus.Domain));

        L.Store(status, ref to.Status, j);
        V isSolved = L.IsEqual(status, L.All(0));
        V x = L.Absolute(
            Black76Lanes<L, V>.LogRatio(L.Select(isSolved, forward, L.All(1)), L.Select(isSolved, strike, L.All(1)))
        );
        low = L.Select(isSolved, low, L.All(1));
        Targets(x, L.Select(isSolved, timeValue, L.All(0.25)), L.Select(isSolved, rest, L.All(0.75)), low, to, j);
    }

    /// <summary>Logarithms to meet and the start.</summary>
    [MethodImpl(AggressiveInlining)]
    static void Targets(V x, V timeValue, V rest, V low, ImpliedVolatilityScratch to, nuint j)
    {
        V inverseLow = L.Divide(L.All(1), low);
        // Prices near the smallest doubles are scaled up by 2^200, or the quotient would lose its digits.
        V isTiny = L.IsLess(timeValue, L.All(1e-200));
        V scale = L.Select(isTiny, L.All(1.6069380442589903e60), L.All(1));
        V u = L.Multiply(L.Multiply(timeValue, scale), inverseLow);
        V logValue = L.Subtract(LaneMath<L, V>.Log(u), L.Select(isTiny, L.All(138.62943611198906), L.All(0)));
        V logRest = LaneMath<L, V>.Log(L.Minimum(L.All(1), L.Multiply(rest, inverseLow)));
        V start = StartOf(x, logValue, logRest, L.Select(isTiny, L.All(0), u));
        L.Store(x, ref to.X, j);
        L.Store(logValue, ref to.LogValue, j);
        L.Store(logRest, ref to.LogRest, j);
        L.Store(L.Maximum(L.All(1e-200), start), ref to.S, j);
        L.Store(L.All(0), ref to.Low, j);
        L.Store(L.All(Infinity), ref to.High, j);
        L.Store(L.IsEqual(x, x), ref to.IsOpen, j);
    }

    [MethodImpl(AggressiveInlining)]
    static V Code(ImpliedVolatilityStatus status) => L.All((double)status);

    /// <summary>The rounding error of a − b (Knuth's two-sum).</summary>
    [MethodImpl(AggressiveInlining)]
    static V LostOf(V a, V b)
    {
        V difference = L.Subtract(a, b);
        V back = L.Subtract(difference, a);
        return L.Subtract(L.Subtract(a, L.Subtract(difference, back)), L.Add(b, back));
    }

    /// <summary>A first deviation, right to some ten percent where options trade.</summary>
    /// <remarks>
    /// u near ½ and above: ln(1 − u) ≈ −(h + t)²/2, solved for s. Below, for x up to 1: Bachelier's formula
    /// u/x = ψ(z)/z, z = x/s, inverted by Corrado and Miller's square root near the money and by a fit in √−ln(u/x) in
    /// the wing. Below for larger x: ln u ≈ −(h + t)²/2.
    /// </remarks>
    [MethodImpl(AggressiveInlining)]
    static V StartOf(V x, V logValue, V logRest, V u)
    {
        V isHigh = L.IsLess(L.All(0.5), u);
        V logOfTail = L.Select(isHigh, logRest, logValue);
        V tail = L.SquareRoot(L.Multiply(logOfTail, L.All(-2)));
        V near = L.Subtract(tail, L.All(0.5));
        near = L.Select(isHigh, near, L.Negate(near));
        V byTail = L.Add(near, L.SquareRoot(L.MultiplyAdd(near, near, L.Multiply(L.All(2), x))));

        V size = L.Maximum(L.All(1e-300), x);
        V logRatio = L.Subtract(logValue, LaneMath<L, V>.LogOfNormal(size));
        V r = L.SquareRoot(L.Maximum(L.All(3), L.Negate(logRatio)));
        V inverse = L.Divide(L.All(1), r);
        V z = L.MultiplyAdd(
            L.All(1.4254980955774483),
            r,
            L.MultiplyAdd(
                L.MultiplyAdd(L.All(4.345795885022548), inverse, L.All(-4.041163895046727)),
                inverse,
                L.All(-0.398983160287297)
            )
        );
        V byWing = L.Divide(x, z);
        V middle = L.MultiplyAdd(x, L.All(0.5), u);
        V root = L.SquareRoot(
            L.Maximum(
                L.All(0),
                L.SubtractProduct(L.Multiply(middle, middle), L.Multiply(x, x), L.All(0.3183098861837907))
            )
        );
        V byRoot = L.Multiply(L.Add(middle, root), L.All(1.2533141373155003));
        V isWing = L.IsLess(logRatio, L.All(-3));
        V byBachelier = L.Select(isWing, byWing, byRoot);
        V isByTail = L.Or(isHigh, L.IsLess(L.All(1), x));
        return L.Select(isByTail, byTail, byBachelier);
    }

    /// <summary>One evaluation and step of the lanes at j.</summary>
    /// <returns>Whether any of them is still searching.</returns>
    [MethodImpl(AggressiveInlining)]
    public static bool Improve(ImpliedVolatilityScratch at, nuint j)
    {
        V s = L.Load(ref at.S, j);
        V x = L.Load(ref at.X, j);
        V inverseS = L.Divide(L.All(1), s);
        V t = L.Multiply(s, L.All(0.5));
        V h = L.Negate(L.Multiply(x, inverseS));
        V near = L.Add(h, t);
        V bracket = BracketOf(h, t, near, x, out V isRest);
        V log = L.SubtractProduct(
            L.Subtract(LaneMath<L, V>.LogOfNormal(L.Absolute(bracket)), L.All(LnRootTwoPi)),
            L.Multiply(near, near),
            L.All(0.5)
        );
        V slope = L.Divide(L.All(1), bracket);
        V target = L.Select(isRest, L.Load(ref at.LogRest, j), L.Load(ref at.LogValue, j));
        V gap = L.Subtract(target, log);

        // Second and third slope over the first: of the price, then of its logarithm.
        V curve = L.Multiply(L.MultiplyAdd(h, h, L.Negate(L.Multiply(t, t))), inverseS);
        V second = L.Subtract(curve, slope);
        V ratio = L.Multiply(h, inverseS);
        V third = L.SubtractProduct(L.Multiply(curve, curve), L.Multiply(ratio, ratio), L.All(3));
        third = L.Subtract(third, L.All(0.25));
        third = L.MultiplyAdd(slope, L.SubtractProduct(L.Add(slope, slope), L.All(3), curve), third);
        // Then of 1/ln u, which is nearly straight in s.
        V relative = L.Select(isRest, L.All(0), L.Divide(slope, log));
        third = L.MultiplyAdd(L.Multiply(L.All(6), relative), L.Subtract(relative, second), third);
        second = L.SubtractProduct(second, L.All(2), relative);
        V newton = L.Multiply(gap, bracket);
        newton = L.Select(isRest, newton, L.Divide(L.Multiply(newton, log), target));
        V above = L.MultiplyAdd(L.Multiply(second, newton), L.All(0.5), L.All(1));
        V below = L.MultiplyAdd(L.Multiply(third, newton), L.All(1.0 / 6), second);
        below = L.MultiplyAdd(newton, below, L.All(1));
        V next = L.MultiplyAdd(newton, L.Divide(above, below), s);
        // ln u rises and ln(1 − u) falls with s; the slope carries that sign.
        return Accept(s, next, gap, L.IsLess(L.All(0), L.Multiply(gap, slope)), at, j);
    }

    /// <summary>
    /// Takes the step if it stays in the bracket and within a factor of 4, else halves the way there.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    static bool Accept(V s, V next, V gap, V isTooLow, ImpliedVolatilityScratch at, nuint j)
    {
        V low = L.Select(isTooLow, s, L.Load(ref at.Low, j));
        V high = L.Select(isTooLow, L.Load(ref at.High, j), s);
        L.Store(low, ref at.Low, j);
        L.Store(high, ref at.High, j);
        V highest = L.Minimum(high, L.Multiply(s, L.All(4)));
        V lowest = L.Maximum(low, L.Multiply(s, L.All(0.25)));
        V isWithin = L.And(L.IsLess(lowest, next), L.IsLess(next, highest));
        V candidate = L.Select(isWithin, next, L.Multiply(L.Add(lowest, highest), L.All(0.5)));
        V isNear = L.IsLess(L.Absolute(L.Subtract(next, s)), L.Multiply(s, L.All(Close)));
        V isExact = L.IsEqual(gap, L.All(0));
        candidate = L.Select(isExact, s, L.Select(isNear, next, candidate));
        V isOpen = L.Load(ref at.IsOpen, j);
        L.Store(L.Select(isOpen, candidate, s), ref at.S, j);
        isOpen = L.And(isOpen, L.Not(L.Or(isNear, isExact)));
        L.Store(isOpen, ref at.IsOpen, j);
        return L.Any(isOpen);
    }

    /// <summary>
    /// The bracket of u where small or h + t ≤ 0, otherwise minus that of 1 − u: 1 over the log's slope.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    static V BracketOf(V h, V t, V near, V x, out V isRest)
    {
        V isSmall = L.And(
            L.IsLess(t, L.All(MillsSeries<L, V>.Below)),
            L.IsLess(x, L.All(2 * MillsSeries<L, V>.Within))
        );
        isRest = L.And(L.IsLess(L.All(0), near), L.Not(isSmall));
        V bracket = L.All(0);
        if (!L.Every(isSmall))
        {
            V millsNear = LaneMath<L, V>.MillsRatio(L.Absolute(near));
            V millsFar = LaneMath<L, V>.MillsRatio(L.Subtract(t, h));
            bracket = L.Subtract(L.Select(isRest, L.Negate(millsNear), millsNear), millsFar);
        }
        if (L.Any(isSmall))
        {
            V mills = LaneMath<L, V>.MillsRatio(L.Negate(h));
            V odd = MillsSeries<L, V>.Odd(h, t, L.Multiply(x, L.All(-0.5)), mills);
            bracket = L.Select(isSmall, L.Add(odd, odd), bracket);
        }
        return bracket;
    }
}
