using Plimsoll.Numerics;
using Plimsoll.Sizing;

namespace Plimsoll.Methods.Tests;

/// <summary>golden/sizing: kelly, risk-constrained-kelly and their rows of known wrong answers.</summary>
public sealed class KellyGoldenTests
{
    [Fact]
    public void Simultaneous_bets_are_smaller_than_alone()
    {
        var two = GoldenCase.Of("kelly", "two-simultaneous-coins-p60");
        double p = two.Number("win_probability_each");
        Coins([p, p], out var x, out double[] law);
        double[] f = Bets(x, law);
        two.Check("fraction_each", f[0]);
        two.Check("fraction_each", f[1]);
        two.Check("growth_per_round", KellyBook.Growth(x, [], law, f));
        var joint = GoldenCase.Of("kelly", "two-correlated-coins");
        double[] tied = joint.ExpectedNumbers("joint_probabilities_ww_wl_lw_ll");
        double[] g = Bets(x, tied);
        joint.Check("fraction_each", g[0]);
        joint.Check("growth_per_round", KellyBook.Growth(x, [], tied, g));
        var three = GoldenCase.Of("kelly", "three-simultaneous-coins");
        Coins(three.Numbers("win_probabilities"), out var cube, out double[] weights);
        double[] h = Bets(cube, weights);
        three.Check("fractions", h, 1e-8);
        three.Check("growth_per_round", KellyBook.Growth(cube, [], weights, h));
    }

    [Fact]
    public void A_horse_race_can_hold_a_runner_that_loses_on_its_own()
    {
        var row = GoldenCase.Of("kelly", "horse-race-track-take");
        double[] odds = row.Numbers("gross_odds_for_one"),
            p = row.Numbers("win_probabilities");
        var x = Race(odds);
        double[] f = Bets(x, p);
        row.Check("fractions", f, 1e-7);
        row.Check("growth_per_race", KellyBook.Growth(x, [], p, f));
        var fair = GoldenCase.Of("kelly", "horse-race-fair-odds-growth-is-kl");
        double[] law = fair.Numbers("win_probabilities");
        var y = Race([.. fair.Numbers("state_prices").Select(price => 1 / price)]);
        double[] bets = Bets(y, law);
        fair.Check("growth_per_race", KellyBook.Growth(y, [], law, bets));
        var wealth = new double[law.Length];
        Array.Fill(wealth, 1);
        ColumnProducts.MultiplyAdd(y, bets, wealth);
        // The bets are not unique, the wealth is.
        fair.Check("terminal_wealth_by_state", wealth, 1e-5);
    }

    [Fact]
    public void Continuous_kelly_is_the_inverse_covariance_times_the_edge()
    {
        var row = GoldenCase.Of("kelly", "continuous-multi-asset");
        using var covariance = row.Covariance();
        double rate = row.Number("rate_annual");
        double[] excess = [.. row.Numbers("drift_annual").Select(mu => mu - rate)];
        double[] f = Frontier.Growth(covariance, excess)!;
        row.Check("fractions", f);
        double squared = ColumnProducts.Dot(f, excess);
        row.Check("sharpe_squared", squared);
        row.Check("growth_annual", rate + 0.5 * squared);
        row.Check("leverage_gross", f.Sum(Math.Abs));
        var limited = GoldenCase.Of("kelly", "continuous-multi-asset-no-leverage");
        double[] most = [1, 1, 1];
        var (book, report) = QuadraticBooks.MeanVariance(
            excess,
            covariance,
            1,
            [0, 0, 0],
            most,
            limited.Number("max_gross_leverage"),
            out double price
        );
        Assert.True(report.Converged, report.Reason);
        limited.Check("fractions", book);
        limited.Check("leverage_multiplier_growth_per_unit_leverage", price);
    }

