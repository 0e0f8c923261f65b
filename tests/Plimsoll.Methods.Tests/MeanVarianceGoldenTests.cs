using Plimsoll.Numerics;

namespace Plimsoll.Methods.Tests;

/// <summary>golden/sizing: mean-variance, covariance-shrinkage and black-litterman, each row with its source.</summary>
public sealed class MeanVarianceGoldenTests
{
    [Fact]
    public void Frontier_of_three_assets_merton_1972()
    {
        var row = GoldenCase.Of("mean-variance", "frontier-three-assets");
        using var covariance = row.Covariance();
        double[] mean = row.Numbers("mean_annual");
        double[] least = Frontier.MinimumVariance(covariance)!;
        row.Check("min_variance_weights", least);
        row.Check("min_variance_volatility", Deviation(covariance, least));
        row.Check("min_variance_mean", ColumnProducts.Dot(mean, least));
        double[] excess = [.. mean.Select(m => m - row.Number("rate_annual"))];
        double[] tangency = Frontier.Growth(covariance, excess)!;
        double sum = tangency.Sum();
        row.Check("tangency_weights", tangency.Select(w => w / sum));
        row.Check("tangency_sharpe", Frontier.LargestSharpe(covariance, excess)!.Value);
        double[] target = Frontier.AtMean(covariance, mean, row.Number("target_mean_annual"))!;
        row.Check("frontier_weights_at_target", target);
        row.Check("frontier_volatility_at_target", Deviation(covariance, target));
    }

    [Fact]
    public void Without_any_edge_there_is_no_position()
    {
        var row = GoldenCase.Of("mean-variance", "all-negative-excess-returns");
        using var covariance = row.Covariance();
        double[] excess = [.. row.Numbers("mean_annual").Select(m => m - row.Number("rate_annual"))];
        row.Check("weights_utility_maximisation", QuadraticBooks.LargestRatio(covariance, excess).Book);
        // The trap: equal weights, as one library gives when every excess mean is negative.
        var trap = GoldenCase.Of("known-wrong-answers", "minimum-infeasible-view");
        double[] volatility = trap.Numbers("volatility");
        double rho = trap.Number("correlation_12");
        using var two = GoldenCase.Covariance(
            volatility,
            [
                [1, rho],
                [rho, 1],
            ]
        );
        var (book, report) = QuadraticBooks.LargestRatio(two, trap.Numbers("mean_excess"));
        Assert.True(report.Converged);
        Assert.All(book, weight => Assert.Equal(0, weight));
    }

    [Fact]
    public void Mean_variance_in_a_box_with_a_gross_limit()
    {
        var row = GoldenCase.Of("mean-variance", "mean-variance-box");
        using var covariance = row.Covariance();
        double[] excess = [.. row.Numbers("mean_annual").Select(m => m - row.Number("rate_annual"))];
        var (book, report) = QuadraticBooks.MeanVariance(
            excess,
            covariance,
            row.Number("risk_aversion"),
            [.. excess.Select(_ => row.Number("lower"))],
            [.. excess.Select(_ => row.Number("upper"))],
            row.Number("max_gross"),
            out _
        );
        Assert.True(report.Converged, report.Reason);
        row.Check("weights", book);
        double variance = Deviation(covariance, book) * Deviation(covariance, book);
        row.Check("utility", ColumnProducts.Dot(excess, book) - row.Number("risk_aversion") / 2 * variance);
    }

    [Fact]
    public void A_volatility_limit_scales_the_growth_book()
    {
        var row = GoldenCase.Of("mean-variance", "volatility-limit");
        using var covariance = row.Covariance();
        double[] excess = [.. row.Numbers("mean_annual").Select(m => m - row.Number("rate_annual"))];
        double sharpe = Frontier.LargestSharpe(covariance, excess)!.Value;
        double limit = row.Number("volatility_limit_annual");
        row.Check("weights", Frontier.Growth(covariance, excess)!.Select(w => w * limit / sharpe));
        row.Check("excess_mean", limit * sharpe);
        row.Check("multiplier_mean_per_unit_volatility", sharpe);
    }

