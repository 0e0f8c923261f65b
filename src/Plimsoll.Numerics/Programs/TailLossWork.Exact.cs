namespace Plimsoll.Numerics;

/// <summary>The last step: the law of the tail over the few scenarios near the quantile.</summary>
sealed partial class TailLossWork
{
    const int LeastNear = 60;

    bool[] near = [];

    /// <summary>
    /// Solves exactly over the scenarios near the quantile, the others held on their side; false when that fails.
    /// </summary>
    public bool Exact(out string reason)
    {
        bestX.CopyTo(x, 0);
        Losses(x, losses);
        if (near.Length == 0)
        {
            quantile = Quantile();
            near = Nearest(Math.Min(rows, Math.Max(LeastNear, 4 * (n + 1))));
        }
        var layout = new DualLayout(program.Domain, [.. Enumerable.Range(0, rows).Where(s => near[s])]);
        var held = new double[rows];
        double left = 1;
        for (int s = 0; s < rows; s++)
            if (!near[s] && losses[s] > quantile)
            {
                held[s] = weights[s] / tail;
                left -= held[s];
            }
        if (left <= 0 || left >= layout.Scenarios.Sum(s => weights[s] / tail))
        {
            // The quantile lies outside the scenarios taken: take more.
            near = Nearest(Math.Min(rows, 4 * layout.Scenarios.Length));
            reason = "the tail could not be told from the rest";
            return layout.Scenarios.Length < rows;
        }
        var solved = QuadraticSolver.Solve(Dual(layout, held, left), 1e-13);
        reason = solved.Report.Reason;
        if (!solved.Report.Converged)
            return false;
        for (int i = 0; i < n; i++)
            x[i] = Math.Clamp(-solved.EqualPrices[i], program.Domain.Lower[i], program.Domain.Upper[i]);
        quantile = solved.EqualPrices[n];
        Losses(x, losses);
        Note();
        Take(solved, layout, held);
        Vertex(solved, layout, held);
        int added = 0;
        for (int s = 0; s < rows; s++)
        {
            bool above = held[s] > 0;
            if (near[s] || (above ? losses[s] >= quantile : losses[s] <= quantile))
                continue;
            near[s] = true;
            added++;
        }
        reason = "";
        return added > 0;
    }

    /// <summary>The scenarios whose losses are nearest to the quantile.</summary>
    bool[] Nearest(int count)
    {
        var order = new int[rows];
        var distance = new double[rows];
        for (int s = 0; s < rows; s++)
            (order[s], distance[s]) = (s, Math.Abs(losses[s] - quantile));
        Array.Sort(distance, order);
        var chosen = new bool[rows];
        for (int k = 0; k < count; k++)
            chosen[order[k]] = true;
        return chosen;
    }

    /// <summary>
    /// Unknowns of the dual: shares of the near scenarios, prices of lower and upper bounds, of less rows, of equal
    /// rows, and the
    /// point of the quadratic term.
    /// </summary>
    sealed class DualLayout
    {
        public DualLayout(QuadraticProgram domain, int[] scenarios)
        {
            Scenarios = scenarios;
            Lowers = [.. Enumerable.Range(0, domain.Size).Where(i => double.IsFinite(domain.Lower[i]))];
            Uppers = [.. Enumerable.Range(0, domain.Size).Where(i => double.IsFinite(domain.Upper[i]))];
            Lower = scenarios.Length;
            Upper = Lower + Lowers.Length;
            Less = Upper + Uppers.Length;
            Equal = Less + domain.LessRows.Length;
            Point = Equal + domain.EqualRows.Length;
            Count = Point + (domain.Quadratic is null ? 0 : domain.Size);
        }

        public int[] Scenarios { get; }
        public int[] Lowers { get; }
        public int[] Uppers { get; }
        public int Lower { get; }
        public int Upper { get; }
        public int Less { get; }
        public int Equal { get; }
        public int Point { get; }
        public int Count { get; }
    }

