using Plimsoll.Numerics;
using Plimsoll.TestSupport;

namespace Plimsoll.Tails.Tests;

/// <summary>
/// Bollerslev and Ghysels' exchange-rate benchmark (Fiorentini, Calzolari and Panattoni 1996; McCullough and Renfro 1999).
/// </summary>
public class GarchGoldenTests
{
    static readonly GarchSpecification Normal = new(VarianceDynamics.Garch, InnovationFamily.Normal);

    [Fact]
    public void Filter_at_the_benchmark()
    {
        var row = TailsGolden.Case("garch-dem2gbp", "garch11-normal-filter-at-benchmark");
        double[] returns = TailsGolden.Column("dem2gbp.csv");
        var at = new GarchParameters(row.Input("mu"), row.Input("omega"), row.Input("alpha"), 0, row.Input("beta"));
        double first = GarchLikelihood.FirstVariance(returns, Normal, at);
        double[] h = new GarchFit(Normal, at, first, 0, true, returns.Length).Variances(returns);
        row.Meets("h_1", h[0]);
        row.Meets("h_2", h[1]);
        row.Meets("h_1000", h[999]);
        row.Meets("h_1974", h[1973]);
        row.Meets("h_1975_forecast", h[1974]);
        row.Meets("loglik", GarchLikelihood.Value(returns, Normal, at));
    }

    [Fact]
    public void Estimates_and_three_kinds_of_errors_meet_the_published_ones()
    {
        var row = TailsGolden.Case("garch-dem2gbp", "garch11-normal-fcp-estimates");
        double[] returns = TailsGolden.Column("dem2gbp.csv");
        var fit = GarchEstimator.Fit(returns, Normal);
        Meets(row, fit);
        row.Meets("loglik", fit.LogLikelihood);
        var errors = GarchEstimator.Errors(returns, fit);
        foreach (
            var (kind, found) in (ReadOnlySpan<(string, double[])>)
                [
                    ("garch11-normal-se-hessian", errors.Hessian),
                    ("garch11-normal-se-opg", errors.OuterProduct),
                    ("garch11-normal-se-qml", errors.Sandwich),
                ]
        )
        {
            var golden = TailsGolden.Case("garch-dem2gbp", kind);
            golden.Meets("mu", found[0]);
            golden.Meets("omega", found[1]);
            golden.Meets("alpha", found[2]);
            golden.Meets("beta", found[4]);
            Assert.True(double.IsNaN(found[3]) && double.IsNaN(found[5]));
        }
    }

    [Fact]
    public void Student_innovations_have_their_optimum_beyond_a_persistence_of_one()
    {
        var row = TailsGolden.Case("garch-dem2gbp", "garch11-student-t");
        double[] returns = TailsGolden.Column("dem2gbp.csv");
        var free = new GarchSpecification(VarianceDynamics.Garch, InnovationFamily.Student, LargestPersistence: 1.1);
        var fit = GarchEstimator.Fit(returns, free);
        Meets(row, fit);
        row.Meets("nu", fit.Parameters.Degrees);
        Assert.Equal(Golden.Number(row["expected"]!["loglik"]), fit.LogLikelihood, 1e-4);
        Assert.False(fit.IsAtBound);
        var bounded = GarchEstimator.Fit(returns, free with { LargestPersistence = 0.9999 });
        Assert.True(bounded.LogLikelihood < fit.LogLikelihood - 0.01);
        Assert.True(bounded.IsAtBound);
    }

    [Fact]
    public void Asymmetry_by_Glosten_Jagannathan_and_Runkle()
    {
        var row = TailsGolden.Case("garch-dem2gbp", "gjr11-normal");
        var fit = GarchEstimator.Fit(
            TailsGolden.Column("dem2gbp.csv"),
            new(VarianceDynamics.Gjr, InnovationFamily.Normal)
        );
        Meets(row, fit);
        row.Meets("gamma", fit.Parameters.Gamma);
        Assert.Equal(Golden.Number(row["expected"]!["loglik"]), fit.LogLikelihood, 1e-4);
    }

