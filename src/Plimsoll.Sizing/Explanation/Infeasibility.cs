using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Which limits are in conflict, and the smallest changes that help.</summary>
/// <remarks>
/// In conflict are the limits that stay broken and those that stand in their way: limits that are met, but without
/// which the least weighted violation would be smaller. Of the latter a set is kept that is minimal: each one is
/// dropped in turn, those with the least price first, and stays out where the violation does not fall without it.
/// A relaxation of one limit is the least excess that it needs when all others hold; where none suffices alone the
/// excesses of the least weighted violation are what several limits need together.
/// </remarks>
static class Infeasibility
{
    const int MostRelaxations = 4;
    const int MostTrials = 8;
    const double Matters = 1e-3;

    /// <summary>Names of the limits in conflict, and relaxations.</summary>
    /// <param name="solve">The problem.</param>
    /// <param name="after">Exact values after the whole-lot trades.</param>
    public static (ImmutableArray<string> Conflicts, ImmutableArray<Relaxation> Relaxations) Of(
        ContinuousSolve solve,
        double[] after
    )
    {
        int threads = solve.Parts.Prepared.Input.Threads;
        var stated = solve.Program with
        {
            Objective = new CostObjective(null, null, 1),
            Constraints = [.. solve.Program.Constraints.Select((limit, k) => limit with { Limit = solve.Stated[k] })],
        };
        var least = ConvexSolver.Solve(stated, new SolveTolerance(), threads);
        bool isInfeasible = least.Status == SolveStatus.Infeasible;
        int[] broken = [.. Broken(solve, after)];
        double[] values = isInfeasible ? [.. least.Constraints.Select(state => state.Value)] : after;
        int[] together = isInfeasible ? [.. Broken(solve, values)] : broken;
        int[] blockers = isInfeasible ? Blockers(solve, stated, least, together, threads) : [];
        ImmutableArray<string> conflicts =
        [
            .. broken.Union(together).Union(blockers).Order().Select(k => stated.Constraints[k].Name),
        ];
        var alone = isInfeasible ? Alone(solve, stated, [.. together, .. blockers], threads) : [];
        if (!alone.IsEmpty)
            return (conflicts, alone);
        return (conflicts, [.. together.Where(k => solve.Parts.Meanings[k].IsMandate).Select(Needed)]);

        Relaxation Needed(int k) => new(stated.Constraints[k].Name, solve.Stated[k], values[k], Alone: false);
    }

    /// <summary>What each limit would have to be when all others hold, where that is possible.</summary>
    static ImmutableArray<Relaxation> Alone(ContinuousSolve solve, ConvexProgram stated, int[] conflict, int threads)
    {
        var found = ImmutableArray.CreateBuilder<Relaxation>();
        foreach (int k in conflict.Where(k => solve.Parts.Meanings[k].IsMandate).Take(MostRelaxations))
        {
            var limit = stated.Constraints[k];
            double? excess = ConvexSolver.SmallestRelaxation(stated, limit.Name, new SolveTolerance(), threads);
            if (excess is { } units)
                found.Add(new Relaxation(limit.Name, limit.Limit, limit.Limit + units * limit.Scale, Alone: true));
        }
        return found.ToImmutable();
    }

    static int[] Blockers(ContinuousSolve solve, ConvexProgram stated, ConvexSolution least, int[] broken, int threads)
    {
        var candidates = Enumerable
            .Range(0, least.Constraints.Length)
            .Where(k => !solve.Parts.Meanings[k].IsAuxiliary && !broken.Contains(k))
            .Select(k => (K: k, Relief: least.Constraints[k].ShadowPrice * stated.Constraints[k].Scale))
            .Where(row => row.Relief >= Matters)
            .OrderByDescending(row => row.Relief)
            .Take(MostTrials)
            .Reverse()
            .Select(row => row.K)
            .ToArray();
        double violation = Excess(stated, least);
        var dropped = new HashSet<int>();
        foreach (int k in candidates)
        {
            var without = stated with
            {
                Constraints =
                [
                    .. stated.Constraints.Select((limit, i) => dropped.Contains(i) || i == k ? Lifted(limit) : limit),
                ],
            };
            var trial = ConvexSolver.Solve(without, new SolveTolerance(), threads);
            if (trial.Status != SolveStatus.Failed && Excess(without, trial) >= (1 - Matters) * violation)
                dropped.Add(k);
        }
        return [.. candidates.Where(k => !dropped.Contains(k))];
    }

    /// <summary>The same limit where it cannot bind: a thousand times its own scale away.</summary>
    static ProgramConstraint Lifted(ProgramConstraint limit) => limit with { Limit = limit.Limit + 1000 * limit.Scale };

    /// <summary>Sum of weighted excesses, each on its limit's own scale.</summary>
    static double Excess(ConvexProgram program, ConvexSolution solution)
    {
        double sum = 0;
        for (int k = 0; k < program.Constraints.Length; k++)
        {
            var limit = program.Constraints[k];
            double excess = (solution.Constraints[k].Value - limit.Limit) / limit.Scale;
            sum += (limit.SlackWeight ?? 1000) * Math.Max(0, excess);
        }
        return sum;
    }

    static IEnumerable<int> Broken(ContinuousSolve solve, double[] values) =>
        Enumerable
            .Range(0, values.Length)
            .Where(k =>
                !solve.Parts.Meanings[k].IsAuxiliary
                && values[k] > solve.Stated[k] + Tolerance * solve.Program.Constraints[k].Scale
            )
            .OrderByDescending(k => (values[k] - solve.Stated[k]) / solve.Program.Constraints[k].Scale);

    const double Tolerance = BookEvaluator.Tolerance;
}
