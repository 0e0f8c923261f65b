using Plimsoll.Numerics;
using Plimsoll.Risk;
using Plimsoll.Sizing;

namespace Plimsoll.Methods.Tests;

/// <summary>
/// golden/sizing: the figures of a row beside its size. Parts of a formula, the answer to another question, and the
/// figure that a known mistake gives, which must come out of the mistake and not out of ours.
/// </summary>
public sealed class GoldenFigureTests
{
    [Fact]
    public void Square_root_impact_is_the_peak_and_a_whole_order_pays_two_thirds_of_it()
    {
        var row = GoldenCase.Of("costs-and-trading", "square-root-impact");
        double order = row.Number("order_notional_usd");
        double cost = ExitCost.Impact(
            order,
            row.Number("daily_volume_usd"),
            row.Number("daily_volatility"),
            row.Number("prefactor")
        );
        row.Check("cost_usd_with_two_thirds", cost);
        row.Check("average_cost_fraction_if_impact_is_peak", cost / order);
        row.Check("peak_impact_fraction", 1.5 * cost / order);
        row.Check("cost_usd_with_peak_as_cost", 1.5 * cost);
        row.Check("spread_cost_usd", order * row.Number("half_spread"));
    }

    [Fact]
    public void Turnover_two_ways_and_the_utility_at_the_edge_of_the_region()
    {
        var turnover = GoldenCase.Of("costs-and-trading", "turnover-definitions");
        double[] before = turnover.Numbers("weights_before"),
            after = turnover.Numbers("weights_after");
        turnover.Check("turnover_two_way", 2 * NoTradeRegion.Turnover(before, after));
        var row = GoldenCase.Of("costs-and-trading", "no-trade-region-two-assets");
        using var covariance = GoldenCase.Symmetric(row.Rows("covariance"));
        double[] mean = row.Numbers("mean"),
            cost = row.Numbers("proportional_cost"),
            now = row.Numbers("current_weights");
        double gamma = row.Number("risk_aversion");
        var (book, _) = NoTradeRegion.Solve(mean, covariance, gamma, now, cost, cost, [0, 0], []);
        double paid = Enumerable.Range(0, 2).Sum(i => cost[i] * Math.Abs(book[i] - now[i]));
        row.Check("objective", Dot(mean, book) - gamma / 2 * Square(covariance, book) - paid);
    }

    [Fact]
    public void Sizes_in_contracts_and_the_threshold_of_the_least_shortfall()
    {
        var target = GoldenCase.Of("rules", "volatility-target");
        target.Check("contracts_rounded_toward_zero", Math.Truncate(target.Expected("contracts_unrounded")));
        var row = GoldenCase.Of("tail-objectives", "min-cvar-80-ten-scenarios");
        double[] weights = row.ExpectedNumbers("weights");
        double[] gains = [.. row.Rows("scenario_returns").Select(x => Dot(x, weights))];
        double level = row.Number("level");
        double threshold = row.Expected("var_multiplier_variable");
        // Rockafellar and Uryasev 2000: the threshold at which their function is the shortfall; any between the two
        // losses about the quantile will do.
        double excess = gains.Sum(gain => Math.Max(0, -gain - threshold)) / gains.Length / (1 - level);
        row.Check("cvar", threshold + excess);
        double[] equal = GoldenCase.Equal(gains.Length);
        row.Check("cvar", RiskMeasures.ExpectedShortfall(gains, equal, level));
        Assert.InRange(
            threshold,
            -gains.Order().ElementAt(2) - 1e-9,
            RiskMeasures.ValueAtRisk(gains, equal, level) + 1e-9
        );
    }

