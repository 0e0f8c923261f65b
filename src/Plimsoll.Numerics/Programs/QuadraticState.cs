namespace Plimsoll.Numerics;

/// <summary>Iterate of <see cref="QuadraticSolver"/> in equilibrated units: x = scale·v.</summary>
sealed partial class QuadraticState
{
    const double FixedWidth = 1e-13;

    readonly QuadraticProgram program;
    readonly int n;
    readonly int equal;
    readonly int less;
    readonly double[] scale;
    readonly double objectiveScale;
    readonly SymmetricMatrix? p;
    readonly double[] q;
    readonly double[] logWeight;
    readonly double[] lower;
    readonly double[] upper;
    readonly double[][] a;
    readonly double[] e;
    readonly double[] aScale;
    readonly double[][] g;
    readonly double[] h;
    readonly double[] gScale;

    readonly double[] x;
    readonly double[] y;
    readonly double[] s;
    readonly double[] z;
    readonly double[] zLower;
    readonly double[] zUpper;

    readonly double[] remembered;
    readonly double[] dual;
    readonly double[] equalResidual;
    readonly double[] lessResidual;
    readonly double[] px;

    public QuadraticState(QuadraticProgram program)
    {
        this.program = program;
        (n, equal, less) = (program.Size, program.EqualRows.Length, program.LessRows.Length);
        scale = Equilibrium.Columns(program);
        (a, e, aScale) = Equilibrium.Rows(program.EqualRows, program.EqualTo, scale);
        (g, h, gScale) = Equilibrium.Rows(program.LessRows, program.LessThan, scale);
        q = new double[n];
        (lower, upper, logWeight) = (new double[n], new double[n], new double[n]);
        double most = 0;
        for (int i = 0; i < n; i++)
        {
            q[i] = program.Linear[i] * scale[i];
            most = Math.Max(most, Math.Abs(q[i]));
            (lower[i], upper[i]) = (program.Lower[i] / scale[i], program.Upper[i] / scale[i]);
            // A fixed unknown keeps a hair of room, so that its multiplier stays finite.
            double room = FixedWidth * (1 + Math.Abs(lower[i]));
            if (upper[i] - lower[i] < room)
                (lower[i], upper[i]) = (lower[i] - room, upper[i] + room);
            logWeight[i] = program.LogWeight.Length > 0 ? program.LogWeight[i] : 0;
        }
        if (program.Quadratic is { } matrix)
        {
            p = new SymmetricMatrix(n);
            for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
            {
                double element = matrix[i, j] * scale[i] * scale[j];
                p[i, j] = element;
                most = Math.Max(most, Math.Abs(element));
            }
        }
        foreach (double weight in logWeight)
            most = Math.Max(most, weight);
        objectiveScale = most > 0 ? 1 / most : 1;
        for (int i = 0; i < n; i++)
        {
            q[i] *= objectiveScale;
            logWeight[i] *= objectiveScale;
            for (int j = i; p is not null && j < n; j++)
                p[i, j] *= objectiveScale;
        }
        (x, y, s, z) = (new double[n], new double[equal], new double[less], new double[less]);
        (zLower, zUpper) = (new double[n], new double[n]);
        remembered = new double[3 * n + equal + 2 * less];
        (dual, px) = (new double[n], new double[n]);
        (equalResidual, lessResidual) = (new double[equal], new double[less]);
        system = new SymmetricMatrix(IsDiagonal ? 0 : n);
        inverse = new double[n];
        free = [.. Enumerable.Range(0, n).Where(IsFree)];
        allocated = new Directions(n, equal, less);
        Start();
    }

    /// <summary>Largest relative residual of primal and dual feasibility.</summary>
    public double Residual { get; private set; }

    /// <summary>Sum of complementary products, in the objective's own unit.</summary>
    public double Gap { get; private set; }

    /// <summary>What must fall below the tolerance.</summary>
    public double Error { get; private set; }

    /// <summary>The point of the box nearest to 0, as far from its ends as the right-hand sides are large.</summary>
    void Start()
    {
        double offset = Math.Max(1, Math.Max(Most(e), Most(h)));
        for (int i = 0; i < n; i++)
        {
            bool low = double.IsFinite(lower[i]);
            bool high = double.IsFinite(upper[i]);
            double room = Math.Min(offset, 0.5 * (upper[i] - lower[i]));
            x[i] = Math.Min(Math.Max(0, lower[i] + room), upper[i] - room);
            zLower[i] = low ? Math.Max(1, logWeight[i]) : 0;
            zUpper[i] = high ? 1 : 0;
        }
        for (int r = 0; r < less; r++)
        {
            double room = h[r] - ColumnProducts.Dot(g[r], x);
            s[r] = Math.Max(1, room);
            z[r] = 1;
        }
    }

    /// <summary>Keeps the iterate, for <see cref="Recall"/>.</summary>
    public void Remember()
    {
        var rest = remembered.AsSpan();
        foreach (double[] part in Iterate)
        {
            part.CopyTo(rest);
            rest = rest[part.Length..];
        }
    }

