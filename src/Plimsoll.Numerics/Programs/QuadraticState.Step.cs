namespace Plimsoll.Numerics;

/// <summary>Newton steps of the interior point.</summary>
sealed partial class QuadraticState
{
    const int Refinements = 2;

    readonly SymmetricMatrix system;
    readonly Directions allocated;
    readonly double[] inverse;
    double[][] equalSolved = [];
    double[][] freeColumns = [];
    double[][] freeSolved = [];
    SymmetricMatrix? freeBlock;
    int[] free = [];
    double equalWeight = 1;
    SymmetricMatrix? schur;

    /// <summary>Room for one direction and its right-hand sides.</summary>
    sealed class Directions(int n, int equal, int less)
    {
        public double[] X { get; } = new double[n];
        public double[] Y { get; } = new double[equal];
        public double[] S { get; } = new double[less];
        public double[] Z { get; } = new double[less];
        public double[] Lower { get; } = new double[n];
        public double[] Upper { get; } = new double[n];
        public double[] LowerTarget { get; } = new double[n];
        public double[] UpperTarget { get; } = new double[n];
        public double[] LessTarget { get; } = new double[less];
    }

    /// <summary>
    /// Factors P + bounds + GᵀWG + ρAᵀA and its Schur complement; false where it is not positive definite.
    /// </summary>
    /// <remarks>ρAᵀA changes no solution, because A·dx is given; it keeps vertices that the equal rows decide
    /// regular.</remarks>
    public bool Factor()
    {
        if (IsDiagonal)
        {
            for (int i = 0; i < n; i++)
                inverse[i] = IsFree(i) ? 0 : 1 / Barrier(i);
        }
        else
        {
            system.Clear();
            if (p is not null)
                system.CopyFrom(p);
            for (int i = 0; i < n; i++)
                system[i, i] += Barrier(i) + Proximity;
            equalWeight = 1;
            for (int r = 0; r < less; r++)
            {
                system.AddOuterProduct(z[r] / s[r], g[r]);
                equalWeight = Math.Max(equalWeight, z[r] / s[r]);
            }
            equalWeight = Math.Min(equalWeight, 1e10);
            for (int r = 0; r < equal; r++)
                system.AddOuterProduct(equalWeight, a[r]);
            if (Cholesky.Factor(system) > n / 2 && n > 1)
                return false;
        }
        equalSolved = new double[equal][];
        schur?.Dispose();
        schur = equal > 0 ? new SymmetricMatrix(equal) : null;
        for (int r = 0; r < equal; r++)
        {
            equalSolved[r] = (double[])a[r].Clone();
            SolveSystem(equalSolved[r]);
        }
        for (int r = 0; r < equal; r++)
        for (int t = r; t < equal; t++)
            schur![r, t] = ColumnProducts.Dot(a[r], equalSolved[t]) * (r == t ? 1 + 1e-14 : 1);
        if (schur is not null)
            Cholesky.Factor(schur);
        if (IsDiagonal)
            FactorFree();
        return true;
    }

    bool IsFree(int i) => double.IsInfinity(lower[i]) && double.IsInfinity(upper[i]);

    /// <summary>Unknowns without bounds of a program in standard form: a small block behind the Schur
    /// complement.</summary>
    void FactorFree()
    {
        freeColumns = [.. free.Select(i => (double[])[.. a.Select(row => row[i])])];
        freeSolved = [.. freeColumns.Select(column => (double[])column.Clone())];
        freeBlock?.Dispose();
        freeBlock = null;
        if (free.Length == 0 || schur is null)
            return;
        freeBlock = new SymmetricMatrix(free.Length);
        foreach (double[] column in freeSolved)
            Cholesky.Solve(schur, column);
        for (int f = 0; f < free.Length; f++)
        for (int t = f; t < free.Length; t++)
            freeBlock[f, t] = ColumnProducts.Dot(freeColumns[f], freeSolved[t]);
        Cholesky.Factor(freeBlock);
    }

    /// <summary>Adds the solution in standard form: the free unknowns through their block.</summary>
    void ReducedStandard(double[] right, double[] missing, Directions d)
    {
        var dy = new double[equal];
        for (int r = 0; r < equal; r++)
            dy[r] = ColumnProducts.Dot(equalSolved[r], right) - missing[r];
        if (schur is not null)
            Cholesky.Solve(schur, dy);
        if (freeBlock is not null)
        {
            var df = new double[free.Length];
            for (int f = 0; f < free.Length; f++)
                df[f] = right[free[f]] - ColumnProducts.Dot(freeColumns[f], dy);
            Cholesky.Solve(freeBlock, df);
            for (int f = 0; f < free.Length; f++)
            {
                ColumnProducts.AddScaled(df[f], freeSolved[f], dy);
                d.X[free[f]] += df[f];
            }
        }
        for (int r = 0; r < equal; r++)
        {
            ColumnProducts.AddScaled(-dy[r], a[r], right);
            d.Y[r] += dy[r];
        }
        for (int i = 0; i < n; i++)
            d.X[i] += inverse[i] * right[i];
    }

