using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>The quantile's own recursion, fitted on quantile loss; tail mean by a constant ratio.</summary>
/// <remarks>
/// Engle and Manganelli (2004); the ratio e/v is fitted on the joint loss given the quantile (the multiplicative form
/// of Taylor, J. Business and Economic Statistics 37 (2019)): it is the mean of y/v over the hits.
/// </remarks>
/// <param name="Name">As in tables.</param>
/// <param name="Kind">Recursion.</param>
public sealed record CaviarModel(string Name, CaviarKind Kind) : ITailModel
{
    /// <summary>First days, whose empirical quantile starts the recursion.</summary>
    internal const int StartDays = 300;

    /// <inheritdoc />
    public IFittedTailModel Fit(TailHistory history, int day, IFittedTailModel? previous) =>
        new FittedByLevel<double[]>(
            (p, before) => FitLevel(history.Before(day), p, before),
            (parameters, returns, p) => Last(returns, parameters, p),
            previous as FittedByLevel<double[]>
        );

    LevelFit<double[]> FitLevel(ReadOnlySpan<double> returns, TailProbability p, LevelFit<double[]>? before)
    {
        double[] data = returns.ToArray();
        int n = CaviarRecursion.Count(Kind);
        double start = -new EmpiricalLaw(data.AsSpan(0, Math.Min(StartDays, data.Length))).Quantile(p.Value);
        double Loss(ReadOnlySpan<double> b)
        {
            double v = start,
                sum = 0;
            foreach (double y in data)
            {
                if (!(v > 0 && v < 1e4))
                    return double.PositiveInfinity;
                sum += TailLoss.Quantile(y, -v, p);
                v = CaviarRecursion.Next(Kind, b, v, y);
            }
            return sum / data.Length;
        }
        var starts = new List<double[]>();
        foreach (double persistence in (double[])[0.7, 0.85, 0.93])
        {
            double rest = 1 - persistence;
            starts.Add(
                Kind switch
                {
                    CaviarKind.AsymmetricSlope => [0.2 * rest * start, persistence, rest, 2 * rest],
                    CaviarKind.SymmetricAbsolute => [0.2 * rest * start, persistence, 1.5 * rest],
                    _ => [0.2 * rest * start * start, persistence, 4 * rest],
                }
            );
        }
        if (before is not null)
            starts.Add(before.Parameters[..n]);
        var best = Searches.Best(Loss, starts);
        var (ratio, hits) = (0.0, 0);
        double now = start;
        foreach (double y in data)
        {
            if (y < -now)
                (ratio, hits) = (ratio - y / now, hits + 1);
            now = CaviarRecursion.Next(Kind, best.Point, now, y);
        }
        double[] parameters = [.. best.Point, start, hits > 0 ? Math.Max(1, ratio / hits) : 1];
        return new(p, parameters, best.Converged && hits > 0);
    }

    TailForecast? Last(ReadOnlySpan<double> returns, double[] parameters, TailProbability p)
    {
        double v = parameters[^2];
        foreach (double y in returns)
            v = CaviarRecursion.Next(Kind, parameters.AsSpan(0, parameters.Length - 2), v, y);
        var forecast = new TailForecast(-v, -v * parameters[^1]);
        return forecast.IsValid ? forecast : null;
    }
}

/// <summary>One factor driven by the score of the joint loss; the hybrid adds ln|r|.</summary>
/// <remarks>
/// Patton, Ziegel and Chen (2019), section 2.3 and 2.4; the hit is first a logistic step, then sharp (their appendix).
/// </remarks>
/// <param name="Name">As in tables.</param>
/// <param name="IsHybrid">Whether ln|r| enters.</param>
public sealed record ScoreDrivenModel(string Name, bool IsHybrid) : ITailModel
{
    static readonly double[] Smoothings = [5, 20, double.PositiveInfinity];

    /// <inheritdoc />
    public IFittedTailModel Fit(TailHistory history, int day, IFittedTailModel? previous) =>
        new FittedByLevel<double[]>(
            (p, before) => FitLevel(history.Before(day), p, before),
            (parameters, returns, p) => Last(returns, parameters, p),
            previous as FittedByLevel<double[]>
        );

    LevelFit<double[]> FitLevel(ReadOnlySpan<double> returns, TailProbability p, LevelFit<double[]>? before)
    {
        double[] data = returns.ToArray();
        var law = new EmpiricalLaw(data);
        double a = law.Quantile(p.Value);
        double ratio = law.LowerTailMean(p.Value) / a;
        // Coordinates: ln −a, ln(b/a − 1), logit β, ln γ, δ.
        double[] start = [Math.Log(-a), Math.Log(Math.Max(ratio - 1, 0.05)), 4, Math.Log(0.007), 0.02];
        if (!IsHybrid)
            start = start[..4];
        var starts = new List<double[]> { start };
        if (before is not null)
            starts.Add(before.Parameters);
        Minimum? best = null;
        foreach (double smoothing in Smoothings)
        {
            best = Searches.Best(x => Loss(data, x, p, smoothing), starts);
            starts = [best.Point];
        }
        return new(p, best!.Point, best.Converged);
    }

    static double Loss(double[] data, ReadOnlySpan<double> x, TailProbability p, double smoothing)
    {
        var at = Parameters(x);
        double kappa = 0,
            sum = 0;
        foreach (double y in data)
        {
            if (!(Math.Abs(kappa) < 6))
                return double.PositiveInfinity;
            var now = ScoreDriven.At(at, kappa);
            double hit = Searches.Hit(y, now.Quantile, smoothing);
            sum +=
                -hit * (now.Quantile - y) / (p.Value * now.TailMean)
                + now.Quantile / now.TailMean
                + Math.Log(-now.TailMean)
                - 1;
            kappa = ScoreDriven.NextFactor(at, kappa, y, p, hit);
        }
        return sum / data.Length;
    }

