using CsCheck;
using Plimsoll.TestSupport;

namespace Plimsoll.Tails.Tests;

/// <summary>Densities, quantiles and tail means of the laws; fits of the tail of the Danish fire losses.</summary>
public class LawGoldenTests
{
    [Theory]
    [InlineData("hansen-skewt-nu5-lam-0.1")]
    [InlineData("hansen-skewt-nu8-lam0.15")]
    [InlineData("hansen-skewt-nu3-lam0")]
    [InlineData("hansen-skewt-nu12-lam-0.3")]
    public void Skewed_Student(string name)
    {
        var row = TailsGolden.Case("distributions", name);
        var law = new SkewedStudentLaw(row.Input("nu"), row.Input("lam"));
        row.Meets("pdf", law.Density(row.Input("z")));
        row.Meets("quantile", law.Quantile(row.Input("p")));
        row.Meets("es", -law.LowerTailMean(row.Input("p")));
    }

    [Theory]
    [InlineData("student-t-unit-variance-nu4-p0.01")]
    [InlineData("student-t-unit-variance-nu6-p0.025")]
    public void Student_of_unit_variance(string name)
    {
        var row = TailsGolden.Case("distributions", name);
        var law = SkewedStudentLaw.Symmetric(row.Input("nu"));
        row.Meets("var", -law.Quantile(row.Input("p")));
        row.Meets("es", -law.LowerTailMean(row.Input("p")));
    }

    [Fact]
    public void Normal()
    {
        var row = TailsGolden.Case("distributions", "normal-var-es-0.01");
        row.Meets("var", -NormalLaw.Standard.Quantile(0.01));
        row.Meets("es", -NormalLaw.Standard.LowerTailMean(0.01));
    }

    [Fact]
    public void Cornish_Fisher_is_computed_and_refused_outside_its_domain()
    {
        var row = TailsGolden.Case("distributions", "cornish-fisher-quantile");
        double z = NormalLaw.Standard.Quantile(row.Input("p"));
        row.Meets("quantile", CornishFisher.Expansion(row.Input("skew"), row.Input("excess_kurtosis"), z));
        Assert.Null(CornishFisher.Quantile(0, 19.8, 0.01));
        Assert.NotNull(CornishFisher.Quantile(-0.2, 1, 0.01));
    }

    [Fact]
    public void Fernandez_and_Steel_are_Hansen()
    {
        var row = TailsGolden.Case("distributions", "fernandez-steel-equals-hansen");
        double square = row.Input("xi") * row.Input("xi");
        double skew = (square - 1) / (square + 1);
        row.Meets("lam_equivalent", skew);
        double density = new SkewedStudentLaw(row.Input("nu"), skew).Density(row.Input("z"));
        row.Meets("pdf_fs", density);
        row.Meets("pdf_hansen", density);
    }

    [Fact]
    public void Skewed_Student_is_consistent_for_any_shape() =>
        Gen.Select(Gen.Double[2.1, 40], Gen.Double[-0.9, 0.9], Gen.Double[0.001, 0.999])
            .Sample(
                (degrees, skew, p) =>
                {
                    var law = new SkewedStudentLaw(degrees, skew);
                    double q = law.Quantile(p);
                    Assert.Equal(p, law.Cdf(q), 1e-10);
                    // The lower mean and the mean above it make the mean of the law, which is 0.
                    double above = -law.Mirrored.LowerTailMean(1 - p);
                    Assert.Equal(0, p * law.LowerTailMean(p) + (1 - p) * above, 1e-9);
                    Assert.True(law.LowerTailMean(p) <= q);
                },
                iter: 300
            );