    /// <summary>Whether nothing but the barrier stands in the system: a linear program in standard form.</summary>
    bool IsDiagonal => p is null && less == 0;

    double Barrier(int i)
    {
        double barrier = 0;
        if (double.IsFinite(lower[i]))
            barrier += zLower[i] / (x[i] - lower[i]);
        if (double.IsFinite(upper[i]))
            barrier += zUpper[i] / (upper[i] - x[i]);
        return barrier;
    }

    void SolveSystem(double[] right)
    {
        if (!IsDiagonal)
            Cholesky.Solve(system, right);
        else
            for (int i = 0; i < n; i++)
                right[i] *= inverse[i];
    }

    /// <summary>A term that makes free directions of a linear program solvable; corrected by refinement.</summary>
    const double Proximity = 1e-11;

    /// <summary>Predictor: complementary products to their targets at once.</summary>
    public void Predict()
    {
        var d = allocated;
        for (int i = 0; i < n; i++)
        {
            d.LowerTarget[i] = logWeight[i];
            d.UpperTarget[i] = 0;
        }
        d.LessTarget.AsSpan().Clear();
        Solve();
    }

    /// <summary>Corrector: centring by Mehrotra's rule and the second-order term of the predictor.</summary>
    /// <param name="predicted">Share of the predictor that kept everything positive.</param>
    /// <param name="centreOnly">All products to their mean, without any progress.</param>
    public void Correct(double predicted, bool centreOnly)
    {
        var d = allocated;
        double now = 0,
            then = 0;
        int count = 0;
        for (int i = 0; i < n; i++)
        {
            if (double.IsFinite(lower[i]) && logWeight[i] == 0)
            {
                now += (x[i] - lower[i]) * zLower[i];
                then += (x[i] + predicted * d.X[i] - lower[i]) * (zLower[i] + predicted * d.Lower[i]);
                count++;
            }
            if (double.IsFinite(upper[i]))
            {
                now += (upper[i] - x[i]) * zUpper[i];
                then += (upper[i] - x[i] - predicted * d.X[i]) * (zUpper[i] + predicted * d.Upper[i]);
                count++;
            }
        }
        for (int r = 0; r < less; r++)
        {
            now += s[r] * z[r];
            then += (s[r] + predicted * d.S[r]) * (z[r] + predicted * d.Z[r]);
            count++;
        }
        double ratio =
            centreOnly ? 1
            : now > 0 ? Math.Clamp(then / now, 0, 1)
            : 0;
        double centre = count > 0 ? ratio * ratio * ratio * now / count : 0;
        // The second-order term counts as far as the predictor could go; in full it can cycle (Cartis 2009).
        double second = centreOnly ? 0 : predicted * predicted;
        for (int i = 0; i < n; i++)
        {
            double target = logWeight[i] > 0 ? logWeight[i] : centre;
            d.LowerTarget[i] = target - second * d.X[i] * d.Lower[i];
            d.UpperTarget[i] = centre + second * d.X[i] * d.Upper[i];
        }
        for (int r = 0; r < less; r++)
            d.LessTarget[r] = centre - second * d.S[r] * d.Z[r];
        Solve();
    }

    /// <summary>Largest share of the direction that keeps everything positive.</summary>
    public double StepLength(double share)
    {
        var d = allocated;
        double most = 1;
        void Keep(double value, double change)
        {
            if (change < 0 && value + most * change < (1 - share) * value)
                most = Math.Min(most, -share * value / change);
        }
        for (int i = 0; i < n; i++)
        {
            if (double.IsFinite(lower[i]))
            {
                Keep(x[i] - lower[i], d.X[i]);
                Keep(zLower[i], d.Lower[i]);
            }
            if (double.IsFinite(upper[i]))
            {
                Keep(upper[i] - x[i], -d.X[i]);
                Keep(zUpper[i], d.Upper[i]);
            }
        }
        for (int r = 0; r < less; r++)
        {
            Keep(s[r], d.S[r]);
            Keep(z[r], d.Z[r]);
        }
        return most;
    }