    [Fact]
    public void Exponential_model_by_Nelson()
    {
        var row = TailsGolden.Case("garch-dem2gbp", "egarch11-normal");
        double[] returns = TailsGolden.Column("dem2gbp.csv");
        var specification = new GarchSpecification(VarianceDynamics.Egarch, InnovationFamily.Normal);
        var expected = row["expected"]!;
        var published = new GarchParameters(
            Golden.Number(expected["mu"]),
            Golden.Number(expected["omega"]),
            Golden.Number(expected["alpha"]),
            Golden.Number(expected["gamma"]),
            Golden.Number(expected["beta"])
        );
        double atPublished = GarchLikelihood.Value(returns, specification, published);
        Assert.Equal(Golden.Number(expected["loglik_at_these"]), atPublished, 1e-8);
        var fit = GarchEstimator.Fit(returns, specification);
        Assert.Equal(-1102.257989, fit.LogLikelihood, 1e-5);
        Meets(row, fit);
        row.Meets("gamma", fit.Parameters.Gamma);
    }

    public static TheoryData<VarianceDynamics, InnovationFamily, VarianceStart> Models()
    {
        var models = new TheoryData<VarianceDynamics, InnovationFamily, VarianceStart>();
        foreach (var dynamics in Enum.GetValues<VarianceDynamics>())
        foreach (var innovations in Enum.GetValues<InnovationFamily>())
        foreach (var start in Enum.GetValues<VarianceStart>())
            models.Add(dynamics, innovations, start);
        return models;
    }

    [Theory, MemberData(nameof(Models))]
    public void Gradient_is_that_of_finite_differences(
        VarianceDynamics dynamics,
        InnovationFamily innovations,
        VarianceStart start
    )
    {
        bool isLog = dynamics == VarianceDynamics.Egarch;
        var specification = new GarchSpecification(dynamics, innovations, start, isLog ? 0.999 : 1.05);
        var coordinates = new GarchCoordinates(specification);
        double[] returns = [.. TailsGolden.Column("dem2gbp.csv").Take(400)];
        var random = new SeededRandom(7, 0);
        for (int n = 0; n < 10; n++)
        {
            double[] x = coordinates.Of(
                isLog ? new(0.01, -0.1, -0.04, 0.3, 0.9, 5, -0.1) : new(0.01, 0.02, 0.12, 0.05, 0.8, 5, -0.1)
            );
            for (int k = 0; k < x.Length; k++)
                x[k] += (isLog ? 0.2 : 0.6) * (random.NextDouble() - 0.5);
            var natural = new double[GarchLikelihood.Count];
            var gradient = new double[x.Length];
            GarchLikelihood.Value(returns, specification, coordinates.At(x), natural);
            coordinates.Pull(x, natural, gradient);
            for (int k = 0; k < x.Length; k++)
            {
                double h = k == 0 ? 1e-6 : 1e-5;
                double kept = x[k];
                // |z| has a kink at a return equal to the mean.
                if (k == 0 && returns.Any(r => Math.Abs(r - kept) <= h))
                    continue;
                x[k] = kept + h;
                double up = GarchLikelihood.Value(returns, specification, coordinates.At(x));
                x[k] = kept - h;
                double down = GarchLikelihood.Value(returns, specification, coordinates.At(x));
                x[k] = kept;
                TailsGolden.Near((up - down) / (2 * h), gradient[k], 1e-5, 2e-4, $"draw {n}, coordinate {k}");
            }
        }
    }

    static void Meets(System.Text.Json.Nodes.JsonObject row, GarchFit fit)
    {
        Assert.True(fit.Converged);
        row.Meets("mu", fit.Parameters.Mean);
        row.Meets("omega", fit.Parameters.Omega);
        row.Meets("alpha", fit.Parameters.Alpha);
        row.Meets("beta", fit.Parameters.Beta);
    }
}
