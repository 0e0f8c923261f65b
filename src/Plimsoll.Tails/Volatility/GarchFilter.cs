namespace Plimsoll.Tails;

/// <summary>Variances of a volatility model at given parameters.</summary>
public static class GarchFilter
{
    /// <summary>h of every day and of the next: one longer than the returns. Allocates nothing.</summary>
    /// <param name="returns">Percent.</param>
    /// <param name="dynamics">The recursion.</param>
    /// <param name="at">Parameters.</param>
    /// <param name="first">h of the first day.</param>
    /// <param name="variances">Filled, one longer than the returns.</param>
    public static void Run(
        ReadOnlySpan<double> returns,
        VarianceDynamics dynamics,
        GarchParameters at,
        double first,
        Span<double> variances
    )
    {
        if (variances.Length != returns.Length + 1)
            throw new ArgumentException($"{returns.Length} returns give one more variance", nameof(variances));
        variances[0] = first;
        if (dynamics == VarianceDynamics.Egarch)
        {
            RunLog(returns, at, variances);
            return;
        }
        for (int t = 0; t < returns.Length; t++)
        {
            double e = returns[t] - at.Mean;
            variances[t + 1] = at.Omega + (at.Alpha + (e < 0 ? at.Gamma : 0)) * e * e + at.Beta * variances[t];
        }
    }

    static void RunLog(ReadOnlySpan<double> returns, GarchParameters at, Span<double> variances)
    {
        double centre = InnovationDensity.MeanSize(at.Degrees, at.Skew);
        double log = Math.Log(variances[0]);
        for (int t = 0; t < returns.Length; t++)
        {
            double z = (returns[t] - at.Mean) / Math.Sqrt(variances[t]);
            log = at.Omega + at.Alpha * z + at.Gamma * (Math.Abs(z) - centre) + at.Beta * log;
            variances[t + 1] = Math.Exp(log);
        }
    }
}

/// <summary>Exponentially weighted variance: s' = λs + (1 − λ)r², mean 0 (RiskMetrics 1996).</summary>
public static class EwmaFilter
{
    /// <summary>Days whose mean square starts the recursion.</summary>
    public const int StartDays = 100;

    /// <summary>s of every day and of the next: one longer than the returns.</summary>
    public static void Run(ReadOnlySpan<double> returns, double decay, double first, Span<double> variances)
    {
        variances[0] = first;
        for (int t = 0; t < returns.Length; t++)
            variances[t + 1] = decay * variances[t] + (1 - decay) * returns[t] * returns[t];
    }

    /// <summary>Mean square of the first hundred returns.</summary>
    public static double First(ReadOnlySpan<double> returns)
    {
        int n = Math.Min(StartDays, returns.Length);
        double sum = 0;
        for (int t = 0; t < n; t++)
            sum += returns[t] * returns[t];
        return sum / n;
    }
}
