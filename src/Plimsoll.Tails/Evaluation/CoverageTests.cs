using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>A test statistic and its p-value.</summary>
/// <param name="Statistic">As defined by the test.</param>
/// <param name="PValue">Probability of a larger one under the null; NaN where the test is undefined.</param>
public readonly record struct TestResult(double Statistic, double PValue);

/// <summary>Counts of pairs of consecutive days: from calm or hit to calm or hit.</summary>
public readonly record struct HitTransitions(int CalmCalm, int CalmHit, int HitCalm, int HitHit)
{
    /// <summary>Counted from a sequence; one fewer than its days.</summary>
    public static HitTransitions Of(ReadOnlySpan<bool> hits)
    {
        var (a, b, c, d) = (0, 0, 0, 0);
        for (int t = 1; t < hits.Length; t++)
            _ = (hits[t - 1], hits[t]) switch
            {
                (false, false) => a++,
                (false, true) => b++,
                (true, false) => c++,
                _ => d++,
            };
        return new(a, b, c, d);
    }
}

/// <summary>Are the hits as many as promised, and do they come alone?</summary>
public static class CoverageTests
{
    /// <summary>Unconditional coverage: likelihood ratio of the hit rate against p, chi-squared with 1.</summary>
    /// <remarks>Kupiec, J. Derivatives 3 (1995). 0·ln 0 = 0, so no hits and only hits are defined.</remarks>
    public static TestResult Kupiec(int hits, int days, TailProbability p)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)hits, (uint)days, nameof(hits));
        double rate = (double)hits / days;
        double ratio = 2 * (LogLikelihood(days - hits, hits, rate) - LogLikelihood(days - hits, hits, p.Value));
        return new(ratio, ChiSquared.UpperTail(ratio, 1));
    }

    /// <summary>Independence of first order: hits after hits against hits after calm, chi-squared with 1.</summary>
    /// <remarks>Christoffersen, International Economic Review 39 (1998), eq. 8 to 11. Blind past one lag.</remarks>
    public static TestResult Independence(HitTransitions n)
    {
        double afterCalm = Ratio(n.CalmHit, n.CalmCalm + n.CalmHit);
        double afterHit = Ratio(n.HitHit, n.HitCalm + n.HitHit);
        int hits = n.CalmHit + n.HitHit;
        int calms = n.CalmCalm + n.HitCalm;
        double ratio =
            2
            * (
                LogLikelihood(n.CalmCalm, n.CalmHit, afterCalm)
                + LogLikelihood(n.HitCalm, n.HitHit, afterHit)
                - LogLikelihood(calms, hits, Ratio(hits, hits + calms))
            );
        ratio = Math.Max(ratio, 0);
        return new(ratio, ChiSquared.UpperTail(ratio, 1));
    }

    /// <summary>Conditional coverage: the sum of both ratios, chi-squared with 2.</summary>
    /// <remarks>Coverage over all days, independence over one fewer, as most code has it and tables are made.</remarks>
    public static TestResult Conditional(TestResult coverage, TestResult independence)
    {
        double ratio = coverage.Statistic + independence.Statistic;
        return new(ratio, ChiSquared.UpperTail(ratio, 2));
    }

    static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    static double LogLikelihood(int calm, int hits, double p) =>
        (calm == 0 ? 0 : calm * SpecialFunctions.Log1p(-p)) + (hits == 0 ? 0 : hits * Math.Log(p));
}
