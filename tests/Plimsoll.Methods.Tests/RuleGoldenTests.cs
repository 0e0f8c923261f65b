using Plimsoll.Numerics;
using Plimsoll.Sizing;

namespace Plimsoll.Methods.Tests;

/// <summary>golden/sizing: rules, costs-and-trading, entropy-pooling with inequalities.</summary>
public sealed class RuleGoldenTests
{
    [Fact]
    public void Carver_2015_volatility_target()
    {
        var row = GoldenCase.Of("rules", "volatility-target");
        double notional = VolatilityTarget.Notional(
            row.Number("equity_usd"),
            row.Number("target_volatility_annual"),
            row.Number("instrument_volatility_annual")
        );
        row.Check("target_notional_usd", notional);
        double contracts = notional / (row.Number("price_usd") * row.Number("multiplier_units"));
        row.Check("contracts_unrounded", contracts);
        var full = GoldenCase.Of("rules", "volatility-target-with-forecast-and-diversification");
        full.Check(
            "target_notional_usd",
            VolatilityTarget.Notional(
                full.Number("equity_usd"),
                full.Number("target_volatility_annual"),
                full.Number("instrument_volatility_annual"),
                full.Number("instrument_weight"),
                full.Number("diversification_multiplier"),
                full.Number("forecast") / full.Number("forecast_average")
            )
        );
    }

    [Fact]
    public void The_turtles_smooth_as_wilder_does()
    {
        var row = GoldenCase.Of("rules", "turtle-n-and-unit");
        double[][] bars = row.Rows("high_low_previous_close");
        double[] ranges = [.. bars.Select(bar => AverageTrueRange.TrueRange(bar[0], bar[1], bar[2]))];
        row.Check("true_ranges", ranges);
        double n = row.Number("initial_n");
        double[] values = [.. ranges.Select(range => n = AverageTrueRange.Next(n, range))];
        row.Check("n_values", values);
        row.Check("unit_contracts_unrounded", Unit(row, values[^1]));
        var oil = GoldenCase.Of("rules", "turtle-heating-oil");
        oil.Check("unit_contracts_unrounded", Unit(oil, oil.Number("n_usd")));
    }

    static double Unit(GoldenCase row, double n) =>
        AverageTrueRange.Unit(row.Number("equity_usd"), row.Number("risk_fraction"), n, row.Number("usd_per_point"));

    [Fact]
    public void Vinces_optimal_f_is_kelly_on_outcomes_in_units_of_the_largest_loss()
    {
        var row = GoldenCase.Of("rules", "optimal-f-vince-versus-kelly");
        double largest = row.Number("largest_loss_usd");
        double[] outcomes = [.. row.Numbers("trades_usd").Select(trade => trade / largest)];
        row.Check("optimal_f", KellyBets.Outcomes(outcomes, GoldenCase.Equal(outcomes.Length)).Fraction);
    }

    [Fact]
    public void A_throttle_steps()
    {
        var row = GoldenCase.Of("rules", "drawdown-throttle-linear");
        double[] keep = row.Numbers("knots_risk_kept");
        var mandate = new Mandate
        {
            Throttles = [.. row.Numbers("knots_drawdown").Select((d, i) => new Throttle(d, keep[i]))],
        };
        row.Check("risk_kept_step", row.Numbers("drawdowns").Select(d => ThrottleScaling.Kept(mandate, d)));
    }

    [Fact]
    public void Trades_stop_at_the_edge_of_the_no_trade_region()
    {
        var row = GoldenCase.Of("costs-and-trading", "no-trade-region-two-assets");
        using var covariance = GoldenCase.Symmetric(row.Rows("covariance"));
        double[] mean = row.Numbers("mean"),
            cost = row.Numbers("proportional_cost"),
            now = row.Numbers("current_weights");
        double gamma = row.Number("risk_aversion");
        row.Check("frictionless_weights", Frontier.Solve(covariance, mean)!.Select(w => w / gamma));
        var (book, report) = NoTradeRegion.Solve(mean, covariance, gamma, now, cost, cost, [0, 0], []);
        Assert.True(report.Converged, report.Reason);
        row.Check("new_weights", book);
        row.Check("trades", book.Zip(now, (a, b) => a - b));
        var one = GoldenCase.Of("costs-and-trading", "no-trade-interval-single-asset");
        foreach (
            var (start, end) in new[]
            {
                (0.1, one.Expected("no_trade_low")),
                (0.9, one.Expected("no_trade_high")),
                (0.4, 0.4),
            }
        )
            Assert.Equal(end, Single(one, start, one.Number("proportional_cost"), 0), 1e-9);
        Assert.Equal(one.Expected("frictionless_weight"), Single(one, 0, 0, 0), 1e-9);
    }

