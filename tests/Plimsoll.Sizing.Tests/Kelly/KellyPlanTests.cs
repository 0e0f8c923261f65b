using System.Text.Json.Nodes;
using CsCheck;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

public sealed class KellyPlanTests
{
    static JsonObject Row(string file, string name)
    {
        var rows = Golden.Cases($"sizing/{file}.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        return rows!.Single(row => (string)row["name"]! == name);
    }

    static double In(JsonObject row, string key) => Golden.Number(row["inputs"]![key]);

    static double Out(JsonObject row, string key) => Golden.Number(row["expected"]![key]);

    static KellyPlan Plan(
        double win,
        double odds,
        double multiple = 1,
        double drawdown = 0.3,
        double probability = 0.1,
        int bets = 1000
    ) =>
        KellyPlan.Of(
            new KellyRequest(
                [new BetOutcome(win, odds), new BetOutcome(1 - win, -1)],
                multiple,
                drawdown,
                probability,
                bets,
                1
            )
        );

    [Fact]
    public void Growth_is_zero_again_below_twice_the_fraction()
    {
        var row = Row("kelly", "coin-even-money-p53");
        var plan = Plan(In(row, "win_probability"), In(row, "net_odds"));
        Assert.Equal(Out(row, "fraction"), plan.FullFraction, 1e-12);
        Assert.Equal(Out(row, "growth_per_bet"), plan.Growth, 1e-12);
        Assert.Equal(Out(row, "critical_fraction_zero_growth"), plan.ZeroGrowthFraction, 1e-12);
        Assert.Equal(1, plan.NoRuinFraction);
    }

    [Fact]
    public void Constrained_coin_equals_Busseti_Ryu_Boyd_2016()
    {
        var row = Row("risk-constrained-kelly", "rck-coin-p60");
        var plan = Plan(In(row, "win_probability"), In(row, "net_odds"));
        Assert.Equal(Out(row, "kelly_fraction"), plan.FullFraction, 1e-12);
        Assert.Equal(Out(row, "fraction"), plan.ConstrainedFraction, 1e-9);
        Assert.Equal(Out(row, "growth_per_bet"), plan.ConstrainedGrowth, 1e-9);
    }

    [Fact]
    public void Bound_holds_and_the_recursion_meets_the_exact_probability()
    {
        var row = Row("risk-constrained-kelly", "rck-bound-versus-exact-ruin-probability");
        double win = In(row, "win_probability"),
            fraction = In(row, "fraction"),
            floor = Out(row, "wealth_floor_alpha");
        double[] ratios = [1 + fraction, 1 - fraction];
        double[] probabilities = [win, 1 - win];
        double exponent = KellySurvival.Exponent(ratios, probabilities);
        Assert.Equal(Out(row, "lam_solving_constraint_equality"), exponent, 1e-9);
        Assert.Equal(Out(row, "bound_alpha_to_lambda"), Math.Pow(floor, exponent), 1e-9);
        var within = KellySurvival.Within(ratios, probabilities, floor, 1000, 1);
        Assert.Equal(Out(row, "exact_probability_ever_at_or_below"), within.Probability, 1e-9);
        Assert.Equal(0, within.StandardError);
    }

    [Fact]
    public void Paths_and_recursion_agree_within_their_error()
    {
        double[] ratios = [1.2, 0.85];
        double exact = KellySurvival.Within(ratios, [0.5, 0.5], 0.7, 200, 1).Probability;
        // The same law with one outcome written twice goes the way of drawn paths.
        var drawn = KellySurvival.Within([1.2, 1.2, 0.85], [0.2, 0.3, 0.5], 0.7, 200, 1);
        Assert.InRange(drawn.Probability, exact - 4 * drawn.StandardError, exact + 4 * drawn.StandardError);
        Assert.True(drawn.StandardError > 0);
    }

    [Fact]
    public void Power_utility_is_the_scaled_bet_only_for_full_Kelly()
    {
        var full = Plan(0.6, 1);
        Assert.Equal(full.Fraction, full.PowerUtilityFraction, 1e-12);
        var half = Plan(0.6, 1, multiple: 0.5);
        Assert.Equal(0.1, half.Fraction, 1e-12);
        // Even money at risk aversion 2: (√p − √q)/(√p + √q).
        double root = (Math.Sqrt(0.6) - Math.Sqrt(0.4)) / (Math.Sqrt(0.6) + Math.Sqrt(0.4));
        Assert.Equal(root, half.PowerUtilityFraction, 1e-12);
    }

    [Fact]
    public void Bound_is_never_below_the_probability_and_shrinks_with_the_bet() =>
        Gen.Select(Gen.Double[0.4, 0.8], Gen.Double[0.5, 3], Gen.Double[0.1, 0.9], Gen.Double[0.05, 0.6])
            .Sample(
                (win, odds, multiple, drawdown) =>
                {
                    var plan = Plan(win, odds, multiple, drawdown, bets: 150);
                    Assert.Equal(win * (1 + odds) - 1 > 0, plan.HasEdge);
                    if (!plan.HasEdge)
                    {
                        Assert.Equal((0, 0, 0), (plan.Fraction, plan.DrawdownBound, plan.ConstrainedFraction));
                        return;
                    }
                    Assert.True(plan.DrawdownWithin <= plan.DrawdownBound * (1 + 1e-9));
                    Assert.True(plan.DrawdownBound <= Plan(win, odds, 1, drawdown, bets: 1).DrawdownBound + 1e-12);
                    Assert.InRange(plan.ConstrainedFraction, 0, plan.FullFraction);
                    Assert.True(plan.ZeroGrowthFraction > plan.FullFraction);
                },
                iter: 300
            );

    [Fact]
    public void Bet_that_cannot_lose_is_refused() =>
        Assert.Throws<ArgumentException>(() =>
            KellyPlan.Of(new KellyRequest([new BetOutcome(0.5, 0.1), new BetOutcome(0.5, 0.2)], 1, 0.2, 0.05, 10, 1))
        );
}