    [Fact]
    public void Scale_is_what_a_popular_formula_misses()
    {
        var row = GoldenCase.Of("known-wrong-answers", "kelly-from-returns-scale");
        double[] returns = [.. Enumerable.Repeat(0.02, 60), .. Enumerable.Repeat(-0.01, 40)];
        var bet = KellyBets.Outcomes(returns, GoldenCase.Equal(100));
        row.Check("fraction", bet.Fraction);
        row.Check("growth_per_period", bet.Growth);
        var ten = GoldenCase.Of("known-wrong-answers", "kelly-from-ten-returns");
        double[] series = ten.Numbers("returns");
        ten.Check("fraction", KellyBets.Outcomes(series, GoldenCase.Equal(10)).Fraction);
        double[] half = [.. series.Select(r => 0.5 * r)];
        ten.Check("fraction_if_returns_halved", KellyBets.Outcomes(half, GoldenCase.Equal(10)).Fraction);
        // The same by the scenario program, which knows no closed form.
        using var x = GoldenCase.Columns([.. series.Select(r => new[] { r })]);
        var solved = KellyBook.Solve(x, [], GoldenCase.Equal(10), 1, [0], [19]);
        Assert.Equal(ten.Expected("fraction"), solved.Position[0], 1e-6);
        var ruin = GoldenCase.Of("known-wrong-answers", "risk-of-ruin-formula");
        double found = WealthPassage.Ruin(ruin.Number("win_probability"), (int)ruin.Number("unit_bets_in_bankroll"));
        ruin.Check("ruin_probability", found);
        Assert.Equal(1, WealthPassage.Ruin(0.2, 100));
    }

    [Fact]
    public void A_relative_entropy_of_half_a_percent_halves_the_bet()
    {
        var row = GoldenCase.Of("kelly", "kl-robust-coin");
        double p = row.Number("win_probability"),
            radius = row.Number("kl_radius");
        using var x = GoldenCase.Columns([
            [row.Number("net_odds")],
            [-1],
        ]);
        var best = RobustKelly
            .Best(t =>
            {
                var found = KellyBook.Solve(x, [], [p, 1 - p], 1 / (1 + 1 / t), [0], [0.999]);
                return (found, found.Objective - t * radius);
            })
            .Solution;
        Assert.Equal(row.Expected("fraction"), best.Position[0], 1e-5);
        double worst = row.Expected("worst_win_probability");
        double growth = KellyBook.Growth(x, [], [worst, 1 - worst], [best.Position[0]]);
        Assert.Equal(row.Expected("worst_case_growth"), growth, 1e-9);
    }

    [Fact]
    public void A_wasserstein_ball_of_order_infinity_is_a_proportional_cost()
    {
        // Every outcome worse by r: E log(g − r·f); for the coin p = 0.6 with r: root by bisection.
        using var x = GoldenCase.Columns([
            [1],
            [-1],
        ]);
        const double r = 0.05;
        var found = KellyBook.Solve(x, [], [0.6, 0.4], 1, [-0.9], [0.9], r);
        var closed = KellyBets.Outcomes([1 - r, -1 - r], [0.6, 0.4]);
        Assert.Equal(closed.Fraction, found.Position[0], 1e-7);
    }

    [Fact]
    public void Busseti_ryu_boyd_2016_coin_and_six_outcomes()
    {
        var exponents = GoldenCase.Of("risk-constrained-kelly", "lambda-from-drawdown-limit");
        exponents.Check(
            "lam",
            exponents.Numbers("wealth_floor_alpha").Zip(exponents.Numbers("probability_beta"), DrawdownKelly.Exponent)
        );
        var coin = GoldenCase.Of("risk-constrained-kelly", "rck-coin-p60");
        double exponent = DrawdownKelly.Exponent(coin.Number("wealth_floor_alpha"), coin.Number("probability_beta"));
        coin.Check("lam", exponent);
        using var flip = GoldenCase.Columns([
            [1],
            [-1],
        ]);
        double[] law = [0.6, 0.4];
        var bet = KellyBook.Solve(
            flip,
            [],
            law,
            1,
            [0],
            [0.99],
            limits: value => [DrawdownKelly.Constraint(value, law, exponent)]
        );
        Assert.Equal(coin.Expected("fraction"), bet.Position[0], 1e-8);
        coin.Check("growth_per_bet", KellyBook.Growth(flip, [], law, bet.Position));

        var row = GoldenCase.Of("risk-constrained-kelly", "rck-six-outcomes-three-assets");
        double[] p = row.Numbers("probabilities");
        var (kelly, _) = SixOutcomes(row, null);
        row.Check("kelly_bets", [.. kelly, 1 - kelly.Sum()], 1e-5);
        var (rck, solution) = SixOutcomes(row, row.Expected("lam"));
        row.Check("rck_bets", [.. rck, 1 - rck.Sum()], 1e-5);
        row.Check("rck_growth", KellyBook.Growth(Excess(row), [], p, rck));
        // The limit is stated for t·log E y^(−1/t): κ of log E y^(−λ) is its price over λ.
        double price = solution.Constraints.Single(state => state.Name == "drawdown").ShadowPrice;
        Assert.Equal(row.Expected("log_constraint_multiplier_kappa"), price / row.Expected("lam"), 1e-5);
        Assert.Equal(row.Expected("kelly_constraint_value"), Power(row, kelly, row.Expected("lam")), 1e-5);

        var sweep = GoldenCase.Of("risk-constrained-kelly", "rck-lambda-sweep");
        double[] lambdas = sweep.Numbers("lam");
        double[][] books = [.. lambdas.Select(l => SixOutcomes(row, l > 0 ? l : null).Bets)];
        sweep.Check("growth", books.Select(book => KellyBook.Growth(Excess(row), [], p, book)), 1e-6);
        sweep.Check("cash_fraction", books.Select(book => 1 - book.Sum()), 1e-4);
    }