    [Fact]
    public void Ledoit_wolf_2004_identity()
    {
        var row = GoldenCase.Of("covariance-shrinkage", "ledoit-wolf-2004-identity");
        using var x = GoldenCase.Columns(row.Rows("returns"));
        double[] p = GoldenCase.Equal(x.Rows);
        row.Check("sample_covariance_divisor_T", CovarianceEstimate.Sample(x, p));
        var estimate = CovarianceEstimate.LedoitWolf(x, p);
        row.Check("shrinkage", estimate.Shrinkage);
        row.Check("covariance", estimate.Matrix);
    }

    [Fact]
    public void Oracle_approximating_keeps_the_terms_that_a_library_leaves_out()
    {
        var row = GoldenCase.Of("covariance-shrinkage", "oas-chen-2010");
        using var x = GoldenCase.Columns(row.Rows("returns"));
        var estimate = CovarianceEstimate.OracleApproximating(x, GoldenCase.Equal(x.Rows));
        row.Check("shrinkage_paper_eq23", estimate.Shrinkage);
        row.Check("covariance_paper", estimate.Matrix);
        Assert.True(Math.Abs(estimate.Shrinkage - row.Expected("shrinkage_scikit_learn_variant")) > 0.05);
    }

    [Fact]
    public void Ledoit_wolf_2004_constant_correlation()
    {
        var row = GoldenCase.Of("covariance-shrinkage", "ledoit-wolf-2004-constant-correlation");
        using var x = GoldenCase.Columns(row.Rows("returns"));
        var estimate = CovarianceEstimate.ConstantCorrelation(x, GoldenCase.Equal(x.Rows));
        row.Check("shrinkage", estimate.Shrinkage);
        row.Check("covariance", estimate.Matrix);
    }

    [Fact]
    public void Ledoit_wolf_2020_nonlinear()
    {
        var row = GoldenCase.Of("covariance-shrinkage", "ledoit-wolf-2020-analytical-nonlinear");
        using var x = GoldenCase.Columns(row.Rows("returns"));
        row.Check("shrunk_eigenvalues", NonlinearShrinkage.Shrink(row.ExpectedNumbers("sample_eigenvalues"), 9));
        row.Check(
            "covariance",
            NonlinearShrinkage.Covariance(CovarianceEstimate.Sample(x, GoldenCase.Equal(x.Rows)), x.Rows)
        );
    }

    [Fact]
    public void Marchenko_pastur_edge_and_constant_residual()
    {
        var row = GoldenCase.Of("covariance-shrinkage", "marchenko-pastur-edge-and-constant-residual");
        double[] values = row.Numbers("eigenvalues_of_correlation");
        double edge = Denoised.Edge((int)row.Number("n_assets"), row.Number("n_observations"));
        row.Check("edge_upper", edge);
        double[] cleaned = Denoised.Replace(values, edge, out int kept);
        row.Check("denoised_eigenvalues", cleaned);
        Assert.Equal(row.Expected("number_kept"), kept);
        row.Check("trace", cleaned.Sum());
    }

