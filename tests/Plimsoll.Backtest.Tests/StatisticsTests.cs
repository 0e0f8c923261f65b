using CsCheck;
using Plimsoll.Numerics;
using Plimsoll.Tails;

namespace Plimsoll.Backtest.Tests;

/// <summary>Statistics against published examples and against cases that can be done by hand.</summary>
public sealed class StatisticsTests
{
    /// <summary>Bailey and López de Prado (2014), numerical example: 100 tries, five years of daily returns.</summary>
    [Fact]
    public void Deflated_Sharpe_equals_the_published_example()
    {
        double sharpe = 2.5 / Math.Sqrt(250),
            variance = 0.5 / 250;
        Assert.Equal(0.1132, Math.Sqrt(variance) * SharpeTests.ExpectedMaximum(100), 5e-5);
        Assert.Equal(0.9004, SharpeTests.Deflated(sharpe, variance, 100, 1250, -3, 10), 5e-5);
        // "after running only 46 independent trials ... 95%"; with normal returns after 88.
        Assert.Equal(0.9505, SharpeTests.Deflated(sharpe, variance, 46, 1250, -3, 10), 5e-5);
        Assert.Equal(0.9505, SharpeTests.Deflated(sharpe, variance, 88, 1250, 0, 3), 5e-5);
    }

    /// <summary>Bailey and López de Prado (2012), section 4: 24 months, ratio 0.458, skewness −2.448, kurtosis 10.164.</summary>
    [Fact]
    public void Probabilistic_Sharpe_equals_the_published_example()
    {
        Assert.Equal(0.913, SharpeTests.Probabilistic(0.458, 0, 24, -2.448, 10.164), 1e-3);
        Assert.Equal(0.982, SharpeTests.Probabilistic(0.458, 0, 24, 0, 3), 1e-3);
    }

    /// <summary>The same, section 5: an annual ratio of 2 against 1 at 95 %, normal returns.</summary>
    [Theory]
    [InlineData(250, 2.73)]
    [InlineData(52, 2.83)]
    [InlineData(12, 3.24)]
    public void Minimum_track_record_equals_the_published_years(int periods, double years)
    {
        double root = Math.Sqrt(periods);
        Assert.Equal(years, SharpeTests.MinimumTrackRecord(2 / root, 1 / root, 0, 3, 0.95) / periods, 5e-3);
    }

    /// <summary>Bailey, Borwein, López de Prado, Zhu (2014): ten tries expect 1.57, 45 tries need five years.</summary>
    [Fact]
    public void Expected_maximum_and_backtest_length_equal_the_published_ones()
    {
        Assert.Equal(1.57, SharpeTests.ExpectedMaximum(10), 5e-3);
        Assert.Equal(0, SharpeTests.ExpectedMaximum(1));
        Assert.InRange(SharpeTests.MinimumBacktestYears(45, 1), 4.9, 5.05);
    }

    /// <summary>López de Prado (2018), section 12.4: N = 6, k = 2 gives 15 splits and 5 paths.</summary>
    [Fact]
    public void Cross_validation_has_the_published_splits_and_paths()
    {
        var splits = PurgedCrossValidation.Splits(600, 6, 2, 0, 0).ToList();
        Assert.Equal((15, 5), (splits.Count, PurgedCrossValidation.Paths(6, 2)));
        Assert.Equal(12_870, PurgedCrossValidation.Combinations(16, 8).Count());
        var tested = splits.SelectMany(split => split.TestGroups).CountBy(group => group);
        Assert.All(tested, group => Assert.Equal(5, group.Value));
        Assert.All(splits, split => Assert.Equal(600, split.Train.Length + split.Test.Length));
    }

    [Fact]
    public void No_day_near_a_tested_one_is_chosen_on() =>
        Gen.Select(Gen.Int[60, 200], Gen.Int[3, 8], Gen.Int[0, 4], Gen.Int[0, 6])
            .Sample(
                (count, groups, horizon, embargo) =>
                {
                    foreach (var split in PurgedCrossValidation.Splits(count, groups, groups / 2, horizon, embargo))
                    foreach (int day in split.Train)
                        Assert.DoesNotContain(
                            split.Test,
                            test => day >= test - horizon && day <= test + horizon + embargo
                        );
                },
                iter: 30
            );

    [Fact]
    public void Best_method_by_far_is_never_an_overfit_and_noise_often_is()
    {
        var random = new SeededRandom(5, 0);
        double[][] noise = [.. Enumerable.Range(0, 8).Select(_ => Normal(random, 400, 0))];
        double[][] one = [.. noise.Take(7), Normal(random, 400, 1)];
        var certain = SelectionRisk.Of(one, 10, 1, 4)!;
        Assert.Equal((252, 0.0, 0.0), (certain.Splits, certain.OverfitProbability, certain.LossProbability));
        Assert.InRange(SelectionRisk.Of(noise, 10, 1, 4)!.OverfitProbability, 0.3, 1);
        Assert.Null(SelectionRisk.Of([noise[0]], 10, 1, 4));
    }

