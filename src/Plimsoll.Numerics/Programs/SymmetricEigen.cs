namespace Plimsoll.Numerics;

/// <summary>Eigenvalues, ascending, and orthonormal eigenvectors of a symmetric matrix.</summary>
/// <remarks>
/// Householder tridiagonalisation, then implicit QL with Wilkinson's shift (Golub and Van Loan 2013, Matrix
/// Computations, algorithms 8.3.1 and 8.3.3). The sign of a vector is such that its largest component, the first of
/// equals, is positive.
/// </remarks>
public sealed class SymmetricEigen
{
    const int MostShifts = 60;

    readonly double[][] rows;

    SymmetricEigen(double[] values, double[][] rows) => (Values, this.rows) = (values, rows);

    /// <summary>Eigenvalues, ascending.</summary>
    public double[] Values { get; }

    /// <summary>Eigenvector of a value.</summary>
    public ReadOnlySpan<double> Vector(int index) => rows[index];

    /// <summary>Σ f(λ_k)·v_k·v_kᵀ for given values in place of the eigenvalues.</summary>
    public SymmetricMatrix Rebuild(ReadOnlySpan<double> values)
    {
        var matrix = new SymmetricMatrix(Values.Length);
        for (int k = 0; k < values.Length; k++)
            if (values[k] != 0)
                matrix.AddOuterProduct(values[k], rows[k]);
        return matrix;
    }

    /// <summary>Decomposes.</summary>
    /// <exception cref="ArgumentException">An element is not finite.</exception>
    /// <exception cref="InvalidOperationException">A value did not converge in 60 shifts.</exception>
    public static SymmetricEigen Of(SymmetricMatrix matrix)
    {
        int n = matrix.Size;
        // q holds the transposed orthogonal matrix: each row becomes an eigenvector, so that rotations are contiguous.
        var a = new double[n][];
        for (int i = 0; i < n; i++)
        {
            a[i] = new double[n];
            for (int j = 0; j < n; j++)
                a[i][j] = matrix[i, j];
            foreach (double element in a[i])
                if (!double.IsFinite(element))
                    throw new ArgumentException($"row {i} of the matrix is not finite");
        }
        var (diagonal, off) = (new double[n], new double[n]);
        double[][] q = Tridiagonalise(a, diagonal, off);
        // Rounding of the matrix as a whole: beside eigenvalues of zero, rotations leave as much and never less.
        double negligible = 0;
        for (int i = 0; i < n; i++)
            negligible = Math.Max(negligible, 1.1e-16 * (Math.Abs(diagonal[i]) + Math.Abs(off[i])));
        for (int l = 0; l < n; l++)
            Chase(diagonal, off, q, l, negligible);
        int[] order = [.. Enumerable.Range(0, n).OrderBy(k => diagonal[k])];
        foreach (double[] vector in q)
            Orient(vector);
        return new SymmetricEigen([.. order.Select(k => diagonal[k])], [.. order.Select(k => q[k])]);
    }

    /// <summary>Reflections from the left column on; returns the rows of Qᵀ with A = Q·T·Qᵀ.</summary>
    static double[][] Tridiagonalise(double[][] a, double[] diagonal, double[] off)
    {
        int n = diagonal.Length;
        var reflectors = new List<(int From, double[] V, double Beta)>();
        for (int k = 0; k + 2 < n; k++)
        {
            var v = new double[n - k - 1];
            double norm = 0;
            for (int i = k + 1; i < n; i++)
            {
                v[i - k - 1] = a[i][k];
                norm += a[i][k] * a[i][k];
            }
            double tail = norm - v[0] * v[0];
            norm = Math.Sqrt(norm);
            if (!(tail > 0))
                continue;
            double alpha = v[0] > 0 ? -norm : norm;
            v[0] -= alpha;
            double beta = 2 / (tail + v[0] * v[0]);
            Reflect(a, k + 1, v, beta);
            a[k + 1][k] = alpha;
            a[k][k + 1] = alpha;
            for (int i = k + 2; i < n; i++)
                (a[i][k], a[k][i]) = (0, 0);
            reflectors.Add((k + 1, v, beta));
        }
        for (int i = 0; i < n; i++)
        {
            diagonal[i] = a[i][i];
            off[i] = i + 1 < n ? a[i + 1][i] : 0;
        }
        var q = new double[n][];
        for (int i = 0; i < n; i++)
        {
            q[i] = new double[n];
            q[i][i] = 1;
        }
        // Row i of Qᵀ is e_iᵀ times the reflections, the last one first.
        for (int r = reflectors.Count - 1; r >= 0; r--)
        {
            var (from, v, beta) = reflectors[r];
            for (int i = 0; i < n; i++)
            {
                var part = q[i].AsSpan(from);
                double dot = ColumnProducts.Dot(part, v);
                if (dot != 0)
                    ColumnProducts.AddScaled(-beta * dot, v, part);
            }
        }
        return q;
    }

