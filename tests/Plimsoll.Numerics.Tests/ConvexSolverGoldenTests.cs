using System.Text.Json.Nodes;
using Plimsoll.TestSupport;

namespace Plimsoll.Numerics.Tests;

/// <summary>Published and independently recomputed optima; each row names its source.</summary>
public class ConvexSolverGoldenTests
{
    static readonly SolveTolerance Fine = new(RelativeGap: 1e-13, AbsoluteGap: 1e-16);

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
        var solution = ConvexSolver.Solve(program, tolerance ?? Fine);
        Assert.True(
            solution.Status == SolveStatus.Optimal,
            $"{solution.Status}: gap {solution.Gap:E1}, objective {solution.Objective:R}, violation {solution.MaximumViolation:E1}"
        );
        Assert.True(solution.MaximumViolation <= 1e-9, $"violation {solution.MaximumViolation:E1}");
        return solution;
    }

    /// <summary>Outcomes, probabilities, wanted fractions and growth of the discrete Kelly rows.</summary>
    static (double[][] Returns, double[] Weights, double[] Fractions, string Growth) Discrete(
        string name,
        JsonObject row
    )
    {
        var inputs = row["inputs"]!;
        var expected = row["expected"]!;
        double Input(string key) => Golden.Number(inputs[key]);
        double[] Wanted(string key) => [Golden.Number(expected[key])];
        switch (name)
        {
            case "coin-even-money-p53":
            case "coin-odds-2-p40":
                double p = Input("win_probability");
                return (
                    [
                        [Input("net_odds")],
                        [-1],
                    ],
                    [p, 1 - p],
                    Wanted("fraction"),
                    "growth_per_bet"
                );
            case "partial-loss-bet":
                double gain = Input("gain_if_win_per_unit_stake");
                double loss = Input("loss_if_lose_per_unit_stake");
                double win = Input("win_probability");
                return (
                    [
                        [gain],
                        [-loss],
                    ],
                    [win, 1 - win],
                    Wanted("fraction"),
                    "growth_per_bet"
                );
            case "three-outcome-tie":
            case "six-outcome-single-asset":
                double[] outcomes = Vector(inputs["outcomes_net_return"]);
                string growth = name == "three-outcome-tie" ? "growth_per_bet" : "growth_per_period";
                return (
                    [.. outcomes.Select(r => new[] { r })],
                    Vector(inputs["probabilities"]),
                    Wanted("fraction"),
                    growth
                );
            case "horse-race-track-take":
                double[] odds = Vector(inputs["gross_odds_for_one"]);
                double[][] races = [.. odds.Select((o, i) => odds.Select((_, j) => i == j ? o - 1 : -1).ToArray())];
                return (races, Vector(inputs["win_probabilities"]), Vector(expected["fractions"]), "growth_per_race");
            case "two-correlated-coins":
                double[] joint = Vector(expected["joint_probabilities_ww_wl_lw_ll"]);
                double each = Golden.Number(expected["fraction_each"]);
                return (
                    [
                        [1, 1],
                        [1, -1],
                        [-1, 1],
                        [-1, -1],
                    ],
                    joint,
                    [each, each],
                    "growth_per_round"
                );
            default:
                double[] wins = Vector(inputs["win_probabilities"]);
                var coins = Enumerable
                    .Range(0, 8)
                    .Select(s => wins.Select((_, i) => (s >> i & 1) == 1 ? 1.0 : -1).ToArray());
                double Chance(double[] signs) =>
                    signs.Select((x, i) => x > 0 ? wins[i] : 1 - wins[i]).Aggregate((a, b) => a * b);
                double[][] all = [.. coins];
                return (all, [.. all.Select(Chance)], Vector(expected["fractions"]), "growth_per_round");
        }
    }

    [Theory]
    [InlineData("coin-even-money-p53")]
    [InlineData("coin-odds-2-p40")]
    [InlineData("partial-loss-bet")]
    [InlineData("three-outcome-tie")]
    [InlineData("six-outcome-single-asset")]
    [InlineData("horse-race-track-take")]
    [InlineData("two-correlated-coins")]
    [InlineData("three-simultaneous-coins")]
    public void Growth_optimum_meets_the_golden_kelly_row(string name)
    {
        var row = Case("kelly", name);
        var (returns, weights, fractions, growth) = Discrete(name, row);
        double ruin = returns.Min(outcome => outcome.Min());
        var solution = Optimal(Programs.Growth(returns, weights, 0, Math.Min(1, -1 / ruin)));
        Assert.Equal(Golden.Number(row["expected"]![growth]), solution.Objective, 1e-12);
        for (int i = 0; i < fractions.Length; i++)
            Assert.Equal(fractions[i], solution.Position[i], 1e-9);
    }

    [Fact]
    public void Growth_without_an_edge_stays_at_zero_and_takes_the_other_side_where_it_may()
    {
        var row = Case("kelly", "no-edge-coin");
        double p = Golden.Number(row["inputs"]!["win_probability"]);
        double[][] coin =
        [
            [1],
            [-1],
        ];
        Assert.Equal(0, Optimal(Programs.Growth(coin, [p, 1 - p], 0, 1)).Position[0]);
        double other = Golden.Number(row["expected"]!["fraction_if_other_side_available_at_same_odds"]);
        Assert.Equal(other, Optimal(Programs.Growth(coin, [p, 1 - p], -1, 1)).Position[0], 1e-9);
    }

    [Fact]
    public void Growth_in_a_complete_market_is_the_divergence_and_the_wealth_is_unique()
    {
        var row = Case("kelly", "horse-race-fair-odds-growth-is-kl");
        double[] p = Vector(row["inputs"]!["win_probabilities"]);
        double[] prices = Vector(row["inputs"]!["state_prices"]);
        double[][] returns =
        [
            .. p.Select((_, s) => prices.Select((price, i) => (i == s ? 1 / price : 0) - 1).ToArray()),
        ];
        var program = Programs.Growth(returns, p, 0, 1) with { Constraints = [Programs.Budget(4, 1)] };
        var solution = Optimal(program);
        Assert.Equal(Golden.Number(row["expected"]!["growth_per_race"]), solution.Objective, 1e-11);
        double[] wealth = Vector(row["expected"]!["terminal_wealth_by_state"]);
        for (int s = 0; s < 4; s++)
            Assert.Equal(wealth[s], 1 + returns[s].Zip(solution.Position, (r, q) => r * q).Sum(), 1e-6);
    }

    [Fact]
    public void Robust_growth_over_a_divergence_ball_meets_the_golden_coin()
    {
        // Hu and Hong 2013: −min of the drawdown form with Rate = radius is the largest worst-case growth.
        var row = Case("kelly", "kl-robust-coin");
        double[][] coin =
        [
            [1],
            [-1],
        ];
        double[] p = [0.6, 0.4];
        double radius = Golden.Number(row["inputs"]!["kl_radius"]);
        var limit = new DrawdownConstraint("robust", -0.1, 1, null, Programs.Wealth(coin), p, radius, null);
        var program = Programs.Growth(coin, p, 0, 0.9) with { Constraints = [limit] };
        double least = ConvexSolver.SmallestRelaxation(program, "robust", new())!.Value - 0.1;
        Assert.Equal(Golden.Number(row["expected"]!["worst_case_growth"]), -least, 1e-9);
    }

    [Theory]
    [InlineData("kelly-from-returns-scale")]
    [InlineData("kelly-from-ten-returns")]
    public void Growth_from_returns_is_not_the_popular_formula(string name)
    {
        var row = Case("known-wrong-answers", name);
        double[] returns =
            name == "kelly-from-ten-returns"
                ? Vector(row["inputs"]!["returns"])
                : [.. Enumerable.Repeat(0.02, 60), .. Enumerable.Repeat(-0.01, 40)];
        double[][] rows = [.. returns.Select(r => new[] { r })];
        var solution = Optimal(Programs.Growth(rows, Programs.Fill(rows.Length, 1.0 / rows.Length), 0, 99));
        Assert.Equal(Golden.Number(row["expected"]!["fraction"]), solution.Position[0], 1e-6);
        Assert.Equal(Golden.Number(row["expected"]!["growth_per_period"]), solution.Objective, 1e-12);
    }

    static ConvexProgram SixOutcomes(double lambda)
    {
        var inputs = Case("risk-constrained-kelly", "rck-six-outcomes-three-assets")["inputs"]!;
        double[][] gross = Rows(inputs["gross_returns_by_outcome"]);
        double[][] returns = [.. gross.Select(row => row[..3].Select(r => r - 1).ToArray())];
        double[] p = Vector(inputs["probabilities"]);
        var limit = new DrawdownConstraint("drawdown", 0, 1, null, Programs.Wealth(returns), p, 0, 1 / lambda);
        return Programs.Growth(returns, p, 0, 1) with { Constraints = [Programs.Budget(3, 1), limit] };
    }

    [Fact]
    public void Risk_constrained_kelly_meets_the_six_outcome_row_and_its_multiplier()
    {
        var expected = Case("risk-constrained-kelly", "rck-six-outcomes-three-assets")["expected"]!;
        double lambda = Golden.Number(expected["lam"]);
        var solution = Optimal(SixOutcomes(lambda));
        double[] bets = Vector(expected["rck_bets"]);
        for (int i = 0; i < 3; i++)
            Assert.Equal(bets[i], solution.Position[i], 1e-6);
        Assert.Equal(0, solution.Position[2]);
        Assert.Equal(Golden.Number(expected["rck_growth"]), solution.Objective, 1e-11);
        // The row's multiplier is of log E g^−λ ≤ 0; the limit here is (1/λ) of it.
        Assert.Equal(
            Golden.Number(expected["log_constraint_multiplier_kappa"]),
            solution.Constraints[1].ShadowPrice / lambda,
            1e-7
        );
    }

    [Fact]
    public void Risk_constrained_kelly_meets_the_sweep_over_lambda()
    {
        var row = Case("risk-constrained-kelly", "rck-lambda-sweep");
        double[] lambdas = Vector(row["inputs"]!["lam"]);
        for (int i = 1; i < lambdas.Length; i++)
        {
            var solution = Optimal(SixOutcomes(lambdas[i]));
            Assert.Equal(Vector(row["expected"]!["growth"])[i], solution.Objective, 1e-9);
            Assert.Equal(Vector(row["expected"]!["cash_fraction"])[i], 1 - solution.Position.Sum(), 1e-6);
        }
    }

    [Fact]
    public void Risk_constrained_kelly_meets_the_coin()
    {
        var expected = Case("risk-constrained-kelly", "rck-coin-p60")["expected"]!;
        double[][] coin =
        [
            [1],
            [-1],
        ];
        double[] p = [0.6, 0.4];
        double t = 1 / Golden.Number(expected["lam"]);
        var limit = new DrawdownConstraint("drawdown", 0, 1, null, Programs.Wealth(coin), p, 0, t);
        var solution = Optimal(Programs.Growth(coin, p, 0, 0.99) with { Constraints = [limit] });
        Assert.Equal(Golden.Number(expected["fraction"]), solution.Position[0], 1e-9);
        Assert.Equal(Golden.Number(expected["growth_per_bet"]), solution.Objective, 1e-10);
    }
}
