using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>Maximum likelihood of volatility models.</summary>
public static class GarchEstimator
{
    static readonly double[] StartPersistence = [0.90, 0.97, 0.995];

    /// <summary>Fits from several starts and keeps the best.</summary>
    /// <param name="returns">Percent; at least 100.</param>
    /// <param name="specification">The model.</param>
    /// <param name="previous">Parameters of an earlier window, one more start; null: none.</param>
    /// <exception cref="ArgumentException">Too few returns, or one that is not finite, or no variation.</exception>
    public static GarchFit Fit(
        ReadOnlySpan<double> returns,
        GarchSpecification specification,
        GarchParameters? previous = null
    )
    {
        if (returns.Length < 100)
            throw new ArgumentException($"{returns.Length} returns; at least 100 are needed", nameof(returns));
        foreach (double r in returns)
            if (!double.IsFinite(r))
                throw new ArgumentException("a return is not finite", nameof(returns));
        double[] data = returns.ToArray();
        double variance = GarchLikelihood.WindowVariance(data);
        if (!(variance > 0))
            throw new ArgumentException("the returns do not vary", nameof(returns));
        var coordinates = new GarchCoordinates(specification);
        double Objective(ReadOnlySpan<double> x, Span<double> gradient)
        {
            Span<double> natural = stackalloc double[GarchLikelihood.Count];
            double value = GarchLikelihood.Value(data, specification, coordinates.At(x), natural);
            coordinates.Pull(x, natural, gradient);
            for (int k = 0; k < gradient.Length; k++)
                gradient[k] = -gradient[k] / data.Length;
            return -value / data.Length;
        }
        Minimum? best = null;
        foreach (var start in Starts(specification, data.Average(), variance, previous))
        {
            double[] x = coordinates.Of(start);
            if (!double.IsFinite(Objective(x, new double[x.Length])))
                continue;
            var found = Bfgs.Minimise(Objective, x, 1e-7, 300);
            if (best is null || found.Value < best.Value)
                best = found;
        }
        if (best is null)
            throw new ArgumentException("no start has a finite likelihood", nameof(returns));
        var parameters = coordinates.At(best.Point);
        double first = GarchLikelihood.FirstVariance(data, specification, parameters);
        return new(specification, parameters, first, -best.Value * data.Length, best.Converged, data.Length);
    }

    /// <summary>Standard errors at the optimum of a fit.</summary>
    public static GarchErrors Errors(ReadOnlySpan<double> returns, GarchFit fit)
    {
        int[] free = Free(fit.Specification);
        int n = free.Length;
        double[] at = Natural(fit.Parameters);
        var information = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            double h = 1e-5 * Math.Max(Math.Abs(at[free[i]]), 1e-3);
            double[] up = Gradient(returns, fit, at, free[i], h);
            double[] down = Gradient(returns, fit, at, free[i], -h);
            for (int j = 0; j < n; j++)
                information[i * n + j] = -(up[free[j]] - down[free[j]]) / (2 * h);
        }
        for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            information[i * n + j] = information[j * n + i] = 0.5 * (information[i * n + j] + information[j * n + i]);
        var outer = OuterProduct(returns, fit, free);
        double[] hessianInverse = SmallSystem.Inverse(information, n);
        double[] outerInverse = SmallSystem.Inverse(outer, n);
        var sandwich = new double[n];
        for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
        for (int k = 0; k < n; k++)
            sandwich[i] += hessianInverse[i * n + j] * outer[j * n + k] * hessianInverse[k * n + i];
        return new(
            Spread(free, i => hessianInverse[i * n + i]),
            Spread(free, i => outerInverse[i * n + i]),
            Spread(free, i => sandwich[i])
        );
    }

    static IEnumerable<GarchParameters> Starts(
        GarchSpecification specification,
        double mean,
        double variance,
        GarchParameters? previous
    )
    {
        double degrees = specification.Innovations == InnovationFamily.Normal ? double.PositiveInfinity : 4;
        foreach (double persistence in StartPersistence)
            yield return specification.Dynamics == VarianceDynamics.Egarch
                ? new(mean, (1 - persistence) * Math.Log(variance), 0, 0.2, persistence, degrees)
                : new(mean, variance * (1 - persistence), 0.1, 0, persistence - 0.1, degrees);
        if (previous is not null)
            yield return previous;
    }

    static double[] OuterProduct(ReadOnlySpan<double> returns, GarchFit fit, int[] free)
    {
        var scores = new double[returns.Length * GarchLikelihood.Count];
        var gradient = new double[GarchLikelihood.Count];
        GarchLikelihood.Value(returns, fit.Specification, fit.Parameters, gradient, scores);
        int n = free.Length;
        var outer = new double[n * n];
        for (int t = 0; t < returns.Length; t++)
        for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            outer[i * n + j] +=
                scores[t * GarchLikelihood.Count + free[i]] * scores[t * GarchLikelihood.Count + free[j]];
        return outer;
    }

    static double[] Gradient(ReadOnlySpan<double> returns, GarchFit fit, double[] at, int moved, double by)
    {
        double[] point = [.. at];
        point[moved] += by;
        var gradient = new double[GarchLikelihood.Count];
        GarchLikelihood.Value(returns, fit.Specification, Parameters(point), gradient);
        return gradient;
    }

    static double[] Spread(int[] free, Func<int, double> variance)
    {
        var errors = new double[GarchLikelihood.Count];
        Array.Fill(errors, double.NaN);
        for (int i = 0; i < free.Length; i++)
            errors[free[i]] = Math.Sqrt(variance(i));
        return errors;
    }

    static int[] Free(GarchSpecification specification) =>
        [
            .. Enumerable
                .Range(0, GarchLikelihood.Count)
                .Where(k => k != 3 || specification.Dynamics != VarianceDynamics.Garch)
                .Where(k => k != 5 || specification.Innovations != InnovationFamily.Normal)
                .Where(k => k != 6 || specification.Innovations == InnovationFamily.SkewedStudent),
        ];

    internal static double[] Natural(GarchParameters p) =>
        [p.Mean, p.Omega, p.Alpha, p.Gamma, p.Beta, p.Degrees, p.Skew];

    internal static GarchParameters Parameters(double[] x) => new(x[0], x[1], x[2], x[3], x[4], x[5], x[6]);
}
