using System.Text.Json.Nodes;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

/// <summary>Entropy pooling against golden/sizing/entropy-pooling.json and closed forms.</summary>
public sealed class EntropyPoolingTests
{
    const double Tolerance = 1e-9;

    [Fact]
    public void Die_with_mean_four_and_a_half_is_that_of_Jaynes()
    {
        var row = Row("jaynes-die-mean-4p5");
        var target = new PoolingTarget("mean", Numbers(row["inputs"]!["values"]), 4.5, false);
        var result = EntropyPooling.Solve(Numbers(row["inputs"]!["prior"]), [target]);
        Same(row, result);
        Assert.Equal(
            Golden.Number(row["expected"]!["relative_entropy"]),
            EntropyPooling.Divergence(result.Weights!, Numbers(row["inputs"]!["prior"])),
            Tolerance
        );
        // Under an even prior the law is e^(multiplier·value): its logarithm is a line.
        Assert.Equal(
            Golden.Number(row["expected"]!["dual_multiplier_per_value"]),
            Math.Log(result.Weights![1] / result.Weights[0]),
            Tolerance
        );
    }

    [Fact]
    public void Mean_view_equals_its_golden_row_and_mixes_by_confidence()
    {
        var row = Row("entropy-pooling-mean-view");
        double[] prior = Numbers(row["inputs"]!["prior"]);
        var result = EntropyPooling.Solve(prior, [new PoolingTarget("mean", Column(row, 0), 0.01, false)]);
        Same(row, result);
        Assert.Equal(
            Golden.Number(row["expected"]!["effective_number_of_scenarios"]),
            EntropyPooling.EffectiveScenarios(result.Weights!),
            Tolerance
        );
        double[] blend = Numbers(Row("entropy-pooling-confidence-blend")["expected"]!["posterior"]);
        double[] mixed = EntropyPooling.Mix(prior, result.Weights!, 0.6);
        for (int s = 0; s < blend.Length; s++)
            Assert.Equal(blend[s], mixed[s], Tolerance);
    }

    [Fact]
    public void Probability_view_scales_both_sides()
    {
        var row = Row("entropy-pooling-probability-view");
        double[] inside = [.. Column(row, 1).Select(value => value <= -0.04 ? 1.0 : 0.0)];
        Same(
            row,
            EntropyPooling.Solve(Numbers(row["inputs"]!["prior"]), [new PoolingTarget("event", inside, 0.3, true)])
        );
    }

    [Fact]
    public void Volatility_view_with_the_mean_pinned_equals_its_golden_row()
    {
        var row = Row("entropy-pooling-volatility-view-at-prior-mean");
        double[] asset = Column(row, 0);
        double[] square = [.. asset.Select(value => value * value)];
        var targets = new[]
        {
            new PoolingTarget("mean", asset, -0.0025, false),
            new PoolingTarget("square", square, 0.06 * 0.06 + 0.0025 * 0.0025, false),
        };
        var result = EntropyPooling.Solve(Numbers(row["inputs"]!["prior"]), targets);
        Same(row, result);
        Assert.Equal(
            Golden.Number(row["expected"]!["posterior_second_moment"]),
            result.Weights!.Zip(square, (weight, value) => weight * value).Sum(),
            Tolerance
        );
    }

    [Fact]
    public void Active_ranking_is_an_equality()
    {
        var row = Row("entropy-pooling-mean-and-ranking-inequality");
        var (a, b) = (Column(row, 0), Column(row, 1));
        double[] difference = [.. a.Zip(b, (x, y) => x - y)];
        var targets = new[]
        {
            new PoolingTarget("mean", a, 0.005, false),
            new PoolingTarget("difference", difference, -0.01, false),
        };
        var result = EntropyPooling.Solve(Numbers(row["inputs"]!["prior"]), targets);
        Same(row, result, 1e-8);
        Assert.True((bool)row["expected"]!["inequality_active"]!);
        Assert.Equal(-0.01, result.Weights!.Zip(difference, (weight, value) => weight * value).Sum(), 1e-9);
    }

    [Fact]
    public void View_outside_the_scenarios_is_refused_with_its_range()
    {
        var row = Row("entropy-pooling-infeasible");
        var result = EntropyPooling.Solve(
            Numbers(row["inputs"]!["prior"]),
            [new PoolingTarget("mean", Column(row, 0), 0.07, false)]
        );
        Assert.Equal((string)row["expected"]!["status"]!, result.Weights is null ? "infeasible" : "solved");
        double[] range = Numbers(row["expected"]!["attainable_mean_range"]);
        Assert.Equal(range, new[] { result.AttainableLow, result.AttainableHigh });
    }

    [Fact]
    public void Event_beyond_the_horizon_has_the_closed_form()
    {
        double[] prior = [0.1, 0.2, 0.3, 0.4];
        double[] given = [0.05, 0.2, 0.4, 0.9];
        double pi = prior.Zip(given, (p, d) => p * d).Sum();
        const double v = 0.3;
        double[] weights = EntropyPooling.Solve(prior, [new PoolingTarget("event", given, v, true)]).Weights!;
        for (int s = 0; s < prior.Length; s++)
            Assert.Equal(prior[s] * (v / pi * given[s] + (1 - v) / (1 - pi) * (1 - given[s])), weights[s], 1e-12);
    }