    [Fact]
    public void Kelly_and_its_quadratic_approximations()
    {
        var six = GoldenCase.Of("kelly", "six-outcome-single-asset");
        double[] outcomes = six.Numbers("outcomes_net_return"),
            p = six.Numbers("probabilities");
        double mean = Dot(outcomes, p);
        double second = outcomes.Zip(p, (x, w) => w * x * x).Sum();
        six.Check("quadratic_approx_fraction_mean_over_second_moment", Quadratic(mean, second));
        six.Check("quadratic_approx_fraction_mean_over_variance", Quadratic(mean, second - mean * mean));
        var ten = GoldenCase.Of("known-wrong-answers", "kelly-from-ten-returns");
        double[] returns = ten.Numbers("returns");
        double average = returns.Average();
        double variance = returns.Average(r => (r - average) * (r - average));
        ten.Check("quadratic_approximation_mean_over_variance", Quadratic(average, variance));
        // Busseti, Ryu and Boyd 2016, section 5: with the limit binding, 2/(1 + λ) of the quadratic bet.
        var coin = GoldenCase.Of("risk-constrained-kelly", "rck-coin-p60");
        double edge = 2 * coin.Number("win_probability") - 1;
        double lambda = Math.Log(coin.Number("probability_beta")) / Math.Log(coin.Number("wealth_floor_alpha"));
        coin.Check("quadratic_approx_fraction", Quadratic(edge, (1 + lambda) / 2));
    }

    static double Quadratic(double mean, double second)
    {
        using var matrix = new SymmetricMatrix(1);
        matrix[0, 0] = second;
        return Frontier.Growth(matrix, [mean])![0];
    }

    [Fact]
    public void What_one_bet_alone_would_get()
    {
        var coin = GoldenCase.Of("kelly", "coin-even-money-p53");
        var bet = KellyBets.Binary(coin.Number("win_probability"), coin.Number("net_odds"));
        coin.Check("growth_closed_form_log2_minus_entropy", bet.Growth);
        var none = GoldenCase.Of("kelly", "no-edge-coin");
        var lost = KellyBets.Binary(none.Number("win_probability"), none.Number("net_odds"));
        none.Check("fraction_if_no_short", Math.Max(0, lost.Fraction));
        var two = GoldenCase.Of("kelly", "two-simultaneous-coins-p60");
        double each = two.Number("win_probability_each");
        two.Check("single_coin_fraction", KellyBets.Binary(each, two.Number("net_odds")).Fraction);
        var three = GoldenCase.Of("kelly", "three-simultaneous-coins");
        double odds = three.Number("net_odds");
        three.Check(
            "isolated_fractions",
            three.Numbers("win_probabilities").Select(p => KellyBets.Binary(p, odds).Fraction)
        );
        var robust = GoldenCase.Of("kelly", "kl-robust-coin");
        var nominal = KellyBets.Binary(robust.Number("win_probability"), robust.Number("net_odds"));
        robust.Check("nominal_fraction", nominal.Fraction);
    }

    [Theory]
    [InlineData("continuous-thorp-sp500")]
    [InlineData("continuous-bitcoin-like")]
    public void Growth_at_other_fractions_than_the_best(string name)
    {
        var row = GoldenCase.Of("kelly", name);
        double drift = row.Number("drift_annual"),
            volatility = row.Number("volatility_annual"),
            rate = row.Number("rate_annual");
        double best = KellyBets.Continuous(drift, volatility, rate).Fraction;
        row.Check("growth_at_fraction_one", KellyBets.ContinuousGrowth(drift, volatility, rate, 1));
        row.Check("growth_at_half_kelly", KellyBets.ContinuousGrowth(drift, volatility, rate, best / 2));
        row.Check("sharpe", best * volatility);
        row.Check("growth_at_double_kelly", KellyBets.ContinuousGrowth(drift, volatility, rate, 2 * best));
    }

    [Fact]
    public void Staking_everything_by_probability_grows_as_the_race_does()
    {
        var row = GoldenCase.Of("kelly", "horse-race-fair-odds-growth-is-kl");
        double[] bets = row.ExpectedNumbers("fractions_one_representative_all_staked");
        double[] p = row.Numbers("win_probabilities"),
            prices = row.Numbers("state_prices");
        row.Check("growth_per_race", p.Select((w, i) => w * Math.Log(bets[i] / prices[i])).Sum());
    }

