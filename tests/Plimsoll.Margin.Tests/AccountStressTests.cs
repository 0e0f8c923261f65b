using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Risk;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

/// <summary>The stress report on small books whose answers can be had another way.</summary>
public sealed class AccountStressTests
{
    static readonly PerpetualInstrument Swap = Perpetual("BTC", PayoffShape.Linear, 1);
    static readonly OptionInstrument Put = Option("BTC", 50_000, OptionRight.Put, Middle);
    static readonly OptionInstrument Call = Option("BTC", 75_000, OptionRight.Call, Middle);
    static readonly OptionInstrument EtherPut = Option("ETH", 1_700, OptionRight.Put, Middle);
    static readonly MarketSnapshot Snapshot = Market(Swap, Put, Call, EtherPut);

    static StressReport Report(Account account, int count = 2_000, Func<StressRequest, StressRequest>? edit = null)
    {
        var request = new StressRequest
        {
            Risk = new RiskRequest
            {
                Market = new RiskMarket(Snapshot, Surfaces),
                Account = account,
                Scenarios = Law(count),
                Home = Currency.Usd,
            },
        };
        return AccountStress.Report(edit is null ? request : edit(request));
    }

    static readonly Account Long = Accounts.Segregated(
        [new Balance(Currency.Usdc, 60_060)],
        [new Position(Swap.Name, 2, null)]
    );

    static readonly Account Strangle = Accounts.Of(
        MarginMode.CrossStandard,
        [new Balance(Currency.Usdc, 100_000), new Balance(Btc, 1)],
        [new Position(Put.Name, -5, null), new Position(Call.Name, -5, null), new Position(EtherPut.Name, -40, null)]
    );

    [Fact]
    public void A_long_perpetual_loses_a_quarter_of_its_equity_at_an_eighth_of_its_price()
    {
        var report = Report(Long);
        Assert.Empty(report.Missing);
        var quarter = report.Reverse.Single(result => result.Share == 0.25);
        var move = Assert.Single(quarter.Moves);
        var bitcoin = Assert.Single(move.Moves);
        Assert.Equal(("BTC", -0.125), (bitcoin.Underlying, Math.Round(bitcoin.Spot, 6)));
        Assert.Equal(0, quarter.Exceeding);
        Assert.StartsWith("BTC -13% with volatility +", move.Words, StringComparison.Ordinal);
        // The distance is the fall over the deviation of the law: volatility stands at its conditional mean.
        double[] returns = Law(2_000).Of("BTC").LogReturn;
        double deviation = Math.Sqrt(returns.Average(r => r * r));
        Assert.Equal(-Math.Log(0.875) / deviation, move.Distance, 1e-4);
        // Counted by hand in the same law.
        double share = returns.Count(r => r <= Math.Log(0.875)) / 2_000.0;
        Assert.False(move.IsExtrapolated);
        Assert.Equal(365 * share, move.PerYear, 1e-9);
    }

    [Fact]
    public void Short_options_have_a_move_down_and_a_move_up_and_no_scan_finds_a_nearer_one()
    {
        var report = Report(Strangle);
        var found = report.Reverse.Single(result => result.Share == 0.25);
        Assert.True(found.Moves.Length >= 2);
        Assert.Contains(found.Moves, move => move.Moves[0].Spot < 0);
        Assert.Contains(found.Moves, move => move.Moves[0].Spot > 0);
        Assert.Equal(0, found.Exceeding);
        var law = FactorLaw.Of(Law(2_000), ["BTC", "ETH"]);
        var book = Book.Of(Strangle, Snapshot, new ModelPrices(Snapshot, Surfaces));
        var points = new List<double[]>();
        var random = new SeededRandom(3, 0);
        for (int i = 0; i < 60_000; i++)
        {
            double[] y = [.. Enumerable.Range(0, law.Dimension).Select(_ => random.NextNormal())];
            double size = Math.Sqrt(y.Sum(value => value * value));
            points.Add(law.Move([.. y.Select(value => value / size * found.Moves[0].Distance * 0.998)]));
        }
        var set = law.Scenarios(points, Snapshot, Years.FromDays(1));
        var matrix = Revaluation.Compute(Snapshot, Surfaces, set, book.Instruments(), Currency.Usd, 2);
        double most = -book.GainInScenarios(matrix).Min();
        Assert.InRange(most, 0.9 * found.Level!.Value, found.Level!.Value);
    }

