using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Sizing.Tests;

/// <summary>Accounts that no trade brings within every limit: what is in conflict, and what would help.</summary>
public sealed class InfeasibleTests
{
    static readonly Currency Btc = new("BTC");
    const string Perpetual = "BTC-PERPETUAL";

    static SizingInput Input(ImmutableArray<Balance> balances, ImmutableArray<Position> positions, Mandate mandate) =>
        SizingCases.Input(
            EmbeddedMarket.Snapshot(),
            new Account
            {
                Subaccounts =
                [
                    new Subaccount
                    {
                        Name = "main",
                        Venue = "deribit",
                        MarginMode = MarginMode.CrossStandard,
                        Balances = balances,
                        Positions = positions,
                    },
                ],
            },
            mandate
        ) with
        {
            Scenarios = 1_000,
        };

    /// <summary>Coin collateral that must not be traded breaks the worst case; the hedge is not among the candidates.</summary>
    static SizingInput Stuck(double worstCase, double delta) =>
        Input(
            [new Balance(Btc, 1)],
            [],
            new Mandate
            {
                Candidates = ["ETH-PERPETUAL"],
                Survival = new SurvivalLimits { WorstCase = new WorstCaseLimit(worstCase, 0.25, 4, false) },
                Limits = new MandateLimits
                {
                    Greeks = new GreekLimits(delta, null, null, null),
                    UnderlyingWorstCase = 0.9,
                    InitialMargin = 0.9,
                    RiskUnitWorstCase = 0.9,
                },
            }
        );

    [Fact]
    public void One_broken_limit_is_named_alone_and_its_relaxation_is_what_it_needs()
    {
        var input = Stuck(worstCase: 0.99, delta: 0.5);
        var decision = Sizer.Decide(input);
        Assert.Equal(DecisionStatus.Infeasible, decision.Status);
        Assert.Equal(["limits.greeks.delta"], decision.Conflicts);
        var relaxation = Assert.Single(decision.Relaxations);
        Assert.True(relaxation.Alone);
        Assert.Equal(("limits.greeks.delta", 0.5), (relaxation.Name, relaxation.Limit));
        Assert.Equal(1, relaxation.Needed, 1e-6);
        Assert.Equal(DecisionStatus.Sized, Sizer.Decide(Stuck(0.99, relaxation.Needed + 1e-6)).Status);
        Assert.Equal(DecisionStatus.Infeasible, Sizer.Decide(Stuck(0.99, relaxation.Needed - 1e-3)).Status);
    }

    [Fact]
    public void Several_limits_that_must_give_are_relaxed_together()
    {
        var decision = Sizer.Decide(Stuck(worstCase: 0.25, delta: 0.5));
        Assert.Equal(DecisionStatus.Infeasible, decision.Status);
        Assert.Equal(
            ["limits.greeks.delta", "survival.worst-case", "survival.worst-case.tail-range[BTC]"],
            decision.Conflicts.Order(StringComparer.Ordinal)
        );
        Assert.Equal(decision.Conflicts.Order(), decision.Relaxations.Select(one => one.Name).Order());
        Assert.All(decision.Relaxations, one => Assert.False(one.Alone));
        Assert.All(decision.Relaxations, one => Assert.True(one.Needed > one.Limit, one.Name));
        double worst = decision.Relaxations.Where(one => one.Name != "limits.greeks.delta").Max(one => one.Needed);
        double delta = decision.Relaxations.Single(one => one.Name == "limits.greeks.delta").Needed;
        Assert.Equal(DecisionStatus.Sized, Sizer.Decide(Stuck(worst + 1e-6, delta + 1e-6)).Status);
        Assert.Equal(DecisionStatus.Infeasible, Sizer.Decide(Stuck(worst - 1e-2, delta + 1e-6)).Status);
    }

