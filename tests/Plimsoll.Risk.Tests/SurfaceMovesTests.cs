using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Risk.Tests;

public sealed class SurfaceMovesTests
{
    static readonly DateTimeOffset AsOf = new(2026, 2, 1, 9, 0, 0, TimeSpan.Zero);
    static readonly VolatilityResponse Response = new("BTC", "test", -2, -1, 0.5, 1.5, 0.04, 0.05);

    [Fact]
    public void A_still_scenario_leaves_every_smile_as_it_was_only_older()
    {
        var surface = Invented();
        var set = Set(2, [0, 0.1], [0, 0], [0, 0]);
        var moves = SurfaceMoves.Build(surface, ScenarioFixture.Snapshot(AsOf, "BTC"), set, Response);
        Assert.Equal(surface.Slices.Length - 1, moves.Length);
        foreach (var move in moves)
        {
            Assert.Equal(move.Slice.TYears - set.Horizon.Value, move.TYearsLeft, 1e-15);
            Assert.Equal(move.TYearsLeft / move.Slice.TYears, move.VarianceScale[0], 1e-12);
            Assert.Equal(0, move.Tilt[0]);
            Assert.Equal(Math.Log(move.Slice.ForwardUsd), move.LogForward[0], 1e-12);
            Assert.Equal(0.1, move.LogForward[1] - move.LogForward[0], 1e-12);
        }
    }

    [Fact]
    public void A_level_move_multiplies_volatility_and_fades_with_tenor()
    {
        var moves = SurfaceMoves.Build(
            Invented(),
            ScenarioFixture.Snapshot(AsOf, "BTC"),
            Set(1, [0, 0], [0.04, -0.04], [0, 0]),
            Response
        );
        foreach (var move in moves)
        {
            double factor = Math.Pow(30 / (move.Slice.TYears * 365), 0.5);
            for (int s = 0; s < 2; s++)
            {
                var moved = Moved(move, s);
                double ratio = moved.VolatilityAnnual(0) / move.Slice.VolatilityAnnual(0);
                Assert.Equal((s == 0 ? 0.04 : -0.04) * factor, Math.Log(ratio), 1e-9);
            }
        }
    }

    [Fact]
    public void A_skew_move_tilts_the_smile_by_as_much_and_leaves_its_level()
    {
        var moves = SurfaceMoves.Build(
            Invented(),
            ScenarioFixture.Snapshot(AsOf, "BTC"),
            Set(1, [0, 0], [0, 0], [0, -0.02]),
            Response
        );
        foreach (var move in moves)
        {
            double factor = SurfaceMoves.TenorFactor(Response, move.Slice.TYears);
            Assert.Equal(Moved(move, 0).VolatilityAnnual(0), Moved(move, 1).VolatilityAnnual(0), 1e-12);
            Assert.Equal(-0.02 * factor, Moved(move, 1).AtTheMoneySkew - Moved(move, 0).AtTheMoneySkew, 1e-4);
        }
    }

    [Fact]
    public void Smiles_stay_free_of_arbitrage_on_sampled_real_chains_under_large_moves() =>
        AssertFreeUnderMoves(every: 40);

    [Fact]
    [Trait("suite", "all")]
    public void Smiles_stay_free_of_arbitrage_on_many_real_chains_under_large_moves() => AssertFreeUnderMoves(every: 4);

    static void AssertFreeUnderMoves(int every)
    {
        Assert.SkipUnless(Repository.Shared("market/chains") is not null, Golden.Absent);
        double[] levels = [-1.2, -0.5, -0.1, 0, 0.1, 0.3, 0.6, 1, 1.6];
        double[] skews = [-1, -0.3, -0.05, 0, 0.05, 0.3, 1];
        var grid = levels.SelectMany(level => skews.Select(skew => (level, skew))).ToArray();
        foreach (double days in new[] { 0.25, 1, 20 })
        {
            var set = Set(days, new double[grid.Length], [.. grid.Select(x => x.level)], [.. grid.Select(x => x.skew)]);
            foreach (var (file, surface) in RealSurfaces(every))
            {
                var moves = SurfaceMoves.Build(
                    surface,
                    ScenarioFixture.Snapshot(AsOf, "BTC", "ETH"),
                    For(set, surface.Underlying),
                    VolatilityResponses.For(surface.Underlying)
                );
                for (int s = 0; s < set.Count; s++)
                    AssertFree(
                        [.. moves.Select(move => Moved(move, s))],
                        $"{file} {surface.Underlying} {days} d {grid[s]}"
                    );
            }
        }
    }

    [Fact]
    public void Smiles_stay_free_of_arbitrage_in_drawn_scenarios()
    {
        Assert.SkipUnless(Repository.Shared("market/chains") is not null, Golden.Absent);
        foreach (var (file, surface) in RealSurfaces(every: 97))
        {
            var snapshot = ScenarioFixture.Snapshot(surface.AsOf, surface.Underlying);
            var set = HistoricalScenarios.Build(
                snapshot,
                new Dictionary<string, VolatilitySurface> { [surface.Underlying] = surface },
                [],
                new ScenarioRequest(Years.FromDays(3), 400)
            );
            var moves = SurfaceMoves.Build(surface, snapshot, set, VolatilityResponses.For(surface.Underlying));
            for (int s = 0; s < set.Count; s++)
                AssertFree([.. moves.Select(move => Moved(move, s))], $"{file} {surface.Underlying} {set.Origins[s]}");
        }
    }

