using CsCheck;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Risk.Tests;

/// <summary>Planted hedges that fail, and the cheapest reductions against a scan.</summary>
public sealed class HiddenCorrelationTests
{
    static readonly ScenarioSet Law = Joint(4_000);
    static readonly FactorLaw Factors = FactorLaw.Of(Law, ["BTC", "ETH"]);
    static readonly StressTails Tails = StressTails.Of(Law, Factors, 0.025);

    [Fact]
    public void Calm_is_half_of_the_law_and_tails_are_falls_and_rises_of_the_market()
    {
        double[] btc = Law.Of("BTC").LogReturn;
        foreach (double[] law in new[] { Tails.Calm, Tails.Fall, Tails.Rise })
            Assert.Equal(1, law.Sum(), 1e-12);
        Assert.True(RiskMeasures.Mean(btc, Tails.Fall) < -0.05);
        Assert.True(RiskMeasures.Mean(btc, Tails.Rise) > 0.05);
        Assert.InRange(Tails.Calm.Count(weight => weight > 0), 2_000, 2_001);
        for (int s = 0; s < btc.Length; s++)
            Assert.False(Tails.Calm[s] > 0 && Tails.Fall[s] > 0);
    }

    [Fact]
    public void A_hedge_that_holds_in_every_scenario_hides_nothing()
    {
        double[] coin = [.. Law.Of("BTC").LogReturn.Select(r => 1000 * r)];
        var report = Report(coin, [.. coin.Select(gain => -0.8 * gain)]);
        Assert.Empty(report.Pairs);
        Assert.Equal(0.2 * Shortfall(coin), report.Loss, 1e-9);
    }

    [Fact]
    public void A_hedge_that_turns_over_in_a_crash_is_named_with_the_loss_that_calm_hides()
    {
        double[] coin = [.. Law.Of("BTC").LogReturn.Select(r => 1000 * r)];
        // Gains 0.8 of what the coin loses as far as calm goes: from there on it loses beside it.
        double[] btc = Law.Of("BTC").LogReturn;
        double calm = btc.Where((_, s) => Tails.Calm[s] > 0).Min();
        double[] Hedge(double slope) => [.. btc.Select(r => r >= calm ? -800 * r : -800 * calm + slope * (r - calm))];
        // The slope beyond is such that it loses half of what the coin loses in the market's falls.
        double without = -RiskMeasures.Mean(Hedge(0), Tails.Fall);
        double perSlope = -RiskMeasures.Mean(Hedge(1), Tails.Fall) - without;
        double[] hedge = Hedge((-0.5 * RiskMeasures.Mean(coin, Tails.Fall) - without) / perSlope);
        var report = Report(coin, hedge);
        var pair = report.Pairs[0];
        Assert.Equal(("coin", "hedge", "fall"), (pair.Hedged, pair.Hedge, pair.Tail));
        Assert.True(pair.AddsUp);
        Assert.Equal(-1, pair.CalmCorrelation, 1e-6);
        Assert.Equal(0.5 * pair.HedgedLoss, pair.HedgeLoss, 1e-9);
        Assert.True(pair.TailCorrelation > 0.8);
        // In calm the two lose a fifth of the coin's loss; what happens beyond it is hidden.
        Assert.Equal(0.2 * pair.HedgedLoss, pair.CalmLoss, 1e-6 * pair.HedgedLoss);
        Assert.Equal(pair.HedgeLoss + 0.8 * pair.HedgedLoss, pair.HiddenLoss, 1e-6 * pair.HedgedLoss);
        Assert.True(report.HiddenLoss > 0);
        var sizes = report.Sizes!;
        Assert.True(sizes.IsReached);
        Assert.Equal(report.CalmLoss, sizes.Loss, 1e-5 * report.Loss);
        Assert.NotEmpty(sizes.Kept);
        // The sizes as they stand have that expected shortfall.
        double KeptOf(string name) => sizes.Kept.SingleOrDefault(kept => kept.Name == name)?.Kept ?? 1;
        double[] after = [.. coin.Select((gain, s) => KeptOf("coin") * gain + KeptOf("hedge") * hedge[s])];
        Assert.Equal(sizes.Loss, Shortfall(after), 1e-6 * report.Loss);
    }

    [Fact]
    public void Reductions_are_the_cheapest_of_all_on_a_grid() =>
        Gen.Select(Gen.Double[0.2, 2], Gen.Double[-1, 1], Gen.Double[0.5, 5], Gen.Double[0.3, 0.9])
            .Sample(
                (first, second, price, share) =>
                {
                    double[] a = [.. Law.Of("BTC").LogReturn.Select(r => 1000 * first * r)];
                    double[] b = [.. Law.Of("ETH").LogReturn.Select(r => 1000 * second * r)];
                    double[] all = [.. a.Select((gain, s) => gain + b[s])];
                    double bound = share * Shortfall(all);
                    ReduciblePosition[] positions = [new("a", 1, a, 1), new("b", 1, b, price)];
                    var found = ReducedSizes.Of(all, [.. positions], Law.Weights, 0.975, bound);
                    Assert.True(found.IsReached);
                    Assert.InRange(found.Cost - found.LeastCost, -1e-9, 1e-5);
                    const int Steps = 25;
                    for (int i = 0; i <= Steps; i++)
                    for (int j = 0; j <= Steps; j++)
                    {
                        double cost = (i + j * price) / Steps;
                        if (cost >= found.Cost - 1e-6)
                            continue;
                        double[] kept = [.. all.Select((gain, s) => gain - (a[s] * i + b[s] * j) / Steps)];
                        Assert.True(Shortfall(kept) > bound * (1 - 1e-6), $"cut {i}, {j} is cheaper and does it");
                    }
                },
                iter: 6
            );