    [Fact]
    public void A_limit_that_stands_in_the_way_of_the_cure_is_in_conflict_too()
    {
        // The hedge of the coins' delta would cost more margin than the pool may use; nothing else is near its limit.
        var input = Input(
            [new Balance(Btc, 1)],
            [],
            new Mandate
            {
                Candidates = [Perpetual],
                Limits = new MandateLimits
                {
                    Greeks = new GreekLimits(0.1, 0.5, 0.5, 0.5),
                    InitialMargin = 0.004,
                    UnderlyingWorstCase = 0.99,
                },
            }
        );
        var decision = Sizer.Decide(input);
        Assert.Equal(DecisionStatus.Infeasible, decision.Status);
        Assert.Equal(
            ["limits.greeks.delta[BTC]", "limits.initial-margin[main]"],
            decision.Conflicts.Order(StringComparer.Ordinal)
        );
        Assert.Equal(2, decision.Relaxations.Length);
        Assert.All(decision.Relaxations, one => Assert.True(one.Alone && one.Needed > one.Limit, one.Name));
        Assert.Contains(decision.Targets, line => line.Instrument == Perpetual && line.Trade < 0);
    }

    /// <summary>Drawn option positions, far outside some limits and within others, that two lines cannot mend.</summary>
    public static TheoryData<int> Draws => [1, 2, 3, 5, 6, 7, 9, 10, 11];

    [Theory]
    [MemberData(nameof(Draws))]
    public void No_limit_is_given_up_to_mend_another(int seed)
    {
        var result = Sizer.Size(Sizer.Prepare(Drawn(seed)).Value);
        Assert.Equal(DecisionStatus.Infeasible, result.Decision.Status);
        var problem = new LotProblem(result.Solve!);
        double[] today = result.Solve!.Evaluator.ExcessesToday();
        problem.MoveTo([.. problem.Lines.Select(i => Lots(result, i))]);
        double[] then = result.Solve.Evaluator.Excesses();
        double mended = today.Zip(then).Sum(pair => Math.Max(0, pair.First - pair.Second));
        double worse = today.Zip(then).Sum(pair => Math.Max(0, pair.Second - pair.First));
        Assert.True(
            worse <= mended / Mending.WorseningWeight + 1e-9,
            $"mended {mended} at the price of {worse}: "
                + string.Join(
                    ", ",
                    Enumerable
                        .Range(0, then.Length)
                        .Where(k => then[k] > today[k] + 1e-9)
                        .Select(k => $"{result.Solve.Program.Constraints[k].Name} {today[k]:0.###} to {then[k]:0.###}")
                )
        );
    }

    static int Lots(SizingResult result, int line) =>
        result.Trades.TryGetValue(line, out decimal trade) ? (int)(trade / result.Prepared.Lines[line].Lot) : 0;

    static SizingInput Drawn(int seed)
    {
        var random = new Random(seed);
        string[] held =
        [
            .. EmbeddedMarket
                .Snapshot()
                .Quotes.Where(quote => quote.Instrument is OptionInstrument && quote.Bid > 0)
                .Select(quote => quote.Instrument.Name)
                .OrderBy(_ => random.Next())
                .Take(6),
        ];
        return Input(
            [new Balance(Currency.Usdc, 100_000)],
            [.. held.Select(name => new Position(name, random.Next(-12, 7) * (name[0] == 'B' ? 0.5m : 8m), null))],
            SizingCases.Mandate() with
            {
                Candidates = [held[0], held[1]],
                Objective = ObjectiveKind.Protect,
            }
        );
    }

    [Fact]
    public void Missing_figures_are_named_one_by_one()
    {
        var market = EmbeddedMarket.Snapshot();
        var input = Input(
            [new Balance(Currency.Usdc, 100_000)],
            [],
            new Mandate
            {
                Candidates = ["BTC-26JUN26-7*"],
                Limits = new MandateLimits { Liquidity = new LiquidityLimits(0.01, null, null) },
                AllowBoughtOptions = true,
            }
        ) with
        {
            Market = market with
            {
                Quotes = [.. market.Quotes.Select(quote => quote with { DailyVolumeContracts = null })],
            },
        };
        var decision = Sizer.Decide(input);
        Assert.Equal(DecisionStatus.Undetermined, decision.Status);
        Assert.True(decision.Missing.Length > 2);
        Assert.All(
            decision.Missing,
            line =>
                Assert.Matches(
                    @"^daily volume of BTC-26JUN26-7\d+-[CP] \(market, or assumptions\.daily-volume\)$",
                    line
                )
        );
        var assumed = input.Mandate with { Assumptions = new Assumptions(DailyVolume: NotionalByKind.Same(1_000_000)) };
        var sized = Sizer.Decide(input with { Mandate = assumed });
        Assert.Equal(DecisionStatus.Sized, sized.Status);
        Assert.Contains("daily-volume 1000000 USD for options that state none", sized.Assumptions);
    }
}
