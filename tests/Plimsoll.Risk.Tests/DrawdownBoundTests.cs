using Plimsoll.Numerics;

namespace Plimsoll.Risk.Tests;

public sealed class DrawdownBoundTests
{
    [Fact]
    public void Coin_toss_bound_is_the_least_over_a_fine_grid_of_exponents()
    {
        double[] gross = [1.05, 0.95];
        double[] weights = [0.5, 0.5];
        foreach (double periods in new[] { 10.0, 100, 1000 })
        {
            double least = 1;
            for (double lambda = 0.001; lambda < 60; lambda += 0.001)
            {
                double moment = 0.5 * Math.Pow(1.05, -lambda) + 0.5 * Math.Pow(0.95, -lambda);
                least = Math.Min(least, Math.Pow(0.8, lambda) * Math.Pow(Math.Max(1, moment), periods));
            }
            Assert.Equal(least, DrawdownBound.Of(gross, weights, 0.2, periods).Probability, 1e-6 * least);
        }
    }

    // Busseti, Ryu and Boyd (2016), sec. 3: E g^−λ ≤ 1 gives P(ever below α) ≤ α^λ.
    [Fact]
    public void With_edge_and_no_end_it_is_alpha_to_the_lambda_at_which_the_moment_is_one()
    {
        double[] gross = [1.1, 0.9];
        double[] weights = [0.6, 0.4];
        var bound = DrawdownBound.Of(gross, weights, 0.3, double.PositiveInfinity);
        double moment = 0.6 * Math.Pow(1.1, -bound.Lambda) + 0.4 * Math.Pow(0.9, -bound.Lambda);
        Assert.Equal(1, moment, 1e-9);
        Assert.Equal(Math.Pow(0.7, bound.Lambda), bound.Probability, 1e-12);
    }

    [Fact]
    public void No_simulated_path_law_exceeds_it()
    {
        double[] gross = [1.08, 1.0, 0.93];
        double[] weights = [0.35, 0.3, 0.35];
        const int periods = 30;
        const int paths = 40_000;
        double bound = DrawdownBound.Of(gross, weights, 0.25, periods).Probability;
        var random = new SeededRandom(7, 1);
        int below = 0;
        for (int p = 0; p < paths; p++)
        {
            double wealth = 1;
            bool hit = false;
            for (int n = 0; n < periods; n++)
            {
                double u = random.NextDouble();
                wealth *= gross[
                    u < 0.35 ? 0
                    : u < 0.65 ? 1
                    : 2
                ];
                hit |= wealth < 0.75;
            }
            below += hit ? 1 : 0;
        }
        double seen = (double)below / paths;
        Assert.True(seen > 0.001, "the test would prove nothing");
        Assert.True(seen <= bound, $"{seen} seen, bound {bound}");
    }

    [Fact]
    public void Ruin_in_one_scenario_bounds_nothing_and_no_loss_bounds_all()
    {
        Assert.Equal(1, DrawdownBound.Of([1.2, 0], [0.99, 0.01], 0.2, 30).Probability);
        Assert.Equal(0, DrawdownBound.Of([1.2, 1], [0.99, 0.01], 0.2, 30).Probability);
    }
}
