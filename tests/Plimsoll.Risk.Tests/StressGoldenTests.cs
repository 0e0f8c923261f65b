using System.Text.Json.Nodes;
using Plimsoll.Numerics;
using Plimsoll.TestSupport;

namespace Plimsoll.Risk.Tests;

/// <summary>Golden rows of stress: Studer, Breuer, Glasserman and Xu, Bangia, Almgren, Cont and Wagalath.</summary>
public sealed class StressGoldenTests
{
    [Fact]
    public void Linear_loss_in_an_ellipsoid()
    {
        var row = Row("max-loss-linear-ellipsoid");
        var worst = EllipsoidLoss.Linear(Law(row), row.Numbers("w"), row.In("radius"));
        row.Check("max_loss", worst.Loss);
        row.Check("x_star", worst.Move);
    }

    [Fact]
    public void Quadratic_loss_in_an_ellipsoid_with_its_multiplier()
    {
        var row = Row("max-loss-quadratic-ellipsoid");
        var worst = EllipsoidLoss.Quadratic(Law(row), row.Numbers("delta"), Matrix(row, "Gamma"), row.In("radius"));
        row.Check("max_loss", worst.Loss);
        row.Check("x_star", worst.Move);
        row.Check("multiplier", worst.Multiplier);
    }

    [Fact]
    public void Smallest_ellipsoid_that_loses_an_amount()
    {
        var row = Row("reverse-stress-smallest-radius");
        var (radius, move) = EllipsoidLoss.Reverse(Law(row), row.Numbers("w"), row.In("loss"));
        row.Check("radius", radius);
        row.Check("x_star", move);
        row.Check("plausibility_prob_3dof", ChiSquared.UpperTail(radius * radius, 3));
        row.Check("normal_tail", SpecialFunctions.NormalCdf(-radius));
    }