    [Fact]
    public void Curve_of_five_days_has_the_figures_done_by_hand()
    {
        DateTimeOffset start = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);
        DateTimeOffset[] times = [.. Enumerable.Range(0, 5).Select(day => start.AddDays(day))];
        var found = EquityStatistics.Of(times, [100, 110, 99, 99, 108.9]);
        Assert.Equal([0.1, -0.1, 0, 0.1], found.DailyReturns.Select(r => Math.Round(r, 12)));
        Assert.Equal(Math.Log(1.089) / (4 / 365.0), found.GrowthAnnual!.Value, 1e-12);
        double deviation = Math.Sqrt((2 * 0.075 * 0.075 + 0.125 * 0.125 + 0.025 * 0.025) / 3);
        Assert.Equal(0.025 / deviation * Math.Sqrt(365), found.Sharpe!.Value, 1e-9);
        Assert.Equal(0.025 / Math.Sqrt(0.01 / 4) * Math.Sqrt(365), found.Sortino!.Value, 1e-9);
        Assert.Equal((0.1, 0.1), (Math.Round(found.WorstDay, 12), Math.Round(found.MaximumDrawdown, 12)));
        Assert.Equal((3.0, 0.75), (found.LongestUnderWaterDays, found.UnderWaterShare));
        Assert.Equal((Math.Exp(found.GrowthAnnual.Value) - 1) / 0.1, found.Calmar!.Value, 1e-6);
    }

    /// <summary>For an autoregression the best block is (2φ/(1 − φ²))^(2/3)·n^(1/3).</summary>
    [Fact]
    public void Automatic_block_finds_that_of_an_autoregression()
    {
        const double Phi = 0.5;
        const int Count = 20_000;
        var random = new SeededRandom(3, 0);
        var series = new double[Count];
        for (int t = 1; t < Count; t++)
            series[t] = Phi * series[t - 1] + random.NextNormal();
        double right = Math.Pow(2 * Phi / (1 - Phi * Phi), 2.0 / 3) * Math.Cbrt(Count);
        Assert.InRange(StationaryBootstrap.AutomaticBlock(series), 0.8 * right, 1.2 * right);
        Assert.InRange(StationaryBootstrap.AutomaticBlock(Normal(random, 500, 0)), 1, 8);
    }

    [Fact]
    public void Band_of_a_mean_covers_it_as_often_as_it_says()
    {
        int covered = 0;
        const int Trials = 200;
        for (int trial = 0; trial < Trials; trial++)
        {
            double[] series = Normal(new SeededRandom(11, (ulong)trial), 120, 0);
            var band = StationaryBootstrap.Bands(series, (s, v) => v[0] = s.Average(), 1, 1, 300, 0.9, 1)![0];
            covered += band.Low <= 0 && 0 <= band.High ? 1 : 0;
        }
        Assert.InRange(covered, 0.83 * Trials, 0.96 * Trials);
    }

    static double[] Normal(SeededRandom random, int count, double mean) =>
        [.. Enumerable.Range(0, count).Select(_ => mean + random.NextNormal())];
}

public sealed class PromiseTests
{
    /// <summary>The tests themselves are those of Tails, with their golden rows; here losses stand for returns.</summary>
    [Fact]
    public void Coverage_and_shortfall_are_those_of_the_losses_against_the_promise()
    {
        double[] losses = [0.01, 0.05, -0.02, 0.03, 0.021, 0.0, 0.06, -0.01, 0.02, 0.005];
        double[] valueAtRisk = [.. losses.Select(_ => 0.02)];
        double[] shortfall = [.. losses.Select(_ => 0.04)];
        var check = CoverageCheck.Of(losses, valueAtRisk, shortfall, 0.9);
        // Beyond 0.02: 0.05, 0.03, 0.021 and 0.06; a loss of just the promise is none.
        Assert.Equal((10, 4), (check.Days, check.Hits));
        Assert.Equal(1, check.Expected, 1e-12);
        Assert.Equal((0.05 + 0.03 + 0.021 + 0.06) / 0.04 / 4, check.ShortfallRatio!.Value, 1e-12);
        Assert.Equal(1 - (0.05 + 0.03 + 0.021 + 0.06) / 0.04, check.ShortfallZ2!.Value, 1e-12);
        Assert.Equal(CoverageTests.Kupiec(4, 10, new TailProbability(0.1)).PValue, check.KupiecPValue!.Value, 1e-12);
        Assert.False(check.Kept);
        Assert.Null(CoverageCheck.Of([], [], [], 0.9).Kept);
    }

    [Fact]
    public void Drawdown_counts_starts_with_their_whole_time()
    {
        DateTimeOffset start = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);
        double[] equity = [100, 95, 79, 90, 90, 90, 90];
        var records = equity
            .Select(
                (value, day) =>
                    new StepRecord
                    {
                        Time = start.AddDays(day),
                        EquityBefore = value,
                        Equity = value,
                        Status = Sizing.DecisionStatus.Sized,
                    }
            )
            .ToList();
        // Within two days a fall of 20 % follows the first day only (79 < 80); 79 is above 0.8·95.
        var check = DrawdownCheck.Of(records, 0.2, 2, 0.05);
        Assert.Equal((5, 1, 3, 1), (check.Starts, check.Broken, check.Separate, check.SeparateBroken));
        Assert.False(check.Kept);
    }
}
