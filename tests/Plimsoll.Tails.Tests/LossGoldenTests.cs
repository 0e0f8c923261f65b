using Plimsoll.TestSupport;

namespace Plimsoll.Tails.Tests;

/// <summary>Losses of forecasts, and comparisons made with them.</summary>
public class LossGoldenTests
{
    [Theory]
    [InlineData("fz0-1")]
    [InlineData("fz0-2")]
    [InlineData("fz0-3")]
    [InlineData("fz0-5")]
    public void Fz0_and_quantile_loss_of_one_day(string name)
    {
        var row = TailsGolden.Case("losses", name);
        var p = new TailProbability(row.Input("alpha"));
        row.Meets("fz0", TailLoss.Fz0(row.Input("y"), row.Input("v"), row.Input("e"), p));
        row.Meets("quantile_loss", TailLoss.Quantile(row.Input("y"), row.Input("v"), p));
    }

    [Fact]
    public void Fz0_in_decimals_is_that_in_percents_less_ln_100()
    {
        var p = new TailProbability(0.025);
        double shift = TailLoss.Fz0(-3.1, -2.5, -3.25, p) - TailLoss.Fz0(-0.031, -0.025, -0.0325, p);
        Assert.Equal(Math.Log(100), shift, 1e-12);
    }

    [Fact]
    public void Fz0_of_ten_days()
    {
        var row = TailsGolden.Case("losses", "fz0-mean-10-days");
        var (v, e) = (row.InputVector("v"), row.InputVector("e"));
        var p = new TailProbability(row.Input("alpha"));
        double[] losses = [.. row.InputVector("y").Select((y, t) => TailLoss.Fz0(y, v[t], e[t], p))];
        row.MeetsVector("losses", losses);
        row.Meets("mean", losses.Average());
    }

    [Fact]
    public void Asymmetric_Laplace_likelihood_is_the_loss_with_another_sign()
    {
        var row = TailsGolden.Case("losses", "asymmetric-laplace-loglik");
        var (y, v, e) = (row.InputVector("y"), row.InputVector("v"), row.InputVector("e"));
        var p = new TailProbability(row.Input("alpha"));
        row.Meets("al_loglik", y.Select((x, t) => TailLoss.AsymmetricLaplaceLogLikelihood(x, v[t], e[t], p)).Sum());
        row.Meets("sum_fz0", y.Select((x, t) => TailLoss.Fz0(x, v[t], e[t], p)).Sum());
    }

    [Fact]
    public void A_level_of_ninety_nine_percent_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TailProbability(0.99));

    [Fact]
    public void A_negative_long_run_variance_falls_back_to_Bartlett()
    {
        var row = TailsGolden.Case("comparison", "dm-rectangular-negative-variance");
        double[] d = row.InputVector("loss_difference");
        double mean = d.Average();
        row.MeetsVector("gamma", [.. Enumerable.Range(0, 3).Select(k => DieboldMariano.Autocovariance(d, mean, k))]);
        row.Meets("long_run_variance", DieboldMariano.LongRunVariance(d, mean, 2, LagKernel.Rectangular));
        var result = DieboldMariano.Compare(d, 2, LagKernel.Rectangular, 3);
        // The rectangular kernel leaves it undefined: another is used, and said.
        Assert.False(row["expected"]!["dm_defined"]!.GetValue<bool>());
        Assert.Equal(LagKernel.Bartlett, result.KernelUsed);
        row.Meets("dm_bartlett_2", result.Statistic);
    }

    [Fact]
    public void Diebold_Mariano_with_the_small_sample_factor()
    {
        var row = TailsGolden.Case("comparison", "dm-hln-h1");
        double[] d = row.InputVector("loss_difference");
        var result = DieboldMariano.Compare(d, 0, LagKernel.Rectangular);
        row.Meets("dm", result.Statistic);
        row.Meets("hln", result.Corrected);
        row.Meets("p_two_sided_t", DieboldMariano.StudentPValue(result.Corrected, d.Length - 1));
    }

    [Fact]
    public void Diebold_Mariano_with_Bartlett_weights()
    {
        var row = TailsGolden.Case("comparison", "dm-bartlett-4");
        var result = DieboldMariano.Compare(row.InputVector("loss_difference"), (int)row.Input("lags"));
        row.Meets("dm", result.Statistic);
        row.Meets("p_two_sided_normal", DieboldMariano.NormalPValue(result.Statistic));
    }

    [Fact]
    public void Model_confidence_set_with_given_bootstrap_rows()
    {
        var row = TailsGolden.Case("comparison", "mcs-t-max-given-bootstrap");
        double[][] days = TailsGolden.Rows(row["inputs"]!["losses"]);
        double[][] losses = [.. Enumerable.Range(0, 4).Select(i => days.Select(day => day[i]).ToArray())];
        int[][] rows =
        [
            .. TailsGolden
                .Rows(row["inputs"]!["bootstrap_rows"])
                .Select(sample => sample.Select(t => (int)t).ToArray()),
        ];
        var set = ModelConfidenceSet.Of(losses, rows);
        row.MeetsVector("p_values", set.PValues);
        var steps = row["expected"]!["steps"]!.AsArray();
        Assert.Equal(steps.Count, set.Steps.Length);
        for (int i = 0; i < steps.Count; i++)
        {
            row.Near(Golden.Number(steps[i]!["stat"]), set.Steps[i].Statistic, $"statistic {i}");
            row.Near(Golden.Number(steps[i]!["p"]), set.Steps[i].PValue, $"p {i}");
            Assert.Equal((int)Golden.Number(steps[i]!["removed"]), set.Steps[i].Removed);
        }
        int[] kept = [.. TailsGolden.Vector(row["expected"]!["in_set_90"]).Select(model => (int)model)];
        Assert.Equal(kept, set.Members(0.1));
    }

    [Fact]
    public void Adjusted_p_values()
    {
        var row = TailsGolden.Case("comparison", "holm-bh-adjusted");
        row.MeetsVector("holm", AdjustedPValues.Holm(row.InputVector("p")));
        row.MeetsVector("bh", AdjustedPValues.BenjaminiHochberg(row.InputVector("p")));
    }
}
