using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Which limits are in conflict, and the smallest change of one of them that helps.</summary>
static class Infeasibility
{
    const int MostRelaxations = 4;

    /// <summary>Limits that the trades leave broken, and those that stand in their way.</summary>
    public static ImmutableArray<string> Conflicts(ContinuousSolve solve, double[] after) =>
        [
            .. Broken(solve, after)
                .Concat(
                    Enumerable
                        .Range(0, after.Length)
                        .Where(k =>
                            solve.Solution.Status == SolveStatus.Infeasible
                            && !solve.Parts.Meanings[k].IsAuxiliary
                            && solve.Solution.Constraints[k].ShadowPrice > 0
                        )
                )
                .Distinct()
                .Order()
                .Select(k => solve.Program.Constraints[k].Name),
        ];

    /// <summary>For each conflicting limit alone: what it would have to be, when that alone helps.</summary>
    public static ImmutableArray<Relaxation> Relaxations(ContinuousSolve solve, double[] after)
    {
        var found = ImmutableArray.CreateBuilder<Relaxation>();
        var stated = solve.Program with
        {
            Constraints = [.. solve.Program.Constraints.Select((limit, k) => limit with { Limit = solve.Stated[k] })],
        };
        foreach (int k in Broken(solve, after).Take(MostRelaxations))
        {
            var limit = solve.Program.Constraints[k];
            double? excess = ConvexSolver.SmallestRelaxation(
                stated,
                limit.Name,
                new SolveTolerance(),
                solve.Parts.Prepared.Input.Threads
            );
            double needed = excess is { } units ? solve.Stated[k] + units * limit.Scale : double.NaN;
            if (double.IsFinite(needed) && solve.Parts.Meanings[k].IsMandate)
                found.Add(new Relaxation(limit.Name, solve.Stated[k], Math.Max(needed, solve.Stated[k])));
        }
        return found.ToImmutable();
    }

    static IEnumerable<int> Broken(ContinuousSolve solve, double[] after) =>
        Enumerable
            .Range(0, after.Length)
            .Where(k =>
                !solve.Parts.Meanings[k].IsAuxiliary
                && after[k] > solve.Stated[k] + BookEvaluator.Tolerance * solve.Program.Constraints[k].Scale
            )
            .OrderByDescending(k => (after[k] - solve.Stated[k]) / solve.Program.Constraints[k].Scale);
}