    [Fact]
    public void The_move_that_liquidates_leaves_a_pool_just_short()
    {
        var report = Report(Long);
        var found = report.Reverse.Single(result => result.Target == "liquidation");
        double spot = found.Moves[0].Moves[0].Spot;
        var point = LiquidationDistance
            .Of(
                new RiskMarket(Snapshot, Surfaces),
                Long,
                Book.Of(Long, Snapshot, new ModelPrices(Snapshot, Surfaces)),
                DeribitStandardMargin.Shipped,
                Currency.Usd,
                "BTC"
            )
            .First(point => !point.IsRise);
        Assert.Equal(point.Move!.Value, spot, 1e-4);
    }

    [Fact]
    public void Recorded_crashes_are_worth_what_the_contracts_are_and_leaving_costs_more_when_depth_goes()
    {
        var report = Report(Long);
        var crash = report.Named.Single(row => row.Row is { Name: "2020-03-12", AtLow: false });
        Assert.Equal(2 * 60_060 * -0.395, crash.Gain, 1e-6);
        Assert.Equal(crash.Gain, crash.GainByUnderlying["BTC"], 1e-9);
        Assert.Equal(0, crash.CollateralGain, 1e-9);
        // A fall by 44% takes 53,000 of the 60,000; with 50,000 the pool is short there, and not at the close.
        Assert.All(report.Named, row => Assert.Empty(row.ShortPools));
        var thin = Accounts.Segregated([new Balance(Currency.Usdc, 50_000)], [new Position(Swap.Name, 2, null)]);
        Assert.Equal(
            ["main/USDC"],
            Report(thin).Named.Single(row => row.Row is { Name: "2020-03-12", AtLow: true }).ShortPools
        );
        Assert.Empty(Report(thin).Named.Single(row => row.Row is { Name: "2020-03-12", AtLow: false }).ShortPools);
        double calm = report.Liquidity!.CalmExit!.Value;
        Assert.True(crash.ExitCost > calm);
        // The square-root law: depth a tenth and a louder day.
        var exit = report.Liquidity.Exits.Single();
        double louder = StressLosses.StressedDeviation("BTC", VolatilityResponses.For("BTC").AnswerTo(Math.Log(0.605)));
        double expected =
            10 * exit.Calm.HalfSpread!.Value + exit.Calm.Fee!.Value + exit.Calm.Impact!.Value * louder / Math.Sqrt(0.1);
        Assert.Equal(expected, crash.ExitCost!.Value, 1e-9 * expected);
        Assert.Equal(report.Liquidity.ValueAtRisk + exit.CrunchTotal!.Value, report.Liquidity.Adjusted!.Value, 1e-9);
        Assert.Equal(exit.Calm.Impact!.Value * 2.5 / Math.Sqrt(0.3), exit.CrunchImpact!.Value, 1e-9);
    }

    [Fact]
    public void Forced_selling_deepens_a_case_of_ones_own_but_a_recorded_day_only_by_the_account_itself()
    {
        var coins = ImmutableSortedDictionary<string, CoinStress>.Empty.Add("BTC", new CoinStress(-0.1, 0));
        StressReport With(decimal openInterest) =>
            AccountStress.Report(
                new StressRequest
                {
                    Risk = new RiskRequest
                    {
                        Market = new RiskMarket(
                            Snapshot with
                            {
                                Quotes =
                                [
                                    .. Snapshot.Quotes.Select(quote =>
                                        quote with
                                        {
                                            OpenInterestContracts = openInterest,
                                        }
                                    ),
                                ],
                            },
                            Surfaces
                        ),
                        Account = Long,
                        Scenarios = Law(2_000),
                        Home = Currency.Usd,
                    },
                    Definition = StressDefinition.Default with
                    {
                        Cases = [new StressCase("own", coins, new LiquidityStress(1, 0.2, "test"))],
                    },
                    Losses = [],
                }
            );
        var quiet = With(0).Named[^1];
        var crowded = With(500).Named[^1];
        Assert.Equal(-0.1, quiet.AmplifiedMoves["BTC"], 1e-12);
        Assert.Equal(quiet.Gain, quiet.AmplifiedGain!.Value, 1e-6);
        double deviation = Math.Sqrt(Law(2_000).Of("BTC").LogReturn.Average(r => r * r));
        double move = -Math.Log(1 + crowded.AmplifiedMoves["BTC"]);
        double push = deviation * Math.Sqrt(1.5 * 500 * move / (1000 * 0.2));
        Assert.Equal(-Math.Log(0.9) + push, move, 0.02 * push);
        Assert.True(crowded.AmplifiedGain < crowded.Gain);
        var calm = With(500).Named.First(row => row.Row is { Name: "2022-11-08", AtLow: false });
        Assert.Equal(calm.Moves[0].Spot, calm.AmplifiedMoves["BTC"], 1e-12);
    }

