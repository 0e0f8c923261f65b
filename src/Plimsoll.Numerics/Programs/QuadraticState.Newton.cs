namespace Plimsoll.Numerics;

/// <content>The Newton system: its factor, and a direction for given right sides.</content>
sealed partial class QuadraticState
{
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