    [Fact]
    public void The_quadratic_approximation_breaks_the_true_limit()
    {
        var row = GoldenCase.Of("risk-constrained-kelly", "qrck-quadratic-approximation");
        var x = Excess(row);
        double[] p = row.Numbers("probabilities");
        double lambda = row.Number("lam");
        using var moments = new SymmetricMatrix(3);
        WeightedGram.Add(x, p, moments);
        var mean = new double[3];
        ColumnProducts.TransposeMultiply(x, p, mean);
        // With the limit binding the book is 2/(1 + λ) of the quadratic one on the same instruments.
        var (book, report) = QuadraticBooks.MeanVariance(
            mean,
            moments,
            (1 + lambda) / 2,
            [0, 0, 0],
            [1, 1, 1],
            1,
            out _
        );
        Assert.True(report.Converged, report.Reason);
        row.Check("bets_risky", book);
        row.Check("growth", KellyBook.Growth(x, [], p, book));
        double power = Power(row, book, lambda);
        row.Check("true_constraint_value", power);
        Assert.True(power > 1);
    }

    [Fact]
    public void First_passages_have_their_closed_forms()
    {
        var finite = GoldenCase.Of("risk-constrained-kelly", "drawdown-finite-horizon");
        finite.Check(
            "probability_below_within_horizon",
            finite
                .Numbers("kelly_multiple_c")
                .Select(c =>
                    WealthPassage.Below(
                        finite.Number("sharpe_annual"),
                        c,
                        finite.Number("wealth_floor_alpha"),
                        finite.Number("horizon_years")
                    )
                )
        );
        var race = GoldenCase.Of("risk-constrained-kelly", "double-before-half");
        race.Check(
            "probability_up_first",
            race.Numbers("kelly_multiple_c")
                .Select(c => WealthPassage.UpFirst(c, race.Number("up_factor"), race.Number("down_factor")))
        );
        var ever = GoldenCase.Of("risk-constrained-kelly", "drawdown-ever-continuous-kelly");
        ever.Check(
            "probability_ever_below",
            ever.Numbers("wealth_floor_alpha").Zip(ever.Numbers("kelly_multiple_c"), KellyBets.ProbabilityEverBelow)
        );
        var multiple = GoldenCase.Of("risk-constrained-kelly", "kelly-multiple-for-drawdown-limit");
        multiple.Check(
            "kelly_multiple",
            multiple.Numbers("wealth_floor_alpha").Zip(multiple.Numbers("probability_beta"), KellyBets.MultipleForFloor)
        );
    }

