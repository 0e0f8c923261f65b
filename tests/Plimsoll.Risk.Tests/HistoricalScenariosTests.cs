using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Risk.Tests;

public sealed class HistoricalScenariosTests
{
    static readonly DateTimeOffset End = new(2023, 8, 31, 9, 20, 0, TimeSpan.Zero);
    static readonly ImmutableArray<PriceHistory> Bars =
    [
        ScenarioFixture.Invented("BTC", 3700, seed: 1),
        ScenarioFixture.Invented("ETH", 3700, seed: 2),
    ];

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(9.3)]
    [InlineData(90)]
    public void Scenarios_keep_their_promises_at_every_horizon(double days)
    {
        var deliveries = ImmutableArray.Create(
            End.AddMinutes(20),
            End.AddDays(days * 0.6),
            End.AddDays(days),
            End.AddDays(2 * days)
        );
        var set = Build(Bars, new ScenarioRequest(Years.FromDays(days), 2_000, DeliveryTimes: deliveries));
        Assert.Equal(2_000, set.Count);
        Assert.Equal(1, FixedOrderSum.Sum(set.Weights), 1e-12);
        Assert.All(set.Weights, weight => Assert.True(weight > 0));
        Assert.All(set.Origins, origin => Assert.StartsWith("fhs:20", origin, StringComparison.Ordinal));
        Assert.Equal(["BTC", "ETH"], set.Underlyings.Select(moves => moves.Underlying));
        foreach (var moves in set.Underlyings)
        {
            Assert.Equal(1, FixedOrderSum.Sum([.. moves.LogReturn.Select(Math.Exp)]) / set.Count, 1e-12);
            Assert.Equal(deliveries.Where(at => at <= End.AddDays(days)), moves.DeliveryLogReturn.Keys);
            for (int s = 0; s < set.Count; s++)
            {
                Assert.True(moves.PathLow[s] <= Math.Min(0, moves.LogReturn[s]));
                Assert.True(moves.PathHigh[s] >= Math.Max(0, moves.LogReturn[s]));
                foreach (double[] delivery in moves.DeliveryLogReturn.Values)
                    Assert.InRange(delivery[s], moves.PathLow[s], moves.PathHigh[s]);
                Assert.True(double.IsFinite(moves.LogVolatilityMove[s]) && double.IsFinite(moves.SkewMove[s]));
            }
        }
    }

    [Fact]
    public void Bars_after_the_snapshot_change_no_byte()
    {
        var request = new ScenarioRequest(Years.FromDays(3), 1_500);
        var asOf = new DateTimeOffset(2023, 3, 1, 9, 20, 0, TimeSpan.Zero);
        var whole = Build(Bars, request, asOf);
        var cut = Build([.. Bars.Select(history => history.CutAt(asOf))], request, asOf);
        var spoilt = Build([.. Bars.Select(history => Spoil(history, asOf))], request, asOf);
        AssertSameBytes(whole, cut);
        AssertSameBytes(whole, spoilt);
    }

    [Fact]
    public void A_bar_before_the_snapshot_does_change_the_scenarios()
    {
        var request = new ScenarioRequest(Years.FromDays(1), 500);
        var spoilt = Build([.. Bars.Select(history => Spoil(history, End.AddHours(-9)))], request);
        Assert.NotEqual(Build(Bars, request).Underlyings[0].LogReturn, spoilt.Underlyings[0].LogReturn);
    }

    [Fact]
    public void Threads_change_no_byte()
    {
        var request = new ScenarioRequest(Years.FromDays(5.5), 3_000, Seed: 9);
        AssertSameBytes(Build(Bars, request), Build(Bars, request with { Threads = 7 }));
    }

    [Fact]
    public void Seeds_give_other_scenarios_of_the_same_law()
    {
        var first = Build(Bars, new ScenarioRequest(Years.FromDays(1), 3_000, Seed: 1)).Underlyings[0].LogReturn;
        var second = Build(Bars, new ScenarioRequest(Years.FromDays(1), 3_000, Seed: 2)).Underlyings[0].LogReturn;
        Assert.NotEqual(first, second);
        Assert.InRange(Deviation(second) / Deviation(first), 0.93, 1.07);
    }

    [Fact]
    public void Order_of_histories_does_not_matter()
    {
        var request = new ScenarioRequest(Years.FromDays(2), 1_000);
        AssertSameBytes(Build(Bars, request), Build([Bars[1], Bars[0]], request));
    }

    [Fact]
    public void A_coin_that_joins_leaves_the_paths_of_the_others_alone()
    {
        var request = new ScenarioRequest(Years.FromDays(2), 1_000);
        var alone = Build([Bars[0]], request, End, "BTC").Of("BTC");
        var both = Build(Bars, request).Of("BTC");
        Assert.Equal(alone.LogReturn, both.LogReturn);
        Assert.Equal(alone.PathLow, both.PathLow);
    }

    [Fact]
    public void Volatility_multiplier_scales_returns()
    {
        var plain = Build(Bars, new ScenarioRequest(Years.FromDays(1), 4_000)).Underlyings[1];
        var raised = Build(Bars, new ScenarioRequest(Years.FromDays(1), 4_000, VolatilityMultiplier: 1.3)).Underlyings[
            1
        ];
        Assert.Equal(1.3, Deviation(raised.LogReturn) / Deviation(plain.LogReturn), 2e-3);
        Assert.True(raised.PathLow.Average() < plain.PathLow.Average());
    }

    [Fact]
    public void Correlation_of_the_bars_is_kept()
    {
        var set = Build(Bars, new ScenarioRequest(Years.FromDays(1), 10_000));
        double inBars = Correlation(Daily(Bars[0]), Daily(Bars[1]));
        Assert.Equal(inBars, Correlation(set.Underlyings[0].LogReturn, set.Underlyings[1].LogReturn), 0.03);
    }

    [Fact]
    public void A_young_coin_is_filled_and_keeps_its_correlation()
    {
        var young = ScenarioFixture.Invented("SOL", 1900, seed: 3, Bars[0].Bars[1800].OpenTime);
        var set = Build([.. Bars, young], new ScenarioRequest(Years.FromDays(1), 3_000), End, "BTC", "ETH", "SOL");
        Assert.Contains(set.Notes, note => note.StartsWith("SOL: its missing bars are", StringComparison.Ordinal));
        Assert.Contains(set.Origins, origin => string.CompareOrdinal(origin, "fhs:2022-06") < 0);
        double inBars = Correlation(Daily(Bars[0], young.Bars[0].OpenTime), Daily(young));
        Assert.Equal(inBars, Correlation(set.Of("BTC").LogReturn, set.Of("SOL").LogReturn), 0.06);
        Assert.All(Enumerable.Range(0, 3_000), s => Assert.True(set.Of("SOL").PathLow[s] <= 0));
    }

    [Fact]
    public void Every_block_of_the_record_comes_once_before_any_comes_twice()
    {
        int blocks = Bars[0].CutAt(End).Bars.Length - 180 - 5;
        var set = Build(Bars, new ScenarioRequest(Years.FromDays(1), blocks));
        Assert.Equal(blocks, set.Origins.Zip(set.Of("BTC").LogReturn).Distinct().Count());
    }

    [Fact]
    public void Stale_bars_without_a_surface_are_named()
    {
        var set = Build(Bars, new ScenarioRequest(Years.FromDays(1), 100), End.AddDays(60));
        Assert.Contains(set.Notes, note => note.StartsWith("BTC: bars end 2023-", StringComparison.Ordinal));
        Assert.Empty(Build(Bars, new ScenarioRequest(Years.FromDays(1), 100)).Notes);
    }

    [Fact]
    public void Requests_outside_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(Bars, new ScenarioRequest(Years.FromDays(0))));
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(Bars, new ScenarioRequest(Years.FromDays(731))));
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(Bars, new ScenarioRequest(Years.FromDays(1), 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Build(Bars, new ScenarioRequest(Years.FromDays(1), 10, VolatilityMultiplier: 0))
        );
        var hourly = new PriceHistory("ETH", TimeSpan.FromHours(1), Bars[1].Bars);
        Assert.Throws<ArgumentException>(() => Build([Bars[0], hourly], new ScenarioRequest(Years.FromDays(1), 10)));
    }

    static ScenarioSet Build(
        ImmutableArray<PriceHistory> histories,
        ScenarioRequest request,
        DateTimeOffset? asOf = null,
        params string[] coins
    ) =>
        HistoricalScenarios.Build(
            ScenarioFixture.Snapshot(asOf ?? End, coins.Length > 0 ? coins : ["BTC", "ETH"]),
            ScenarioFixture.NoSurfaces,
            histories,
            request
        );

    static PriceHistory Spoil(PriceHistory history, DateTimeOffset from) =>
        history with
        {
            Bars =
            [
                .. history.Bars.Select(bar =>
                    bar.OpenTime + history.BarLength <= from
                        ? bar
                        : bar with
                        {
                            High = 9 * bar.High,
                            Close = 5 * bar.Close,
                            Low = bar.Low / 7,
                        }
                ),
            ],
        };

    static void AssertSameBytes(ScenarioSet expected, ScenarioSet actual)
    {
        Assert.Equal(expected.Origins, actual.Origins);
        Assert.Equal(expected.Notes, actual.Notes);
        foreach (var (a, b) in expected.Underlyings.Zip(actual.Underlyings))
        {
            Assert.Equal(a.Underlying, b.Underlying);
            AssertSameBits(a.LogReturn, b.LogReturn);
            AssertSameBits(a.LogVolatilityMove, b.LogVolatilityMove);
            AssertSameBits(a.SkewMove, b.SkewMove);
            AssertSameBits(a.PathLow, b.PathLow);
            AssertSameBits(a.PathHigh, b.PathHigh);
        }
    }

    static void AssertSameBits(double[] expected, double[] actual) =>
        Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), actual.Select(BitConverter.DoubleToInt64Bits));

    static double[] Daily(PriceHistory history, DateTimeOffset? from = null)
    {
        var bars = history.Bars.Where(bar => bar.OpenTime >= (from ?? history.Bars[0].OpenTime)).ToArray();
        return [.. Enumerable.Range(0, bars.Length - 6).Select(i => Math.Log(bars[i + 6].Close / bars[i].Close))];
    }

    static double Deviation(double[] values) => Math.Sqrt(values.Select(x => x * x).Average());

    static double Correlation(double[] a, double[] b) =>
        a.Zip(b, (x, y) => x * y).Average() / (Deviation(a) * Deviation(b));
}
