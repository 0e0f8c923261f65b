using System.Text.Json.Nodes;
using Plimsoll.TestSupport;

namespace Plimsoll.Numerics.Tests;

/// <summary>Least expected shortfall and least tail drawdown, from Rockafellar and Uryasev and from Chekhlov et al.</summary>
public class ShortfallGoldenTests
{
    static JsonObject Case(string file, string name)
    {
        var cases = Golden.Cases($"sizing/{file}.json");
        Assert.SkipUnless(cases is not null, Golden.Absent);
        return cases.Single(row => row["name"]!.GetValue<string>() == name);
    }

    static double[] Vector(JsonNode? node) => [.. node!.AsArray().Select(Golden.Number)];

    static double[][] Rows(JsonNode? node) => [.. node!.AsArray().Select(Vector)];

    static ConvexSolution Optimal(ConvexProgram program, SolveTolerance? tolerance = null)
    {
        var solution = ConvexSolver.Solve(program, tolerance ?? new());
        Assert.True(
            solution.Status == SolveStatus.Optimal,
            $"{solution.Status}: gap {solution.Gap:E1}, objective {solution.Objective:R}, violation {solution.MaximumViolation:E1}"
        );
        Assert.True(solution.MaximumViolation <= 1e-9, $"violation {solution.MaximumViolation:E1}");
        return solution;
    }

    [Theory]
    [InlineData("min-cvar-80-ten-scenarios", "cvar")]
    [InlineData("min-cvar-85-fractional-tail", "cvar")]
    [InlineData("min-cvar-with-return-floor", "cvar")]
    [InlineData("min-cdar-80", "cdar")]
    [InlineData("min-average-drawdown", "cdar")]
    public void Least_expected_shortfall_meets_the_golden_row(string name, string key)
    {
        var row = Case("tail-objectives", name);
        var inputs = row["inputs"]!;
        bool paths = name is "min-cdar-80" or "min-average-drawdown";
        double level = Golden.Number(inputs["level"]);
        double[] weights = Vector(row["expected"]!["weights"]);
        double tolerance = Golden.Number(row["tolerance"]!["value"]);
        double[][] returns = Rows(inputs[paths ? "period_returns" : "scenario_returns"]);
        var solution = paths
            ? Optimal(LeastDrawdown(returns, level), new())
            : Optimal(LeastShortfall(returns, level, inputs["min_mean"]?.GetValue<double>()), new());
        Assert.Equal(Golden.Number(row["expected"]![key]), -solution.Objective, tolerance);
        for (int i = 0; i < weights.Length; i++)
            Assert.Equal(weights[i], solution.Position[i], 10 * tolerance);
        if (row["expected"]!["multiplier_cvar_per_unit_mean"] is { } multiplier)
            Assert.Equal(
                Golden.Number(multiplier),
                solution.Constraints.Single(state => state.Name == "mean").ShadowPrice,
                1e-5
            );
    }

    /// <summary>Least w with ES(−Xq) ≤ w, fully invested, long only.</summary>
    static ConvexProgram LeastShortfall(double[][] returns, double level, double? mean)
    {
        int n = returns[0].Length;
        int count = returns.Length;
        var value = new ScenarioValue(new double[count], Programs.Matrix(returns), null, [1], null, 0);
        var limits = new List<ProgramConstraint>
        {
            new ExpectedShortfallConstraint("shortfall", 0, 1, null, value, Programs.Fill(count, 1.0 / count), level),
            Programs.Budget(n, 1),
            Programs.Row("at least", -1, Programs.Fill(n, -1)),
        };
        if (mean is { } floor)
        {
            double[] means = [.. Enumerable.Range(0, n).Select(i => returns.Average(row => row[i]))];
            limits.Add(Programs.Row("mean", -floor, [.. means.Select(m => -m)]));
        }
        return Programs.Growth(returns, Programs.Fill(count, 1.0 / count), 0, 1) with
        {
            AuxiliaryLower = [-10],
            AuxiliaryUpper = [10],
            Objective = new CostObjective(null, [1], 0),
            Constraints = [.. limits],
        };
    }

    /// <summary>Chekhlov, Uryasev, Zabarankin 2005: running maxima as auxiliary variables, one per period.</summary>
    static ConvexProgram LeastDrawdown(double[][] returns, double level)
    {
        int n = returns[0].Length;
        int count = returns.Length;
        double[][] paths = new double[count][];
        for (int t = 0; t < count; t++)
            paths[t] = [.. Enumerable.Range(0, n).Select(i => returns.Take(t + 1).Sum(row => row[i]))];
        // w = (least tail drawdown, running maxima u_1..u_T): y_t = path_t·q − u_t + w_0.
        var auxiliary = new ColumnMatrix(count, count + 1);
        for (int t = 0; t < count; t++)
            (auxiliary[t, 0], auxiliary[t, t + 1]) = (1, -1);
        var value = new ScenarioValue(new double[count], Programs.Matrix(paths), null, null, auxiliary, 0);
        var limits = new List<ProgramConstraint>
        {
            new ExpectedShortfallConstraint("drawdown", 0, 1, null, value, Programs.Fill(count, 1.0 / count), level),
            Programs.Budget(n, 1),
            Programs.Row("at least", -1, Programs.Fill(n, -1)),
        };
        for (int t = 0; t < count; t++)
        {
            var above = new double[count + 1];
            above[t + 1] = -1;
            var after = new double[count + 1];
            (after[t + 1], after[Math.Max(t, 1)]) = (-1, 1);
            if (t == 0)
                after[1] = -1;
            limits.Add(
                new MaxLinearConstraint(
                    $"path {t}",
                    0,
                    1,
                    null,
                    [0],
                    Programs.Matrix([paths[t]]),
                    Programs.Matrix([above]),
                    0
                )
            );
            limits.Add(
                new MaxLinearConstraint(
                    $"rise {t}",
                    0,
                    1,
                    null,
                    [0],
                    Programs.Matrix([new double[n]]),
                    Programs.Matrix([after]),
                    0
                )
            );
        }
        var cost = new double[count + 1];
        cost[0] = 1;
        return Programs.Growth(returns, Programs.Fill(count, 1.0 / count), 0, 1) with
        {
            AuxiliaryLower = Programs.Fill(count + 1, -1),
            AuxiliaryUpper = Programs.Fill(count + 1, 1),
            Objective = new CostObjective(null, cost, 0),
            Constraints = [.. limits],
        };
    }

    [Fact]
    public void Expected_shortfall_splits_the_atom_at_the_quantile()
    {
        var row = Case("tail-objectives", "cvar-fixed-portfolio-fractional-tail");
        double[] weights = Vector(row["inputs"]!["weights"]);
        double[] y = [.. Rows(row["inputs"]!["scenario_returns"]).Select(r => r.Zip(weights, (a, b) => a * b).Sum())];
        double shortfall = Shortfall.Of(y, Programs.Fill(10, 0.1), 0.85, out double valueAtRisk);
        Assert.Equal(Golden.Number(row["expected"]!["cvar"]), shortfall, 1e-12);
        Assert.Equal(Golden.Number(row["expected"]!["var_85"]), valueAtRisk, 1e-12);
    }
}