    [Fact]
    public void Three_halves_power_costs_have_their_closed_form()
    {
        var row = GoldenCase.Of("costs-and-trading", "three-halves-power-single-asset");
        double now = row.Number("current_weight");
        double impact = row.Number("impact_coefficient_k");
        Assert.Equal(row.Expected("trade"), Single(row, now, row.Number("linear_cost"), impact), 1e-9);
        Assert.Equal(row.Expected("frictionless_trade"), Single(row, now, 0, 0), 1e-9);
        var cube = GoldenCase.Of("costs-and-trading", "no-trade-half-width-cube-root-law");
        cube.Check(
            "half_width",
            NoTradeRegion.HalfWidth(
                cube.Number("merton_weight"),
                cube.Number("relative_risk_aversion"),
                cube.Number("proportional_cost")
            )
        );
        var turnover = GoldenCase.Of("costs-and-trading", "turnover-definitions");
        turnover.Check(
            "turnover_one_way",
            NoTradeRegion.Turnover(turnover.Numbers("weights_before"), turnover.Numbers("weights_after"))
        );
    }

    static double Single(GoldenCase row, double start, double cost, double impact)
    {
        using var covariance = new SymmetricMatrix(1);
        covariance[0, 0] = row.Number("variance");
        var (book, report) = NoTradeRegion.Solve(
            [row.Number("mean")],
            covariance,
            row.Number("risk_aversion"),
            [start],
            [cost],
            [cost],
            [impact],
            []
        );
        Assert.True(report.Converged, report.Reason);
        return book[0];
    }

    [Fact]
    public void Views_on_means_deviations_and_rankings_pool_as_meucci_2008()
    {
        var mean = GoldenCase.Of("entropy-pooling", "entropy-pooling-mean-view");
        using var x = GoldenCase.Columns(mean.Rows("scenarios"));
        double[] prior = mean.Numbers("prior");
        var one = ViewPooling.Solve(x, prior, [new MeanView(0, 0.01)]);
        mean.Check("posterior", one.Law);
        mean.Check("relative_entropy", one.Divergence);
        var blend = GoldenCase.Of("entropy-pooling", "entropy-pooling-confidence-blend");
        blend.Check("posterior", ViewPooling.Solve(x, prior, [new MeanView(0, 0.01, 0.6)]).Law);
        var probability = GoldenCase.Of("entropy-pooling", "entropy-pooling-probability-view");
        var quantile = ViewPooling.Solve(x, prior, [new QuantileView(1, -0.04, 0.3)]);
        probability.Check("posterior", quantile.Law);
        probability.Check("relative_entropy", quantile.Divergence);
        var ranking = GoldenCase.Of("entropy-pooling", "entropy-pooling-mean-and-ranking-inequality");
        var ranked = ViewPooling.Solve(x, prior, [new MeanView(0, 0.005), new RankingView(1, 0, 0.01)]);
        ranking.Check("posterior", ranked.Law);
        ranking.Check("relative_entropy", ranked.Divergence);
        var spread = GoldenCase.Of("entropy-pooling", "entropy-pooling-volatility-view-at-prior-mean");
        var wide = ViewPooling.Solve(x, prior, [new DeviationView(0, 0.06)]);
        spread.Check("posterior", wide.Law);
        spread.Check("relative_entropy", wide.Divergence);
        var beyond = ViewPooling.Solve(x, prior, [new MeanView(0, 0.07)]);
        Assert.False(beyond.Report.Converged);
        Assert.Contains("-0.12 to 0.06", beyond.Report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_correlation_view_holds_with_means_and_deviations_where_they_were()
    {
        var row = GoldenCase.Of("entropy-pooling", "entropy-pooling-mean-view");
        using var x = GoldenCase.Columns(row.Rows("scenarios"));
        double[] prior = row.Numbers("prior");
        using var before = CovarianceEstimate.Sample(x, prior);
        var pooled = ViewPooling.Solve(x, prior, [new CorrelationView(0, 1, 0.9)]);
        Assert.True(pooled.Report.Converged, pooled.Report.Reason);
        using var after = CovarianceEstimate.Sample(x, pooled.Law);
        Assert.Equal(before[0, 0], after[0, 0], 1e-12);
        Assert.Equal(before[1, 1], after[1, 1], 1e-12);
        Assert.Equal(0.9, after[0, 1] / Math.Sqrt(after[0, 0] * after[1, 1]), 1e-9);
    }
}
