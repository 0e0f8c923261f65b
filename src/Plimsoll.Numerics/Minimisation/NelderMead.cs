namespace Plimsoll.Numerics;

/// <summary>Minimum of a function without derivatives, kinks allowed.</summary>
/// <remarks>
/// Nelder and Mead, Computer Journal 7 (1965), with the dimension-dependent coefficients of Gao and Han, Computational
/// Optimization and Applications 51 (2012), restarted from its own answer until a restart gains nothing. Deterministic.
/// </remarks>
public static class NelderMead
{
    /// <summary>Searches from a point.</summary>
    /// <param name="function">NaN counts as infinite.</param>
    /// <param name="start">Inside the domain.</param>
    /// <param name="size">Edge of the first simplex, by variable.</param>
    /// <param name="tolerance">Stops when the simplex's values differ by less than this times max(1, |value|).</param>
    /// <param name="mostEvaluations">Of the function, over all restarts.</param>
    /// <param name="restarts">At most so many restarts.</param>
    public static Minimum Minimise(
        PlainFunction function,
        ReadOnlySpan<double> start,
        ReadOnlySpan<double> size,
        double tolerance = 1e-10,
        int mostEvaluations = 20_000,
        int restarts = 5
    )
    {
        double[] edges = size.ToArray();
        var best = Once(function, start, edges, tolerance, mostEvaluations);
        int used = best.Evaluations;
        for (int n = 0; n < restarts && used < mostEvaluations; n++)
        {
            var again = Once(function, best.Point, edges, tolerance, mostEvaluations - used);
            used += again.Evaluations;
            bool gained = again.Value < best.Value - tolerance * Math.Max(1, Math.Abs(best.Value));
            if (again.Value < best.Value)
                best = again;
            if (!gained)
                break;
        }
        return best with { Evaluations = used };
    }

    static Minimum Once(
        PlainFunction function,
        ReadOnlySpan<double> start,
        double[] size,
        double tolerance,
        int mostEvaluations
    )
    {
        int n = start.Length;
        double expansion = 1 + 2.0 / n;
        double contraction = 0.75 - 0.5 / n;
        double shrinkage = n > 1 ? 1 - 1.0 / n : 0.5;
        var points = new double[n + 1][];
        var values = new double[n + 1];
        int evaluations = 0;
        double At(double[] point)
        {
            evaluations++;
            double value = function(point);
            return double.IsNaN(value) ? double.PositiveInfinity : value;
        }
        for (int i = 0; i <= n; i++)
        {
            points[i] = start.ToArray();
            if (i > 0)
                points[i][i - 1] += size[i - 1];
            values[i] = At(points[i]);
        }
        var centre = new double[n];
        bool converged = false;
        while (evaluations < mostEvaluations)
        {
            Array.Sort(values, points);
            converged = values[n] - values[0] <= tolerance * Math.Max(1, Math.Abs(values[0]));
            if (converged)
                break;
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int i = 0; i < n; i++)
                    sum += points[i][j];
                centre[j] = sum / n;
            }
            double[] reflected = Along(centre, points[n], -1);
            double value = At(reflected);
            if (value < values[0])
            {
                double[] far = Along(centre, points[n], -expansion);
                double farValue = At(far);
                (points[n], values[n]) = farValue < value ? (far, farValue) : (reflected, value);
                continue;
            }
            if (value < values[n - 1])
            {
                (points[n], values[n]) = (reflected, value);
                continue;
            }
            double[] near = Along(centre, points[n], value < values[n] ? -contraction : contraction);
            double nearValue = At(near);
            if (nearValue < Math.Min(value, values[n]))
            {
                (points[n], values[n]) = (near, nearValue);
                continue;
            }
            for (int i = 1; i <= n; i++)
            {
                points[i] = Along(points[0], points[i], shrinkage);
                values[i] = At(points[i]);
            }
        }
        Array.Sort(values, points);
        return new Minimum(points[0], values[0], converged, evaluations);
    }

    /// <summary>centre + factor·(point − centre).</summary>
    static double[] Along(double[] centre, double[] point, double factor)
    {
        var moved = new double[centre.Length];
        for (int j = 0; j < moved.Length; j++)
            moved[j] = centre[j] + factor * (point[j] - centre[j]);
        return moved;
    }
}
