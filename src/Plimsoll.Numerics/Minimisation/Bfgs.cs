namespace Plimsoll.Numerics;

/// <summary>Unconstrained minimum of a smooth function of a few variables.</summary>
/// <remarks>
/// BFGS with the inverse Hessian kept (Nocedal and Wright, Numerical Optimization (2006), algorithm 6.1 and scaling
/// 6.20), and a bracketing line search for the Wolfe conditions by bisection (Lewis and Overton, Mathematical
/// Programming 141 (2013), algorithm 2.6), which stands NaN outside the domain and kinks. Deterministic.
/// </remarks>
public static class Bfgs
{
    const double Decrease = 1e-4;
    const double Curvature = 0.9;

    /// <summary>Searches from a point.</summary>
    /// <param name="function">Value and gradient.</param>
    /// <param name="start">Inside the domain.</param>
    /// <param name="tolerance">Stops when the largest gradient entry is below this times max(1, |value|).</param>
    /// <param name="mostSteps">Line searches at most.</param>
    /// <exception cref="ArgumentException">The function is not finite at the start.</exception>
    public static Minimum Minimise(
        SmoothFunction function,
        ReadOnlySpan<double> start,
        double tolerance = 1e-8,
        int mostSteps = 500
    )
    {
        int n = start.Length;
        double[] x = start.ToArray();
        var (g, next, gNext, direction) = (new double[n], new double[n], new double[n], new double[n]);
        var inverse = Identity(n);
        double value = function(x, g);
        if (!double.IsFinite(value))
            throw new ArgumentException("the function is not finite at the start", nameof(start));
        int evaluations = 1;
        bool isFresh = true;
        for (int step = 0; step < mostSteps; step++)
        {
            if (Largest(g) <= tolerance * Math.Max(1, Math.Abs(value)))
                return new Minimum(x, value, true, evaluations);
            double slope = Direct(inverse, g, direction);
            if (!(slope < 0))
            {
                inverse = Identity(n);
                isFresh = true;
                slope = Direct(inverse, g, direction);
            }
            double first = isFresh ? Math.Min(1, 1 / Largest(g)) : 1;
            double found = Search(function, x, value, slope, direction, first, next, gNext, ref evaluations);
            if (!(found < value))
            {
                if (isFresh)
                    return new Minimum(x, value, Largest(g) <= 1e3 * tolerance * Scale(value), evaluations);
                inverse = Identity(n);
                isFresh = true;
                continue;
            }
            Update(inverse, x, next, g, gNext, isFresh);
            isFresh = false;
            (x, next) = (next, x);
            (g, gNext) = (gNext, g);
            value = found;
        }
        return new Minimum(x, value, false, evaluations);
    }

    static double Scale(double value) => Math.Max(1, Math.Abs(value));

    /// <summary>
    /// A step that meets both conditions of Wolfe; the point and gradient there are left in the spans.
    /// </summary>
    static double Search(
        SmoothFunction function,
        double[] x,
        double value,
        double slope,
        double[] direction,
        double step,
        double[] point,
        double[] gradient,
        ref int evaluations
    )
    {
        var (low, high) = (0.0, double.PositiveInfinity);
        double best = double.PositiveInfinity;
        for (int n = 0; n < 60; n++)
        {
            for (int i = 0; i < x.Length; i++)
                point[i] = x[i] + step * direction[i];
            best = function(point, gradient);
            evaluations++;
            if (!(best <= value + Decrease * step * slope))
                high = step;
            else if (Dot(gradient, direction) < Curvature * slope)
                low = step;
            else
                return best;
            step = double.IsInfinity(high) ? 2 * step : 0.5 * (low + high);
            if (high - low < 1e-14 * high)
                break;
        }
        return best;
    }

    static void Update(double[,] inverse, double[] x, double[] next, double[] g, double[] gNext, bool isFresh)
    {
        int n = x.Length;
        var (s, y, hy) = (new double[n], new double[n], new double[n]);
        for (int i = 0; i < n; i++)
            (s[i], y[i]) = (next[i] - x[i], gNext[i] - g[i]);
        double sy = Dot(s, y);
        double yy = Dot(y, y);
        if (!(sy > 1e-12 * Math.Sqrt(yy * Dot(s, s))))
            return;
        if (isFresh)
            for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                inverse[i, j] = i == j ? sy / yy : 0;
        double yhy = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                hy[i] += inverse[i, j] * y[j];
            yhy += y[i] * hy[i];
        }
        for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            inverse[i, j] += (1 + yhy / sy) * s[i] * s[j] / sy - (hy[i] * s[j] + s[i] * hy[j]) / sy;
    }

    static double Direct(double[,] inverse, double[] g, double[] direction)
    {
        double slope = 0;
        for (int i = 0; i < g.Length; i++)
        {
            double sum = 0;
            for (int j = 0; j < g.Length; j++)
                sum -= inverse[i, j] * g[j];
            direction[i] = sum;
            slope += sum * g[i];
        }
        return slope;
    }

    static double[,] Identity(int n)
    {
        var matrix = new double[n, n];
        for (int i = 0; i < n; i++)
            matrix[i, i] = 1;
        return matrix;
    }

    static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    static double Largest(double[] g)
    {
        double largest = 0;
        foreach (double part in g)
            largest = Math.Abs(part) <= largest ? largest : Math.Abs(part);
        return largest;
    }
}
