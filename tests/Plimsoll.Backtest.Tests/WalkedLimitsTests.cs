using Plimsoll.Methods;
using Plimsoll.Sizing;
using Plimsoll.Storage;

namespace Plimsoll.Backtest.Tests;

/// <summary>What happens to an account on its way: throttle, liquidation, depth.</summary>
public sealed class WalkedLimitsTests
{
    /// <summary>Bars of the fall of March 2020 under equal weights of a size, on a mandate.</summary>
    static RunState Fallen(double exposure, Mandate mandate)
    {
        var settings = MethodSettings.Defaults.With(EqualWeight.Exposure, exposure);
        var method = new BacktestMethod("equal-weight", new EqualWeight(), settings);
        var request = Walks.Request([], mandate) with { Methods = [method] };
        return Walks.Walk(Walks.BarsOf("2020-03-10T00:00:00", "2020-03-14T00:00:00"), request).Runs[0];
    }

    [Fact]
    public void A_throttle_takes_risk_off_after_a_loss()
    {
        var mandate = BacktestMandate.Shipped() with { Throttles = [] };
        var free = Fallen(1, mandate).Records[^1];
        var throttled = Fallen(1, mandate with { Throttles = [new Throttle(0.05, 0.25)] }).Records[^1];
        Assert.True(free.Equity < 95_000 && free.Gross > 0, $"{free}");
        Assert.InRange(throttled.Gross / free.Gross, 0.1, 0.6);
    }

    [Fact]
    public void A_book_without_limits_is_liquidated_in_a_crash_and_holds_nothing_then()
    {
        var bare = BacktestMandate.Shipped() with
        {
            Survival = new SurvivalLimits(),
            Limits = new MandateLimits(),
            Throttles = [],
        };
        var run = Fallen(10, bare);
        var closed = run.Records.First(record => record.Liquidations > 0);
        Assert.True(closed.EquityBefore < 60_000, $"{closed.EquityBefore}");
        Assert.True(run.Records[0].Gross > 400_000, $"{run.Records[0]}");
        Assert.Equal(0, closed.Gross);
        Assert.DoesNotContain(Fallen(0.5, bare).Records, record => record.Liquidations > 0);
    }

    [Fact]
    public void An_option_fills_no_more_than_the_assumed_depth()
    {
        var chains = Walks.Chains("2026-01-30T21:00:00", "2026-01-31T05:00:00");
        var mandate = BacktestMandate.Shipped() with { Candidates = ["BTC-27FEB26-75000-P"] };
        StepRecord First(VenueAssumptions venue) =>
            Walks.Walk(chains, Walks.Request(["equal-weight"], mandate) with { Venue = venue }, 1).Runs[0].Records[0];
        var deep = First(new VenueAssumptions());
        Assert.True(deep is { Fills: 1, Unfilled: 0, Gross: > 0 }, $"{deep}");
        var none = First(new VenueAssumptions { OptionVolumeShare = 0, OptionInterestShare = 0 });
        Assert.True(none is { Fills: 0, Unfilled: 1, Gross: 0 }, $"{none}");
        // A share of the open interest that leaves one lot of 0.1.
        var shallow = First(new VenueAssumptions { OptionVolumeShare = 0, OptionInterestShare = 0.15 / 2286 });
        Assert.True(shallow is { Fills: 1, Unfilled: 1 } && shallow.Gross < deep.Gross, $"{shallow}");
    }
}
