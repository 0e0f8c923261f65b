using System.Numerics;

namespace Plimsoll.Pricing.Tests;

/// <summary>
/// Black-76 in fixed point with 384 bits behind the point: slow, plain, and independent of the kernels.
/// </summary>
/// <remarks>
/// Logarithm by Newton on the exponential's Taylor series, N(d) by its power series about 0 (no Mills ratio, no
/// polynomial fit). Beyond 13 deviations N is taken as 0 or 1: an error below 1e-37.
/// </remarks>
static class ExtendedBlack76
{
    const int Bits = 384;
    static readonly BigInteger One = BigInteger.One << Bits;

    /// <summary>A double, exactly.</summary>
    public static BigInteger Exact(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF) - 1075;
        var mantissa = new BigInteger((bits & 0xFFFFFFFFFFFFF) | 0x10000000000000);
        var whole = exponent + Bits >= 0 ? mantissa << (exponent + Bits) : mantissa >> -(exponent + Bits);
        return value == 0 ? BigInteger.Zero
            : value < 0 ? -whole
            : whole;
    }

    /// <summary>The nearest double, to one ulp.</summary>
    public static double Round(BigInteger value)
    {
        int shift = (int)Math.Max(0, BigInteger.Abs(value).GetBitLength() - 64);
        return Math.ScaleB((double)(value >> shift), shift - Bits);
    }

    public static BigInteger Price(BigInteger f, BigInteger k, BigInteger t, BigInteger vol, bool isCall)
    {
        var s = Multiply(vol, Root(t));
        var x = Log(Divide(f, k));
        var d1 = Divide(x, s) + s / 2;
        var d2 = d1 - s;
        return isCall ? Multiply(f, Cdf(d1)) - Multiply(k, Cdf(d2)) : Multiply(k, Cdf(-d2)) - Multiply(f, Cdf(-d1));
    }

    /// <summary>First difference quotient in one of the arguments, whose step is 2^−100 of it: error 1e-60.</summary>
    public static BigInteger Slope(Func<BigInteger, BigInteger> of, BigInteger at)
    {
        var step = at >> 100;
        return Divide(of(at + step) - of(at - step), 2 * step);
    }

    /// <summary>Second difference quotient.</summary>
    public static BigInteger Curve(Func<BigInteger, BigInteger> of, BigInteger at)
    {
        var step = at >> 70;
        return Divide(Divide(of(at + step) - 2 * of(at) + of(at - step), step), step);
    }

    static BigInteger Multiply(BigInteger a, BigInteger b) => (a * b) >> Bits;

    static BigInteger Divide(BigInteger a, BigInteger b) => (a << Bits) / b;

    static BigInteger Root(BigInteger a)
    {
        var scaled = a << Bits;
        var guess = BigInteger.One << (int)((scaled.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (guess + scaled / guess) >> 1;
            if (next >= guess)
                return guess;
            guess = next;
        }
    }

    static BigInteger Exp(BigInteger a)
    {
        // e^a = (e^(a/2^12))^(2^12)
        var small = a >> 12;
        var (sum, term) = (One, One);
        for (int n = 1; !term.IsZero && term != -1; n++)
        {
            term = Multiply(term, small) / n;
            sum += term;
        }
        for (int n = 0; n < 12; n++)
            sum = Multiply(sum, sum);
        return sum;
    }

    static BigInteger Log(BigInteger a)
    {
        var y = Exact(Math.Log(Round(a)));
        for (int n = 0; n < 3; n++)
        {
            // Halley: error to its third power.
            var e = Exp(y);
            y += 2 * Divide(a - e, a + e);
        }
        return y;
    }

    static BigInteger Cdf(BigInteger d)
    {
        if (BigInteger.Abs(d) > 13 * One)
            return d.Sign > 0 ? One : BigInteger.Zero;
        // ½ + (2π)^(−½)·Σ (−1)^n·d^(2n+1)/(2^n·n!·(2n + 1))
        var square = Multiply(d, d);
        var power = d;
        var sum = d;
        for (int n = 1; BigInteger.Abs(power) > 1; n++)
        {
            power = -Multiply(power, square) / (2 * n);
            sum += power / (2 * n + 1);
        }
        return One / 2 + Divide(sum, RootTwoPi);
    }

    static readonly BigInteger RootTwoPi = Root(2 * Pi());

    /// <summary>Machin's formula.</summary>
    static BigInteger Pi()
    {
        return 4 * (4 * ArcTangentOfInverse(5) - ArcTangentOfInverse(239));

        static BigInteger ArcTangentOfInverse(int n)
        {
            var power = One / n;
            var sum = power;
            for (int k = 1; !power.IsZero; k++)
            {
                power /= n * n;
                sum += (k % 2 == 0 ? power : -power) / (2 * k + 1);
            }
            return sum;
        }
    }
}
