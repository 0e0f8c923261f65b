using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Plimsoll.Numerics;

/// <summary>Cholesky factor A = UᵀU of a positive semidefinite matrix, with a guard for near singularity.</summary>
/// <remarks>
/// Right-looking by rows, eight pivot rows at a time and two target rows in flight. A pivot that is lost to rounding
/// (at most 1e-14 of its diagonal) is set to a huge number: its unknown then stays zero in a solve, which is the
/// minimum-change answer for a column that others already span.
/// </remarks>
public static class Cholesky
{
    const double LostPivot = 1e-14;
    const double HugePivot = 1e150;

    /// <summary>Factors in place; returns how many pivots were lost and replaced.</summary>
    /// <exception cref="ArgumentException">A diagonal element is not a number.</exception>
    public static int Factor(SymmetricMatrix matrix)
    {
        int n = matrix.Size;
        int lost = 0;
        Span<double> diagonal = n <= 512 ? stackalloc double[n] : new double[n];
        for (int i = 0; i < n; i++)
            diagonal[i] = matrix.Row(i)[i];
        int k = 0;
        for (; k + 8 <= n; k += 8)
        {
            lost += FactorFour(matrix, k, diagonal);
            SubtractFour(matrix, k, k + 4);
            SubtractFour(matrix, k, k + 6);
            lost += FactorFour(matrix, k + 4, diagonal);
            int row = k + 8;
            for (; row + 2 <= n; row += 2)
                SubtractEight(matrix, k, row);
            if (row < n)
                SubtractFrom(matrix, k, k + 8, row);
        }
        for (; k < n; k++)
        {
            lost += Pivot(matrix, k, diagonal[k]);
            for (int row = k + 1; row < n; row++)
                Subtract(matrix.Row(k), matrix.Row(row), row, n);
        }
        return lost;
    }

    /// <summary>Solves UᵀU·x = b in place with a factor of <see cref="Factor"/>.</summary>
    public static void Solve(SymmetricMatrix factor, Span<double> b)
    {
        int n = factor.Size;
        for (int k = 0; k < n; k++)
        {
            var row = factor.Row(k);
            double value = b[k] / row[k];
            b[k] = value;
            if (k + 1 < n)
                ColumnProducts.AddScaled(-value, row[(k + 1)..n], b[(k + 1)..n]);
        }
        for (int k = n - 1; k >= 0; k--)
        {
            var row = factor.Row(k);
            double sum = k + 1 < n ? ColumnProducts.Dot(row[(k + 1)..n], b[(k + 1)..n]) : 0;
            b[k] = (b[k] - sum) / row[k];
        }
    }

    /// <summary>Solves with rounds of iterative refinement against the matrix itself.</summary>
    /// <param name="matrix">The matrix whose factor is given.</param>
    /// <param name="factor">Its factor, perhaps with lost pivots.</param>
    /// <param name="b">Right-hand side.</param>
    /// <param name="x">Solution.</param>
    /// <param name="residual">Room for n numbers.</param>
    /// <param name="rounds">At most this many corrections; one that does not reduce the residual is not taken.</param>
    public static void SolveRefined(
        SymmetricMatrix matrix,
        SymmetricMatrix factor,
        ReadOnlySpan<double> b,
        Span<double> x,
        Span<double> residual,
        int rounds
    )
    {
        int n = matrix.Size;
        b[..n].CopyTo(x);
        Solve(factor, x[..n]);
        double before = double.PositiveInfinity;
        for (int round = 0; round < rounds; round++)
        {
            matrix.Multiply(x, residual);
            double norm = 0;
            for (int i = 0; i < n; i++)
            {
                residual[i] = b[i] - residual[i];
                norm += residual[i] * residual[i];
            }
            if (!(norm < 0.25 * before))
                return;
            before = norm;
            Solve(factor, residual[..n]);
            for (int i = 0; i < n; i++)
                x[i] += residual[i];
        }
    }