    [Fact]
    public void Six_outcomes_reach_the_kelly_growth_and_the_limit_of_drawdowns()
    {
        var row = GoldenCase.Of("risk-constrained-kelly", "rck-six-outcomes-three-assets");
        double[] p = row.Numbers("probabilities");
        double[][] gross = row.Rows("gross_returns_by_outcome");
        double Wealth(double[] book, int s) => book.Zip(gross[s], (b, r) => b * r).Sum();
        double[] kelly = row.ExpectedNumbers("kelly_bets"),
            rck = row.ExpectedNumbers("rck_bets");
        row.Check("kelly_growth", p.Select((w, s) => w * Math.Log(Wealth(kelly, s))).Sum());
        double lambda = row.Expected("lam");
        row.Check("rck_constraint_value", p.Select((w, s) => w * Math.Pow(Wealth(rck, s), -lambda)).Sum());
    }

    /// <summary>The mistakes, made on purpose: each gives the row's wrong figure, and ours is another.</summary>
    [Fact]
    public void Known_mistakes_give_their_figures_and_ours_are_others()
    {
        var partial = GoldenCase.Of("kelly", "partial-loss-bet");
        double p = partial.Number("win_probability"),
            gain = partial.Number("gain_if_win_per_unit_stake"),
            loss = partial.Number("loss_if_lose_per_unit_stake");
        Mistake(
            partial,
            "fraction_if_formula_for_total_loss_is_misapplied",
            KellyBets.Binary(p, gain / loss).Fraction,
            KellyBets.Binary(p, gain, loss).Fraction
        );
        var scale = GoldenCase.Of("known-wrong-answers", "kelly-from-returns-scale");
        double[] returns = [.. Enumerable.Repeat(0.02, 60), .. Enumerable.Repeat(-0.01, 40)];
        Mistake(
            scale,
            "wrong_fraction_win_rate_minus_loss_rate_over_payoff",
            WinRateFormula(returns),
            KellyBets.Outcomes(returns, GoldenCase.Equal(100)).Fraction
        );
        var ten = GoldenCase.Of("known-wrong-answers", "kelly-from-ten-returns");
        double[] few = ten.Numbers("returns");
        Mistake(
            ten,
            "wrong_formula_value",
            WinRateFormula(few),
            KellyBets.Outcomes(few, GoldenCase.Equal(10)).Fraction
        );
        var ruin = GoldenCase.Of("known-wrong-answers", "risk-of-ruin-formula");
        double win = ruin.Number("win_probability");
        Mistake(
            ruin,
            "wrong_value_with_250_observations",
            Math.Pow((1 - win) / (1 + win), 250),
            Math.Pow((1 - win) / win, ruin.Number("unit_bets_in_bankroll"))
        );
        var cluster = GoldenCase.Of("known-wrong-answers", "variance-of-inverse-volatility-cluster");
        double rho = cluster.Number("correlation_12");
        double[] volatility = cluster.Numbers("cluster_volatility");
        using var covariance = GoldenCase.Covariance(
            volatility,
            [
                [1, rho],
                [rho, 1],
            ]
        );
        cluster.Check("inverse_variance_weights", Inverse(volatility, 2));
        Mistake(
            cluster,
            "wrong_inverse_volatility_cluster_variance",
            Square(covariance, Inverse(volatility, 1)),
            HierarchicalRiskParity.ClusterVariance(covariance, [0, 1])
        );
    }

    static void Mistake(GoldenCase row, string key, double made, double ours)
    {
        row.Check(key, made);
        Assert.True(Math.Abs(ours - made) > 0.01 * Math.Abs(ours), $"{key}: {ours} is the mistake");
    }

    static double WinRateFormula(double[] returns)
    {
        double wins = returns.Count(r => r > 0) / (double)returns.Length;
        double payoff = returns.Where(r => r > 0).Average() / -returns.Where(r => r < 0).Average();
        return wins - (1 - wins) / payoff;
    }

    static double[] Inverse(double[] volatility, int power)
    {
        double[] inverse = [.. volatility.Select(v => Math.Pow(v, -power))];
        return [.. inverse.Select(w => w / inverse.Sum())];
    }