    static TailForecast? Last(ReadOnlySpan<double> returns, double[] x, TailProbability p)
    {
        var at = Parameters(x);
        double kappa = 0;
        foreach (double y in returns)
            kappa = ScoreDriven.NextFactor(at, kappa, y, p);
        var forecast = ScoreDriven.At(at, kappa);
        return forecast.IsValid ? forecast : null;
    }

    static OneFactorParameters Parameters(ReadOnlySpan<double> x)
    {
        double a = -Math.Exp(x[0]);
        return new(a, a * (1 + Math.Exp(x[1])), 1 / (1 + Math.Exp(-x[2])), Math.Exp(x[3]), x.Length > 4 ? x[4] : 0);
    }
}

/// <summary>Quantile and tail mean with a factor each; a path that leaves e ≤ v &lt; 0 is rejected.</summary>
/// <remarks>Patton, Ziegel and Chen (2019), section 2.2: ten parameters, known to be unstable at 1%.</remarks>
/// <param name="Name">As in tables.</param>
public sealed record TwoFactorModel(string Name) : ITailModel
{
    /// <inheritdoc />
    public IFittedTailModel Fit(TailHistory history, int day, IFittedTailModel? previous) =>
        new FittedByLevel<double[]>(
            (p, before) => FitLevel(history.Before(day), p, before),
            (parameters, returns, p) => Last(returns, parameters, p),
            previous as FittedByLevel<double[]>
        );

    static LevelFit<double[]> FitLevel(ReadOnlySpan<double> returns, TailProbability p, LevelFit<double[]>? before)
    {
        double[] data = returns.ToArray();
        var law = new EmpiricalLaw(data.AsSpan(0, Math.Min(CaviarModel.StartDays, data.Length)));
        var first = new TailForecast(law.Quantile(p.Value), law.LowerTailMean(p.Value));
        double Loss(ReadOnlySpan<double> x, double smoothing)
        {
            var now = first;
            double sum = 0;
            foreach (double y in data)
            {
                if (!now.IsValid)
                    return double.PositiveInfinity;
                double hit = Searches.Hit(y, now.Quantile, smoothing);
                sum +=
                    -hit * (now.Quantile - y) / (p.Value * now.TailMean)
                    + now.Quantile / now.TailMean
                    + Math.Log(-now.TailMean)
                    - 1;
                now = ScoreDriven.NextPair(x[..2], x.Slice(2, 2), x.Slice(4, 4), now, y, p, hit);
            }
            return sum / data.Length;
        }
        double[] start = [0.01 * first.Quantile, 0.01 * first.TailMean, 0.985, 0.985, -0.1, 0.002, -0.1, 0.004];
        var starts = new List<double[]> { start };
        if (before is not null)
            starts.Add(before.Parameters[..8]);
        Minimum? best = null;
        foreach (double smoothing in (double[])[5, 20, double.PositiveInfinity])
        {
            best = Searches.Best(x => Loss(x, smoothing), starts);
            starts = [best.Point];
        }
        return new(p, [.. best!.Point, first.Quantile, first.TailMean], best.Converged);
    }

    static TailForecast? Last(ReadOnlySpan<double> returns, double[] x, TailProbability p)
    {
        var now = new TailForecast(x[8], x[9]);
        foreach (double y in returns)
            now = ScoreDriven.NextPair(x.AsSpan(0, 2), x.AsSpan(2, 2), x.AsSpan(4, 4), now, y, p);
        return now.IsValid ? now : null;
    }
}

/// <summary>Parameters at one level.</summary>
sealed record LevelFit<T>(TailProbability Level, T Parameters, bool Converged);

/// <summary>A model that is fitted for each level by itself, when the level is first asked for.</summary>
sealed class FittedByLevel<T>(
    Func<TailProbability, LevelFit<T>?, LevelFit<T>> fit,
    FittedByLevel<T>.LastForecast last,
    FittedByLevel<T>? previous
) : IFittedTailModel
{
    /// <summary>Forecast after the returns, at fitted parameters.</summary>
    public delegate TailForecast? LastForecast(T parameters, ReadOnlySpan<double> returns, TailProbability p);

    readonly Dictionary<TailProbability, LevelFit<T>> fits = [];

    public bool Converged => fits.Values.All(level => level.Converged);

    public TailForecast? Forecast(TailHistory history, int day, TailProbability p)
    {
        if (!fits.TryGetValue(p, out var level))
        {
            level = fit(p, previous?.fits.GetValueOrDefault(p));
            fits.Add(p, level);
        }
        return last(level.Parameters, history.Before(day), p);
    }
}

/// <summary>Searches that losses with kinks need.</summary>
static class Searches
{
    /// <summary>Best of Nelder-Mead searches from several starts.</summary>
    public static Minimum Best(PlainFunction loss, IEnumerable<double[]> starts)
    {
        Minimum? best = null;
        foreach (double[] start in starts)
        {
            double[] size = [.. start.Select(x => x == 0 ? 0.01 : 0.1 * Math.Abs(x))];
            var found = NelderMead.Minimise(loss, start, size, 1e-9, 3000, 2);
            if (best is null || found.Value < best.Value)
                best = found;
        }
        return best!;
    }

    /// <summary>1{y ≤ v}, or a logistic step of it.</summary>
    public static double Hit(double y, double v, double smoothing) =>
        double.IsInfinity(smoothing) ? (y <= v ? 1 : 0) : 1 / (1 + Math.Exp(smoothing * (y - v)));
}
