namespace Plimsoll.Pricing;

/// <summary>Fits one SVI slice: robust linear starts on a grid of (centre, width), then damped Gauss-Newton.</summary>
/// <remarks>
/// The split into a linear and a two-parameter problem is that of De Marco and Martini, Quasi-explicit calibration of
/// Gatheral's SVI (2009); the damping is Levenberg and Marquardt's, within a box.
/// </remarks>
static class SliceFit
{
    const int Starts = 2;
    const int MostSteps = 40;
    const double SmallestGain = 1e-5;
    static readonly double[] Centres = [-1.2, -0.6, -0.2, 0.1, 0.4, 1];
    static readonly double[] Widths = [0.15, 0.4, 0.9, 2];

    /// <summary>A fit from scratch.</summary>
    public static SviSlice Fit(ExpiryQuotes quotes, SliceProblem problem)
    {
        var starts = new List<(double Cost, double[] Parameters)>(Centres.Length * Widths.Length);
        foreach (double centre in Centres)
        foreach (double width in Widths)
        {
            double[] p = new double[SliceProblem.Size];
            problem.LinearStart(centre, width, p);
            starts.Add((problem.Cost(p, [], []), p));
        }
        starts.Sort((a, b) => a.Cost.CompareTo(b.Cost));
        (double Cost, double[] Parameters) best = (double.PositiveInfinity, starts[0].Parameters);
        foreach (var (_, start) in starts.Take(Starts))
        {
            double cost = Descend(problem, start);
            if (cost < best.Cost)
                best = (cost, start);
        }
        return problem.Slice(best.Parameters, quotes);
    }

    /// <summary>A fit from a known slice.</summary>
    public static SviSlice Refit(ExpiryQuotes quotes, SliceProblem problem, SviSlice from)
    {
        double[] p = problem.Start(from);
        Descend(problem, p);
        return problem.Slice(p, quotes);
    }

    /// <summary>Improves p in place; returns its cost.</summary>
    static double Descend(SliceProblem problem, double[] p)
    {
        const int n = SliceProblem.Size;
        Span<double> gradient = stackalloc double[n];
        Span<double> hessian = stackalloc double[n * n];
        Span<double> damped = stackalloc double[n * n];
        Span<double> step = stackalloc double[n];
        Span<double> trial = stackalloc double[n];
        double damping = 1e-3;
        double cost = problem.Cost(p, gradient, hessian);
        for (int iteration = 0; iteration < MostSteps; iteration++)
        {
            bool solved = Step(problem, p, gradient, hessian, damped, step, damping);
            for (int i = 0; i < n; i++)
                trial[i] = p[i] - (solved ? step[i] : 0);
            problem.Clamp(trial);
            double next = solved ? problem.Cost(trial, [], []) : double.PositiveInfinity;
            if (!(next < cost))
            {
                damping *= 6;
                if (damping > 1e7)
                    break;
                continue;
            }
            bool small = cost - next < SmallestGain * (cost + 1e-3);
            trial.CopyTo(p);
            cost = problem.Cost(p, gradient, hessian);
            damping = Math.Max(1e-9, damping / 6);
            if (small)
                break;
        }
        return cost;
    }

    static bool Step(
        SliceProblem problem,
        double[] p,
        ReadOnlySpan<double> gradient,
        ReadOnlySpan<double> hessian,
        Span<double> damped,
        Span<double> step,
        double damping
    )
    {
        const int n = SliceProblem.Size;
        Span<double> free = stackalloc double[n];
        hessian.CopyTo(damped);
        for (int i = 0; i < n; i++)
        {
            bool held = (p[i] <= problem.Lower[i] && gradient[i] > 0) || (p[i] >= problem.Upper[i] && gradient[i] < 0);
            free[i] = held ? 0 : gradient[i];
            damped[i * n + i] = hessian[i * n + i] * (1 + damping) + 1e-12;
            if (!held)
                continue;
            for (int j = 0; j < n; j++)
                if (j != i)
                    damped[Math.Max(i, j) * n + Math.Min(i, j)] = 0;
        }
        return SmallCholesky.Solve(damped, free, step, n);
    }
}