    /// <summary>Five definitions of risk parity under limits: their risk, and what the shortcut breaks.</summary>
    [Fact]
    public void Definitions_of_risk_parity_under_limits_differ_in_risk()
    {
        var row = GoldenCase.Of("known-wrong-answers", "constrained-risk-parity-definitions");
        using var covariance = row.Covariance();
        double[][] books =
        [
            .. new[] { "weights_A", "weights_B", "weights_C", "weights_D", "weights_E" }.Select(row.ExpectedNumbers),
        ];
        row.Check("volatility_A_to_E", books.Select(book => Math.Sqrt(Square(covariance, book))));
        Assert.Equal(row.ExpectedFlag("D_violates_limits"), books[3][0] > row.Number("upper_weight_asset_0") + 1e-6);
        var (ours, _) = RiskParity.Solve(
            covariance,
            row.Numbers("risk_budgets"),
            [0, 0, 0, row.Number("lower_weight_asset_3"), 0],
            [row.Number("upper_weight_asset_0"), 1, 1, 1, 1]
        );
        foreach (double[] other in new[] { books[0], books[2], books[3], books[4] })
            Assert.True(ours.Zip(other, (a, b) => Math.Abs(a - b)).Max() > 1e-4);
    }

    /// <summary>One undamped Newton step of Σx = b/x from equal weights leaves the positive numbers.</summary>
    [Theory]
    [InlineData("risk-budgeting", "undamped-newton-failure-three-assets")]
    [InlineData("known-wrong-answers", "risk-parity-covariance-in-percent-squared")]
    public void Undamped_newton_leaves_the_orthant_and_ours_does_not(string file, string name)
    {
        var row = GoldenCase.Of(file, name);
        bool isThree = file == "risk-budgeting";
        double[] c = isThree ? row.Numbers("correlation_12_13_23") : [];
        using var covariance = isThree
            ? GoldenCase.Covariance(
                row.Numbers("volatility_annual"),
                [
                    [1, c[0], c[1]],
                    [c[0], 1, c[2]],
                    [c[1], c[2], 1],
                ]
            )
            : row.Covariance("volatility_percent");
        double[] wrong = row.ExpectedNumbers(isThree ? "undamped_normalised_weights" : "wrong_undamped_normalised");
        Assert.Equal(1, wrong.Sum(), 1e-9);
        Assert.Equal(
            row.ExpectedFlag(isThree ? "undamped_iterate_sign_pattern_is_mixed" : "undamped_negative_component"),
            wrong.Any(w => w < 0)
        );
        Assert.All(RiskParity.Solve(covariance, [.. wrong.Select(_ => 1.0)]).Weights, w => Assert.True(w > 0));
    }