    /// <summary>A ← H·A·H on the trailing block, H = I − beta·v·vᵀ, as a rank-two update.</summary>
    static void Reflect(double[][] a, int from, double[] v, double beta)
    {
        int m = v.Length;
        var p = new double[m];
        for (int i = 0; i < m; i++)
            p[i] = beta * ColumnProducts.Dot(a[from + i].AsSpan(from), v);
        double half = 0.5 * beta * ColumnProducts.Dot(p, v);
        for (int i = 0; i < m; i++)
            p[i] -= half * v[i];
        for (int i = 0; i < m; i++)
        {
            var row = a[from + i].AsSpan(from);
            ColumnProducts.AddScaled(-v[i], p, row);
            ColumnProducts.AddScaled(-p[i], v, row);
        }
    }

    /// <summary>Implicit QL steps until the off-diagonal element below <paramref name="l"/> is negligible.</summary>
    static void Chase(double[] d, double[] e, double[][] q, int l, double negligible)
    {
        int n = d.Length;
        for (int shift = 0; ; shift++)
        {
            int m = l;
            while (m + 1 < n && Math.Abs(e[m]) > negligible)
                m++;
            if (m == l)
                return;
            if (shift == MostShifts)
                throw new InvalidOperationException($"eigenvalue {l} did not converge");
            double g = (d[l + 1] - d[l]) / (2 * e[l]);
            double r = Hypotenuse(g, 1);
            g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
            double sine = 1,
                cosine = 1,
                p = 0;
            int i = m - 1;
            for (; i >= l; i--)
            {
                double f = sine * e[i];
                double b = cosine * e[i];
                r = Hypotenuse(f, g);
                e[i + 1] = r;
                if (r == 0)
                {
                    d[i + 1] -= p;
                    e[m] = 0;
                    break;
                }
                (sine, cosine) = (f / r, g / r);
                g = d[i + 1] - p;
                r = (d[i] - g) * sine + 2 * cosine * b;
                p = sine * r;
                d[i + 1] = g + p;
                g = cosine * r - b;
                Rotate(q[i], q[i + 1], sine, cosine);
            }
            if (r == 0 && i >= l)
                continue;
            d[l] -= p;
            e[l] = g;
            e[m] = 0;
        }
    }

    static void Rotate(double[] low, double[] high, double sine, double cosine)
    {
        for (int k = 0; k < low.Length; k++)
        {
            double f = high[k];
            high[k] = sine * low[k] + cosine * f;
            low[k] = cosine * low[k] - sine * f;
        }
    }

    static double Hypotenuse(double a, double b)
    {
        double most = Math.Max(Math.Abs(a), Math.Abs(b));
        if (most == 0)
            return 0;
        (a, b) = (a / most, b / most);
        return most * Math.Sqrt(a * a + b * b);
    }

    static void Orient(double[] vector)
    {
        int largest = 0;
        for (int k = 1; k < vector.Length; k++)
            if (Math.Abs(vector[k]) > Math.Abs(vector[largest]) + 1e-12)
                largest = k;
        if (vector[largest] < 0)
            for (int k = 0; k < vector.Length; k++)
                vector[k] = -vector[k];
    }
}
