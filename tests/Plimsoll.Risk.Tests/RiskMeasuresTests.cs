using CsCheck;
using Plimsoll.TestSupport;

namespace Plimsoll.Risk.Tests;

public sealed class RiskMeasuresTests
{
    static readonly double[] Tenths = [.. Enumerable.Repeat(0.1, 10)];

    [Fact]
    public void Fixed_portfolio_and_minimal_portfolios_have_the_golden_expected_shortfall()
    {
        var rows = Golden.Cases("sizing/tail-objectives.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        int met = 0;
        foreach (var row in rows!)
        {
            var inputs = row["inputs"]!;
            var expected = row["expected"]!.AsObject();
            var weights = inputs["weights"] ?? expected["weights"];
            string key = expected.ContainsKey("cvar") ? "cvar" : "cvar_for_comparison";
            if (inputs["scenario_returns"] is not { } returns || !expected.ContainsKey(key))
                continue;
            double[] gains =
            [
                .. returns
                    .AsArray()
                    .Select(line =>
                        line!.AsArray().Select((cell, i) => Golden.Number(cell) * Golden.Number(weights![i])).Sum()
                    ),
            ];
            double level = Golden.Number(inputs["level"]);
            Assert.Equal(Golden.Number(expected[key]), RiskMeasures.ExpectedShortfall(gains, Tenths, level), 1e-8);
            if (expected.ContainsKey("var_85"))
                Assert.Equal(Golden.Number(expected["var_85"]), RiskMeasures.ValueAtRisk(gains, Tenths, level), 1e-12);
            met++;
        }
        Assert.Equal(5, met);
    }

    // Rockafellar and Uryasev (2002), proposition 8: losses 6.6% and 6% of ten equal scenarios at 85% give
    // (0.1·6.6% + 0.05·6%)/0.15 = 6.4%.
    [Fact]
    public void Expected_shortfall_splits_the_atom()
    {
        double[] gains = [-0.066, 0.01, -0.06, 0.02, 0, 0.03, 0.01, 0.02, 0.05, 0.04];
        Assert.Equal(0.064, RiskMeasures.ExpectedShortfall(gains, Tenths, 0.85), 1e-12);
        Assert.Equal(0.06, RiskMeasures.ValueAtRisk(gains, Tenths, 0.85), 1e-15);
        Assert.Equal(0.066, RiskMeasures.ExpectedShortfall(gains, Tenths, 0.99), 1e-12);
    }

    static readonly Gen<(double[] Gains, double[] Weights, double Level)> Laws = Gen.Select(
        Gen.Double[-5, 5].Array[1, 60],
        Gen.Double[0.01, 1].Array[60],
        Gen.Double[0.02, 0.995],
        (gains, raw, level) =>
        {
            double total = raw[..gains.Length].Sum();
            return (gains, raw[..gains.Length].Select(w => w / total).ToArray(), level);
        }
    );

    [Fact]
    public void Expected_shortfall_is_the_least_of_the_Rockafellar_Uryasev_function() =>
        Laws.Sample(law =>
        {
            double least = double.PositiveInfinity;
            foreach (double at in law.Gains)
            {
                double value = -at;
                for (int s = 0; s < law.Gains.Length; s++)
                    value += law.Weights[s] * Math.Max(0, -law.Gains[s] + at) / (1 - law.Level);
                least = Math.Min(least, value);
            }
            double shortfall = RiskMeasures.ExpectedShortfall(law.Gains, law.Weights, law.Level);
            Assert.Equal(least, shortfall, 1e-9);
            Assert.True(shortfall >= RiskMeasures.ValueAtRisk(law.Gains, law.Weights, law.Level) - 1e-9);
        });

    [Fact]
    public void Value_at_risk_is_the_least_loss_not_exceeded_with_the_level() =>
        Laws.Sample(law =>
        {
            double brute = law
                .Gains.Select(gain => -gain)
                .Where(x =>
                    law.Gains.Select((gain, s) => -gain <= x ? law.Weights[s] : 0).Sum()
                    >= law.Level * (1 - 1e-12) - 1e-12
                )
                .Min();
            Assert.Equal(brute, RiskMeasures.ValueAtRisk(law.Gains, law.Weights, law.Level));
        });

    [Fact]
    public void Worst_scenario_deviation_mean_and_effective_sample_are_the_textbooks()
    {
        double[] gains = [1, -3, 2, -3];
        double[] weights = [0.1, 0.2, 0.3, 0.4];
        Assert.Equal((1, 3.0), RiskMeasures.WorstScenario(gains));
        Assert.Equal(-1.1, RiskMeasures.Mean(gains, weights), 1e-15);
        Assert.Equal(
            Math.Sqrt(0.1 * 1 + 0.2 * 9 + 0.3 * 4 + 0.4 * 9 - 1.21),
            RiskMeasures.StandardDeviation(gains, weights),
            1e-14
        );
        Assert.Equal(10, RiskMeasures.EffectiveSample(Tenths), 1e-12);
        Assert.Equal(1 / 0.3, RiskMeasures.EffectiveSample(weights), 1e-12);
        Assert.Equal(0.6, new LossDistribution(gains, weights).ProbabilityOfLossAbove(2.5), 1e-15);
    }

    [Fact]
    public void Weights_that_do_not_sum_to_one_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RiskMeasures.ValueAtRisk([1, 2], [0.5, 0.6], 0.9));
}
