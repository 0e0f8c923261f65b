using System.Text.Json.Nodes;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

/// <summary>Growth-optimal sizes of option payoffs under a lognormal law, by quadrature over the normal variable.</summary>
public sealed class KellyOptionTests
{
    const int Panels = 200;

    /// <summary>Nodes and weights of Gauss-Legendre with five points (Abramowitz and Stegun, table 25.4).</summary>
    static readonly (double Node, double Weight)[] Five =
    [
        (-0.906179845938664, 0.236926885056189),
        (-0.538469310105683, 0.478628670499366),
        (0, 0.568888888888889),
        (0.538469310105683, 0.478628670499366),
        (0.906179845938664, 0.236926885056189),
    ];

    [Theory]
    [InlineData("long-call-atm", "premium", "fraction_of_equity_in_premium")]
    [InlineData("long-straddle-atm", "premium", "fraction_of_equity_in_premium")]
    [InlineData("call-spread-100-130", "premium", "fraction_of_equity_in_premium")]
    [InlineData("short-put-spread-90-75", "maximum_loss", "fraction_of_equity_at_risk")]
    public void Option_payoffs_meet_their_optimum(string name, string stakeKey, string fractionKey)
    {
        var rows = Golden.Cases("sizing/kelly-options.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var row = rows!.Single(r => (string)r["name"]! == name);
        var (legs, t) = Legs(row["inputs"]!, (string)row["inputs"]!["instrument"]!);
        double implied = Golden.Number(row["inputs"]!["implied_volatility"]);
        double cost = legs.Sum(leg => leg.Count * Black76.PriceUsd(100, leg.Strike, t, implied, leg.Right));
        double stake = Golden.Number(row["expected"]![stakeKey]);
        Assert.Equal(stake, cost > 0 ? cost : legs.Max(leg => leg.Strike) - legs.Min(leg => leg.Strike) + cost, 1e-8);
        var (outcomes, probabilities) = Law(row["inputs"]!, legs, t, cost, stake);
        var bet = KellyBets.Outcomes(outcomes, probabilities);
        Assert.Equal(Golden.Number(row["expected"]![fractionKey]), bet.Fraction, 1e-8);
        Assert.Equal(Golden.Number(row["expected"]!["growth_over_horizon"]), bet.Growth, 1e-8);
        double perStake = outcomes.Zip(probabilities, (outcome, p) => outcome * p).Sum();
        if (row["expected"]!["expected_return_on_premium"] is { } mean)
            Assert.Equal(Golden.Number(mean), perStake, 1e-8);
        if (row["expected"]!["credit"] is { } credit)
            Assert.Equal(Golden.Number(credit), -cost, 1e-8);
    }

    [Fact]
    public void A_naked_short_call_looks_safe_on_every_finite_set_of_scenarios()
    {
        var rows = Golden.Cases("sizing/kelly-options.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var row = rows!.Single(r => (string)r["name"]! == "naked-short-call-finite-scenario-illusion");
        double premium = Golden.Number(row["expected"]!["premium_per_call"]);
        var counts = row["inputs"]!["scenario_counts"]!.AsArray();
        for (int i = 0; i < counts.Count; i++)
        {
            int count = counts[i]!.GetValue<int>();
            double[] gains = new double[count];
            for (int s = 0; s < count; s++)
            {
                double z = SpecialFunctions.NormalInverse((s + 0.5) / count);
                double price = 100 * Math.Exp(-0.5 * 0.5 * 0.5 * 0.25 + 0.5 * Math.Sqrt(0.25) * z);
                gains[s] = (premium - Math.Max(0, price - 120)) / 100;
            }
            var bet = KellyBets.Outcomes(gains, [.. gains.Select(_ => 1.0 / count)]);
            double calls = Golden.Number(row["expected"]!["finite_scenario_optimal_calls_per_100_equity"]![i]);
            Assert.Equal(calls, bet.Fraction, 1e-6);
            Assert.Equal(Golden.Number(row["expected"]!["finite_scenario_growth"]![i]), bet.Growth, 1e-9);
            // The book is ruined where the calls have cost their premium and all equity, and the market gets there.
            double ruin = 120 + premium + 100 / bet.Fraction;
            Assert.Equal(Golden.Number(row["expected"]!["underlying_level_of_ruin"]![i]), ruin, 1e-4);
            double z0 = (Math.Log(ruin / 100) + 0.5 * 0.5 * 0.5 * 0.25) / (0.5 * Math.Sqrt(0.25));
            double beyond = Golden.Number(row["expected"]!["true_ruin_probability_per_period"]![i]);
            Assert.Equal(1, SpecialFunctions.NormalCdf(-z0) / beyond, 1e-5);
        }
        // So no positive size has a growth, and none is best.
        Assert.Equal(0, Golden.Number(row["expected"]!["true_optimal_calls"]));
        Assert.Equal("minus infinity", (string)row["expected"]!["true_growth_at_any_positive_size"]!);
    }

    readonly record struct OptionLeg(double Count, double Strike, OptionRight Right);

    static (OptionLeg[] Legs, double T) Legs(JsonNode inputs, string instrument)
    {
        double Strike(string key) => Golden.Number(inputs[key]);
        OptionLeg[] legs = instrument switch
        {
            "call" => [new(1, Strike("strike"), OptionRight.Call)],
            "straddle" => [new(1, Strike("strike"), OptionRight.Call), new(1, Strike("strike"), OptionRight.Put)],
            "call spread" =>
            [
                new(1, Strike("strike_low"), OptionRight.Call),
                new(-1, Strike("strike_high"), OptionRight.Call),
            ],
            _ => [new(-1, Strike("strike_high"), OptionRight.Put), new(1, Strike("strike_low"), OptionRight.Put)],
        };
        return (legs, Golden.Number(inputs["horizon_years"]));
    }

    /// <summary>Return per unit of stake at every node; panels are split at the strikes, where the payoff has kinks.</summary>
    static (double[] Outcomes, double[] Probabilities) Law(
        JsonNode inputs,
        OptionLeg[] legs,
        double t,
        double cost,
        double stake
    )
    {
        double volatility = Golden.Number(inputs["real_volatility_annual"]);
        double mean = (Golden.Number(inputs["real_drift_annual"]) - volatility * volatility / 2) * t;
        double deviation = volatility * Math.Sqrt(t);
        double[] ends =
        [
            .. legs.Select(leg => (Math.Log(leg.Strike / 100) - mean) / deviation)
                .Prepend(-9)
                .Append(9)
                .Distinct()
                .Order(),
        ];
        var outcomes = new List<double>();
        var probabilities = new List<double>();
        for (int part = 0; part + 1 < ends.Length; part++)
        for (int panel = 0; panel < Panels; panel++)
        {
            double width = (ends[part + 1] - ends[part]) / Panels;
            foreach (var (node, weight) in Five)
            {
                double z = ends[part] + width * (panel + (node + 1) / 2);
                double price = 100 * Math.Exp(mean + deviation * z);
                double payoff = legs.Sum(leg =>
                    leg.Count * Math.Max(0, leg.Right == OptionRight.Call ? price - leg.Strike : leg.Strike - price)
                );
                outcomes.Add((payoff - cost) / stake);
                probabilities.Add(weight / 2 * width * SpecialFunctions.NormalDensity(z));
            }
        }
        return ([.. outcomes], [.. probabilities]);
    }
}
