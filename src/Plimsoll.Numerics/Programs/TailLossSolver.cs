namespace Plimsoll.Numerics;

/// <summary>Smoothed Newton for a <see cref="TailLossProgram"/>, then the exact vertex, with a rigorous gap.</summary>
/// <remarks>
/// (L − v)⁺ is replaced by a quadratic of width ε around the quantile (Alexander, Coleman, Li 2006); only scenarios
/// within ε
/// of it bend the function, so that each step is a quadratic program in n + 1 unknowns over the whole polytope. That
/// finds
/// which scenarios are in the tail but for a few near the quantile. Over those few the problem is a small linear
/// program, solved
/// in its dual: the law of the tail. Scenarios on the wrong side at its solution join the few, until none is. The law,
/// with
/// the polytope's multipliers, bounds the optimum from below at every step.
/// </remarks>
public static class TailLossSolver
{
    const double Narrow = 0.125;
    const int Levels = 3;
    const int MostSteps = 12;
    const int MostRounds = 12;

    /// <summary>Solves.</summary>
    /// <param name="program">What to solve.</param>
    /// <param name="tolerance">On the gap, relative to the size of the losses at the solution.</param>
    /// <exception cref="ArgumentException">The program is malformed; the message names the field.</exception>
    public static TailLossSolution Solve(TailLossProgram program, double tolerance = 1e-9)
    {
        Check(program);
        var work = new TailLossWork(program);
        if (!work.Start(out string reason))
            return work.Failure(0, reason);
        double width = work.Spread();
        int steps = 0;
        for (int level = 0; level < Levels && work.GapNow > tolerance * work.Scale; level++, width *= Narrow)
        for (int k = 0; k < MostSteps; k++)
        {
            steps++;
            // A step that fails costs nothing but time: the exact rounds start from wherever it is.
            if (!work.Step(width, out reason))
                break;
            if (work.Decrease <= 1e-2 * Math.Max(work.GapNow, 1e-14 * work.Scale))
                break;
        }
        reason = "";
        for (int round = 0; round < MostRounds && work.GapNow > tolerance * work.Scale; round++)
        {
            steps++;
            if (!work.Exact(out reason))
                break;
        }
        double gap = Math.Max(0, work.GapNow);
        bool converged = gap <= Math.Max(tolerance, 1e-7) * work.Scale;
        if (!converged && reason.Length == 0)
            reason = FormattableString.Invariant($"the gap stayed at {gap / work.Scale:0.#e+0} of the losses");
        return work.Solution(new SolverReport(converged, steps, gap / work.Scale, gap, converged ? "" : reason));
    }

    static void Check(TailLossProgram program)
    {
        int n = program.Domain.Size;
        if (program.Gains.Columns != n)
            throw new ArgumentException($"{program.Gains.Columns} columns of gains for {n} unknowns");
        if (program.Weights.Length != program.Gains.Rows)
            throw new ArgumentException($"{program.Weights.Length} weights for {program.Gains.Rows} rows");
        if (program.Base.Length != 0 && program.Base.Length != program.Gains.Rows)
            throw new ArgumentException($"{program.Base.Length} base gains for {program.Gains.Rows} rows");
        if (!(program.Level > 0 && program.Level < 1))
            throw new ArgumentException($"a level of {program.Level}: it must be inside (0, 1)");
    }

    /// <summary>Mean of the worst 1 − level of losses, the atom at the quantile split, and the dual law.</summary>
    /// <param name="losses">Losses.</param>
    /// <param name="weights">Probabilities.</param>
    /// <param name="level">Level.</param>
    /// <param name="law">Receives the dual law; empty: not wanted.</param>
    public static double Evaluate(
        ReadOnlySpan<double> losses,
        ReadOnlySpan<double> weights,
        double level,
        Span<double> law = default
    )
    {
        var order = new int[losses.Length];
        var keys = new double[losses.Length];
        for (int s = 0; s < order.Length; s++)
            (order[s], keys[s]) = (s, -losses[s]);
        Array.Sort(keys, order);
        law.Clear();
        double left = 1,
            sum = 0;
        foreach (int s in order)
        {
            double share = Math.Min(left, weights[s] / (1 - level));
            sum += share * losses[s];
            if (!law.IsEmpty)
                law[s] = share;
            left -= share;
            if (left <= 0)
                break;
        }
        return sum;
    }
}
