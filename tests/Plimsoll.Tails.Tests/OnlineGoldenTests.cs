namespace Plimsoll.Tails.Tests;

/// <summary>Rules that learn day by day.</summary>
public class OnlineGoldenTests
{
    [Fact]
    public void Adaptive_conformal_level()
    {
        var row = TailsGolden.Case("online", "aci-level-path");
        var path = new List<double> { row.Input("alpha") };
        double[] errors = row.InputVector("errors");
        foreach (double error in errors)
            path.Add(ConformalLevel.Next(path[^1], error > 0, row.Input("alpha"), row.Input("gamma")));
        row.MeetsVector("alpha_path", path);
        double bound = ConformalLevel.Bound(row.Input("alpha"), row.Input("gamma"), errors.Length);
        row.Meets("bound", bound);
        row.Meets("mean_error", errors.Average());
        Assert.InRange(Math.Abs(errors.Average() - row.Input("alpha")), 0, bound);
    }

    [Fact]
    public void Quantile_tracker()
    {
        var row = TailsGolden.Case("online", "quantile-tracker");
        var path = new List<double> { row.Input("q0") };
        foreach (double score in row.InputVector("scores"))
            path.Add(QuantileTracker.Next(path[^1], score, row.Input("alpha"), row.Input("eta")));
        row.MeetsVector("q_path", path);
    }

    [Fact]
    public void Hedge_weights()
    {
        var row = TailsGolden.Case("online", "hedge-weights");
        double[][] losses = TailsGolden.Rows(row["inputs"]!["losses"]);
        double[][] expected = TailsGolden.Rows(row["expected"]!["weights"]);
        var weights = new HedgeWeights(3, row.Input("eta"), row.Input("discount"), 0);
        for (int t = 0; t < expected.Length; t++)
        {
            for (int i = 0; i < 3; i++)
                row.Near(expected[t][i], weights.Weights[i], $"day {t}, forecaster {i}");
            if (t < losses.Length)
                weights.Observe(losses[t]);
        }
    }

    [Fact]
    public void A_share_of_the_weights_lets_a_model_return()
    {
        var weights = new HedgeWeights(2, 1, 0.99, 0.005);
        for (int t = 0; t < 1000; t++)
            weights.Observe([0, 5]);
        Assert.Equal(0.0025, weights.Weights[1], 1e-6);
        weights.Observe([double.NaN, 1]);
        Assert.Equal(1, weights.Weights[0] + weights.Weights[1], 1e-12);
    }
}