    [Fact]
    public void Shrinkage_is_made_of_its_published_parts()
    {
        var row = GoldenCase.Of("covariance-shrinkage", "ledoit-wolf-2004-identity");
        using var x = GoldenCase.Columns(row.Rows("returns"));
        var estimate = CovarianceEstimate.LedoitWolf(x, GoldenCase.Equal(x.Rows));
        double mu = Enumerable.Range(0, x.Columns).Average(i => estimate.Matrix[i, i]);
        // The target keeps the trace, so its scale is read off the estimate; β² of δ² is the shrinkage.
        row.Check("target_scale_mu", mu);
        Assert.Equal(row.Expected("beta_squared") / row.Expected("delta_squared"), estimate.Shrinkage, 1e-9);
        using var sample = CovarianceEstimate.Sample(x, GoldenCase.Equal(x.Rows));
        double delta = 0;
        for (int i = 0; i < x.Columns; i++)
        for (int j = 0; j < x.Columns; j++)
            delta += Math.Pow(sample[i, j] - (i == j ? mu : 0), 2) / x.Columns;
        Assert.Equal(1, delta / row.Expected("delta_squared"), 1e-9);

        var constant = GoldenCase.Of("covariance-shrinkage", "ledoit-wolf-2004-constant-correlation");
        var other = CovarianceEstimate.ConstantCorrelation(x, GoldenCase.Equal(x.Rows));
        double correlation = 0;
        for (int i = 0; i < x.Columns; i++)
        for (int j = i + 1; j < x.Columns; j++)
            correlation += sample[i, j] / Math.Sqrt(sample[i, i] * sample[j, j]);
        constant.Check("mean_correlation", correlation / (x.Columns * (x.Columns - 1) / 2));
        double kappa = constant.Expected("kappa_hat");
        double parts = (constant.Expected("pi_hat") - constant.Expected("rho_hat")) / constant.Expected("gamma_hat");
        Assert.Equal(kappa, parts, 1e-9);
        Assert.Equal(Math.Clamp(kappa / x.Rows, 0, 1), other.Shrinkage, 1e-9);
        var nonlinear = GoldenCase.Of("covariance-shrinkage", "ledoit-wolf-2020-analytical-nonlinear");
        Assert.Equal(nonlinear.Expected("effective_sample_size"), x.Rows - 1);
        nonlinear.Check("bandwidth", Math.Pow(x.Rows - 1, -1.0 / 3));
        var noise = GoldenCase.Of("covariance-shrinkage", "marchenko-pastur-edge-and-constant-residual");
        double upper = Denoised.Edge((int)noise.Number("n_assets"), noise.Number("n_observations"));
        noise.Check("edge_lower", Math.Pow(2 - Math.Sqrt(upper), 2));
    }

    [Fact]
    public void Orders_of_leaves_move_the_weights_by_the_published_differences()
    {
        var row = GoldenCase.Of("hierarchical-and-diversification", "hrp-ten-assets-distance-of-distances-single");
        using var covariance = row.Covariance();
        double[] weights = row.ExpectedNumbers("weights");
        var optimal = GoldenCase.Of("hierarchical-and-diversification", "hrp-ten-assets-optimal-leaf-order");
        int[] order = [.. optimal.ExpectedNumbers("leaf_order").Select(leaf => (int)leaf)];
        optimal.Check(
            "max_abs_weight_change_vs_unordered",
            Largest(HierarchicalRiskParity.Bisect(covariance, order), weights)
        );
        var flips = GoldenCase.Of("hierarchical-and-diversification", "hrp-leaf-flip-range");
        double[] low = flips.ExpectedNumbers("min_weights"),
            high = flips.ExpectedNumbers("max_weights");
        Assert.Equal(flips.Expected("asset_with_max_range"), Enumerable.Range(0, 10).MaxBy(i => high[i] - low[i]));
        var permuted = GoldenCase.Of("hierarchical-and-diversification", "hrp-permutation-dependence");
        int[] old = [.. permuted.Numbers("permutation_new_to_old").Select(v => (int)v)];
        using var turned = new SymmetricMatrix(10);
        for (int i = 0; i < 10; i++)
        for (int j = i; j < 10; j++)
            turned[i, j] = covariance[old[i], old[j]];
        var tree = Clustering.Tree(
            Clustering.DistanceOfDistances(Clustering.CorrelationDistance(turned)),
            Linkage.Single
        );
        double[] own = HierarchicalRiskParity.Bisect(turned, [.. tree.Leaves]);
        var back = new double[10];
        for (int i = 0; i < 10; i++)
            back[old[i]] = own[i];
        permuted.Check("weights_in_original_labels", back);
        permuted.Check("max_abs_difference", Largest(back, weights));
        var ten = GoldenCase.Of("hierarchical-and-diversification", "max-diversification-ten-assets");
        double[] spread = MaximumDiversification.Solve(covariance).Weights;
        Assert.Equal(
            ten.ExpectedNumbers("held_assets"),
            Enumerable.Range(0, 10).Where(i => spread[i] > 1e-7).Select(i => (double)i)
        );
    }

    static double Largest(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    static double Square(SymmetricMatrix matrix, double[] book)
    {
        double sum = 0;
        for (int i = 0; i < book.Length; i++)
        for (int j = 0; j < book.Length; j++)
            sum += matrix[i, j] * book[i] * book[j];
        return sum;
    }
}