    [Fact]
    public void Redundant_targets_change_nothing()
    {
        double[] prior = [0.25, 0.25, 0.25, 0.25];
        double[] rows = [1, 2, 3, 4];
        var one = new PoolingTarget("mean", rows, 3, false);
        var same = new PoolingTarget("twice the mean", [.. rows.Select(value => 2 * value)], 6, false);
        double[] alone = EntropyPooling.Solve(prior, [one]).Weights!;
        double[] both = EntropyPooling.Solve(prior, [one, same]).Weights!;
        for (int s = 0; s < prior.Length; s++)
            Assert.Equal(alone[s], both[s], 1e-11);
    }

    [Fact]
    public void Mean_view_on_a_normal_law_moves_the_mean_and_leaves_the_covariance()
    {
        var row = Row("entropy-pooling-gaussian-mean-view");
        double[] mean = Numbers(row["inputs"]!["prior_mean"]);
        double Prior(int i, int j) => Golden.Number(row["inputs"]!["prior_covariance"]![i]![j]);
        double View(int i) => Golden.Number(row["inputs"]!["view_matrix"]![0]![i]);
        // The normal law on a square grid: the trapezium rule is exact to rounding for it and its tilts.
        const int half = 40;
        const double step = 0.22;
        double a = Math.Sqrt(Prior(0, 0)),
            b = Prior(1, 0) / a,
            c = Math.Sqrt(Prior(1, 1) - b * b);
        var prior = new List<double>();
        var x = new List<double[]>();
        for (int i = -half; i <= half; i++)
        for (int j = -half; j <= half; j++)
        {
            double u = i * step,
                v = j * step;
            prior.Add(Math.Exp(-(u * u + v * v) / 2));
            x.Add([mean[0] + a * u, mean[1] + b * u + c * v]);
        }
        double sum = prior.Sum();
        double[] weights = [.. prior.Select(weight => weight / sum)];
        double[] spread = [.. x.Select(at => View(0) * at[0] + View(1) * at[1])];
        double stated = Golden.Number(row["inputs"]!["view_mean"]![0]);
        var result = EntropyPooling.Solve(weights, [new PoolingTarget("spread", spread, stated, false)]);
        double[] posterior = result.Weights!;
        double[] means = [.. mean.Select((_, k) => posterior.Select((weight, s) => weight * x[s][k]).Sum())];
        double entropy = posterior.Select((weight, s) => weight * Math.Log(weight / weights[s])).Sum();
        for (int k = 0; k < mean.Length; k++)
        {
            Assert.Equal(Golden.Number(row["expected"]!["posterior_mean"]![k]), means[k], 1e-9);
            for (int l = 0; l < mean.Length; l++)
            {
                double covariance = posterior
                    .Select((weight, s) => weight * (x[s][k] - means[k]) * (x[s][l] - means[l]))
                    .Sum();
                Assert.Equal(Golden.Number(row["expected"]!["posterior_covariance"]![k]![l]), covariance, 1e-9);
            }
        }
        Assert.Equal(Golden.Number(row["expected"]!["relative_entropy"]), entropy, 1e-9);
    }

    /// <summary>The same law and figures as the tails' own rows, which pool losses.</summary>
    [Theory]
    [InlineData("entropy-pooling-mean-view")]
    [InlineData("entropy-pooling-probability-view")]
    public void Rows_of_the_tails_are_met(string name)
    {
        var rows = Golden.Cases("tails/stress.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var row = rows.Single(row => row["name"]!.GetValue<string>() == name);
        var (prior, x) = (Numbers(row["inputs"]!["p"]), Numbers(row["inputs"]!["x"]));
        var expected = row["expected"]!;
        bool isMean = name.Contains("mean", StringComparison.Ordinal);
        var target = isMean
            ? new PoolingTarget("mean", x, 1.2, false)
            : new PoolingTarget("tail", [.. x.Select(value => value >= 3 ? 1.0 : 0.0)], 0.25, true);
        double[] law = EntropyPooling.Solve(prior, [target]).Weights!;
        double[] q = Numbers(expected["q"]);
        for (int s = 0; s < q.Length; s++)
            Assert.Equal(q[s], law[s], Tolerance);
        Assert.Equal(Golden.Number(expected["kl"]), EntropyPooling.Divergence(law, prior), Tolerance);
        if (!isMean)
            return;
        // Between two scenarios the tilt is the multiplier times how far they lie apart.
        double tilt = Math.Log(law[1] / prior[1] / (law[0] / prior[0])) / (x[1] - x[0]);
        Assert.Equal(Golden.Number(expected["multiplier"]), tilt, Tolerance);
        // The row counts by the entropy's exponential.
        double entropy = -law.Sum(weight => weight * Math.Log(weight));
        Assert.Equal(Golden.Number(expected["effective_scenarios"]), Math.Exp(entropy), 1e-8);
    }

    static JsonObject Row(string name)
    {
        var rows = Golden.Cases("sizing/entropy-pooling.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        return rows.Single(row => row["name"]!.GetValue<string>() == name);
    }

    static double[] Numbers(JsonNode? node) => [.. node!.AsArray().Select(Golden.Number)];

    static double[] Column(JsonObject row, int asset) =>
        [.. row["inputs"]!["scenarios"]!.AsArray().Select(scenario => Golden.Number(scenario![asset]))];

    static void Same(JsonObject row, PoolingResult result, double tolerance = Tolerance)
    {
        double[] expected = Numbers(row["expected"]!["posterior"]);
        Assert.NotNull(result.Weights);
        for (int s = 0; s < expected.Length; s++)
            Assert.Equal(expected[s], result.Weights[s], tolerance);
    }
}
