using System.Text.Json.Nodes;
using CsCheck;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

public sealed class KellyGoldenTests
{
    static JsonObject Row(string file, string name)
    {
        var rows = Golden.Cases($"sizing/{file}.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        return rows!.Single(row => (string)row["name"]! == name);
    }

    static double In(JsonObject row, string key) => Golden.Number(row["inputs"]![key]);

    static double Out(JsonObject row, string key) => Golden.Number(row["expected"]![key]);

    static double[] List(JsonNode? node) => [.. node!.AsArray().Select(Golden.Number)];

    [Theory]
    [InlineData("coin-even-money-p53")]
    [InlineData("coin-odds-2-p40")]
    public void Binary_bet_equals_Kelly_1956(string name)
    {
        var row = Row("kelly", name);
        var bet = KellyBets.Binary(In(row, "win_probability"), In(row, "net_odds"));
        Assert.Equal(Out(row, "fraction"), bet.Fraction, 1e-12);
        Assert.Equal(Out(row, "growth_per_bet"), bet.Growth, 1e-12);
    }

    [Fact]
    public void Multiple_of_full_Kelly_keeps_its_share_of_the_growth()
    {
        var row = Row("kelly", "fractional-growth-share");
        double[] multiples = List(row["inputs"]!["kelly_multiple"]);
        double[] shares = List(row["expected"]!["share_of_full_kelly_excess_growth"]);
        double[] deviations = List(row["expected"]!["share_of_full_kelly_volatility"]);
        const double drift = 0.3,
            volatility = 0.6,
            rate = 0.04;
        var best = KellyBets.Continuous(drift, volatility, rate);
        for (int i = 0; i < multiples.Length; i++)
        {
            double fraction = multiples[i] * best.Fraction;
            double kept = KellyBets.ContinuousGrowth(drift, volatility, rate, fraction) - rate;
            Assert.Equal(shares[i], kept / (best.Growth - rate), 1e-12);
            Assert.Equal(deviations[i], fraction / best.Fraction, 1e-12);
        }
    }

    [Fact]
    public void Partial_loss_counts_capital_put_down_and_not_capital_at_risk()
    {
        var row = Row("kelly", "partial-loss-bet");
        var bet = KellyBets.Binary(
            In(row, "win_probability"),
            In(row, "gain_if_win_per_unit_stake"),
            In(row, "loss_if_lose_per_unit_stake")
        );
        Assert.Equal(Out(row, "fraction"), bet.Fraction, 1e-12);
        Assert.Equal(Out(row, "growth_per_bet"), bet.Growth, 1e-12);
    }

    [Fact]
    public void A_bet_without_edge_is_negative()
    {
        var row = Row("kelly", "no-edge-coin");
        var bet = KellyBets.Binary(In(row, "win_probability"), In(row, "net_odds"));
        Assert.Equal(Out(row, "fraction_if_other_side_available_at_same_odds"), bet.Fraction, 1e-12);
    }

    [Theory]
    [InlineData("three-outcome-tie", "growth_per_bet")]
    [InlineData("six-outcome-single-asset", "growth_per_period")]
    public void Many_outcomes_meet_the_exact_root(string name, string growth)
    {
        var row = Row("kelly", name);
        var bet = KellyBets.Outcomes(
            List(row["inputs"]!["outcomes_net_return"]),
            List(row["inputs"]!["probabilities"])
        );
        Assert.Equal(Out(row, "fraction"), bet.Fraction, 1e-12);
        Assert.Equal(Out(row, growth), bet.Growth, 1e-12);
    }

    [Fact]
    public void A_coin_account_reaches_the_same_wealth_with_the_inverse_contract()
    {
        var row = Row("kelly", "numeraire-invariance-inverse-contract");
        double[] ratios = List(row["inputs"]!["price_ratio_outcomes"]);
        double[] probabilities = List(row["inputs"]!["probabilities"]);
        var dollars = KellyBets.Outcomes([.. ratios.Select(ratio => ratio - 1)], probabilities);
        var coins = KellyBets.Outcomes([.. ratios.Select(ratio => 1 - 1 / ratio)], probabilities);
        Assert.Equal(Out(row, "usd_account_linear_fraction"), dollars.Fraction, 1e-11);
        Assert.Equal(Out(row, "coin_account_inverse_contract_notional_over_equity"), coins.Fraction, 1e-11);
        Assert.Equal(Out(row, "growth_usd"), dollars.Growth, 1e-12);
        Assert.Equal(Out(row, "growth_coin"), coins.Growth, 1e-12);
        Assert.Equal(Out(row, "expected_log_price_ratio"), dollars.Growth - coins.Growth, 1e-12);
    }

    [Theory]
    [InlineData("continuous-thorp-sp500")]
    [InlineData("continuous-bitcoin-like")]
    public void Continuous_bet_equals_Thorp_2006(string name)
    {
        var row = Row("kelly", name);
        double volatility = In(row, "volatility_annual");
        var bet = KellyBets.Continuous(In(row, "drift_annual"), volatility, In(row, "rate_annual"));
        Assert.Equal(Out(row, "fraction"), bet.Fraction, 1e-9);
        Assert.Equal(Out(row, "growth_annual"), bet.Growth, 1e-12);
        Assert.Equal(Out(row, "growth_sd_annual"), bet.Fraction * volatility, 1e-12);
    }

    [Fact]
    public void Floors_and_multiples_of_Kelly_invert_each_other()
    {
        var ever = Row("risk-constrained-kelly", "drawdown-ever-continuous-kelly");
        double[] multiples = List(ever["inputs"]!["kelly_multiple_c"]);
        double[] floors = List(ever["inputs"]!["wealth_floor_alpha"]);
        double[] expected = List(ever["expected"]!["probability_ever_below"]);
        for (int i = 0; i < multiples.Length; i++)
            Assert.Equal(expected[i], KellyBets.ProbabilityEverBelow(floors[i], multiples[i]), 1e-12);
        var inverse = Row("risk-constrained-kelly", "kelly-multiple-for-drawdown-limit");
        floors = List(inverse["inputs"]!["wealth_floor_alpha"]);
        double[] probabilities = List(inverse["inputs"]!["probability_beta"]);
        multiples = List(inverse["expected"]!["kelly_multiple"]);
        for (int i = 0; i < multiples.Length; i++)
            Assert.Equal(multiples[i], KellyBets.MultipleForFloor(floors[i], probabilities[i]), 1e-12);
    }

    [Fact]
    public void Returns_twice_as_large_halve_the_fraction() =>
        Gen.Select(Gen.Double[0.01, 0.5].Array[2, 8], Gen.Double[0.01, 0.5].Array[2, 8], Gen.Double[0.1, 10])
            .Sample(
                (gains, losses, scale) =>
                {
                    double[] outcomes = [.. gains, .. losses.Select(loss => -loss)];
                    double[] probabilities = [.. outcomes.Select(_ => 1.0 / outcomes.Length)];
                    double one = KellyBets.Outcomes(outcomes, probabilities).Fraction;
                    double scaled = KellyBets
                        .Outcomes([.. outcomes.Select(outcome => outcome * scale)], probabilities)
                        .Fraction;
                    Assert.Equal(one, scaled * scale, 1e-9 * (1 + Math.Abs(one)));
                },
                iter: 500
            );

    [Fact]
    public void Outcomes_that_never_lose_are_refused()
    {
        Assert.Throws<ArgumentException>(() => KellyBets.Outcomes([0.1, 0.2], [0.5, 0.5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => KellyBets.Binary(1.2, 1));
    }
}