    [Fact]
    public void A_loss_that_no_position_makes_is_left_and_said()
    {
        double[] coin = [.. Law.Of("BTC").LogReturn.Select(r => 1000 * r)];
        double[] rest = [.. coin.Select(gain => 3 * gain)];
        double[] all = [.. coin.Select((gain, s) => gain + rest[s])];
        var found = ReducedSizes.Of(all, [new("coin", 1, coin, 2)], Law.Weights, 0.975, 0.5 * Shortfall(all));
        Assert.False(found.IsReached);
        Assert.Equal(0, found.Kept.Single().Kept, 1e-6);
        Assert.Equal(Shortfall(rest), found.Loss, 1e-6 * found.Loss);
    }

    [Fact]
    public void Dealing_rows_anew_keeps_every_coins_own_law_and_one_is_the_worst_for_long_books()
    {
        var one = Rearrangement.CorrelationOne(Law);
        var zero = Rearrangement.CorrelationZero(Law, 5);
        foreach (var set in new[] { one, zero })
        foreach (string coin in new[] { "BTC", "ETH" })
        {
            Assert.Equal(Law.Of(coin).LogReturn.Order(), set.Of(coin).LogReturn.Order());
            // A return keeps its own volatility.
            var pairs = Law.Of(coin).LogReturn.Zip(Law.Of(coin).LogVolatilityMove).ToHashSet();
            Assert.All(
                set.Of(coin).LogReturn.Zip(set.Of(coin).LogVolatilityMove),
                pair => Assert.Contains(pair, pairs)
            );
        }
        double Both(ScenarioSet set) =>
            Shortfall([.. set.Of("BTC").LogReturn.Select((r, s) => r + set.Of("ETH").LogReturn[s])]);
        double alone = Shortfall(Law.Of("BTC").LogReturn) + Shortfall(Law.Of("ETH").LogReturn);
        Assert.Equal(alone, Both(one), 1e-9);
        Assert.True(Both(one) > Both(Law) && Both(Law) > Both(zero));
        Assert.Equal(zero.Of("BTC").LogReturn, Rearrangement.CorrelationZero(Law, 5).Of("BTC").LogReturn);
        Assert.NotEqual(zero.Of("BTC").LogReturn, Rearrangement.CorrelationZero(Law, 6).Of("BTC").LogReturn);
    }

    [Fact]
    public void The_record_gives_each_window_once_and_overlaps_are_one_event()
    {
        // Three days: down 10%, flat, up 5%; the low of the first is 20% below.
        var bars = new[] { (100.0, 100.0, 100.0), (90, 80, 101), (90, 88, 91), (94.5, 89, 95) };
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var history = new PriceHistory(
            "BTC",
            TimeSpan.FromDays(1),
            [.. bars.Select((bar, i) => new Bar(start.AddDays(i), bar.Item1, bar.Item3, bar.Item2, bar.Item1, 1))]
        );
        var law = FactorLaw.Of(Law, ["BTC"]);
        var record = RecordedMoves.Of(law, [history], start.AddDays(30), 1)!;
        Assert.Equal(3, record.Labels.Length);
        Assert.Equal(Math.Log(0.9), record.AtClose[0][0], 1e-12);
        Assert.Equal(-2 * Math.Log(0.9), record.AtClose[0][1], 1e-12);
        Assert.Equal(Math.Log(0.8), record.AtLow[0][0], 1e-12);
        Assert.Equal(Math.Log(1.01), record.AtHigh[0][0], 1e-12);
        var two = RecordedMoves.Of(law, [history], start.AddDays(30), 2)!;
        Assert.Equal(2, two.Labels.Length);
        Assert.Single(two.Events(_ => true));
        Assert.Null(RecordedMoves.Of(law, [], start, 1));
    }

    static HiddenReport Report(double[] coin, double[] hedge) =>
        HiddenCorrelation.Of(
            Law.Weights,
            Tails,
            [new StressUnit("coin", coin), new StressUnit("hedge", hedge)],
            [new StressUnit("coin", coin), new StressUnit("hedge", hedge)],
            [new ReduciblePosition("coin", 1, coin, 1), new ReduciblePosition("hedge", 1, hedge, 1)],
            0.975
        );

    static double Shortfall(double[] gains) => new LossDistribution(gains, Law.Weights).ExpectedShortfall(0.975);

    /// <summary>Student returns of two coins with a common factor; volatility answers spot with noise.</summary>
    static ScenarioSet Joint(int count)
    {
        var random = new SeededRandom(11, 0);
        var columns = new double[4][];
        for (int i = 0; i < 4; i++)
            columns[i] = new double[count];
        for (int s = 0; s < count; s++)
        {
            double mixing = Math.Sqrt(4 / Enumerable.Range(0, 4).Sum(_ => Math.Pow(random.NextNormal(), 2)));
            double common = random.NextNormal();
            for (int coin = 0; coin < 2; coin++)
            {
                columns[coin][s] = 0.025 * mixing * (0.85 * common + 0.53 * random.NextNormal());
                columns[2 + coin][s] = -1.5 * columns[coin][s] + 0.03 * random.NextNormal();
            }
        }
        var set = SmallWorld.Scenarios(columns[0]);
        return set with
        {
            Underlyings =
            [
                .. set.Underlyings.Select(
                    (coin, i) =>
                        new UnderlyingScenarios
                        {
                            Underlying = coin.Underlying,
                            LogReturn = columns[i],
                            LogVolatilityMove = columns[2 + i],
                            SkewMove = coin.SkewMove,
                            PathLow = [.. columns[i].Select(r => Math.Min(0, r))],
                            PathHigh = [.. columns[i].Select(r => Math.Max(0, r))],
                            DeliveryLogReturn = coin.DeliveryLogReturn,
                        }
                ),
            ],
        };
    }
}
