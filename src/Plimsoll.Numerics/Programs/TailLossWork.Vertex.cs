namespace Plimsoll.Numerics;

/// <summary>Exact last digits: the vertex and its law from the rows that hold with equality.</summary>
sealed partial class TailLossWork
{
    const double Inside = 1e-6;

    /// <summary>
    /// Solves for the point and for the law over the active rows alone, by least change; both were near already.
    /// </summary>
    void Vertex(QuadraticSolution solved, DualLayout at, double[] held)
    {
        var domain = program.Domain;
        if (domain.Quadratic is not null || domain.LogWeight.Any(b => b > 0))
            return;
        int[] scenarios =
        [
            .. Enumerable
                .Range(0, at.Scenarios.Length)
                .Where(k =>
                    solved.X[k] > Inside * weights[at.Scenarios[k]] / tail
                    && solved.X[k] < (1 - Inside) * weights[at.Scenarios[k]] / tail
                ),
        ];
        int[] less = [.. Enumerable.Range(0, domain.LessRows.Length).Where(r => solved.X[at.Less + r] > Inside * unit)];
        int[] free =
        [
            .. Enumerable.Range(0, n).Where(i => x[i] - domain.Lower[i] > Inside && domain.Upper[i] - x[i] > Inside),
        ];
        int equal = domain.EqualRows.Length;
        int rowCount = scenarios.Length + equal + less.Length;
        if (rowCount == 0 || rowCount > free.Length + 1)
            return;
        // Row r over (free unknowns, quantile): a scenario on the quantile, an equal row, a less row that binds.
        var rowsOf = new double[rowCount][];
        for (int r = 0; r < rowCount; r++)
        {
            int k = r - scenarios.Length;
            rowsOf[r] =
            [
                .. free.Select(i =>
                    k < 0 ? gains[at.Scenarios[scenarios[r]], i]
                    : k < equal ? domain.EqualRows[k][i]
                    : domain.LessRows[less[k - equal]][i]
                ),
                k < 0 ? 1 : 0,
            ];
        }
        using var system = new SymmetricMatrix(rowCount);
        for (int r = 0; r < rowCount; r++)
        for (int t = r; t < rowCount; t++)
            system[r, t] = ColumnProducts.Dot(rowsOf[r], rowsOf[t]);
        if (Cholesky.Factor(system) > 0)
            return;
        MovePoint(rowsOf, system, free, scenarios, less, at);
        MoveLaw(rowsOf, system, free, scenarios, less, at, solved, held);
    }

    void MovePoint(double[][] rowsOf, SymmetricMatrix factor, int[] free, int[] scenarios, int[] less, DualLayout at)
    {
        var domain = program.Domain;
        for (int i = 0; i < n; i++)
            if (!free.Contains(i))
                x[i] = x[i] - domain.Lower[i] <= Inside ? domain.Lower[i] : domain.Upper[i];
        var right = new double[rowsOf.Length];
        for (int round = 0; round < 3; round++)
        {
            Losses(x, losses);
            for (int r = 0; r < right.Length; r++)
            {
                int k = r - scenarios.Length;
                right[r] =
                    k < 0 ? losses[at.Scenarios[scenarios[r]]] - quantile
                    : k < domain.EqualRows.Length ? domain.EqualTo[k] - ColumnProducts.Dot(domain.EqualRows[k], x)
                    : domain.LessThan[less[k - domain.EqualRows.Length]]
                        - ColumnProducts.Dot(domain.LessRows[less[k - domain.EqualRows.Length]], x);
            }
            Cholesky.Solve(factor, right);
            for (int r = 0; r < right.Length; r++)
            {
                for (int f = 0; f < free.Length; f++)
                    x[free[f]] += right[r] * rowsOf[r][f];
                quantile += right[r] * rowsOf[r][free.Length];
            }
        }
        for (int i = 0; i < n; i++)
            x[i] = Math.Clamp(x[i], domain.Lower[i], domain.Upper[i]);
        Losses(x, losses);
        Note();
    }

    void MoveLaw(
        double[][] rowsOf,
        SymmetricMatrix factor,
        int[] free,
        int[] scenarios,
        int[] less,
        DualLayout at,
        QuadraticSolution solved,
        double[] held
    )
    {
        var domain = program.Domain;
        int equal = domain.EqualRows.Length;
        double[] law = (double[])held.Clone();
        for (int k = 0; k < at.Scenarios.Length; k++)
        {
            double cap = weights[at.Scenarios[k]] / tail;
            law[at.Scenarios[k]] =
                solved.X[k] <= Inside * cap ? 0
                : solved.X[k] >= (1 - Inside) * cap ? cap
                : solved.X[k];
        }
        double[] equalPrices = solved.X[at.Equal..at.Point];
        var lessPrices = new double[domain.LessRows.Length];
        foreach (int r in less)
            lessPrices[r] = solved.X[at.Less + r];
        var miss = new double[free.Length + 1];
        var right = new double[rowsOf.Length];
        for (int round = 0; round < 3; round++)
        {
            ColumnProducts.TransposeMultiply(gains, law, slope);
            for (int f = 0; f < free.Length; f++)
            {
                int i = free[f];
                miss[f] = domain.Linear[i] - slope[i];
                for (int r = 0; r < equal; r++)
                    miss[f] += equalPrices[r] * domain.EqualRows[r][i];
                foreach (int r in less)
                    miss[f] += lessPrices[r] * domain.LessRows[r][i];
            }
            miss[free.Length] = 1 - law.Sum();
            // Scenarios enter with −gain and, in the sum, with +1; prices with their rows: a change w of (law, −prices)
            // moves
            // the misses by −Cᵀw, but for the last, which is a sum that must reach 1.
            for (int r = 0; r < right.Length; r++)
                right[r] = ColumnProducts.Dot(rowsOf[r], miss);
            Cholesky.Solve(factor, right);
            for (int r = 0; r < right.Length; r++)
            {
                int k = r - scenarios.Length;
                if (k < 0)
                    law[at.Scenarios[scenarios[r]]] += right[r];
                else if (k < equal)
                    equalPrices[k] -= right[r];
                else
                    lessPrices[less[k - equal]] -= right[r];
            }
        }
        for (int s = 0; s < rows; s++)
            if (law[s] < 0 || law[s] > weights[s] / tail * (1 + 1e-12))
                return;
        LowerBound(law, equalPrices, lessPrices, x);
    }
}
