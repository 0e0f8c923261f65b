using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Risk.Tests;

public sealed class StressScenariosTests
{
    static readonly DateTimeOffset AsOf = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    static readonly VolatilitySurface AnySurface = new()
    {
        Underlying = "BTC",
        AsOf = AsOf,
        Slices = [],
        Fit = new SurfaceFitReport(0, 0, 0, 0, "", 0, 0),
    };

    [Fact]
    public void Every_coin_falls_alone_and_with_the_others_and_each_recorded_day_is_there()
    {
        var set = Build("BTC", "ETH");
        Assert.Empty(set.Weights);
        Assert.InRange(set.Count, 100, 300);
        Assert.Equal(set.Count, set.Origins.Distinct().Count());
        var (btc, eth) = (set.Of("BTC").LogReturn, set.Of("ETH").LogReturn);
        int both = Array.IndexOf(set.Origins, "crash:BTC-50%,ETH-60%,vol+100%");
        Assert.Equal([Math.Log(0.5), Math.Log(0.4)], [btc[both], eth[both]]);
        int alone = Array.IndexOf(set.Origins, "crash:ETH-60%,vol+100%");
        Assert.Equal([0, Math.Log(0.4)], [btc[alone], eth[alone]]);
        Assert.Equal(0, set.Of("BTC").LogVolatilityMove[alone]);
        Assert.Equal(Math.Log(2), set.Of("ETH").LogVolatilityMove[alone]);
        foreach (
            string day in new[] { "2020-03-12", "2021-05-19", "2022-11-08", "2024-08-05", "2025-10-10", "2026-02-05" }
        )
            Assert.Contains(set.Origins, origin => origin.StartsWith($"day:{day}", StringComparison.Ordinal));
    }

    [Fact]
    public void Paths_hold_their_ends_and_the_low_of_a_day_is_a_row_of_its_own()
    {
        var set = Build("BTC", "ETH");
        foreach (var moves in set.Underlyings)
            for (int s = 0; s < set.Count; s++)
            {
                Assert.True(moves.PathLow[s] <= Math.Min(0, moves.LogReturn[s]), set.Origins[s]);
                Assert.True(moves.PathHigh[s] >= Math.Max(0, moves.LogReturn[s]), set.Origins[s]);
            }
        int low = Array.IndexOf(set.Origins, "day:2021-05-19,at the low,vol assumed");
        Assert.Equal(Math.Log(1 - 0.2999), set.Of("BTC").LogReturn[low], 1e-12);
        Assert.Equal(Math.Log(1 - 0.4406), set.Of("ETH").LogReturn[low], 1e-12);
    }

    [Fact]
    public void Only_the_day_with_a_recorded_chain_has_a_measured_volatility()
    {
        var set = Build("BTC", "ETH");
        int measured = Array.IndexOf(set.Origins, "day:2026-02-05");
        Assert.Equal(0.439, set.Of("BTC").LogVolatilityMove[measured]);
        Assert.Equal(-0.366, set.Of("BTC").SkewMove[measured]);
        Assert.All(
            set.Origins.Where(origin => origin.StartsWith("day:", StringComparison.Ordinal)),
            origin =>
                Assert.Equal(
                    !origin.StartsWith("day:2026-02-05", StringComparison.Ordinal),
                    origin.EndsWith(",vol assumed", StringComparison.Ordinal)
                )
        );
        Assert.Contains(set.Notes, note => note.Contains("2020-03-12", StringComparison.Ordinal));
    }

    [Fact]
    public void A_coin_without_figures_takes_those_of_other_coins()
    {
        var set = Build("BTC", "DOGE");
        int crash = Array.IndexOf(set.Origins, "crash:DOGE-70%,vol+100%");
        Assert.Equal(Math.Log(0.3), set.Of("DOGE").LogReturn[crash], 1e-12);
        int day = Array.IndexOf(set.Origins, "day:2025-10-10,at the low,vol assumed");
        Assert.Equal(Math.Log(1 - 0.6998), set.Of("DOGE").LogReturn[day], 1e-12);
    }

