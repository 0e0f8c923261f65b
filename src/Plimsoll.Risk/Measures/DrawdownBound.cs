namespace Plimsoll.Risk;

/// <summary>An upper bound on the probability that wealth is ever below a share of today's at a decision.</summary>
/// <param name="Probability">In [0, 1]; 1 says that the bound tells nothing.</param>
/// <param name="Lambda">Exponent λ that gives it; infinity when no scenario loses, 0 when the bound is 1.</param>
public readonly record struct DrawdownBound(double Probability, double Lambda)
{
    const int Doublings = 60;
    const int Sections = 200;

    /// <summary>
    /// Least over λ &gt; 0 of α^λ·max(1, E g^−λ)^n: P(W &lt; α at any of n decisions) is at most this.
    /// </summary>
    /// <remarks>
    /// W^−λ / max(1, E g^−λ)^k is a supermartingale, hence Ville's inequality (Ville 1939; Busseti, Ryu and Boyd 2016,
    /// sec. 3 for n infinite). log of the bound is convex in λ: golden section after doubling. Holds for a book that
    /// meets the same law at each decision. Lows between decisions are not covered.
    /// </remarks>
    /// <param name="grossReturns">g_s: wealth ratio over one horizon in each scenario.</param>
    /// <param name="weights">Probabilities; sum 1.</param>
    /// <param name="loss">1 − α in (0, 1): share of today's wealth that may be lost.</param>
    /// <param name="periods">n: decisions within the time; at least 0, infinity for "ever".</param>
    /// <exception cref="ArgumentOutOfRangeException">Loss or periods out of range, or lengths that differ.</exception>
    public static DrawdownBound Of(
        ReadOnlySpan<double> grossReturns,
        ReadOnlySpan<double> weights,
        double loss,
        double periods
    )
    {
        if (!(loss > 0 && loss < 1))
            throw new ArgumentOutOfRangeException(nameof(loss), loss, "a drawdown lies in (0, 1)");
        if (!(periods >= 0))
            throw new ArgumentOutOfRangeException(nameof(periods), periods, "a number of periods is at least 0");
        if (grossReturns.Length != weights.Length)
            throw new ArgumentOutOfRangeException(nameof(weights), weights.Length, "one weight a scenario");
        var logReturn = new double[grossReturns.Length];
        double worst = 0;
        for (int s = 0; s < logReturn.Length; s++)
        {
            if (weights[s] > 0 && !(grossReturns[s] > 0))
                return new DrawdownBound(1, 0);
            logReturn[s] = weights[s] > 0 ? Math.Log(grossReturns[s]) : 0;
            worst = Math.Min(worst, logReturn[s]);
        }
        if (worst == 0 || periods == 0)
            return new DrawdownBound(0, double.PositiveInfinity);
        double logAlpha = Math.Log(1 - loss);
        double high = 1;
        for (int i = 0; i < Doublings; i++, high *= 2)
            if (
                LogBound(logReturn, weights, high, logAlpha, periods)
                > LogBound(logReturn, weights, high / 2, logAlpha, periods)
            )
                break;
        double lambda = Least(logReturn, weights, high, logAlpha, periods);
        double bound = LogBound(logReturn, weights, lambda, logAlpha, periods);
        return bound >= 0 ? new DrawdownBound(1, 0) : new DrawdownBound(Math.Exp(bound), lambda);
    }

    static double Least(double[] logReturn, ReadOnlySpan<double> weights, double high, double logAlpha, double periods)
    {
        double ratio = (Math.Sqrt(5) - 1) / 2;
        double low = 0;
        double a = high - ratio * (high - low),
            b = low + ratio * (high - low);
        double atA = LogBound(logReturn, weights, a, logAlpha, periods),
            atB = LogBound(logReturn, weights, b, logAlpha, periods);
        for (int i = 0; i < Sections && high - low > 1e-12 * high; i++)
        {
            if (atA <= atB)
            {
                (high, b, atB) = (b, a, atA);
                a = high - ratio * (high - low);
                atA = LogBound(logReturn, weights, a, logAlpha, periods);
            }
            else
            {
                (low, a, atA) = (a, b, atB);
                b = low + ratio * (high - low);
                atB = LogBound(logReturn, weights, b, logAlpha, periods);
            }
        }
        return atA <= atB ? a : b;
    }

    static double LogBound(
        double[] logReturn,
        ReadOnlySpan<double> weights,
        double lambda,
        double logAlpha,
        double periods
    )
    {
        double growth = Math.Max(0, LogMoment(logReturn, weights, lambda));
        return lambda * logAlpha + (growth == 0 ? 0 : periods * growth);
    }

    /// <summary>log E g^−λ, shifted by the largest term so that nothing overflows.</summary>
    static double LogMoment(double[] logReturn, ReadOnlySpan<double> weights, double lambda)
    {
        double most = double.NegativeInfinity;
        for (int s = 0; s < logReturn.Length; s++)
            if (weights[s] > 0)
                most = Math.Max(most, -lambda * logReturn[s]);
        double sum = 0;
        for (int s = 0; s < logReturn.Length; s++)
            sum += weights[s] * Math.Exp(-lambda * logReturn[s] - most);
        return most + Math.Log(sum);
    }
}
