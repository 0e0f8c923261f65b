namespace Plimsoll.Numerics;

/// <summary>min over x &gt; 0 of ½·xᵀSx − Σ b_i·log x_i, whose solution has x_i·(Sx)_i = b_i.</summary>
/// <remarks>
/// Damped Newton in relative steps u = dx/x: while max|u| is above 0.3 the step ends where the objective is least along
/// it,
/// which is inside the orthant because of the logarithms, and is full after (Spinu 2013 damps by self-concordance; the
/// line's exact minimum costs n more and saves steps). S enters by its correlation and b by its shares: scale changes
/// nothing. Up to a few hundred unknowns the system is factored, above it is solved by conjugate gradients, which the
/// barrier's diagonal keeps short. Singular S is no obstacle unless some positive x has xᵀSx = 0; then the minimum
/// is −∞ and the report says so.
/// </remarks>
public static class BarrierQuadratic
{
    const int MostSteps = 200;
    const int LargestFactored = 256;
    const double FullStep = 0.3;
    const double Runaway = 1e9;

    /// <summary>Amounts beyond which a lost pivot is rounding beside their squares and no negative direction.</summary>
    const double Grown = 1e4;

    /// <summary>Why there is no minimum where some amounts cancel one another.</summary>
    public const string Riskless = "a combination with positive amounts has no square term: there is no minimum";

    /// <summary>Solves.</summary>
    /// <param name="s">Symmetric, positive semidefinite, positive on the diagonal.</param>
    /// <param name="b">Positive weights of the logarithms.</param>
    /// <param name="x">Receives the solution; zeros after a refusal.</param>
    /// <param name="tolerance">On max |x_i·(Sx)_i − b_i|/(b_i + S_ii·x_i²).</param>
    public static SolverReport Solve(
        SymmetricMatrix s,
        ReadOnlySpan<double> b,
        Span<double> x,
        double tolerance = 1e-12
    )
    {
        int n = s.Size;
        if (b.Length != n || x.Length != n)
            throw new ArgumentException($"{b.Length} weights and {x.Length} unknowns for a matrix of size {n}");
        x.Clear();
        double total = 0;
        for (int i = 0; i < n; i++)
        {
            if (!(b[i] > 0) || !double.IsFinite(b[i]))
                return Refused(0, FormattableString.Invariant($"weight {i} is {b[i]}: it must be positive"));
            if (!(s[i, i] > 0) || !double.IsFinite(s[i, i]))
                return Refused(0, FormattableString.Invariant($"unknown {i} has no square term of its own"));
            total += b[i];
        }
        using var work = new BarrierQuadraticWork(s, b, total);
        double before = double.PositiveInfinity;
        for (int step = 0; step < MostSteps; step++)
        {
            double residual = work.Residual();
            bool stalled = residual <= 1e-10 && residual > 0.5 * before;
            before = residual;
            if (residual <= tolerance || stalled)
            {
                work.Unscale(x);
                return new SolverReport(true, step, residual, 0.5 * total * work.Decrement());
            }
            if (!work.Direction(n <= LargestFactored, Math.Min(0.1, Math.Sqrt(residual))))
                return Refused(
                    step,
                    work.Largest() > Grown ? Riskless : "the matrix has a negative direction: it is no covariance"
                );
            double largest = work.LargestRelativeStep();
            if (!double.IsFinite(largest))
                return Refused(step, "the matrix is not finite");
            work.Move(largest > FullStep ? work.BestLength() : 1);
            if (work.Largest() > Runaway)
                return Refused(step, Riskless);
        }
        return Refused(MostSteps, FormattableString.Invariant($"no convergence in {MostSteps} steps"));
    }

    static SolverReport Refused(int steps, string reason) =>
        new(false, steps, double.PositiveInfinity, double.PositiveInfinity, reason);
}