    [Fact]
    public void The_bound_is_a_bound_and_the_simulation_lies_below_it()
    {
        var row = GoldenCase.Of("risk-constrained-kelly", "rck-bound-versus-exact-ruin-probability");
        double p = row.Number("win_probability"),
            f = row.Number("fraction"),
            alpha = row.Expected("wealth_floor_alpha"),
            lambda = row.Expected("lam_solving_constraint_equality");
        Assert.Equal(1, p * Math.Pow(1 + f, -lambda) + (1 - p) * Math.Pow(1 - f, -lambda), 1e-9);
        row.Check("bound_alpha_to_lambda", Math.Pow(alpha, lambda));
        double seen = DrawdownKelly.Simulate([1 + f, 1 - f], [p, 1 - p], alpha * (1 + 1e-9), 400, 40_000, 7);
        double exact = row.Expected("exact_probability_ever_at_or_below");
        // Four standard errors of 40,000 paths.
        Assert.InRange(seen, exact - 0.0094, exact + 0.0094);
        Assert.True(seen < Math.Pow(alpha, lambda));
    }

    [Fact]
    public void Shrinking_keeps_what_the_sharpe_ratio_pays_for()
    {
        // One instrument of SR 0.5 over 4 years: SR² T = 1, so that half of the edge is left.
        Assert.Equal(0.5, ShrunkKelly.Multiple(0.25, 1, 4), 1e-15);
        Assert.Equal(0, ShrunkKelly.Multiple(0, 1, 4));
    }

    [Fact]
    public void The_ellipsoid_scales_the_plain_book()
    {
        using var covariance = new SymmetricMatrix(2);
        (covariance[0, 0], covariance[0, 1], covariance[1, 1]) = (0.04, 0.006, 0.09);
        double[] mean = [0.05, 0.06];
        double[] plain = Frontier.Growth(covariance, mean)!;
        double sharpe = Frontier.LargestSharpe(covariance, mean)!.Value;
        const double penalty = 0.1;
        var (book, report) = RobustMeanVariance.Solve(mean, covariance, 1, penalty, 50);
        Assert.True(report.Converged, report.Reason);
        for (int i = 0; i < 2; i++)
            Assert.Equal((1 - penalty / sharpe) * plain[i], book[i], 1e-3);
        var nothing = RobustMeanVariance.Solve(mean, covariance, 1, 1.01 * sharpe, 50);
        Assert.All(nothing.Book, f => Assert.Equal(0, f));
    }

    static void Coins(double[] p, out ColumnMatrix x, out double[] law)
    {
        int rows = 1 << p.Length;
        x = new ColumnMatrix(rows, p.Length);
        law = new double[rows];
        for (int s = 0; s < rows; s++)
        {
            law[s] = 1;
            for (int i = 0; i < p.Length; i++)
            {
                bool wins = (s >> (p.Length - 1 - i) & 1) == 0;
                x[s, i] = wins ? 1 : -1;
                law[s] *= wins ? p[i] : 1 - p[i];
            }
        }
    }

    static ColumnMatrix Race(double[] odds) =>
        GoldenCase.Columns([.. odds.Select((_, s) => odds.Select((o, i) => i == s ? o - 1 : -1.0).ToArray())]);

    static double[] Bets(ColumnMatrix x, double[] law) =>
        KellyBook.Solve(x, [], law, 1, new double[x.Columns], [.. Enumerable.Repeat(0.999, x.Columns)]).Position;

    static ColumnMatrix Excess(GoldenCase row) =>
        GoldenCase.Columns([
            .. row.Rows("gross_returns_by_outcome").Select(outcome => outcome[..3].Select(r => r - 1).ToArray()),
        ]);

    static double Power(GoldenCase row, double[] bets, double lambda)
    {
        double[] wealth = [1, 1, 1, 1, 1, 1];
        ColumnProducts.MultiplyAdd(Excess(row), bets, wealth);
        return wealth.Zip(row.Numbers("probabilities"), (g, p) => p * Math.Pow(g, -lambda)).Sum();
    }

    static (double[] Bets, ConvexSolution Solution) SixOutcomes(GoldenCase row, double? lambda)
    {
        double[] p = row.Numbers("probabilities");
        var sum = GoldenCase.Columns([
            [1, 1, 1],
        ]);
        var budget = new MaxLinearConstraint("budget", 1, 1, null, [0], sum, null, 0);
        var solution = KellyBook.Solve(
            Excess(row),
            [],
            p,
            1,
            [0, 0, 0],
            [1, 1, 1],
            limits: value => lambda is { } l ? [budget, DrawdownKelly.Constraint(value, p, l)] : [budget]
        );
        Assert.Equal(SolveStatus.Optimal, solution.Status);
        return (solution.Position, solution);
    }
}