    [Fact]
    public void He_litterman_1999()
    {
        var row = GoldenCase.Of("black-litterman", "he-litterman-equilibrium");
        using var covariance = row.Covariance();
        double[] equilibrium = row.Numbers("equilibrium_weights");
        double delta = row.Number("risk_aversion"),
            tau = row.Number("tau");
        double[] prior = BlackLitterman.Implied(covariance, equilibrium, delta);
        row.Check("implied_excess_return_annual", prior);

        var one = GoldenCase.Of("black-litterman", "he-litterman-view-germany");
        double[][] views = one.Rows("view_matrix");
        var posterior = BlackLitterman.Posterior(
            covariance,
            prior,
            tau,
            views,
            one.Numbers("view_return_annual"),
            one.Rows("view_variance")[0]
        );
        one.Check("posterior_mean_annual", posterior.Mean);
        double[] weights = BlackLitterman.Weights(
            covariance,
            equilibrium,
            tau,
            delta,
            views,
            one.Numbers("view_return_annual"),
            one.Rows("view_variance")[0]
        )!;
        one.Check("posterior_weights_with_posterior_covariance", weights);
        one.Check("weight_deviation_from_scaled_equilibrium", weights.Select((w, i) => w - equilibrium[i] / (1 + tau)));
        one.Check("weights_with_prior_covariance", Frontier.Solve(covariance, posterior.Mean)!.Select(w => w / delta));
        one.Check("omega_over_tau", BlackLitterman.Omega(covariance, views[0], tau, 0.5) / tau);

        var two = GoldenCase.Of("black-litterman", "he-litterman-two-views");
        var both = BlackLitterman.Posterior(
            covariance,
            prior,
            tau,
            two.Rows("view_matrix"),
            two.Numbers("view_return_annual"),
            two.Numbers("view_variance_diagonal")
        );
        two.Check("posterior_mean_annual", both.Mean);
        double[] inverted = Predictive(covariance, both, delta);
        two.Check("posterior_weights_with_posterior_covariance", inverted);
        double[] direct = BlackLitterman.Weights(
            covariance,
            equilibrium,
            tau,
            delta,
            two.Rows("view_matrix"),
            two.Numbers("view_return_annual"),
            two.Numbers("view_variance_diagonal")
        )!;
        two.Check("posterior_weights_with_posterior_covariance", direct);
        for (int i = 0; i < direct.Length; i++)
            Assert.Equal(inverted[i], direct[i], 1e-12);

        var limits = GoldenCase.Of("black-litterman", "black-litterman-limits");
        var certain = BlackLitterman.Posterior(covariance, prior, tau, views, [0.05], [0]);
        limits.Check("certain_view_posterior_mean", certain.Mean);
        limits.Check("certain_view_value_of_P_mu", ColumnProducts.Dot(views[0], certain.Mean));
        var none = BlackLitterman.Posterior(covariance, prior, tau, views, [0.05], [1e12]);
        limits.Check("no_confidence_posterior_mean", none.Mean);
    }

    [Fact]
    public void Idzorek_2005_eight_assets()
    {
        var row = GoldenCase.Of("black-litterman", "idzorek-eight-assets");
        using var covariance = GoldenCase.Symmetric(row.Rows("covariance_annual"));
        double tau = row.Number("tau"),
            delta = row.Number("risk_aversion");
        double[] prior = BlackLitterman.Implied(covariance, row.Numbers("market_weights"), delta);
        row.Check("implied_excess_return", prior);
        double[][] views = row.Rows("view_matrix");
        double[] omega = [.. views.Select(view => BlackLitterman.Omega(covariance, view, tau, 0.5))];
        row.Check("omega_diagonal", omega);
        var posterior = BlackLitterman.Posterior(covariance, prior, tau, views, row.Numbers("view_return"), omega);
        row.Check("posterior_mean", posterior.Mean);
        row.Check("unconstrained_weights", Frontier.Solve(covariance, posterior.Mean)!.Select(w => w / delta));
    }

    /// <summary>(Σ + M)⁻¹μ/δ by inversion, which the product has no need of.</summary>
    static double[] Predictive(SymmetricMatrix covariance, BlackLittermanPosterior posterior, double delta)
    {
        using var predictive = new SymmetricMatrix(covariance.Size);
        for (int i = 0; i < covariance.Size; i++)
        for (int j = i; j < covariance.Size; j++)
            predictive[i, j] = covariance[i, j] + posterior.MeanCovariance[i, j];
        return [.. Frontier.Solve(predictive, posterior.Mean)!.Select(value => value / delta)];
    }

    static double Deviation(SymmetricMatrix covariance, double[] weights)
    {
        var product = new double[weights.Length];
        covariance.Multiply(weights, product);
        return Math.Sqrt(ColumnProducts.Dot(product, weights));
    }
}
