using Plimsoll.Numerics;

namespace Plimsoll.Tails.Tests;

/// <summary>How a forecast differs from the truth in a study.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Scale">Forecast over true volatility; below 1: risk is understated.</param>
/// <param name="IsConstant">Whether the forecast ignores that volatility moves.</param>
/// <param name="TailFactor">Shortfall forecast over the true one, the quantile being right.</param>
sealed record StudyCase(string Name, double Scale = 1, bool IsConstant = false, double TailFactor = 1);

/// <summary>Share of samples in which each backtest rejects at 5%, where the truth is known.</summary>
/// <remarks>
/// Truth: GARCH(1,1) with α 0.08, β 0.90 and Student innovations of 4 degrees, unconditional deviation 1. One sample is
/// a path of T days with the forecasts of a case; every draw is of one fixed stream.
/// </remarks>
static class BacktestStudy
{
    public static readonly string[] Tests = ["Kupiec", "indep.", "both", "DQ asympt.", "DQ simul.", "Z1", "Z2"];

    public static readonly StudyCase[] Cases =
    [
        new("right"),
        new("volatility -10%", Scale: 0.9),
        new("volatility -25%", Scale: 0.75),
        new("volatility +25%", Scale: 1.25),
        new("constant volatility", IsConstant: true),
        new("shortfall -20%", TailFactor: 0.8),
    ];

    const double Size = 0.05;
    const int Draws = 99;
    static readonly SkewedStudentLaw Law = SkewedStudentLaw.Symmetric(4);

    /// <summary>By test, shares of rejections; undefined statistics do not reject.</summary>
    public static double[] Rejections(StudyCase study, int days, TailProbability p, int samples, ulong seed)
    {
        var random = new SeededRandom(seed, (ulong)days);
        double q = Law.Quantile(p.Value);
        double e = Law.LowerTailMean(p.Value);
        // The null of Z1 and Z2 is drawn from the law that the forecasts themselves state.
        var (null1, null2) = ShortfallNull.Of([new(q, study.TailFactor * e)], p).Draw(days, seed, 4_000);
        var rejected = new int[Tests.Length];
        for (int n = 0; n < samples; n++)
        {
            var (returns, forecasts) = Sample(study, random, days, q, e);
            bool[] hits = [.. returns.Select((y, t) => y < forecasts[t].Quantile)];
            double[] valueAtRisk = [.. forecasts.Select(f => f.ValueAtRisk)];
            var coverage = CoverageTests.Kupiec(hits.Count(hit => hit), days, p);
            var independence = CoverageTests.Independence(HitTransitions.Of(hits));
            double[] pValues =
            [
                coverage.PValue,
                independence.PValue,
                CoverageTests.Conditional(coverage, independence).PValue,
                DynamicQuantileTest.Asymptotic(hits, valueAtRisk, p).PValue,
                DynamicQuantileTest.Simulated(hits, valueAtRisk, p, seed + (ulong)n, Draws).PValue,
                ShortfallNull.PValue(ShortfallBacktest.Z1(returns, forecasts), null1),
                ShortfallNull.PValue(ShortfallBacktest.Z2(returns, forecasts, p), null2),
            ];
            for (int k = 0; k < pValues.Length; k++)
                rejected[k] += pValues[k] <= Size ? 1 : 0;
        }
        return [.. rejected.Select(count => (double)count / samples)];
    }

    static (double[] Returns, TailForecast[] Forecasts) Sample(
        StudyCase study,
        SeededRandom random,
        int days,
        double q,
        double e
    )
    {
        const int Warming = 200;
        var (returns, forecasts) = (new double[days], new TailForecast[days]);
        double h = 1;
        for (int t = -Warming; t < days; t++)
        {
            double r = Math.Sqrt(h) * Law.Quantile(1 - random.NextDouble());
            if (t >= 0)
            {
                // A day's own noise keeps the constant forecast from being collinear with the constant.
                double scale = study.IsConstant ? 1 + 1e-3 * random.NextNormal() : study.Scale * Math.Sqrt(h);
                (returns[t], forecasts[t]) = (r, new(scale * q, scale * Math.Min(study.TailFactor * e, q)));
            }
            h = 0.02 + 0.08 * r * r + 0.9 * h;
        }
        return (returns, forecasts);
    }

    /// <summary>Share of samples in which a comparison of two forecasters rejects equal losses, either side, at 5%.</summary>
    /// <param name="first">Factor on the first one's true volatility forecast.</param>
    /// <param name="second">Factor of the second.</param>
    /// <param name="days">T.</param>
    /// <param name="p">Level.</param>
    /// <param name="samples">Paths.</param>
    /// <param name="seed">Of the draws.</param>
    public static double Comparison(double first, double second, int days, TailProbability p, int samples, ulong seed)
    {
        var random = new SeededRandom(seed, (ulong)days);
        double q = Law.Quantile(p.Value);
        double e = Law.LowerTailMean(p.Value);
        int rejected = 0;
        for (int n = 0; n < samples; n++)
        {
            var difference = new double[days];
            for (int t = 0; t < days; t++)
            {
                double y = Law.Quantile(1 - random.NextDouble());
                // Each errs by its own noise of 10%, so that equal forecasters are not the same forecaster.
                double a = first * Math.Exp(0.1 * random.NextNormal());
                double b = second * Math.Exp(0.1 * random.NextNormal());
                difference[t] = TailLoss.Fz0(y, a * q, a * e, p) - TailLoss.Fz0(y, b * q, b * e, p);
            }
            double t0 = DieboldMariano.Compare(difference, EvaluationRequest.Lags).Statistic;
            rejected += DieboldMariano.NormalPValue(t0) <= Size ? 1 : 0;
        }
        return (double)rejected / samples;
    }

    /// <summary>Of samples: share whose confidence set at 25% holds the best model, and its mean size.</summary>
    public static (double HoldsBest, double MeanSize) ConfidenceSets(
        int days,
        TailProbability p,
        int samples,
        ulong seed
    )
    {
        double[] factors = [1, 1, 0.9, 0.8, 0.6];
        var random = new SeededRandom(seed, (ulong)days);
        double q = Law.Quantile(p.Value);
        double e = Law.LowerTailMean(p.Value);
        var (holds, size) = (0, 0.0);
        for (int n = 0; n < samples; n++)
        {
            double[][] losses = [.. factors.Select(_ => new double[days])];
            for (int t = 0; t < days; t++)
            {
                double y = Law.Quantile(1 - random.NextDouble());
                for (int m = 0; m < factors.Length; m++)
                {
                    double scale = factors[m] * Math.Exp(0.1 * random.NextNormal());
                    losses[m][t] = TailLoss.Fz0(y, scale * q, scale * e, p);
                }
            }
            var members = ModelConfidenceSet.Of(losses, seed + (ulong)n, 15, 300).Members(0.25);
            // The first two are equally good: both must be in.
            holds += members.Contains(0) && members.Contains(1) ? 1 : 0;
            size += members.Length;
        }
        return ((double)holds / samples, size / samples);
    }
}
