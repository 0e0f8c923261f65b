using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>A cost with gradient and a positive semidefinite curvature over a box.</summary>
interface ICurvedCost
{
    int Size { get; }
    double[] Lower { get; }
    double[] Upper { get; }

    /// <summary>Cost at p; fills gradient and the upper triangle of the curvature (row-major) when not empty.</summary>
    double Cost(ReadOnlySpan<double> p, Span<double> gradient, Span<double> curvature);
}

/// <summary>
/// Levenberg and Marquardt's damped Gauss-Newton within a box; variables held by a bound stay out of a step.
/// </summary>
static class DampedDescent
{
    const double FirstDamping = 1e-3;
    const double LeastDamping = 1e-9;
    const double MostDamping = 1e7;
    const double DampingFactor = 6;

    /// <summary>Improves p in place until a step gains less than this share of the cost; returns the cost.</summary>
    public static double Minimise(ICurvedCost problem, Span<double> p, double smallestGain, int mostSteps)
    {
        int n = problem.Size;
        double[] gradient = new double[n];
        double[] curvature = new double[n * n];
        using var damped = new SymmetricMatrix(n);
        double[] step = new double[n];
        double[] trial = new double[n];
        double damping = FirstDamping;
        double cost = problem.Cost(p, gradient, curvature);
        for (int iteration = 0; iteration < mostSteps; iteration++)
        {
            Step(problem, p, gradient, curvature, damped, step, damping);
            for (int i = 0; i < n; i++)
                trial[i] = Math.Clamp(p[i] - step[i], problem.Lower[i], problem.Upper[i]);
            double next = problem.Cost(trial, [], []);
            if (!(next < cost))
            {
                damping *= DampingFactor;
                if (damping > MostDamping)
                    break;
                continue;
            }
            bool small = cost - next < smallestGain * (cost + 1e-3);
            trial.CopyTo(p);
            damping = Math.Max(LeastDamping, damping / DampingFactor);
            if (small)
                return next;
            cost = problem.Cost(p, gradient, curvature);
        }
        return cost;
    }

    static void Step(
        ICurvedCost problem,
        ReadOnlySpan<double> p,
        double[] gradient,
        double[] curvature,
        SymmetricMatrix damped,
        double[] step,
        double damping
    )
    {
        int n = problem.Size;
        gradient.CopyTo(step, 0);
        Span<bool> held = stackalloc bool[n];
        for (int i = 0; i < n; i++)
        {
            held[i] = (p[i] <= problem.Lower[i] && gradient[i] > 0) || (p[i] >= problem.Upper[i] && gradient[i] < 0);
            if (held[i])
                step[i] = 0;
        }
        for (int i = 0; i < n; i++)
        {
            var row = damped.Row(i);
            for (int j = i + 1; j < n; j++)
                row[j] = held[i] || held[j] ? 0 : curvature[i * n + j];
            row[i] = curvature[i * n + i] * (1 + damping) + 1e-12;
        }
        Cholesky.Factor(damped);
        Cholesky.Solve(damped, step);
    }
}