    [Fact]
    public void Search_by_revaluation_finds_the_same_smallest_ellipsoid()
    {
        var row = Row("reverse-stress-smallest-radius");
        double[] slope = row.Numbers("w");
        var answer = ReverseStress.Find(
            new ReverseQuestion
            {
                Law = Law(row),
                Figure = moves => [.. moves.Select(x => -slope.Select((w, i) => w * x[i]).Sum())],
                Level = row.In("loss"),
            }
        );
        Assert.Single(answer.Moves);
        Assert.Equal(0, answer.Exceeding);
        Assert.Equal(Golden.Number(row.Expected["radius"]), answer.Moves[0].Distance, 1e-6);
        double[] expected = [.. row.Expected["x_star"]!.AsArray().Select(Golden.Number)];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], answer.Moves[0].Move[i], 1e-4);
    }

    [Fact]
    public void Entropy_ball_of_a_discrete_law()
    {
        var row = Row("entropy-ball-discrete");
        var worst = EntropyBall.AtRadius(row.Numbers("loss"), row.Numbers("p"), row.In("eta"));
        row.Check("theta", worst.Tilt);
        row.Check("worst_mean", worst.MeanLoss);
        row.Check("q", worst.Law);
        row.Check("base_mean", RiskMeasures.Mean(row.Numbers("loss"), row.Numbers("p")));
        Assert.InRange(worst.RelativeGap, 0, 1e-12);
        Assert.Equal(row.In("eta"), worst.Entropy, 1e-12);
        // The least entropy that reaches this mean is the radius again: the same law from the other side.
        var back = EntropyBall.Reaching(row.Numbers("loss"), row.Numbers("p"), worst.MeanLoss)!;
        Assert.Equal(row.In("eta"), back.Entropy, 1e-12);
    }

    [Fact]
    public void Entropy_beyond_the_point_mass_stays_on_the_largest_loss()
    {
        var row = Row("entropy-ball-discrete");
        var worst = EntropyBall.AtRadius(row.Numbers("loss"), row.Numbers("p"), 3.6);
        Assert.Equal(8, worst.MeanLoss);
        Assert.Equal(1, worst.Law[5]);
        Assert.Equal(-Math.Log(0.03), worst.Entropy, 1e-12);
        Assert.Null(EntropyBall.Reaching(row.Numbers("loss"), row.Numbers("p"), 8.1));
    }

    [Theory]
    [InlineData("entropy-ball-normal-eta0.5", 0.5)]
    [InlineData("entropy-ball-exponential-eta0.1", 0.1)]
    public void Entropy_ball_of_a_law_with_a_closed_form(string name, double eta)
    {
        // Cells of equal width, each at its middle: the closed forms up to the width squared.
        var row = Row(name);
        bool isNormal = name.Contains("normal", StringComparison.Ordinal);
        double width = isNormal ? 0.04 / 200 : 0.002;
        int cells = isNormal ? 4_000 : 30_000;
        var (losses, weights) = (new double[cells], new double[cells]);
        for (int i = 0; i < cells; i++)
        {
            losses[i] = isNormal ? (i - cells / 2 + 0.5) * width : (i + 0.5) * width;
            weights[i] = isNormal
                ? Math.Exp(-losses[i] * losses[i] / (2 * 0.04 * 0.04)) * width / (0.04 * Math.Sqrt(2 * Math.PI))
                : Math.Exp(-losses[i]) * width;
        }
        double sum = weights.Sum();
        for (int i = 0; i < cells; i++)
            weights[i] /= sum;
        var worst = EntropyBall.AtRadius(losses, weights, eta);
        Assert.Equal(Golden.Number(row.Expected["worst_mean"]), worst.MeanLoss, 1e-5);
        Assert.Equal(1, worst.Tilt / Golden.Number(row.Expected["theta"]), 1e-4);
        if (!isNormal)
            return;
        double square = 0;
        for (int i = 0; i < cells; i++)
            square += worst.Law[i] * (losses[i] - worst.MeanLoss) * (losses[i] - worst.MeanLoss);
        Assert.Equal(Golden.Number(row.Expected["worst_sd"]), Math.Sqrt(square), 1e-5);
    }

    [Fact]
    public void Cost_of_leaving_at_stressed_spreads()
    {
        var row = Row("bangia-liquidity-cost");
        var risk = LiquidityAdjusted.Bangia(
            row.In("position_usd"),
            row.In("sigma_1d"),
            row.In("level"),
            row.In("theta"),
            row.In("rel_spread_mean"),
            row.In("rel_spread_sd"),
            row.In("spread_multiplier")
        );
        row.Check("var_price", risk.PriceRisk);
        row.Check("exogenous_cost", risk.ExogenousCost);
        row.Check("lvar", risk.Total);
    }

    [Fact]
    public void Impact_by_the_square_root_law_with_stressed_depth()
    {
        var row = Row("square-root-impact");
        double calm = Impact(1, 1);
        double stressed = Impact(row.In("stress_volatility"), row.In("stress_volume"));
        row.Check("impact", calm);
        row.Check("impact_stressed", stressed);
        row.Check("ratio", stressed / calm);

        // The law states the peak; the cost of a whole order is two thirds of it.
        double Impact(double volatility, double depth) =>
            1.5
            * ExitCost.Impact(
                row.In("trade_usd"),
                row.In("adv_usd") * depth,
                row.In("sigma_daily") * volatility,
                row.In("Y")
            )
            / row.In("trade_usd");
    }

    [Fact]
    public void Covariance_with_those_who_must_sell()
    {
        var row = Row("fire-sale-excess-covariance");
        var fundamental = Matrix(row, "Sigma");
        var realised = FireSale.Covariance(
            fundamental,
            row.Numbers("holdings_over_depth"),
            row.Numbers("fund_weights"),
            row.In("liquidation_slope")
        );
        var expected = row.Expected["realised"]!.AsArray();
        for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            Assert.Equal(1, realised[i, j] / Golden.Number(expected[i]![j]), 1e-12);
        // What is odd in the slope is the term of first order alone.
        var opposite = FireSale.Covariance(
            fundamental,
            row.Numbers("holdings_over_depth"),
            row.Numbers("fund_weights"),
            -row.In("liquidation_slope")
        );
        var first = row.Expected["excess_first_order"]!.AsArray();
        for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            Assert.Equal(1, (realised[i, j] - opposite[i, j]) / 2 / Golden.Number(first[i]![j]), 1e-11);
        row.Check("realised_corr", realised[0, 1] / Math.Sqrt(realised[0, 0] * realised[1, 1]));
        row.Check("fundamental_corr", fundamental[0, 1] / Math.Sqrt(fundamental[0, 0] * fundamental[1, 1]));
        row.Check("fund_variance_ratio", Variance(realised) / Variance(fundamental));

        double Variance(SymmetricMatrix matrix)
        {
            var own = new double[2];
            double[] weights = row.Numbers("fund_weights");
            matrix.Multiply(weights, own);
            return own[0] * weights[0] + own[1] * weights[1];
        }
    }

    [Fact]
    public void Expected_shortfall_splits_the_atom()
    {
        var row = Row("weighted-es-atom-split", "tails/scenarios.json");
        var law = new LossDistribution(row.Numbers("x"), row.Numbers("p"));
        row.Check("var", law.ValueAtRisk(1 - row.In("alpha")));
        row.Check("es", law.ExpectedShortfall(1 - row.In("alpha")));
    }

    [Fact]
    public void Forward_selection_keeps_the_published_rows_and_loses_the_tail()
    {
        var row = Row("forward-selection-wasserstein1", "tails/scenarios.json");
        double[] x = row.Numbers("x");
        var kept = ForwardSelection.Of(x, row.Numbers("p"), (int)row.In("keep"));
        row.Check("selected_in_order", [.. kept.Chosen.Select(i => (double)i)]);
        row.Check("weights", kept.Weights);
        row.Check("distance", kept.Distance);
        row.Check("es10_before", LossDistribution.ExpectedShortfall(x, row.Numbers("p"), 0.9));
        double[] reduced = [.. kept.Chosen.Select(i => x[i])];
        row.Check("es10_after", LossDistribution.ExpectedShortfall(reduced, kept.Weights, 0.9));
    }

    [Fact]
    public void Weights_of_shifted_draws_estimate_a_tail()
    {
        var row = Row("importance-weights-shifted-normal", "tails/scenarios.json");
        double[] draws = row.Numbers("draws_from_N_shift");
        double[] weights = DrawnMoments.ShiftWeights(draws, row.In("shift"));
        row.Check("weights", weights);
        row.Check("prob_below_minus2", weights.Where((_, i) => draws[i] < -2).Sum() / draws.Length);
        row.Check("ess", RiskMeasures.EffectiveSample(weights));
    }

    [Fact]
    public void Draws_are_moved_to_a_mean_and_a_deviation()
    {
        var row = Row("moment-matching-affine", "tails/scenarios.json");
        double[] matched = DrawnMoments.Matched(row.Numbers("x"), row.In("target_mean"), row.In("target_sd"));
        row.Check("y", matched);
    }

    static StressRow Row(string name, string file = "tails/stress.json")
    {
        var cases = Golden.Cases(file);
        Assert.SkipWhen(cases is null, Golden.Absent);
        return new StressRow(cases!.Single(row => row["name"]!.GetValue<string>() == name));
    }

    static FactorLaw Law(StressRow row)
    {
        var moments = Matrix(row, "Sigma");
        return FactorLaw.OfMoments(
            [.. Enumerable.Range(0, moments.Size).Select(i => new StressFactor($"F{i}", StressFactorKind.Volatility))],
            moments
        );
    }

    static SymmetricMatrix Matrix(StressRow row, string key)
    {
        var rows = row.Inputs[key]!.AsArray();
        var matrix = new SymmetricMatrix(rows.Count);
        for (int i = 0; i < rows.Count; i++)
        for (int j = i; j < rows.Count; j++)
            matrix[i, j] = Golden.Number(rows[i]![j]);
        return matrix;
    }

    sealed record StressRow(JsonObject Case)
    {
        public JsonObject Inputs => Case["inputs"]!.AsObject();
        public JsonObject Expected => Case["expected"]!.AsObject();

        public double In(string key) => Golden.Number(Inputs[key]);

        public double[] Numbers(string key) => [.. Inputs[key]!.AsArray().Select(Golden.Number)];

        public void Check(string key, params double[] found)
        {
            double[] expected = Expected[key] is JsonArray list
                ? [.. list.Select(Golden.Number)]
                : [Golden.Number(Expected[key])];
            double relative = Golden.Number(Case["tolerance"]!["rel"]);
            double absolute = Golden.Number(Case["tolerance"]!["abs"]);
            Assert.Equal(expected.Length, found.Length);
            for (int i = 0; i < expected.Length; i++)
                Assert.True(
                    Math.Abs(found[i] - expected[i]) <= Math.Max(absolute, relative * Math.Abs(expected[i])),
                    FormattableString.Invariant($"{key}[{i}]: {found[i]:R}, expected {expected[i]:R}")
                );
        }
    }
}
