namespace Plimsoll.Numerics.Tests;

public class ConvexSolverRandomTests
{
    static readonly SolveTolerance Tolerance = new();

    /// <summary>Feasible by the plain definitions, complementary, and a saddle point of the plain Lagrangian.</summary>
    static string? Fault(int seed)
    {
        var program = RandomPrograms.Make(seed);
        var solution = ConvexSolver.Solve(program, Tolerance);
        var naive = new NaiveProgram(program);
        if (solution.Status == SolveStatus.Failed)
            return $"{seed}: failed, gap {solution.Gap:E1}, violation {solution.MaximumViolation:E1}";
        double[] q = solution.Position;
        for (int i = 0; i < q.Length; i++)
            if (q[i] < program.Lower[i] || q[i] > program.Upper[i])
                return $"{seed}: position {i} outside its box";
        if (Math.Abs(naive.Objective(q, []) - solution.Objective) > 1e-11 + 1e-15 * naive.Sensitivity(q))
            return $"{seed}: objective {solution.Objective:R} is {naive.Objective(q, []):R}";
        bool feasible = solution.Status == SolveStatus.Optimal;
        for (int k = 0; k < program.Constraints.Length; k++)
        {
            var limit = program.Constraints[k];
            double value = naive.Value(limit, q, []);
            var state = solution.Constraints[k];
            if (Math.Abs(value - state.Value) > 1e-9 * (1 + Math.Abs(value)))
                return $"{seed}: {limit.Name} is {value:R}, reported {state.Value:R}";
            if (feasible && value - limit.Limit > 1.1e-9 * limit.Scale)
                return $"{seed}: {limit.Name} violated by {value - limit.Limit:E1}";
            double slackness = state.ShadowPrice * (limit.Limit - value);
            if (feasible && slackness > 1e-8 * Math.Max(1, Math.Abs(solution.Objective)))
                return $"{seed}: {limit.Name} is slack at a price";
        }
        return Ascent(seed, program, naive, solution, feasible);
    }

    static string? Ascent(int seed, ConvexProgram program, NaiveProgram naive, ConvexSolution solution, bool feasible)
    {
        // The prices of an infeasible program are its violation's, with the objective at a ten-thousandth beside it: that
        // is little where no scenario is near ruin.
        double weight = solution.ObjectiveWeight;
        var random = new Random(seed);
        double[] q = solution.Position;
        double at = naive.Lagrangian(weight, q, [], solution.Constraints);
        double alone = naive.Lagrangian(0, q, [], solution.Constraints);
        double allowed = weight * solution.Gap + 1e-11 * Math.Max(1, Math.Abs(at));
        for (int trial = 0; trial < 8 * q.Length + 40; trial++)
        {
            var other = (double[])q.Clone();
            double length = Math.Pow(10, -random.Next(0, 7));
            for (int i = 0; i < q.Length; i++)
            {
                bool single = trial < 8 * q.Length;
                double direction =
                    !single ? random.NextDouble() - 0.5
                    : trial / 8 == i ? random.Next(2) * 2 - 1
                    : 0;
                double moved = q[i] + direction * length * (program.Upper[i] - program.Lower[i]);
                other[i] = Math.Clamp(moved, program.Lower[i], program.Upper[i]);
            }
            double there = naive.Lagrangian(weight, other, [], solution.Constraints);
            if (there > at + allowed)
                return $"{seed}: {solution.Status} but the Lagrangian rises by {there - at:E1} (gap {solution.Gap:E1})";
            double violated = naive.Lagrangian(0, other, [], solution.Constraints);
            bool ruined = naive.Sensitivity(q) > 10;
            if (!feasible && !ruined && violated > alone + 2e-3)
                return $"{seed}: the priced violation falls by {violated - alone:E1}";
        }
        return null;
    }

    static void Sweep(int first, int count)
    {
        var faults = Enumerable.Range(first, count).Select(Fault).OfType<string>().Take(20).ToArray();
        Assert.True(faults.Length == 0, string.Join("\n", faults));
    }

    [Fact]
    public void Random_programs_end_at_a_saddle_point_of_the_plain_definitions() => Sweep(1, 600);

    [Fact]
    [Trait("suite", "all")]
    public void Ten_thousand_random_programs_end_at_a_saddle_point() => Sweep(10_000, 10_000);

    /// <summary>What is called optimal or infeasible, against a solver that shares nothing with the fast one.</summary>
    static string? Misjudged(int seed)
    {
        var program = RandomPrograms.Make(seed);
        var solution = ConvexSolver.Solve(program, Tolerance);
        double best = new EllipsoidSolver(program).Run().Best;
        return solution.Status switch
        {
            SolveStatus.Optimal when best > solution.Objective + solution.Gap + 1e-11 =>
                $"{seed}: {best:R} is feasible, {solution.Objective:R} was proven to {solution.Gap:E1}",
            // The slow solver wants every limit met exactly and may miss what is left of a thin feasible set.
            SolveStatus.Optimal when best < solution.Objective - 1e-3 => $"{seed}: the slow solver found only {best:R}",
            SolveStatus.Infeasible when best > double.NegativeInfinity => $"{seed}: {best:R} is feasible",
            SolveStatus.Failed => $"{seed}: failed",
            _ => null,
        };
    }

    [Fact]
    public void Random_programs_agree_with_a_slow_solver() => Compare(1, 150);

    [Fact]
    [Trait("suite", "all")]
    public void Ten_thousand_random_programs_agree_with_a_slow_solver() => Compare(10_000, 10_000);

    static void Compare(int first, int count)
    {
        string[] faults = [.. Enumerable.Range(first, count).Select(Misjudged).OfType<string>().Take(20)];
        Assert.True(faults.Length == 0, string.Join("\n", faults));
    }
}
