namespace Plimsoll.Numerics.Tests;

/// <summary>
/// A slow solver that shares nothing with the fast one: the ellipsoid method with deep cuts (Bland, Goldfarb and Todd
/// 1981) on the plain definitions. It keeps the best point that meets every limit exactly.
/// </summary>
sealed class EllipsoidSolver(ConvexProgram program)
{
    const int StepsPerSquare = 60;

    readonly NaiveProgram naive = new(program);
    readonly int[] free =
    [
        .. Enumerable.Range(0, program.Lower.Length).Where(i => program.Upper[i] > program.Lower[i]),
    ];

    /// <summary>Largest objective of a feasible point that was met; −∞ where none was.</summary>
    public double Best { get; private set; } = double.NegativeInfinity;

    public EllipsoidSolver Run()
    {
        // The method needs two dimensions: a second one that does nothing stands in where there is one.
        int n = Math.Max(2, free.Length);
        var x = new double[n];
        var shape = new double[n, n];
        for (int i = 0; i < n; i++)
            shape[i, i] = n;
        for (int step = 0; step < StepsPerSquare * (n + 1) * (n + 1); step++)
        {
            var (gradient, depth) = Cut(x);
            if (!Shrink(x, shape, gradient, depth))
                break;
        }
        return this;
    }

    double Half(int i) => 0.5 * (program.Upper[i] - program.Lower[i]);

    double[] Position(double[] x)
    {
        var q = (double[])program.Lower.Clone();
        for (int f = 0; f < free.Length; f++)
            q[free[f]] = program.Lower[free[f]] + Half(free[f]) * (1 + x[f]);
        return q;
    }

    /// <summary>A half space that holds every better point: gradient·(z − x) + depth ≤ 0.</summary>
    (double[] Gradient, double Depth) Cut(double[] x)
    {
        var gradient = new double[x.Length];
        for (int f = 0; f < x.Length; f++)
            if (Math.Abs(x[f]) > 1)
            {
                gradient[f] = Math.Sign(x[f]);
                return (gradient, Math.Abs(x[f]) - 1);
            }
        double[] q = Position(x);
        foreach (var limit in program.Constraints)
        {
            double value = naive.Value(limit, q, []);
            if (value <= limit.Limit)
                continue;
            var (slope, depth) = double.IsFinite(value)
                ? (naive.Gradient(limit, q), value - limit.Limit)
                : naive.Ruin(((DrawdownConstraint)limit).Value, ((DrawdownConstraint)limit).Weights, q);
            return (Free(slope), depth);
        }
        double objective = naive.Objective(q, []);
        if (double.IsNegativeInfinity(objective))
        {
            var growth = (GrowthObjective)program.Objective;
            var (slope, depth) = naive.Ruin(growth.Value, growth.Weights, q);
            return (Free(slope), depth);
        }
        Best = Math.Max(Best, objective);
        return (Free([.. naive.ObjectiveGradient(q).Select(g => -g)]), Best - objective);
    }

    double[] Free(double[] slope)
    {
        var gradient = new double[Math.Max(2, free.Length)];
        for (int f = 0; f < free.Length; f++)
            gradient[f] = slope[free[f]] * Half(free[f]);
        return gradient;
    }

    static bool Shrink(double[] x, double[,] shape, double[] gradient, double depth)
    {
        int n = x.Length;
        var along = new double[n];
        double square = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                along[i] += shape[i, j] * gradient[j];
            square += along[i] * gradient[i];
        }
        double width = Math.Sqrt(square);
        double alpha = depth / width;
        if (!(width > 1e-15) || !(alpha < 1))
            return false;
        double move = (1 + n * alpha) / (n + 1);
        double grow = n * n / (n * n - 1.0) * (1 - alpha * alpha);
        double flatten = 2 * (1 + n * alpha) / ((n + 1) * (1 + alpha));
        for (int i = 0; i < n; i++)
        {
            x[i] -= move * along[i] / width;
            for (int j = 0; j < n; j++)
                shape[i, j] = grow * (shape[i, j] - flatten * along[i] * along[j] / square);
        }
        return true;
    }
}