    [Fact]
    public void Worst_laws_are_certified_and_lose_what_they_should()
    {
        var report = Report(Strangle);
        double[] radii = [.. report.Entropy.Where(row => row.Share is null).Select(row => row.Worst!.Entropy)];
        Assert.Equal([0.1, 0.5], radii.Select(radius => Math.Round(radius, 9)));
        Assert.All(
            report.Entropy.Where(row => row.Worst is not null),
            row => Assert.InRange(row.Worst!.RelativeGap, 0, 1e-11)
        );
        foreach (var row in report.Entropy.Where(row => row is { Share: not null, Worst: not null }))
            Assert.Equal(row.Share!.Value * report.Equity!.Value, row.Worst!.MeanLoss, 1e-6 * report.Equity.Value);
    }

    [Fact]
    public void What_was_seen_is_counted_in_the_record_of_bars()
    {
        var start = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        double price = 100;
        var bars = ImmutableArray.CreateBuilder<Bar>();
        for (int day = 0; day < 200; day++)
        {
            double move = day is 50 or 120 ? 0.85 : 1.0005;
            double low = day == 80 ? 0.8 * price : Math.Min(price, price * move);
            bars.Add(new Bar(start.AddDays(day), price, Math.Max(price, price * move), low, price * move, 1));
            price *= move;
        }
        var report = Report(
            Long,
            edit: request =>
                request with
                {
                    Histories = [new PriceHistory("BTC", TimeSpan.FromDays(1), bars.ToImmutable())],
                }
        );
        var move25 = report.Reverse.Single(result => result.Share == 0.25).Moves[0];
        Assert.Equal(2, move25.Seen);
        Assert.Equal(3, move25.SeenOnTheWay);
        Assert.Equal(["2025-02-20", "2025-03-22", "2025-05-01"], move25.SeenOn);
        Assert.Contains("seen 2 times since 2025", move25.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_prices_leave_the_report_undetermined_and_named()
    {
        var report = Report(
            Accounts.Segregated([new Balance(Currency.Usdc, 1)], [new Position("BTC-1JAN30-1-C", 1, null)])
        );
        Assert.Null(report.Equity);
        Assert.Contains(report.Missing, line => line.Contains("BTC-1JAN30-1-C", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_question_has_the_same_answer_on_any_number_of_threads()
    {
        StressReport On(int threads) =>
            Report(Strangle, 1_000, request => request with { Risk = request.Risk with { Threads = threads } });
        var one = On(1);
        var three = On(3);
        Assert.Equal(
            one.Reverse.SelectMany(result => result.Moves.Select(move => (move.Distance, move.PerYear))),
            three.Reverse.SelectMany(result => result.Moves.Select(move => (move.Distance, move.PerYear)))
        );
    }

    /// <summary>
    /// Student returns, ether with 1.2 times bitcoin's and noise of its own; volatility answers with noise.
    /// </summary>
    static ScenarioSet Law(int count)
    {
        var random = new SeededRandom(4, 0);
        var (btc, eth) = (new double[count], new double[count]);
        var level = new double[2][];
        (level[0], level[1]) = (new double[count], new double[count]);
        for (int s = 0; s < count; s++)
        {
            double mixing = Math.Sqrt(4 / Enumerable.Range(0, 4).Sum(_ => Math.Pow(random.NextNormal(), 2)));
            btc[s] = 0.03 * mixing * random.NextNormal();
            eth[s] = 1.2 * btc[s] + 0.015 * mixing * random.NextNormal();
            level[0][s] = -1.5 * btc[s] + 0.04 * random.NextNormal();
            level[1][s] = -0.8 * eth[s] + 0.03 * random.NextNormal();
        }
        var plain = Scenarios(btc);
        return plain with
        {
            Underlyings =
            [
                .. plain.Underlyings.Select(
                    (coin, i) =>
                        new UnderlyingScenarios
                        {
                            Underlying = coin.Underlying,
                            LogReturn = i == 0 ? btc : eth,
                            LogVolatilityMove = level[i],
                            SkewMove = coin.SkewMove,
                            PathLow = [.. (i == 0 ? btc : eth).Select(r => Math.Min(0, r))],
                            PathHigh = [.. (i == 0 ? btc : eth).Select(r => Math.Max(0, r))],
                            DeliveryLogReturn = coin.DeliveryLogReturn,
                        }
                ),
            ],
        };
    }
}