    /// <summary>
    /// min Σ y·base + eᵀν + hᵀλ − lᵀα + uᵀβ + ½wᵀPw − Σ b·log α with −Mᵀy + Aᵀν + Gᵀλ + Pw − α + β = −c + Mᵀ(held).
    /// </summary>
    QuadraticProgram Dual(DualLayout at, double[] held, double left)
    {
        var domain = program.Domain;
        var linear = new double[at.Count];
        var (low, high, logarithm) = (new double[at.Count], new double[at.Count], new double[at.Count]);
        Array.Fill(high, double.PositiveInfinity);
        Array.Fill(low, double.NegativeInfinity, at.Equal, at.Count - at.Equal);
        var rowsOf = new double[n + 1][];
        for (int i = 0; i <= n; i++)
            rowsOf[i] = new double[at.Count];
        for (int k = 0; k < at.Scenarios.Length; k++)
        {
            int s = at.Scenarios[k];
            linear[k] = program.Base.Length > 0 ? program.Base[s] : 0;
            high[k] = Math.Max(weights[s] / tail, 1e-300);
            rowsOf[n][k] = 1;
        }
        for (int i = 0; i < n; i++)
        {
            var column = gains.Column(i);
            for (int k = 0; k < at.Scenarios.Length; k++)
                rowsOf[i][k] = -column[at.Scenarios[k]];
            for (int r = 0; r < domain.LessRows.Length; r++)
                rowsOf[i][at.Less + r] = domain.LessRows[r][i];
            for (int r = 0; r < domain.EqualRows.Length; r++)
                rowsOf[i][at.Equal + r] = domain.EqualRows[r][i];
            for (int j = 0; j < n && domain.Quadratic is not null; j++)
                rowsOf[i][at.Point + j] = domain.Quadratic[i, j];
        }
        for (int k = 0; k < at.Lowers.Length; k++)
        {
            int i = at.Lowers[k];
            rowsOf[i][at.Lower + k] = -1;
            linear[at.Lower + k] = -domain.Lower[i];
            logarithm[at.Lower + k] = domain.LogWeight.Length > 0 ? domain.LogWeight[i] : 0;
        }
        for (int k = 0; k < at.Uppers.Length; k++)
        {
            rowsOf[at.Uppers[k]][at.Upper + k] = 1;
            linear[at.Upper + k] = domain.Upper[at.Uppers[k]];
        }
        domain.LessThan.CopyTo(linear, at.Less);
        domain.EqualTo.CopyTo(linear, at.Equal);
        ColumnProducts.TransposeMultiply(gains, held, slope);
        double[] right = [.. slope.Select((value, i) => value - domain.Linear[i]), left];
        SymmetricMatrix? quadratic = null;
        if (domain.Quadratic is { } own)
        {
            quadratic = new SymmetricMatrix(at.Count);
            for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
                quadratic[at.Point + i, at.Point + j] = own[i, j];
        }
        return new QuadraticProgram
        {
            Quadratic = quadratic,
            Linear = linear,
            LogWeight = logarithm,
            Lower = low,
            Upper = high,
            EqualRows = rowsOf,
            EqualTo = right,
        };
    }

    void Take(QuadraticSolution solved, DualLayout at, double[] held)
    {
        var dual = (double[])held.Clone();
        for (int k = 0; k < at.Scenarios.Length; k++)
            dual[at.Scenarios[k]] = solved.X[k];
        double sum = dual.Sum();
        if (sum > 1)
            for (int s = 0; s < rows; s++)
                dual[s] /= sum;
        double[] equalPrices = solved.X[at.Equal..at.Point];
        double[] lessPrices = solved.X[at.Less..at.Equal];
        LowerBound(dual, equalPrices, lessPrices, at.Point < at.Count ? solved.X[at.Point..] : x);
    }
}
