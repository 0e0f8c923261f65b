using Plimsoll.Markets;

namespace Plimsoll.Pricing;

/// <summary>An implied variance of one expiry from a strip of options.</summary>
/// <param name="TYears">Time to expiry; positive.</param>
/// <param name="VarianceAnnual">Variance a year.</param>
public readonly record struct StripVariance(double TYears, double VarianceAnnual);

/// <summary>Model-free implied volatility of a strip, and an index of it at a fixed term such as 30 days.</summary>
/// <remarks>
/// σ² = (2/T)·Σ ΔK/K²·Q(K) − (1/T)·(F/K0 − 1)², K0 the highest strike at or below the forward, Q the price of the
/// out-of-the-money option, at K0 the mean of call and put, zero rates; ΔK half the distance between the neighbours,
/// the whole distance to the one neighbour at either end. Between two expiries total variance is linear in time.
/// Source: Cboe, <i>VIX White Paper</i>; Deribit's DVOL takes the same strip over coin prices times the forward. What
/// the strip lacks in its wings lowers the figure, coarse steps raise it: 60.118 for a flat 60% with strikes from 0.6
/// to 1.4 and 0.46 to 2.1 of the forward.
/// </remarks>
public static class VolatilityIndex
{
    /// <summary>Thirty days, the term of VIX and DVOL.</summary>
    public const double TermYears = 30.0 / 365;

    /// <summary>Variance a year of one expiry's strip.</summary>
    /// <param name="forwardUsd">Forward of the expiry, USD; at least the lowest strike.</param>
    /// <param name="tYears">Time to expiry; positive.</param>
    /// <param name="strikesUsd">Rising; at least two.</param>
    /// <param name="pricesUsd">Out-of-the-money prices, at K0 the mean of call and put; as many.</param>
    /// <exception cref="ArgumentException">Too few strikes, or none at or below the forward.</exception>
    public static StripVariance OfStrip(
        double forwardUsd,
        double tYears,
        ReadOnlySpan<double> strikesUsd,
        ReadOnlySpan<double> pricesUsd
    )
    {
        if (strikesUsd.Length < 2 || pricesUsd.Length != strikesUsd.Length)
            throw new ArgumentException("at least two strikes, each with its price", nameof(strikesUsd));
        if (!(strikesUsd[0] <= forwardUsd))
            throw new ArgumentException("a strike at or below the forward", nameof(strikesUsd));
        double sum = 0,
            middle = strikesUsd[0];
        for (int i = 0; i < strikesUsd.Length; i++)
        {
            double below = strikesUsd[Math.Max(0, i - 1)],
                above = strikesUsd[Math.Min(strikesUsd.Length - 1, i + 1)];
            bool isEnd = i == 0 || i == strikesUsd.Length - 1;
            double width = isEnd ? above - below : (above - below) / 2;
            sum += width / (strikesUsd[i] * strikesUsd[i]) * pricesUsd[i];
            if (strikesUsd[i] <= forwardUsd)
                middle = strikesUsd[i];
        }
        double step = forwardUsd / middle - 1;
        return new StripVariance(tYears, (2 * sum - step * step) / tYears);
    }

    /// <summary>
    /// Variance a year at a term, total variance linear through two expiries; outside them its continuation.
    /// </summary>
    /// <remarks>Beyond the later expiry or before the earlier one weight is negative: legal, but unstable.</remarks>
    /// <param name="near">Earlier expiry.</param>
    /// <param name="next">Later expiry.</param>
    /// <param name="termYears">Term; positive.</param>
    public static double VarianceAt(StripVariance near, StripVariance next, double termYears)
    {
        double share = (next.TYears - termYears) / (next.TYears - near.TYears);
        double total = share * near.TYears * near.VarianceAnnual + (1 - share) * next.TYears * next.VarianceAnnual;
        return total / termYears;
    }

    /// <summary>100·√variance: volatility points a year; NaN where the strips give no positive variance.</summary>
    public static double Points(StripVariance near, StripVariance next, double termYears = TermYears) =>
        100 * Math.Sqrt(VarianceAt(near, next, termYears));

    /// <summary>The same of a fitted surface, over all strikes: its own smile, no strip that ends somewhere.</summary>
    /// <remarks>The strip as an integral in log-moneyness k: σ²T = ∫ 2·Q(k)/(F·e^k) dk, by trapezoids.</remarks>
    /// <param name="surface">Smile at every time.</param>
    /// <param name="tYears">Time; positive.</param>
    public static StripVariance OfSurface(VolatilitySurface surface, double tYears = TermYears)
    {
        ArgumentNullException.ThrowIfNull(surface);
        double total = LogContract(k => surface.TotalVariance(k, tYears));
        return new StripVariance(tYears, total / tYears);
    }

    /// <summary>Total variance of the log contract under a smile.</summary>
    /// <param name="totalVariance">w(k), positive.</param>
    internal static double LogContract(Func<double, double> totalVariance)
    {
        // The integrand and its derivatives vanish at both ends, where trapezoids converge faster than any power. At
        // k = 0 puts become calls: by parity the integrand's branches differ there by 2(e^−k − 1), whatever the smile,
        // and Euler and Maclaurin's terms of that kink are h²/6 − h⁴/360.
        const int steps = 4_000;
        double reach = 12 * Math.Sqrt(Math.Max(totalVariance(0), 1e-12)) + 1;
        double width = reach / steps,
            sum = 0;
        for (int i = -steps; i <= steps; i++)
        {
            double k = i * width;
            double deviation = Math.Sqrt(totalVariance(k));
            // Put and call at the forward are worth the same; either stands there.
            var right = k < 0 ? OptionRight.Put : OptionRight.Call;
            sum += 2 * Black76.PriceUsd(1, Math.Exp(k), 1, deviation, right) * Math.Exp(-k);
        }
        return sum * width - width * width * (1.0 / 6 - width * width / 360);
    }
}
