using Plimsoll.Numerics;

namespace Plimsoll.Methods.Tests;

/// <summary>golden/sizing: risk-budgeting, hierarchical-and-diversification, and their rows of known wrong answers.</summary>
public sealed class RiskParityGoldenTests
{
    [Fact]
    public void Maillard_roncalli_teiletche_2010()
    {
        var row = GoldenCase.Of("risk-budgeting", "erc-mrt-example-2");
        using var covariance = row.Covariance();
        var (weights, report) = RiskParity.Solve(covariance, [1, 1, 1, 1]);
        Assert.True(report.Converged, report.Reason);
        row.Check("weights", weights);
        double deviation = Deviation(covariance, weights);
        row.Check("portfolio_volatility_annual", deviation);
        row.Check("risk_contributions_annual", RiskParity.Shares(covariance, weights).Select(s => s * deviation));
        var constant = GoldenCase.Of("risk-budgeting", "erc-constant-correlation-is-inverse-vol");
        double rho = constant.Number("constant_correlation");
        double[] volatility = constant.Numbers("volatility_annual");
        double[][] equal = [.. volatility.Select((_, i) => volatility.Select((_, j) => i == j ? 1 : rho).ToArray())];
        using var matrix = GoldenCase.Covariance(volatility, equal);
        constant.Check("weights", RiskParity.Solve(matrix, [1, 1, 1, 1]).Weights);
        constant.Check("weights", InverseVolatility.Weights(volatility));
    }

    [Fact]
    public void Roncalli_2013_three_assets()
    {
        var row = GoldenCase.Of("risk-budgeting", "roncalli-book-three-assets");
        using var covariance = row.Covariance();
        double[] budgets = row.Numbers("risk_budgets");
        row.Check("weight_budgeting_contributions_share", RiskParity.Shares(covariance, budgets));
        row.Check("weight_budgeting_volatility", Deviation(covariance, budgets));
        double[] weights = RiskParity.Solve(covariance, budgets).Weights;
        row.Check("risk_budgeting_weights", weights);
        row.Check("risk_budgeting_volatility", Deviation(covariance, weights));
        double[] equal = RiskParity.Solve(covariance, [1, 1, 1]).Weights;
        row.Check("erc_weights", equal);
        row.Check("erc_volatility", Deviation(covariance, equal));
    }

    /// <summary>The objective written out plainly, and twenty thousand books around the answer: none is better.</summary>
    [Fact]
    public void Drawdown_budgets_are_the_least_of_their_objective()
    {
        var random = new SeededRandom(41, 0);
        double[][] path = [.. Enumerable.Range(0, 10).Select(_ => Normals(random, 3, 0.05))];
        double[] budgets = [0.2, 0.3, 0.5];
        using var columns = GoldenCase.Columns(path);
        var (weights, solution) = DrawdownParity.Solve(columns, 0.8, budgets);
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        // Of all multiples of a book, that of drawdown 1 is the least of risk less logarithms that sum to 1.
        double Objective(double[] book)
        {
            double unit = ConditionalDrawdown(path, book, 2);
            return 1 - book.Select((w, i) => budgets[i] * Math.Log(w / unit)).Sum();
        }
        double least = Objective(weights);
        for (int k = 0; k < 20_000; k++)
        {
            double spread = Math.Pow(10, -random.NextInt(7));
            double[] other = [.. weights.Select(w => w * Math.Exp(spread * random.NextNormal()))];
            Assert.True(Objective(other) >= least - 1e-7, $"{string.Join(' ', other)} is better");
        }
    }

    static double[] Normals(SeededRandom random, int count, double deviation) =>
        [.. Enumerable.Range(0, count).Select(_ => deviation * random.NextNormal())];

    static double ConditionalDrawdown(double[][] path, double[] book, int worst)
    {
        double value = 0,
            high = 0;
        var drawdowns = new List<double>();
        foreach (double[] step in path)
        {
            value += step.Zip(book, (x, w) => x * w).Sum();
            high = Math.Max(high, value);
            drawdowns.Add(high - value);
        }
        return drawdowns.OrderDescending().Take(worst).Average();
    }

    [Fact]
    public void Two_assets_have_their_closed_form()
    {
        var row = GoldenCase.Of("risk-budgeting", "risk-budget-two-assets-closed-form");
        double rho = row.Number("correlation_12");
        using var covariance = GoldenCase.Covariance(
            row.Numbers("volatility_annual"),
            [
                [1, rho],
                [rho, 1],
            ]
        );
        row.Check("weights", RiskParity.Solve(covariance, row.Numbers("risk_budgets")).Weights);
    }