    /// <summary>Moves along the direction.</summary>
    public void Move(double length)
    {
        var d = allocated;
        ColumnProducts.AddScaled(length, d.X, x);
        ColumnProducts.AddScaled(length, d.Y, y);
        ColumnProducts.AddScaled(length, d.S, s);
        ColumnProducts.AddScaled(length, d.Z, z);
        ColumnProducts.AddScaled(length, d.Lower, zLower);
        ColumnProducts.AddScaled(length, d.Upper, zUpper);
        for (int i = 0; i < n; i++)
        {
            // A step to a bound within rounding must not touch it.
            if (x[i] <= lower[i])
                x[i] = Math.BitIncrement(lower[i]);
            if (x[i] >= upper[i])
                x[i] = Math.BitDecrement(upper[i]);
        }
    }

    /// <summary>The Newton direction for the given targets of the complementary products.</summary>
    void Solve()
    {
        var d = allocated;
        var right = new double[n];
        var fixedPart = new double[n];
        for (int i = 0; i < n; i++)
        {
            double value = -dual[i];
            if (double.IsFinite(lower[i]))
                value += d.LowerTarget[i] / (x[i] - lower[i]) - zLower[i];
            if (double.IsFinite(upper[i]))
                value -= d.UpperTarget[i] / (upper[i] - x[i]) - zUpper[i];
            fixedPart[i] = value;
        }
        for (int r = 0; r < less; r++)
            ColumnProducts.AddScaled(-((z[r] * lessResidual[r] + d.LessTarget[r]) / s[r] - z[r]), g[r], fixedPart);
        var missing = new double[equal];
        for (int r = 0; r < equal; r++)
            missing[r] = -equalResidual[r];
        d.X.AsSpan().Clear();
        d.Y.AsSpan().Clear();
        fixedPart.CopyTo(right.AsSpan());
        for (int round = 0; round <= Refinements; round++)
        {
            Reduced(right, missing, d);
            if (round == Refinements)
                break;
            Remainder(d, fixedPart, right, missing);
        }
        for (int r = 0; r < less; r++)
        {
            d.S[r] = -lessResidual[r] - ColumnProducts.Dot(g[r], d.X);
            d.Z[r] = (d.LessTarget[r] - z[r] * d.S[r]) / s[r] - z[r];
        }
        for (int i = 0; i < n; i++)
        {
            d.Lower[i] = double.IsFinite(lower[i])
                ? (d.LowerTarget[i] - zLower[i] * d.X[i]) / (x[i] - lower[i]) - zLower[i]
                : 0;
            d.Upper[i] = double.IsFinite(upper[i])
                ? (d.UpperTarget[i] + zUpper[i] * d.X[i]) / (upper[i] - x[i]) - zUpper[i]
                : 0;
        }
    }

    /// <summary>Adds the solution of [K Aᵀ; A 0]·(dx, dy) = (right, missing) to the direction.</summary>
    void Reduced(double[] right, double[] missing, Directions d)
    {
        if (IsDiagonal)
        {
            ReducedStandard(right, missing, d);
            return;
        }
        for (int r = 0; r < equal; r++)
            ColumnProducts.AddScaled(equalWeight * missing[r], a[r], right);
        SolveSystem(right);
        if (schur is not null)
        {
            var dy = new double[equal];
            for (int r = 0; r < equal; r++)
                dy[r] = ColumnProducts.Dot(a[r], right) - missing[r];
            Cholesky.Solve(schur, dy);
            for (int r = 0; r < equal; r++)
            {
                ColumnProducts.AddScaled(-dy[r], equalSolved[r], right);
                d.Y[r] += dy[r];
            }
        }
        for (int i = 0; i < n; i++)
            d.X[i] += right[i];
    }

    /// <summary>What the true system leaves of the right-hand sides.</summary>
    void Remainder(Directions d, double[] fixedPart, double[] right, double[] missing)
    {
        right.AsSpan().Clear();
        p?.Multiply(d.X, right);
        for (int i = 0; i < n; i++)
            right[i] = fixedPart[i] - right[i] - Barrier(i) * d.X[i];
        for (int r = 0; r < less; r++)
            ColumnProducts.AddScaled(-z[r] / s[r] * ColumnProducts.Dot(g[r], d.X), g[r], right);
        for (int r = 0; r < equal; r++)
        {
            ColumnProducts.AddScaled(-d.Y[r], a[r], right);
            missing[r] = -equalResidual[r] - ColumnProducts.Dot(a[r], d.X);
        }
    }
}
