using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Storage;

namespace Plimsoll.Sizing.Tests;

/// <summary>What holds of every optimum, whatever its figures.</summary>
public sealed class SizerPropertyTests
{
    static readonly ImmutableArray<string> Few = ["BTC-PERPETUAL", "ETH-PERPETUAL", "BTC-26JUN26-7*", "BTC-24APR26-*"];

    /// <summary>The built-in market without volumes: no impact.</summary>
    static MarketSnapshot Market { get; } = WithoutVolumes(EmbeddedMarket.Snapshot());

    static MarketSnapshot WithoutVolumes(MarketSnapshot market) =>
        market with
        {
            Quotes = [.. market.Quotes.Select(quote => quote with { DailyVolumeContracts = null })],
        };

    /// <summary>Every limit that is a share of equity; margin has tiers by size and is left out where size varies.</summary>
    static Mandate Mandate(bool margin = false)
    {
        var whole = SizingCases.Mandate(SizingCases.HighVolatility(0.75), SizingCases.Drift(0.4));
        return whole with
        {
            Candidates = Few,
            Survival = margin ? whole.Survival : whole.Survival with { Liquidation = null },
            Limits = margin ? whole.Limits : whole.Limits with { InitialMargin = null },
        };
    }

    static SizingInput Input(decimal dollars, Mandate mandate, MarketSnapshot? market = null) =>
        SizingCases.Input(market ?? Market, SizingCases.AllIn(Currency.Usd, dollars), mandate) with
        {
            Scenarios = 1_000,
        };