    [Fact]
    public void Where_an_undamped_newton_leaves_the_orthant_the_answer_is_right()
    {
        var row = GoldenCase.Of("risk-budgeting", "undamped-newton-failure-three-assets");
        double[] c = row.Numbers("correlation_12_13_23");
        using var covariance = GoldenCase.Covariance(
            row.Numbers("volatility_annual"),
            [
                [1, c[0], c[1]],
                [c[0], 1, c[2]],
                [c[1], c[2], 1],
            ]
        );
        double[] weights = RiskParity.Solve(covariance, [1, 1, 1]).Weights;
        row.Check("erc_weights", weights);
        double[] wrong = row.ExpectedNumbers("undamped_normalised_weights");
        Assert.True(Math.Abs(weights[2] - wrong[2]) > 0.1);
        var percent = GoldenCase.Of("known-wrong-answers", "risk-parity-covariance-in-percent-squared");
        using var squared = percent.Covariance("volatility_percent");
        percent.Check("erc_weights", RiskParity.Solve(squared, [1, 1, 1, 1]).Weights);
    }

    [Fact]
    public void Under_limits_it_is_the_homogeneous_definition()
    {
        var row = GoldenCase.Of("known-wrong-answers", "constrained-risk-parity-definitions");
        using var covariance = row.Covariance();
        double[] budgets = row.Numbers("risk_budgets");
        row.Check("unconstrained_erc", RiskParity.Solve(covariance, budgets).Weights, 1e-6);
        double cap = row.Number("upper_weight_asset_0"),
            floor = row.Number("lower_weight_asset_3");
        var (weights, report) = RiskParity.Solve(covariance, budgets, [0, 0, 0, floor, 0], [cap, 1, 1, 1, 1]);
        Assert.True(report.Converged, report.Reason);
        row.Check("weights_B", weights, 1e-6);
        // Clipping and renormalising, definition D, breaks the cap; this one does not.
        Assert.InRange(weights[0], 0, cap + 1e-9);
        Assert.InRange(weights[3], floor - 1e-9, 1);
        var none = RiskParity.Solve(covariance, budgets, new double[5], [0.1, 0.1, 0.1, 0.1, 0.1]);
        Assert.Contains("no weights", none.Report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Shortfall_contributions_are_equal_under_the_dual_law()
    {
        var row = GoldenCase.Of("risk-budgeting", "expected-shortfall-risk-parity");
        using var x = GoldenCase.Columns(row.Rows("scenario_returns"));
        var (weights, solution) = ShortfallParity.Solve(
            x,
            GoldenCase.Equal(10),
            row.Number("es_level"),
            row.Numbers("risk_budgets")
        );
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        row.Check("weights", weights);
        row.Check("scenario_tail_weights_dual", solution.TailWeights);
        double[] contributions =
        [
            .. weights.Select((w, i) => -w * ColumnProducts.Dot(x.Column(i), solution.TailWeights)),
        ];
        row.Check("risk_contributions", contributions);
        row.Check("expected_shortfall", contributions.Sum());
    }

    [Fact]
    public void Hierarchical_risk_parity_in_each_published_convention()
    {
        var row = GoldenCase.Of("hierarchical-and-diversification", "hrp-ten-assets-distance-of-distances-single");
        using var covariance = row.Covariance();
        var plain = Clustering.CorrelationDistance(covariance);
        var twice = Clustering.DistanceOfDistances(plain);
        var tree = Clustering.Tree(twice, Linkage.Single);
        row.Check("leaf_order", tree.Leaves.Select(leaf => (double)leaf));
        row.Check("weights", HierarchicalRiskParity.Bisect(covariance, [.. tree.Leaves]));
        var once = GoldenCase.Of("hierarchical-and-diversification", "hrp-ten-assets-plain-distance-single");
        int[] leaves = [.. Clustering.Tree(plain, Linkage.Single).Leaves];
        once.Check("leaf_order", leaves.Select(leaf => (double)leaf));
        once.Check("weights", HierarchicalRiskParity.Bisect(covariance, leaves));

        // An order and its mirror have the same sum of distances; the row's is one of the two.
        var optimal = GoldenCase.Of("hierarchical-and-diversification", "hrp-ten-assets-optimal-leaf-order");
        Mirrored(optimal, covariance, Clustering.OptimalOrder(tree, twice));
        var ward = GoldenCase.Of("hierarchical-and-diversification", "hrp-ten-assets-ward");
        var wardTree = Clustering.Tree(plain, Linkage.Ward);
        // The row's order is one of the tree's, and its weights are those of that order; the neighbours 5 and 6 the
        // other way round have a smaller sum of distances, which is what optimal means here.
        int[] given = [.. ward.ExpectedNumbers("leaf_order").Select(leaf => (int)leaf)];
        Assert.Contains(Orders(wardTree), order => order.SequenceEqual(given));
        ward.Check("weights", HierarchicalRiskParity.Bisect(covariance, given));
        Assert.True(Length(Clustering.OptimalOrder(wardTree, plain), plain) <= Length(given, plain));
    }

    [Fact]
    public void Leaf_flips_move_weights_by_eighteen_points_and_the_stated_rule_depends_on_no_order()
    {
        var row = GoldenCase.Of("hierarchical-and-diversification", "hrp-leaf-flip-range");
        using var covariance = row.Covariance();
        var tree = Clustering.Tree(
            Clustering.DistanceOfDistances(Clustering.CorrelationDistance(covariance)),
            Linkage.Single
        );
        var low = new double[10];
        var high = new double[10];
        Array.Fill(low, 1);
        int count = 0;
        foreach (int[] order in Orders(tree))
        {
            count++;
            double[] weights = HierarchicalRiskParity.Bisect(covariance, order);
            for (int i = 0; i < 10; i++)
                (low[i], high[i]) = (Math.Min(low[i], weights[i]), Math.Max(high[i], weights[i]));
        }
        Assert.Equal(row.Expected("number_of_orders"), count);
        row.Check("min_weights", low);
        row.Check("max_weights", high);
        row.Check("max_weight_range_over_orders", high[0] - low[0]);

        var permuted = GoldenCase.Of("hierarchical-and-diversification", "hrp-permutation-dependence");
        int[] old = [.. permuted.Numbers("permutation_new_to_old").Select(v => (int)v)];
        using var turned = new SymmetricMatrix(10);
        for (int i = 0; i < 10; i++)
        for (int j = i; j < 10; j++)
            turned[i, j] = covariance[old[i], old[j]];
        double[] other = Stated(turned, i => $"{old[i]}");
        double[] own = Stated(covariance, i => $"{i}");
        for (int i = 0; i < 10; i++)
            Assert.Equal(own[old[i]], other[i], 1e-14);
    }

    [Fact]
    public void A_cluster_is_weighted_by_inverse_variance_inside()
    {
        var row = GoldenCase.Of("known-wrong-answers", "variance-of-inverse-volatility-cluster");
        double rho = row.Number("correlation_12");
        using var covariance = GoldenCase.Covariance(
            row.Numbers("cluster_volatility"),
            [
                [1, rho],
                [rho, 1],
            ]
        );
        row.Check("cluster_variance", HierarchicalRiskParity.ClusterVariance(covariance, [0, 1]));
    }

    [Fact]
    public void Choueifaty_coignard_2008()
    {
        var row = GoldenCase.Of("hierarchical-and-diversification", "max-diversification-ten-assets");
        using var covariance = row.Covariance();
        var (weights, report) = MaximumDiversification.Solve(covariance);
        Assert.True(report.Converged, report.Reason);
        row.Check("weights", weights);
        row.Check("diversification_ratio", MaximumDiversification.Ratio(covariance, weights));
        var three = GoldenCase.Of("hierarchical-and-diversification", "max-diversification-three-assets-closed-form");
        using var small = three.Covariance();
        double[] closed = MaximumDiversification.Solve(small).Weights;
        three.Check("weights", closed);
        double ratio = MaximumDiversification.Ratio(small, closed);
        three.Check("diversification_ratio", ratio);
        three.Check("effective_independent_bets_dr_squared", ratio * ratio);
    }

    [Fact]
    public void Factor_budgets_have_their_closed_form_for_uncorrelated_factors()
    {
        // Roncalli and Weisang 2016: R = B·F with uncorrelated factors of variance ω: exposure_k = √(b_k/ω_k).
        double[][] b =
        [
            [1, 0.2],
            [0.4, 1],
        ];
        double[] variance = [0.04, 0.09];
        double[] budgets = [0.3, 0.7];
        using var covariance = new SymmetricMatrix(2);
        for (int i = 0; i < 2; i++)
        for (int j = i; j < 2; j++)
            covariance[i, j] = Enumerable.Range(0, 2).Sum(k => b[i][k] * b[j][k] * variance[k]);
        double[][] loadings =
        [
            [b[0][0], b[1][0]],
            [b[0][1], b[1][1]],
        ];
        var (weights, _, report) = FactorParity.Solve(covariance, loadings, budgets);
        Assert.True(report.Converged, report.Reason);
        double[] exposure = [.. loadings.Select(row => row[0] * weights[0] + row[1] * weights[1])];
        double ratio = Math.Sqrt(budgets[0] / variance[0]) / Math.Sqrt(budgets[1] / variance[1]);
        Assert.Equal(ratio, exposure[0] / exposure[1], 1e-8);
    }

    /// <summary>A group's cap and a floor on another: against twenty thousand books that keep them.</summary>
    [Fact]
    public void Linear_limits_give_the_least_of_the_homogeneous_objective()
    {
        double[] volatility = [0.35, 0.6, 0.75, 0.9, 0.5];
        double[][] correlation =
        [
            [1.0, 0.75, 0.6, 0.5, 0.2],
            [0.75, 1.0, 0.8, 0.6, 0.25],
            [0.6, 0.8, 1.0, 0.7, 0.2],
            [0.5, 0.6, 0.7, 1.0, 0.1],
            [0.2, 0.25, 0.2, 0.1, 1.0],
        ];
        using var covariance = GoldenCase.Covariance(volatility, correlation);
        double[] budgets = GoldenCase.Equal(5);
        bool IsGroup(int i) => i is 0 or 4;
        bool IsOther(int i) => i is 2 or 3;
        double[][] rows = [RiskParity.AtMost(5, IsGroup, 0.4), RiskParity.AtLeast(5, IsOther, 0.45)];
        var (weights, report) = RiskParity.Solve(covariance, budgets, rows);
        Assert.True(report.Converged, report.Reason);
        Assert.Equal(0.4, weights[0] + weights[4], 1e-9);
        Assert.Equal(0.45, weights[2] + weights[3], 1e-9);
        // At its best multiple a book's objective is log σ(w) − Σ b·log w and a constant.
        double Objective(double[] w) => Math.Log(Deviation(covariance, w)) - w.Sum(x => 0.2 * Math.Log(x));
        double least = Objective(weights);
        var random = new SeededRandom(23, 0);
        int kept = 0;
        for (int k = 0; k < 20_000; k++)
        {
            double spread = Math.Pow(10, -random.NextInt(6));
            double[] other = [.. weights.Select(w => w * Math.Exp(spread * random.NextNormal()))];
            if (rows.Any(row => row.Zip(other, (a, w) => a * w).Sum() > 0))
                continue;
            kept++;
            Assert.True(Objective(other) >= least - 1e-9, $"{string.Join(' ', other)} is better");
        }
        Assert.InRange(kept, 1_000, 20_000);
        Assert.False(RiskParity.Solve(covariance, budgets, [RiskParity.AtLeast(5, IsGroup, 1.1)]).Report.Converged);
    }

    static double Length(int[] order, double[,] distance) =>
        Enumerable.Range(1, order.Length - 1).Sum(k => distance[order[k - 1], order[k]]);

    static double[] Stated(SymmetricMatrix covariance, Func<int, string> key)
    {
        var distance = Clustering.DistanceOfDistances(Clustering.CorrelationDistance(covariance));
        var tree = Clustering.Turned(Clustering.Tree(distance, Linkage.Single), covariance, key);
        return HierarchicalRiskParity.Bisect(covariance, [.. tree.Leaves]);
    }

    static void Mirrored(GoldenCase row, SymmetricMatrix covariance, int[] order)
    {
        double[] wanted = row.ExpectedNumbers("leaf_order");
        if (order[0] != wanted[0])
            Array.Reverse(order);
        row.Check("leaf_order", order.Select(leaf => (double)leaf));
        row.Check("weights", HierarchicalRiskParity.Bisect(covariance, order));
    }

    static IEnumerable<int[]> Orders(ClusterTree tree)
    {
        if (tree.Leaf >= 0)
            return
            [
                [tree.Leaf],
            ];
        var left = Orders(tree.Left!).ToList();
        var right = Orders(tree.Right!).ToList();
        return from a in left
            from b in right
            from turned in new[] { false, true }
            select turned ? (int[])[.. b, .. a] : (int[])[.. a, .. b];
    }

    static double Deviation(SymmetricMatrix covariance, double[] weights)
    {
        var product = new double[weights.Length];
        covariance.Multiply(weights, product);
        return Math.Sqrt(ColumnProducts.Dot(product, weights));
    }
}
