namespace Plimsoll.Numerics.Tests;

/// <summary>Least value of a small program by trying every set of active constraints: slow, and shares no code.</summary>
static class ActiveSets
{
    const double Slack = 1e-9;

    /// <summary>The least value; null when no point meets all constraints.</summary>
    public static double? Least(QuadraticProgram program)
    {
        int n = program.Size;
        var inequalities = new List<(double[] Row, double Right)>();
        for (int i = 0; i < n; i++)
        {
            var row = new double[n];
            row[i] = 1;
            inequalities.Add((row, program.Upper[i]));
            inequalities.Add(([.. row.Select(v => -v)], -program.Lower[i]));
        }
        for (int r = 0; r < program.LessRows.Length; r++)
            inequalities.Add((program.LessRows[r], program.LessThan[r]));
        double? least = null;
        for (int set = 0; set < 1 << inequalities.Count; set++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)set) > n - program.EqualRows.Length)
                continue;
            var rows = program.EqualRows.Zip(program.EqualTo).ToList();
            for (int k = 0; k < inequalities.Count; k++)
                if ((set >> k & 1) == 1)
                    rows.Add((inequalities[k].Row, inequalities[k].Right));
            if (Stationary(program, rows) is not { } x)
                continue;
            bool inside =
                inequalities.All(row => Dot(row.Row, x) <= row.Right + Slack)
                && program.EqualRows.Zip(program.EqualTo).All(row => Math.Abs(Dot(row.First, x) - row.Second) < Slack);
            if (inside)
                least = Math.Min(least ?? double.PositiveInfinity, program.Objective(x));
        }
        return least;
    }

    /// <summary>Solution of [P Rᵀ; R 0] by Gauss elimination with full pivoting; null where it is singular.</summary>
    static double[]? Stationary(QuadraticProgram program, List<(double[] Row, double Right)> rows)
    {
        int n = program.Size,
            m = n + rows.Count;
        var a = new double[m, m + 1];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                a[i, j] = program.Quadratic is null ? 0 : program.Quadratic[i, j];
            a[i, m] = -program.Linear[i];
            for (int r = 0; r < rows.Count; r++)
                (a[i, n + r], a[n + r, i]) = (rows[r].Row[i], rows[r].Row[i]);
        }
        for (int r = 0; r < rows.Count; r++)
            a[n + r, m] = rows[r].Right;
        var column = Enumerable.Range(0, m).ToArray();
        for (int k = 0; k < m; k++)
        {
            var (pr, pc, most) = (k, k, 0.0);
            for (int i = k; i < m; i++)
            for (int j = k; j < m; j++)
                if (Math.Abs(a[i, j]) > most)
                    (pr, pc, most) = (i, j, Math.Abs(a[i, j]));
            if (most < 1e-11)
                return null;
            for (int j = 0; j <= m; j++)
                (a[k, j], a[pr, j]) = (a[pr, j], a[k, j]);
            for (int i = 0; i < m; i++)
                (a[i, k], a[i, pc]) = (a[i, pc], a[i, k]);
            (column[k], column[pc]) = (column[pc], column[k]);
            for (int i = 0; i < m; i++)
            {
                double factor = i == k ? 0 : a[i, k] / a[k, k];
                for (int j = k; factor != 0 && j <= m; j++)
                    a[i, j] -= factor * a[k, j];
            }
        }
        var x = new double[n];
        for (int k = 0; k < m; k++)
            if (column[k] < n)
                x[column[k]] = a[k, m] / a[k, k];
        return x;
    }

    static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
