using Plimsoll.CrashDays;
using Plimsoll.TestSupport;

namespace Plimsoll.Daemon.Tests;

/// <summary>Recorded crash days at the paper venue in simulated time; docs/crash-days.md shows them at their own pace.</summary>
public sealed class CrashDayTests
{
    static string Market(string path)
    {
        string? found = Repository.Shared(Path.Combine("market", path));
        Assert.SkipWhen(found is null, $"the recorded market ({path}) is not beside the checkout");
        return found!;
    }

    /// <summary>Two hundred times as fast as it was: a fall of a fifth in ten minutes.</summary>
    [Fact]
    public void On_the_5th_of_February_2026_the_account_is_cut_or_sized_in_time_and_left_alone_it_is_liquidated()
    {
        var day = CrashDay.February2026(Market("chains"), speed: 200);
        day.Run(TimeSpan.FromHours(36.0 / 200), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Check(day, cutsAtMost: 0.95m, sizedAtMost: 0.70m);
    }

    /// <summary>The same while ordinary orders rest before they cross: what is in a hurry does not wait for them.</summary>
    [Fact]
    public void On_the_5th_of_February_2026_orders_at_rest_are_no_danger_to_the_sized_account()
    {
        var day = CrashDay.February2026(Market("chains"), speed: 200, rests: true);
        day.Run(TimeSpan.FromHours(36.0 / 200), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.True(day.Sized.Changes > 0, "nothing was changed at rest");
        Check(day, cutsAtMost: 0.95m, sizedAtMost: 0.70m);
    }

    [Fact]
    public void On_the_10th_of_October_2025_a_hedge_that_loses_a_leg_is_taken_back_before_the_venue_comes()
    {
        var day = CrashDay.October2025(
            Path.Combine(Market("history"), "BTCUSDT-4h.csv.gz"),
            Path.Combine(Market("adl"), "hyperliquid-2025-10-10-adl-by-account.csv.gz")
        );
        day.Run(TimeSpan.FromMinutes(16), TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(1));
        Assert.Contains(day.Alone.News, one => one.Words.Contains("closes -600,000", StringComparison.Ordinal));
        Check(day, cutsAtMost: 0.70m, sizedAtMost: 0.70m);
    }

    static void Check(CrashDay day, decimal cutsAtMost, decimal sizedAtMost)
    {
        Assert.NotNull(day.Alone.LiquidatedAt);
        Assert.Null(day.Cuts.LiquidatedAt);
        Assert.Null(day.Sized.LiquidatedAt);
        Assert.True(day.Cuts.HighestRatio < cutsAtMost, $"cuts: {day.Cuts.HighestRatio:0.000}");
        Assert.True(day.Sized.HighestRatio < sizedAtMost, $"sized: {day.Sized.HighestRatio:0.000}");
        Assert.True(day.Sized.EquityUsd > day.Alone.EquityUsd);
    }
}
