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
        if (Math.Abs(naive.Objective(q, []) - solution.Objective) > 1e-11)
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
        // The prices of an infeasible program are its violation's, with the objective at a ten-thousandth beside it,
        // which near ruin is not small: they are good to a hundredth.
        double weight = feasible ? 1 : 0;
        var random = new Random(seed);
        double[] q = solution.Position;
        double at = naive.Lagrangian(weight, q, [], solution.Constraints);
        double allowed = feasible ? solution.Gap + 1e-11 : 1e-2;
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

    /// <summary>
    /// Programs of the sweep that are known to end as failed. Whether a point satisfies them was not shown; each says that
    /// it failed and none gives a wrong answer. Any other failure, and a new one, fails the test.
    /// </summary>
    static readonly int[] KnownToFail = [10620, 11131, 16270, 17511, 18079, 18688];

    [Fact]
    [Trait("suite", "all")]
    public void Ten_thousand_random_programs_end_at_a_saddle_point_but_for_the_six_that_say_that_they_failed()
    {
        foreach (int seed in Enumerable.Range(10_000, 10_000))
        {
            string? fault = Fault(seed);
            bool known = fault is not null && KnownToFail.Contains(seed);
            Assert.True(fault is null || (known && fault.Contains(": failed", StringComparison.Ordinal)), fault);
        }
    }
}
