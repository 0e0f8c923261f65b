namespace Plimsoll.Numerics;

/// <summary>Solves a <see cref="ConvexProgram"/> with a certificate.</summary>
/// <remarks>
/// A primal-dual interior point on a working set of legs (sides of positions) and rows, grown until nothing left out
/// could matter; the certificate is then taken over the whole program. Limits are elastic at a price above their
/// shadow price, so that no start has to be feasible; where an excess remains at any price, the least weighted
/// excess is found by itself, and where it is proven not to vanish the program is infeasible. Same program, same bits,
/// whatever the number of threads.
/// </remarks>
public static class ConvexSolver
{
    const double FirstPenalty = 1e4;
    const double LargestPenalty = 1e8;

    /// <summary>Maximises the objective within all limits.</summary>
    /// <param name="program">What to solve.</param>
    /// <param name="tolerance">When to stop.</param>
    /// <param name="threads">1 or 2; the answer does not depend on it.</param>
    /// <param name="near">
    /// Solution of a program like it (a limit with more rows, another limit), to start from; the answer is as good
    /// without.
    /// </param>
    /// <exception cref="ArgumentException">The program is malformed; the message names the field.</exception>
    public static ConvexSolution Solve(
        ConvexProgram program,
        SolveTolerance tolerance,
        int threads = 1,
        ConvexSolution? near = null
    )
    {
        ProgramChecks.Check(program);
        if (near is not null && near.Position.Length != program.Reference.Length)
            throw new ArgumentException("near has another number of positions than the program", nameof(near));
        var search = new ProgramSearch(program, tolerance, threads, near);
        if (search.StayingIsOptimal() is { } stay)
            return stay;
        double[] weights = Weights(program);
        (SearchOutcome Outcome, double Penalty)? nearest = null;
        for (double penalty = FirstPenalty; ; penalty *= 100)
        {
            var outcome = search.Run([.. weights.Select(weight => penalty * weight)]);
            if (outcome is null)
                return search.NoAnswer();
            if (outcome.Point.MaximumViolation <= tolerance.Violation)
                return search.Solution(outcome, SolveStatus.Optimal);
            double violation = WeightedViolation(outcome.Point, weights);
            if (nearest is null || violation < WeightedViolation(nearest.Value.Outcome.Point, weights))
                nearest = (outcome, penalty);
            var (least, proven) = LeastViolation(program, weights, tolerance, threads, out int steps);
            search.Iterations += steps;
            if (double.IsNaN(least))
                return search.NoAnswer();
            // Where wealth must fall to zero for the last of the violation, no price buys it: the largest one ends.
            double slack = 1e-6 * least + 0.5 * tolerance.Violation;
            if (proven > tolerance.Violation && (violation <= least + slack || penalty >= LargestPenalty))
                return search.Solution(nearest.Value.Outcome, SolveStatus.Infeasible, nearest.Value.Penalty);
            if (penalty >= LargestPenalty)
                return search.Solution(outcome, SolveStatus.Failed);
        }
    }

    /// <summary>
    /// Least excess of one limit, in units of its scale, when every other limit holds: how far it must be relaxed for
    /// the program to become feasible. Null when that limit alone cannot help.
    /// </summary>
    public static double? SmallestRelaxation(
        ConvexProgram program,
        string limit,
        SolveTolerance tolerance,
        int threads = 1
    )
    {
        ProgramChecks.Check(program);
        int chosen = -1;
        for (int k = 0; k < program.Constraints.Length; k++)
            if (program.Constraints[k].Name == limit)
                chosen = k;
        if (chosen < 0)
            throw new ArgumentException($"the program has no limit named {limit}", nameof(limit));
        var weights = new double[program.Constraints.Length];
        Array.Fill(weights, 1000);
        weights[chosen] = 1;
        var outcome = LeastViolationPoint(program, weights, tolerance, threads, out _);
        if (outcome is null)
            return null;
        for (int k = 0; k < weights.Length; k++)
            if (k != chosen && outcome.Point.Violation(k) > 100 * tolerance.Violation)
                return null;
        return outcome.Point.Violation(chosen);
    }

    /// <summary>Price of one unit of excess: the caller's weights, and hard limits far above them.</summary>
    static double[] Weights(ConvexProgram program)
    {
        double most = 1;
        foreach (var limit in program.Constraints)
            most = Math.Max(most, limit.SlackWeight ?? 0);
        bool soft = program.Constraints.Any(limit => limit.SlackWeight is not null);
        return [.. program.Constraints.Select(limit => (limit.SlackWeight ?? (soft ? 1000 : 1) * most) / most)];
    }

    static double WeightedViolation(ProgramPoint point, double[] weights)
    {
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
            sum += weights[k] * point.Violation(k);
        return sum;
    }

    /// <summary>Least weighted violation that was found, and what it was proven not to fall below.</summary>
    static (double Found, double Proven) LeastViolation(
        ConvexProgram program,
        double[] weights,
        SolveTolerance tolerance,
        int threads,
        out int steps
    ) =>
        LeastViolationPoint(program, weights, tolerance, threads, out steps) is { } outcome
            ? (WeightedViolation(outcome.Point, weights), -outcome.Certificate.Bound)
            : (double.NaN, double.NaN);

    static SearchOutcome? LeastViolationPoint(
        ConvexProgram program,
        double[] weights,
        SolveTolerance tolerance,
        int threads,
        out int steps
    )
    {
        var phase = program with { Objective = new CostObjective(null, null, 0) };
        var search = new ProgramSearch(phase, tolerance, threads);
        var outcome = search.Run(weights);
        steps = search.Iterations;
        return outcome;
    }
}