    [Fact]
    public void A_row_without_weight_moves_as_it_is_stated_also_where_order_would_hold_it_back()
    {
        Assert.SkipUnless(Repository.Shared("market/chains") is not null, Golden.Absent);
        double[] stated = [0, 0.25, 0.5, Math.Log(2)];
        var set = Set(1, new double[4], stated, new double[4]);
        int heldBack = 0;
        foreach (var (file, surface) in RealSurfaces(every: 40))
        {
            var snapshot = ScenarioFixture.Snapshot(AsOf, "BTC", "ETH");
            var response = VolatilityResponses.For(surface.Underlying);
            var law = For(set, surface.Underlying);
            var free = SurfaceMoves.Build(surface, snapshot, law with { Weights = [] }, response);
            var ordered = SurfaceMoves.Build(surface, snapshot, law, response);
            for (int i = 0; i < free.Length; i++)
            for (int s = 0; s < stated.Length; s++)
            {
                double factor = SurfaceMoves.TenorFactor(response, free[i].Slice.TYears);
                double level = Math.Min(stated[s] * factor, VolatilityMoves.LargestLogMove);
                double ratio = Moved(free[i], s).VolatilityAnnual(0) / free[i].Slice.VolatilityAnnual(0);
                Assert.True(Math.Abs(Math.Log(ratio) - level) < 1e-9, $"{file} {surface.Underlying} {i} {s}: {ratio}");
                heldBack += ordered[i].VarianceScale[s] < 0.999 * free[i].VarianceScale[s] ? 1 : 0;
            }
        }
        Assert.True(heldBack > 0, "some recorded surface is steep enough for the difference to matter");
    }

    [Fact]
    public void Nearest_order_is_the_pooled_one()
    {
        double[] values = [3, 1, 2, 5, 4, 4, 9, 0];
        MoveProjection.PoolAdjacentViolators(values, new int[values.Length]);
        Assert.Equal([2, 2, 2, 4.333333333333333, 4.333333333333333, 4.333333333333333, 4.5, 4.5], values, Near);
        static bool Near(double a, double b) => Math.Abs(a - b) < 1e-12;
    }

    internal static void AssertFree(SviSlice[] slices, string what)
    {
        for (int i = 0; i < slices.Length; i++)
        {
            var slice = slices[i];
            for (double x = -1; x <= 1; x += 0.02)
            {
                double k = MoveBounds.FarthestLogMoneyness * x * x * x;
                double variance = slice.TotalVariance(k);
                if (!(variance > 0))
                    Assert.Fail($"{what}: variance {variance} at {k} of {slice}");
                if (Math.Abs(k) > MoveBounds.FarthestDeviations * Math.Sqrt(variance))
                    continue;
                double density = StaticArbitrage.Density(slice, k);
                if (!(density > -1e-9))
                    Assert.Fail($"{what}: density {density} at {k} of {slice}");
                if (i == 0 || Math.Abs(k) > MoveBounds.FarthestDeviations * Math.Sqrt(slices[i - 1].TotalVariance(k)))
                    continue;
                double step = slice.TotalVariance(k) - slices[i - 1].TotalVariance(k);
                if (!(step > -1e-6 * variance))
                    Assert.Fail($"{what}: step {step} at {k} of {slice}");
            }
        }
    }

    internal static SviSlice Moved(SurfaceMove move, int s) =>
        move.Slice.Moved(move.VarianceScale[s], move.Tilt[s], move.TYearsLeft, Math.Exp(move.LogForward[s]));

    internal static IEnumerable<(string File, VolatilitySurface Surface)> RealSurfaces(int every)
    {
        string[] files = [.. Directory.GetFiles(Repository.Shared("market/chains")!).Order(StringComparer.Ordinal)];
        for (int i = 0; i < files.Length; i += every)
        {
            var snapshot = RecordedChainFile.Read(files[i]).Value;
            foreach (var market in snapshot.Underlyings)
                if (SurfaceFit.Fit(snapshot, market.Underlying).Surface is { } surface)
                    yield return (Path.GetFileName(files[i]), surface);
        }
    }

    static ScenarioSet For(ScenarioSet set, string underlying) =>
        set with
        {
            Underlyings =
            [
                new UnderlyingScenarios
                {
                    Underlying = underlying,
                    LogReturn = set.Underlyings[0].LogReturn,
                    LogVolatilityMove = set.Underlyings[0].LogVolatilityMove,
                    SkewMove = set.Underlyings[0].SkewMove,
                    PathLow = set.Underlyings[0].PathLow,
                    PathHigh = set.Underlyings[0].PathHigh,
                    DeliveryLogReturn = set.Underlyings[0].DeliveryLogReturn,
                },
            ],
        };

    static ScenarioSet Set(double days, double[] returns, double[] levels, double[] skews) =>
        new()
        {
            Horizon = Years.FromDays(days),
            Count = returns.Length,
            Weights = [.. returns.Select(_ => 1.0 / returns.Length)],
            Origins = new string[returns.Length],
            Underlyings =
            [
                new UnderlyingScenarios
                {
                    Underlying = "BTC",
                    LogReturn = returns,
                    LogVolatilityMove = levels,
                    SkewMove = skews,
                    PathLow = returns,
                    PathHigh = returns,
                    DeliveryLogReturn = System
                        .Collections
                        .Immutable
                        .ImmutableSortedDictionary<DateTimeOffset, double[]>
                        .Empty,
                },
            ],
        };

    static VolatilitySurface Invented() =>
        new()
        {
            Underlying = "BTC",
            AsOf = AsOf,
            Slices =
            [
                .. new[] { 0.9, 7, 14, 30, 60, 180 }.Select(days => new SviSlice(
                    AsOf.AddDays(days),
                    days / 365,
                    1000 + days,
                    0.1 * days / 365,
                    0.25 * Math.Sqrt(days / 365),
                    -0.2,
                    0.01,
                    0.6 * Math.Sqrt(days / 365)
                )),
            ],
            Fit = new SurfaceFitReport(0, 0, 0, 0, "", 0, 0),
        };
}