    [Fact]
    public void Figures_of_the_days_are_those_of_the_bars()
    {
        var histories = ScenarioFixture.Real("BTC", "ETH", "XRP", "ADA", "AVAX", "SOL");
        Assert.SkipUnless(histories is not null, Golden.Absent);
        foreach (var day in StressDefinition.Default.Days)
        foreach (var history in histories.Value)
        {
            if (!day.Moves.TryGetValue(history.Underlying, out var figures))
                continue;
            var first = DateTimeOffset.Parse(
                day.Label[..10] + "T00:00:00Z",
                System.Globalization.CultureInfo.InvariantCulture
            );
            int days = day.Label.Length > 10 ? 3 : 1;
            var before = history.Bars.Last(bar => bar.OpenTime < first);
            var bars = history.Bars.Where(bar => bar.OpenTime >= first && bar.OpenTime < first.AddDays(days)).ToArray();
            Assert.Equal(bars[^1].Close / before.Close - 1, figures.Return, 6e-5);
            Assert.Equal(bars.Min(bar => bar.Low) / before.Close - 1, figures.Low, 6e-5);
            Assert.Equal(bars.Max(bar => bar.High) / before.Close - 1, figures.High, 6e-5);
        }
    }

    [Fact]
    public void Volatility_of_the_recorded_day_is_that_of_its_chains()
    {
        Assert.SkipUnless(Repository.Shared("market/chains") is not null, Golden.Absent);
        foreach (var (coin, seen) in StressDefinition.Default.Days[^1].Measured)
        {
            var before = Surface("deribit-20260204T213308Z.csv.gz", coin);
            var after = Surface("deribit-20260205T212937Z.csv.gz", coin);
            const double month = 30 / 365.0;
            double level = Math.Log(after.AtTheMoneyVolatility(month) / before.AtTheMoneyVolatility(month));
            Assert.Equal(level, seen.LogVolatilityMove, 0.02);
            Assert.Equal(after.AtTheMoneySkew(month) - before.AtTheMoneySkew(month), seen.SkewMove, 0.06);
        }
    }

    [Fact]
    public void Smiles_stay_positive_and_move_as_the_row_says_in_every_stress_row()
    {
        Assert.SkipUnless(Repository.Shared("market/chains") is not null, Golden.Absent);
        foreach (var (file, surface) in SurfaceMovesTests.RealSurfaces(every: 97))
        {
            var surfaces = new Dictionary<string, VolatilitySurface> { [surface.Underlying] = surface };
            var snapshot = ScenarioFixture.Snapshot(surface.AsOf, surface.Underlying);
            var set = StressScenarios.Build(snapshot, surfaces, Years.FromDays(1), StressDefinition.Default);
            var moves = SurfaceMoves.Build(surface, snapshot, set, VolatilityResponses.For(surface.Underlying));
            double[] level = set.Of(surface.Underlying).LogVolatilityMove;
            foreach (var move in moves)
            {
                double factor = SurfaceMoves.TenorFactor(
                    VolatilityResponses.For(surface.Underlying),
                    move.Slice.TYears
                );
                for (int s = 0; s < set.Count; s++)
                {
                    string what = $"{file} {surface.Underlying} {set.Origins[s]}";
                    var moved = SurfaceMovesTests.Moved(move, s);
                    for (double k = -MoveBounds.FarthestLogMoneyness; k <= MoveBounds.FarthestLogMoneyness; k += 0.05)
                        Assert.True(moved.TotalVariance(k) > 0, $"{what}: {k}");
                    double stated = Math.Clamp(
                        level[s] * factor,
                        -VolatilityMoves.LargestLogMove,
                        VolatilityMoves.LargestLogMove
                    );
                    double ratio = moved.VolatilityAnnual(0) / move.Slice.VolatilityAnnual(0);
                    Assert.True(Math.Abs(Math.Log(ratio) - stated) < 1e-9, $"{what}: {ratio}");
                }
            }
        }
    }

    static VolatilitySurface Surface(string file, string coin) =>
        SurfaceFit.Fit(RecordedChainFile.Read(Repository.Shared($"market/chains/{file}")!).Value, coin).Surface!;

    static ScenarioSet Build(params string[] coins) =>
        StressScenarios.Build(
            ScenarioFixture.Snapshot(AsOf, coins),
            coins.ToDictionary(coin => coin, _ => AnySurface),
            Years.FromDays(1),
            StressDefinition.Default
        );
}