    static int Pivot(SymmetricMatrix matrix, int p, double diagonal)
    {
        var row = matrix.Row(p);
        double pivot = row[p];
        if (double.IsNaN(pivot))
            throw new ArgumentException($"element ({p}, {p}) of the matrix is not a number");
        if (pivot <= LostPivot * Math.Abs(diagonal) || pivot < 1e-290)
        {
            row[p..matrix.Size].Clear();
            row[p] = HugePivot;
            return 1;
        }
        double root = Math.Sqrt(pivot);
        row[p] = root;
        double inverse = 1 / root;
        var rest = row[(p + 1)..matrix.Size];
        ColumnProducts.Scale(inverse, rest, rest);
        return 0;
    }

    /// <summary>Four pivot rows among themselves.</summary>
    static int FactorFour(SymmetricMatrix matrix, int k, ReadOnlySpan<double> diagonal)
    {
        int lost = 0;
        for (int p = k; p < k + 4; p++)
        {
            lost += Pivot(matrix, p, diagonal[p]);
            for (int target = p + 1; target < k + 4; target++)
                Subtract(matrix.Row(p), matrix.Row(target), target, matrix.Size);
        }
        return lost;
    }

    /// <summary>All pivot rows from k to a row above, off one row.</summary>
    static void SubtractFrom(SymmetricMatrix matrix, int k, int end, int row)
    {
        for (int p = k; p < end; p++)
            Subtract(matrix.Row(p), matrix.Row(row), row, matrix.Size);
    }