    [Theory]
    [InlineData("danish-gpd-u10")]
    [InlineData("danish-gpd-u20")]
    [InlineData("danish-gpd-u5")]
    public void Tail_of_the_Danish_fire_losses(string name)
    {
        var row = TailsGolden.Case("evt", name);
        var fit = ParetoEstimator.Fit(TailsGolden.Column("danish.csv"), row.Input("threshold"));
        Assert.True(fit.Converged);
        Assert.Equal((int)Golden.Number(row["expected"]!["n_exceed"]), fit.Law.Exceedances);
        row.Meets("xi", fit.Law.Shape);
        row.Meets("beta", fit.Law.Scale);
        row.Meets("neg_loglik", fit.NegativeLogLikelihood);
        row.Meets("var_995", fit.Law.ValueAtRisk(new(0.005)));
        row.Meets("var_999", fit.Law.ValueAtRisk(new(0.001)));
        row.Meets("es_99", fit.Law.ExpectedShortfall(new(0.01))!.Value);
        TailsGolden.Near(Golden.Number(row["expected"]!["se_xi"]), fit.ShapeError, 0.01, 0, "error of the shape");
        TailsGolden.Near(Golden.Number(row["expected"]!["se_beta"]), fit.ScaleError, 0.01, 0, "error of the scale");
    }

    [Fact]
    public void Hill_index_takes_the_next_order_statistic_as_base()
    {
        var row = TailsGolden.Case("evt", "danish-hill");
        double[] losses = TailsGolden.Column("danish.csv");
        row.MeetsVector("alpha", [.. row.InputVector("k").Select(k => ParetoEstimator.HillIndex(losses, (int)k))]);
    }

    [Theory]
    [InlineData("gpd-var-es-formula")]
    [InlineData("gpd-zero-xi")]
    public void Pareto_tail_in_closed_form(string name)
    {
        var row = TailsGolden.Case("evt", name);
        var law = Law(row, "u");
        var p = new TailProbability(1 - row.Input("level"));
        row.Meets("var", law.ValueAtRisk(p));
        row.Meets("es", law.ExpectedShortfall(p)!.Value);
    }

    [Fact]
    public void Pareto_tail_does_not_jump_at_the_exponential_limit()
    {
        var p = new TailProbability(0.001);
        double At(double shape) => new GeneralisedPareto(1.2, shape, 0.5, 1000, 80).ValueAtRisk(p);
        double slope = (At(2e-6) - At(-2e-6)) / 4e-6;
        Assert.Equal(At(0) + 0.9e-6 * slope, At(0.9e-6), 1e-10);
        Assert.Equal(At(0) + 1.1e-6 * slope, At(1.1e-6), 1e-10);
        Assert.Null(new GeneralisedPareto(1.2, 1, 0.5, 1000, 80).ExpectedShortfall(p));
    }

    [Fact]
    public void McNeil_and_Frey_tail_of_the_next_day()
    {
        var row = TailsGolden.Case("evt", "mcneil-frey-conditional");
        var law = new ParetoTailLaw(new EmpiricalLaw([0]), Law(row, "residual_u"));
        var p = new TailProbability(1 - row.Input("level"));
        row.Meets("z_var", -law.Quantile(p.Value));
        row.Meets("z_es", -law.LowerTailMean(p.Value));
        var forecast = new ReturnForecast(row.Input("mu_next"), row.Input("sigma_next"), law).Lower(p);
        row.Meets("var", forecast.ValueAtRisk);
        row.Meets("es", forecast.ExpectedShortfall);
    }

    [Fact]
    public void Filtered_historical_simulation_of_one_step()
    {
        var row = TailsGolden.Case("online", "fhs-one-step");
        var law = new EmpiricalLaw(row.InputVector("residuals"));
        var forecast = new ReturnForecast(row.Input("mu"), row.Input("sigma_next"), law).Lower(new(row.Input("p")));
        row.Meets("var", forecast.ValueAtRisk);
        row.Meets("es", forecast.ExpectedShortfall);
    }

    static GeneralisedPareto Law(System.Text.Json.Nodes.JsonObject row, string threshold) =>
        new(row.Input(threshold), row.Input("xi"), row.Input("beta"), (int)row.Input("n"), (int)row.Input("n_exceed"));
}
