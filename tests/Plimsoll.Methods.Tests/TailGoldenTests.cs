using Plimsoll.Numerics;

namespace Plimsoll.Methods.Tests;

/// <summary>golden/sizing/tail-objectives.json, each row with its source.</summary>
public sealed class TailGoldenTests
{
    [Theory]
    [InlineData("min-cvar-80-ten-scenarios")]
    [InlineData("min-cvar-85-fractional-tail")]
    public void Minimum_expected_shortfall(string name)
    {
        var row = GoldenCase.Of("tail-objectives", name);
        using var x = GoldenCase.Columns(row.Rows("scenario_returns"));
        var solution = MinimumShortfall.Solve(x, GoldenCase.Equal(x.Rows), row.Number("level"), null);
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        row.Check("weights", solution.X);
        row.Check("cvar", solution.TailLoss);
    }

    [Fact]
    public void A_fraction_of_a_scenario_is_counted_as_that()
    {
        var row = GoldenCase.Of("tail-objectives", "cvar-fixed-portfolio-fractional-tail");
        using var x = GoldenCase.Columns(row.Rows("scenario_returns"));
        double[] losses = Losses(x, row.Numbers("weights"));
        double found = TailLossSolver.Evaluate(losses, GoldenCase.Equal(x.Rows), row.Number("level"));
        row.Check("cvar", found);
        Assert.True(Math.Abs(found - row.Expected("wrong_average_of_worst_one")) > 1e-4);
        Assert.True(Math.Abs(found - row.Expected("wrong_average_of_worst_two")) > 1e-4);
    }

    [Fact]
    public void A_floor_on_the_mean_has_its_price()
    {
        var row = GoldenCase.Of("tail-objectives", "min-cvar-with-return-floor");
        using var x = GoldenCase.Columns(row.Rows("scenario_returns"));
        double[] p = GoldenCase.Equal(x.Rows);
        var mean = new double[x.Columns];
        ColumnProducts.TransposeMultiply(x, p, mean);
        var solution = MinimumShortfall.Solve(x, p, row.Number("level"), (mean, row.Number("min_mean")));
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        row.Check("weights", solution.X);
        row.Check("cvar", solution.TailLoss);
        Assert.Equal(row.Expected("multiplier_cvar_per_unit_mean"), solution.LessPrices[0], 1e-5);
    }

    [Theory]
    [InlineData("min-cdar-80")]
    [InlineData("min-average-drawdown")]
    public void Minimum_conditional_drawdown(string name)
    {
        var row = GoldenCase.Of("tail-objectives", name);
        using var path = GoldenCase.Columns(row.Rows("period_returns"));
        var solution = MinimumDrawdown.Solve(path, row.Number("level"));
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        row.Check("weights", solution.X, 1e-6);
        row.Check("cdar", solution.Value);
        var risk = new DrawdownRisk(path, row.Number("level"));
        risk.Evaluate(row.ExpectedNumbers("weights"), new double[path.Columns]);
        row.Check("drawdown_path", risk.Drawdowns.ToArray());
    }

    [Fact]
    public void Entropic_value_at_risk()
    {
        var row = GoldenCase.Of("tail-objectives", "evar-of-fixed-portfolio");
        using var x = GoldenCase.Columns(row.Rows("scenario_returns"));
        double[] p = GoldenCase.Equal(x.Rows);
        double[] losses = Losses(x, row.Numbers("weights"));
        var (value, t) = EntropicRisk.Evaluate(losses, p, row.Number("level"), new double[p.Length]);
        row.Check("evar", value);
        row.Check("optimal_t", t);
        row.Check("cvar_for_comparison", TailLossSolver.Evaluate(losses, p, row.Number("level")));
        var edge = GoldenCase.Of("tail-objectives", "evar-degenerate-tail");
        var (worst, zero) = EntropicRisk.Evaluate(losses, p, edge.Number("level"), new double[p.Length]);
        edge.Check("evar", worst);
        edge.Check("optimal_t", zero);
        var least = GoldenCase.Of("tail-objectives", "min-evar-80");
        var solution = EntropicRisk.Solve(x, p, least.Number("level"));
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        least.Check("evar", solution.Value);
        least.Check("weights", solution.X, 1e-4);
    }

    static double[] Losses(ColumnMatrix x, double[] weights)
    {
        var losses = new double[x.Rows];
        ColumnProducts.MultiplyAdd(x, [.. weights.Select(w => -w)], losses);
        return losses;
    }
}
