using Plimsoll.Markets;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

/// <summary>The mandate's tail-model scales limits by what was known at the snapshot, and says what it did.</summary>
public class TailBudgetTests
{
    [Fact]
    public void Without_it_nothing_is_forecast()
    {
        var warnings = new List<string>();
        Assert.Equal(1, TailBudget.Share(Input(TailModelUse.None, []), warnings));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Without_bars_limits_stay_and_the_answer_says_so()
    {
        var warnings = new List<string>();
        Assert.Equal(1, TailBudget.Share(Input(TailModelUse.Auto, []), warnings));
        Assert.Contains(warnings, warning => warning.StartsWith("tail-model: BTC: no bars", StringComparison.Ordinal));
    }

    [Fact]
    public void After_a_crash_the_limits_are_scaled_by_the_forecast()
    {
        Assert.SkipUnless(Repository.Shared("market/history") is not null, Golden.Absent);
        var bars = BarsCsv
            .Read(Repository.Shared("market/history")!)
            .Value.Histories.Where(history => history.BarLength < TimeSpan.FromDays(1));
        var warnings = new List<string>();
        var input = Input(TailModelUse.Auto, [.. bars]);
        double share = TailBudget.Share(input, warnings);
        Assert.InRange(share, 0.25, 0.95);
        Assert.Contains(warnings, warning => warning.Contains("times its median of a year", StringComparison.Ordinal));
        var scaled = ThrottleScaling.Scaled(input.Mandate, share);
        Assert.Equal(share * input.Mandate.Limits.UnderlyingWorstCase, scaled.Limits.UnderlyingWorstCase);
    }

    /// <summary>The built-in market is of 2026-03-04, a month after a crash.</summary>
    static SizingInput Input(TailModelUse use, System.Collections.Immutable.ImmutableArray<PriceHistory> histories) =>
        new()
        {
            Market = EmbeddedMarket.Snapshot(),
            Account = EmbeddedMarket.Account(),
            Mandate = SizingCases.Mandate() with { TailModel = use },
            Histories = histories,
        };
}
