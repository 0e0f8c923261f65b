using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Risk.Tests;

/// <summary>Cases that a user writes: each thing that may move moves what it should and nothing else.</summary>
public sealed class StressCaseTests
{
    static readonly PerpetualInstrument Swap = Perpetual("BTC", PayoffShape.Linear, 1);
    static readonly FutureInstrument Dated = Future("BTC", Far, PayoffShape.Linear, 1);
    static readonly OptionInstrument Call = Option("BTC", 60_000, OptionRight.Call, Far, PayoffShape.Linear);
    static readonly OptionInstrument Ether = Option("ETH", 2_000, OptionRight.Call, Far, PayoffShape.Linear);
    static readonly MarketSnapshot Snapshot = Market(Swap, Dated, Call, Ether);

    static double[] Gains(CoinStress stress, double days = 0)
    {
        var (set, rows) = StressScenarios.Named(
            Snapshot,
            Surfaces,
            Years.FromDays(days),
            StressDefinition.Default with
            {
                Days = [],
                Cases =
                [
                    new StressCase(
                        "one",
                        ImmutableSortedDictionary<string, CoinStress>.Empty.Add("BTC", stress),
                        new LiquidityStress(3, 0.5, "test")
                    ),
                ],
            }
        );
        Assert.Equal("one", Assert.Single(rows).Name);
        var matrix = Revaluation.Compute(Snapshot, Surfaces, set, [Swap, Dated, Call, Ether], Currency.Usd, 1);
        return [.. Enumerable.Range(0, 4).Select(i => matrix.Gain[0, i])];
    }

    [Fact]
    public void Nothing_that_moves_gains_nothing() =>
        Assert.All(Gains(new CoinStress(0, 0)), gain => Assert.Equal(0, gain, 1e-8));

    [Fact]
    public void A_coin_that_is_not_named_stands_still() => Assert.Equal(0, Gains(new CoinStress(-0.3))[3], 1e-8);

    [Fact]
    public void The_perpetuals_basis_moves_the_perpetual_alone()
    {
        double[] gain = Gains(new CoinStress(0, 0, PerpetualBasis: -0.05));
        Assert.Equal(-0.05 * 60_060, gain[0], 1e-6);
        Assert.Equal(0, gain[1], 1e-8);
        Assert.Equal(0, gain[2], 1e-8);
    }

    [Fact]
    public void The_forward_rate_moves_dated_futures_and_the_forwards_of_options_with_time()
    {
        double t = Years.Between(AsOf, Far).Value;
        double[] gain = Gains(new CoinStress(0, 0, ForwardRate: -0.10));
        double forward = ForwardUsd(60_000, Far);
        Assert.Equal(0, gain[0], 1e-8);
        Assert.Equal(forward * (Math.Exp(-0.10 * t) - 1), gain[1], 1e-6);
        var slice = Surfaces["BTC"].Find(Far)!;
        double moved = forward * Math.Exp(-0.10 * t);
        double expected = Price(slice, moved) - Price(slice, forward);
        Assert.Equal(expected, gain[2], 1e-6 * forward);

        static double Price(SviSlice slice, double forward) =>
            Black76.PriceUsd(
                forward,
                60_000,
                slice.TYears,
                slice.VolatilityAnnual(Math.Log(60_000 / forward)),
                OptionRight.Call
            );
    }

    [Fact]
    public void The_term_structure_turns_about_thirty_days()
    {
        Assert.Equal(1, SurfaceMoves.SlopeFactor(7 / 365.0), 1e-12);
        Assert.Equal(0, SurfaceMoves.SlopeFactor(30 / 365.0), 1e-12);
        Assert.Equal(-1, SurfaceMoves.SlopeFactor(900 / 7.0 / 365), 1e-12);
        Assert.Equal(1.5, SurfaceMoves.SlopeFactor(1 / 365.0));
        // A long call beyond 30 days loses where the short end rises and the slope alone moves.
        Assert.True(Gains(new CoinStress(0, 0, TermChange: 0.3))[2] < -1);
        Assert.True(Gains(new CoinStress(0, 0.3))[2] > 1);
    }

    [Fact]
    public void Volatility_that_is_not_stated_answers_the_price_and_is_said_to_be_assumed()
    {
        var response = VolatilityResponses.For("BTC");
        double[] answered = Gains(new CoinStress(-0.2));
        double stated = Math.Exp(response.AnswerTo(Math.Log(0.8))) - 1;
        double[] same = Gains(new CoinStress(-0.2, stated, response.SkewBeta * Math.Log(0.8)));
        for (int i = 0; i < 4; i++)
            Assert.Equal(same[i], answered[i], 1e-6);
        Assert.True(answered[2] > Gains(new CoinStress(-0.2, 0))[2]);
    }

    [Fact]
    public void Cases_stand_in_the_stress_set_of_the_limits_and_every_recorded_day_says_its_liquidity()
    {
        var definition = StressDefinition.Default;
        Assert.All(
            definition.Days,
            day =>
            {
                Assert.True(day.Liquidity.Spread >= 1);
                Assert.InRange(day.Liquidity.Depth, 0.01, 1);
                Assert.NotEmpty(day.Liquidity.Source);
            }
        );
        var coins = ImmutableSortedDictionary<string, CoinStress>.Empty.Add(
            StressDefinition.Other,
            new CoinStress(-0.9, 0.5)
        );
        var set = StressScenarios.Build(
            Snapshot,
            Surfaces,
            Years.FromDays(1),
            definition with
            {
                Cases = [new StressCase("all gone", coins, LiquidityStress.None)],
            }
        );
        Assert.Equal("case:all gone", set.Origins[^1]);
        Assert.Equal(Math.Log(0.1), set.Of("ETH").LogReturn[^1], 1e-12);
    }

    [Fact]
    public void Bases_move_on_the_days_of_which_something_is_known_and_rest_on_the_others()
    {
        var set = StressScenarios.Build(Snapshot, Surfaces, Years.FromDays(1), StressDefinition.Default);
        foreach (string coin in new[] { "BTC", "ETH" })
        {
            var moves = set.Of(coin);
            double rate = coin == "BTC" ? -0.0111 : 0.0072;
            for (int row = 0; row < set.Count; row++)
            {
                bool isOctober = set.Origins[row].StartsWith("day:2025-10-10,at the low", StringComparison.Ordinal);
                bool isMeasured = set.Origins[row].StartsWith("day:2026-02-05", StringComparison.Ordinal);
                Assert.Equal(isOctober ? Math.Log(0.95) : 0, moves.PerpetualBasisMove[row], 1e-12);
                Assert.Equal(isMeasured ? rate : 0, moves.ForwardRateMove[row], 1e-12);
            }
        }
        Assert.All(StressDefinition.Default.Days, day => Assert.Equal(day.Basis.IsEmpty, day.BasisSource.Length == 0));
    }
}