    /// <summary>Goes back to the iterate that was kept; it must have been.</summary>
    public void Recall()
    {
        var rest = remembered.AsSpan();
        foreach (double[] part in Iterate)
        {
            rest[..part.Length].CopyTo(part);
            rest = rest[part.Length..];
        }
    }

    double[][] Iterate => [x, y, s, z, zLower, zUpper];

    /// <summary>Residuals at the iterate.</summary>
    public void Evaluate()
    {
        px.AsSpan().Clear();
        p?.Multiply(x, px);
        double dualSize = 1,
            primalSize = 1;
        for (int i = 0; i < n; i++)
        {
            dual[i] = px[i] + q[i] - zLower[i] + zUpper[i];
            dualSize = Math.Max(dualSize, Math.Max(Math.Abs(px[i]), Math.Abs(q[i])));
        }
        for (int r = 0; r < equal; r++)
        {
            ColumnProducts.AddScaled(y[r], a[r], dual);
            equalResidual[r] = ColumnProducts.Dot(a[r], x) - e[r];
            primalSize = Math.Max(primalSize, Math.Abs(e[r]));
        }
        for (int r = 0; r < less; r++)
        {
            ColumnProducts.AddScaled(z[r], g[r], dual);
            lessResidual[r] = ColumnProducts.Dot(g[r], x) + s[r] - h[r];
            primalSize = Math.Max(primalSize, Math.Abs(h[r]));
        }
        double primal = Math.Max(Most(equalResidual), Most(lessResidual)) / primalSize;
        double gap = 0;
        for (int r = 0; r < less; r++)
            gap += s[r] * z[r];
        for (int i = 0; i < n; i++)
        {
            if (double.IsFinite(lower[i]))
                gap += Math.Abs((x[i] - lower[i]) * zLower[i] - logWeight[i]);
            if (double.IsFinite(upper[i]))
                gap += (upper[i] - x[i]) * zUpper[i];
        }
        double value = 1 + Math.Abs(0.5 * ColumnProducts.Dot(px, x)) + Math.Abs(ColumnProducts.Dot(q, x));
        Residual = Math.Max(primal, Most(dual) / dualSize);
        Gap = gap / objectiveScale;
        Error = Math.Max(Residual, gap / value);
    }

    /// <summary>A proof that no point exists, or that the objective falls without end; null without one.</summary>
    public string? Infeasible()
    {
        double norm = 1e-300;
        for (int r = 0; r < equal; r++)
            norm = Math.Max(norm, Math.Abs(y[r]));
        for (int r = 0; r < less; r++)
            norm = Math.Max(norm, z[r]);
        double largest = Most(x);
        if (norm > 1e7)
        {
            var combined = new double[n];
            double right = 0,
                spread = 0;
            for (int r = 0; r < equal; r++)
            {
                ColumnProducts.AddScaled(y[r] / norm, a[r], combined);
                right += y[r] / norm * e[r];
            }
            for (int r = 0; r < less; r++)
            {
                ColumnProducts.AddScaled(z[r] / norm, g[r], combined);
                right += z[r] / norm * h[r];
            }
            // Least of combined·x over the box; above the right-hand side no x meets all rows.
            for (int i = 0; i < n; i++)
            {
                double end = combined[i] > 0 ? lower[i] : upper[i];
                if (double.IsFinite(end))
                    right -= combined[i] * end;
                else
                    spread = Math.Max(spread, Math.Abs(combined[i]));
            }
            if (right < -1e-9 && spread < 1e-7)
                return QuadraticSolver.NoPoint;
        }
        if (largest > 1e10)
        {
            double fall = ColumnProducts.Dot(q, x) / largest;
            double curve = ColumnProducts.Dot(px, x) / largest / largest;
            double off = Math.Max(Most(equalResidual), Most(lessResidual)) / largest;
            if (fall < 1e-12 && curve < 1e-9 && off < 1e-7)
                return "the objective falls without end";
        }
        return null;
    }

    /// <summary>The point in the program's own units.</summary>
    public QuadraticSolution Solution(SolverReport report)
    {
        var point = new double[n];
        for (int i = 0; i < n; i++)
            point[i] = Math.Clamp(scale[i] * x[i], program.Lower[i], program.Upper[i]);
        var (low, high) = (new double[n], new double[n]);
        for (int i = 0; i < n; i++)
        {
            low[i] = zLower[i] / objectiveScale / scale[i];
            high[i] = zUpper[i] / objectiveScale / scale[i];
        }
        double[] equalPrices = [.. y.Select((value, r) => value / objectiveScale * aScale[r])];
        double[] lessPrices = [.. z.Select((value, r) => value / objectiveScale * gScale[r])];
        system.Dispose();
        p?.Dispose();
        return new QuadraticSolution(report, point, program.Objective(point), equalPrices, lessPrices, low, high);
    }

    static double Most(double[] values)
    {
        double most = 0;
        foreach (double value in values)
            if (!(Math.Abs(value) <= most))
                most = Math.Abs(value);
        return most;
    }
}