    static void Subtract(ReadOnlySpan<double> pivot, Span<double> target, int from, int n)
    {
        if (pivot[from] != 0)
            ColumnProducts.AddScaled(-pivot[from], pivot[from..n], target[from..n]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void SubtractFour(SymmetricMatrix matrix, int k, int row)
    {
        ref double p0 = ref MemoryMarshal.GetReference(matrix.Row(k));
        ref double p1 = ref MemoryMarshal.GetReference(matrix.Row(k + 1));
        ref double p2 = ref MemoryMarshal.GetReference(matrix.Row(k + 2));
        ref double p3 = ref MemoryMarshal.GetReference(matrix.Row(k + 3));
        ref double t0 = ref MemoryMarshal.GetReference(matrix.Row(row));
        ref double t1 = ref MemoryMarshal.GetReference(matrix.Row(row + 1));
        var a0 = Vector512.Create(-Unsafe.Add(ref p0, row));
        var a1 = Vector512.Create(-Unsafe.Add(ref p1, row));
        var a2 = Vector512.Create(-Unsafe.Add(ref p2, row));
        var a3 = Vector512.Create(-Unsafe.Add(ref p3, row));
        var b0 = Vector512.Create(-Unsafe.Add(ref p0, row + 1));
        var b1 = Vector512.Create(-Unsafe.Add(ref p1, row + 1));
        var b2 = Vector512.Create(-Unsafe.Add(ref p2, row + 1));
        var b3 = Vector512.Create(-Unsafe.Add(ref p3, row + 1));
        nuint stride = (nuint)matrix.Stride;
        for (nuint j = (nuint)(row & ~7); j < stride; j += 8)
        {
            var v0 = Vector512.LoadUnsafe(ref p0, j);
            var v1 = Vector512.LoadUnsafe(ref p1, j);
            var v2 = Vector512.LoadUnsafe(ref p2, j);
            var v3 = Vector512.LoadUnsafe(ref p3, j);
            var s = Vector512.FusedMultiplyAdd(v0, a0, Vector512.LoadUnsafe(ref t0, j));
            var t = Vector512.FusedMultiplyAdd(v0, b0, Vector512.LoadUnsafe(ref t1, j));
            s = Vector512.FusedMultiplyAdd(v1, a1, s);
            t = Vector512.FusedMultiplyAdd(v1, b1, t);
            s = Vector512.FusedMultiplyAdd(v2, a2, s);
            t = Vector512.FusedMultiplyAdd(v2, b2, t);
            s = Vector512.FusedMultiplyAdd(v3, a3, s);
            t = Vector512.FusedMultiplyAdd(v3, b3, t);
            s.StoreUnsafe(ref t0, j);
            t.StoreUnsafe(ref t1, j);
        }
    }

    /// <summary>Eight pivot rows off two: each element takes them in ascending order, as four and four would.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void SubtractEight(SymmetricMatrix matrix, int k, int row)
    {
        nuint stride = (nuint)matrix.Stride;
        ref double p = ref MemoryMarshal.GetReference(matrix.Row(k));
        ref double t0 = ref MemoryMarshal.GetReference(matrix.Row(row));
        ref double t1 = ref Unsafe.Add(ref t0, stride);
        var a0 = Vector512.Create(-Unsafe.Add(ref p, row));
        var a1 = Vector512.Create(-Unsafe.Add(ref p, row + (int)stride));
        var a2 = Vector512.Create(-Unsafe.Add(ref p, row + 2 * (int)stride));
        var a3 = Vector512.Create(-Unsafe.Add(ref p, row + 3 * (int)stride));
        var a4 = Vector512.Create(-Unsafe.Add(ref p, row + 4 * (int)stride));
        var a5 = Vector512.Create(-Unsafe.Add(ref p, row + 5 * (int)stride));
        var a6 = Vector512.Create(-Unsafe.Add(ref p, row + 6 * (int)stride));
        var a7 = Vector512.Create(-Unsafe.Add(ref p, row + 7 * (int)stride));
        var b0 = Vector512.Create(-Unsafe.Add(ref p, row + 1));
        var b1 = Vector512.Create(-Unsafe.Add(ref p, row + 1 + (int)stride));
        var b2 = Vector512.Create(-Unsafe.Add(ref p, row + 1 + 2 * (int)stride));
        var b3 = Vector512.Create(-Unsafe.Add(ref p, row + 1 + 3 * (int)stride));
        var b4 = Vector512.Create(-Unsafe.Add(ref p, row + 1 + 4 * (int)stride));
        var b5 = Vector512.Create(-Unsafe.Add(ref p, row + 1 + 5 * (int)stride));
        var b6 = Vector512.Create(-Unsafe.Add(ref p, row + 1 + 6 * (int)stride));
        var b7 = Vector512.Create(-Unsafe.Add(ref p, row + 1 + 7 * (int)stride));
        for (nuint j = (nuint)(row & ~7); j < stride; j += 8)
        {
            var v = Vector512.LoadUnsafe(ref p, j);
            var s = Vector512.FusedMultiplyAdd(v, a0, Vector512.LoadUnsafe(ref t0, j));
            var t = Vector512.FusedMultiplyAdd(v, b0, Vector512.LoadUnsafe(ref t1, j));
            v = Vector512.LoadUnsafe(ref p, j + stride);
            s = Vector512.FusedMultiplyAdd(v, a1, s);
            t = Vector512.FusedMultiplyAdd(v, b1, t);
            v = Vector512.LoadUnsafe(ref p, j + 2 * stride);
            s = Vector512.FusedMultiplyAdd(v, a2, s);
            t = Vector512.FusedMultiplyAdd(v, b2, t);
            v = Vector512.LoadUnsafe(ref p, j + 3 * stride);
            s = Vector512.FusedMultiplyAdd(v, a3, s);
            t = Vector512.FusedMultiplyAdd(v, b3, t);
            v = Vector512.LoadUnsafe(ref p, j + 4 * stride);
            s = Vector512.FusedMultiplyAdd(v, a4, s);
            t = Vector512.FusedMultiplyAdd(v, b4, t);
            v = Vector512.LoadUnsafe(ref p, j + 5 * stride);
            s = Vector512.FusedMultiplyAdd(v, a5, s);
            t = Vector512.FusedMultiplyAdd(v, b5, t);
            v = Vector512.LoadUnsafe(ref p, j + 6 * stride);
            s = Vector512.FusedMultiplyAdd(v, a6, s);
            t = Vector512.FusedMultiplyAdd(v, b6, t);
            v = Vector512.LoadUnsafe(ref p, j + 7 * stride);
            s = Vector512.FusedMultiplyAdd(v, a7, s);
            t = Vector512.FusedMultiplyAdd(v, b7, t);
            s.StoreUnsafe(ref t0, j);
            t.StoreUnsafe(ref t1, j);
        }
    }
}