    static (ContinuousSolve Solve, Dictionary<string, double> Target) Optimum(SizingInput input)
    {
        var prepared = Sizer.Prepare(input).Value;
        var solve = ContinuousSolve.Of(prepared);
        Assert.Equal(SolveStatus.Optimal, solve.Solution.Status);
        double[] target = TargetLines.Continuous(solve);
        var byName = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int i = 0; i < target.Length; i++)
            if (target[i] != 0)
                byName[prepared.Lines[i].Name] = target[i];
        return (solve, byName);
    }

    [Fact]
    public void Positions_scale_with_equity_and_growth_does_not()
    {
        var (small, few) = Optimum(Input(100_000, Mandate()));
        var (large, many) = Optimum(Input(2_500_000, Mandate()));
        double gain = small.Solution.Objective - small.Solution.ReferenceObjective;
        Assert.True(gain > 1e-6, $"the views must be worth something: {gain}");
        Assert.Equal(small.Solution.Objective, large.Solution.Objective, 1e-6 * gain);
        Assert.Contains(few, line => Math.Abs(line.Value) > 0.1);
        double largest = many.Values.Max(Math.Abs);
        foreach (string name in few.Keys.Union(many.Keys))
            Assert.Equal(25 * few.GetValueOrDefault(name), many.GetValueOrDefault(name), 1e-3 * largest);
    }

    [Fact]
    public void Order_of_instruments_does_not_matter()
    {
        var shuffled = Market with { Quotes = [.. Market.Quotes.Reverse()] };
        var one = Sizer.Size(Sizer.Prepare(Input(1_000_000, Mandate())).Value);
        var two = Sizer.Size(Sizer.Prepare(Input(1_000_000, Mandate(), shuffled)).Value);
        Assert.Contains(one.Decision.Targets, line => line.Trade != 0);
        Assert.Equal(one.Decision.Equity, two.Decision.Equity);
        double gain = one.Solve!.Solution.Objective - one.Solve.Solution.ReferenceObjective;
        Assert.Equal(one.Solve.Solution.Objective, two.Solve!.Solution.Objective, 2e-8 * gain + 1e-14);
        // Wealth of the same book is the same whichever column a contract stands in.
        double[] there = Wealth(two, one);
        Assert.All(Wealth(one, one).Zip(there), pair => Assert.Equal(pair.First, pair.Second, 1e-9 * pair.First));

        static double[] Wealth(SizingResult at, SizingResult bookOf)
        {
            var prepared = at.Prepared;
            var wealth = (double[])prepared.Collateral.Clone();
            foreach (var line in bookOf.Decision.Targets.OrderBy(line => line.Instrument, StringComparer.Ordinal))
            {
                var gain = prepared.Matrix.Gain.Column(prepared.Lines.First(own => own.Name == line.Instrument).Column);
                for (int s = 0; s < wealth.Length; s++)
                    wealth[s] += (double)line.Target * gain[s];
            }
            return wealth;
        }
    }

    /// <summary>One limit each, at a size at which it matters.</summary>
    public static TheoryData<string> Limits =>
        [
            "drawdown",
            "worst-case",
            "shortfall",
            "unit",
            "underlying",
            "margin",
            "delta",
            "gamma",
            "vega",
            "liquidation",
        ];

    [Theory]
    [MemberData(nameof(Limits))]
    public void Tighter_limit_never_raises_the_continuous_objective(string limit)
    {
        double[] objectives =
        [
            .. new[] { 0.5, 0.75, 1 }.Select(scale =>
                Optimum(Input(1_000_000, Scaled(Mandate(margin: true), limit, scale))).Solve.Solution.Objective
            ),
        ];
        for (int i = 1; i < objectives.Length; i++)
        {
            double slack = 1e-8 * Math.Abs(objectives[i]) + 1e-14;
            Assert.True(objectives[i] >= objectives[i - 1] - slack, $"{objectives[i]:R} after {objectives[i - 1]:R}");
        }
    }

    static Mandate Scaled(Mandate mandate, string limit, double scale)
    {
        var (survival, limits) = (mandate.Survival, mandate.Limits);
        return limit switch
        {
            "drawdown" => mandate with
            {
                Survival = survival with { Drawdown = new DrawdownLimit(0.1 * scale, 0.05, Years.FromDays(30)) },
            },
            "worst-case" => mandate with
            {
                Survival = survival with { WorstCase = new WorstCaseLimit(0.25 * scale, 0.25, 4, false) },
            },
            "shortfall" => mandate with
            {
                Survival = survival with { ExpectedShortfall = new ExpectedShortfallLimit(0.99, 0.03 * scale) },
            },
            "liquidation" => mandate with
            {
                Survival = survival with { Liquidation = new LiquidationLimit(0.01 * scale, 0.3) },
            },
            "unit" => mandate with { Limits = limits with { RiskUnitWorstCase = 0.05 * scale } },
            "underlying" => mandate with { Limits = limits with { UnderlyingWorstCase = 0.15 * scale } },
            "margin" => mandate with { Limits = limits with { InitialMargin = 0.2 * scale } },
            "delta" => mandate with
            {
                Limits = limits with { Greeks = new GreekLimits(0.3 * scale, null, null, null) },
            },
            "gamma" => mandate with
            {
                Limits = limits with { Greeks = new GreekLimits(null, 0.02 * scale, null, null) },
            },
            "vega" => mandate with
            {
                Limits = limits with { Greeks = new GreekLimits(null, null, 0.005 * scale, null) },
            },
            _ => throw new ArgumentOutOfRangeException(nameof(limit), limit, "a limit of the list"),
        };
    }

    [Fact]
    public void Inverse_and_linear_perpetuals_give_the_same_position_in_dollars()
    {
        var (inverse, linear) = ("BTC-PERPETUAL", "BTC_USDC-PERPETUAL");
        double index = Market.Find("BTC")!.IndexUsd;
        var market = Market with { Quotes = [.. Market.Quotes.Select(AtIndex)] };
        Mandate Only(string name) =>
            SizingCases.Mandate(SizingCases.Drift(0.6)) with
            {
                Candidates = [name],
                Limits = new MandateLimits(),
                Survival = new SurvivalLimits { Drawdown = new DrawdownLimit(0.2, 0.05, Years.FromDays(30)) },
                Assumptions = new Assumptions(Funding8h: 0, PerpetualSpread: 0.0002),
            };
        var (one, inFace) = Optimum(Input(1_000_000, Only(inverse), market));
        var (two, inCoins) = Optimum(Input(1_000_000, Only(linear), market));
        double dollars = inFace[inverse] * Size(inverse),
            same = inCoins[linear] * Size(linear) * index;
        Assert.True(dollars > 100_000, $"the view must trade: {dollars}");
        Assert.Equal(dollars, same, 1e-4 * dollars);
        Assert.Equal(one.Solution.Objective, two.Solution.Objective, 1e-8 * one.Solution.Objective);

        double Size(string name) =>
            (double)market.Quotes.Single(quote => quote.Instrument.Name == name).Instrument.ContractSize;
        // The same relative spread, fee and funding; the mark at the index, as conversion needs.
        InstrumentQuote AtIndex(InstrumentQuote quote) =>
            quote.Instrument.Name != inverse && quote.Instrument.Name != linear
                ? quote
                : quote with
                {
                    Bid = null,
                    Ask = null,
                    Mark = (decimal)index,
                    FundingRate8h = 0,
                };
    }

    [Fact]
    public void Linear_option_gains_what_the_inverse_one_and_its_premium_in_coin_gain()
    {
        // With the forward at the index: P1 − P0 = (v1 − v0)·S1 + v0·(S1 − S0).
        double index = Market.Find("BTC")!.IndexUsd;
        var market = Market with
        {
            Underlyings =
            [
                .. Market.Underlyings.Select(coin =>
                    coin with
                    {
                        Forwards = [.. coin.Forwards.Select(forward => forward with { PriceUsd = coin.IndexUsd })],
                    }
                ),
            ],
        };
        var prepared = Sizer
            .Prepare(Input(1_000_000, Mandate() with { Candidates = ["BTC-26JUN26-*", "BTC_USDC-26JUN26-*"] }, market))
            .Value;
        var matrix = prepared.Matrix;
        var prices = matrix.Prices!.InScenarios(new Currency("BTC"));
        int pairs = 0;
        for (int i = 0; i < matrix.Instruments.Length; i++)
        {
            string twin = matrix.Instruments[i].Name.Replace("BTC-", "BTC_USDC-", StringComparison.Ordinal);
            int j = Enumerable
                .Range(0, matrix.Instruments.Length)
                .FirstOrDefault(at => at != i && matrix.Instruments[at].Name == twin, -1);
            if (j < 0)
                continue;
            pairs++;
            var (own, other) = (matrix.Instruments[i], matrix.Instruments[j]);
            double coins = (double)(other.ContractSize / own.ContractSize);
            double v0 = prepared.Prices.Price(own)!.Value * (double)own.ContractSize;
            for (int s = 0; s < matrix.Scenarios.Count; s++)
            {
                double expected = coins * (matrix.Gain[s, i] + v0 * (prices[s] - index));
                Assert.Equal(expected, matrix.Gain[s, j], 1e-9 * index);
            }
        }
        Assert.True(pairs >= 5, $"{pairs} pairs");
    }
}
