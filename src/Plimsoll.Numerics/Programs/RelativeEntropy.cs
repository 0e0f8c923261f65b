namespace Plimsoll.Numerics;

/// <summary>Linear statements about a law: E[column] equal to, or at most, a number.</summary>
/// <param name="Columns">Numbers by scenario, S x m.</param>
/// <param name="Targets">m right-hand sides.</param>
/// <param name="AtMost">Whether each is "at most"; empty: all are equalities.</param>
public sealed record LawStatements(ColumnMatrix Columns, double[] Targets, bool[] AtMost)
{
    /// <summary>Whether a statement is an inequality.</summary>
    public bool IsAtMost(int j) => AtMost.Length > 0 && AtMost[j];
}

/// <summary>The law of least relative entropy that meets statements.</summary>
/// <param name="Report">Its residual is the largest miss of a statement in standard deviations of its column; its gap
/// that of
/// the entropy.</param>
/// <param name="Law">Probabilities; empty when refused.</param>
/// <param name="Divergence">Σ x·log(x/p), at least 0.</param>
/// <param name="Multipliers">θ by statement with x ∝ p·exp(Σ θ_j·f_j); at most 0 for inequalities.</param>
/// <param name="Worst">Index of the statement that is farthest from being met; −1 when all are.</param>
public sealed record LawSolution(SolverReport Report, double[] Law, double Divergence, double[] Multipliers, int Worst);

/// <summary>min Σ x·log(x/p) subject to statements, by Newton on the dual in as many unknowns as statements.</summary>
/// <remarks>
/// Meucci 2008, eq. 17 to 21: θ minimises log Σ p·exp(θ·(f − b)), inequalities keep θ ≤ 0 by projection. Columns are
/// centred
/// on their targets and divided by their deviation under p. Redundant statements get no step (lost pivots).
/// Statements that no
/// law can meet drive θ out: refused when a multiplier times its deviation passes 700.
/// </remarks>
public static class RelativeEntropy
{
    const int MostSteps = 200;
    const double Runaway = 700;

    /// <summary>Solves.</summary>
    /// <param name="prior">p, at least 0, sum 1.</param>
    /// <param name="statements">What must hold.</param>
    /// <param name="tolerance">On the largest miss, in standard deviations of the column.</param>
    /// <param name="threads">1 or 2; the bits do not depend on it.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    public static LawSolution Solve(
        ReadOnlySpan<double> prior,
        LawStatements statements,
        double tolerance = 1e-12,
        int threads = 1
    )
    {
        int m = statements.Columns.Columns;
        if (statements.Columns.Rows != prior.Length || statements.Targets.Length != m)
            throw new ArgumentException(
                $"{m} statements on {statements.Columns.Rows} rows for {prior.Length} scenarios"
            );
        if (statements.AtMost.Length != 0 && statements.AtMost.Length != m)
            throw new ArgumentException($"{statements.AtMost.Length} signs for {m} statements");
        using var dual = new EntropyDual(prior, statements, threads);
        if (dual.OutOfReach() is var (which, reason) && which >= 0)
            return Refused(0, which, reason);
        int step = 0;
        for (; step < MostSteps; step++)
        {
            double miss = dual.Miss(out int worst);
            if (miss <= tolerance)
                break;
            if (!dual.Step() || dual.LargestMultiplier > Runaway)
                return miss <= 1e-9 ? Found(dual, step, miss) : Refused(step, worst, Words(statements, worst));
        }
        double left = dual.Miss(out int farthest);
        return left <= Math.Max(tolerance, 1e-9)
            ? Found(dual, step, left)
            : Refused(step, farthest, Words(statements, farthest));
    }

    static LawSolution Found(EntropyDual dual, int steps, double miss)
    {
        double[] law = dual.Law();
        double[] theta = dual.Multipliers();
        return new LawSolution(new SolverReport(true, steps, miss, dual.Gap()), law, dual.Divergence(), theta, -1);
    }

    static LawSolution Refused(int steps, int worst, string reason) =>
        new(
            new SolverReport(false, steps, double.PositiveInfinity, double.PositiveInfinity, reason),
            [],
            double.PositiveInfinity,
            [],
            worst
        );

    static string Words(LawStatements statements, int worst) =>
        FormattableString.Invariant(
            $"statement {worst} ({statements.Targets[worst]:G6}) cannot hold together with the others"
        );
}
