using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Sizing.Tests;

/// <summary>When limits tighten ahead of events, and which stress rows a limit names.</summary>
public sealed class EventScalingTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    static MarketEvent Event(double hoursAhead, double keep) =>
        new("meeting", Now.AddHours(hoursAhead), Years.FromDays(1), Years.FromDays(0.25), keep);

    static (double Keep, ImmutableArray<string> Words) Kept(params MarketEvent[] events) =>
        EventScaling.Kept(
            new Mandate { Events = [.. events] },
            new Account { Subaccounts = [] },
            new MarketSnapshot
            {
                AsOf = Now,
                Venue = "test",
                Source = "test",
                Underlyings = [],
                Quotes = [],
            }
        );

    [Theory]
    [InlineData(25, 1)]
    [InlineData(23, 0.5)]
    [InlineData(0, 0.5)]
    [InlineData(-5, 0.5)]
    [InlineData(-7, 1)]
    public void Limits_are_tight_from_before_an_event_until_after_it(double hours, double keep)
    {
        var (kept, words) = Kept(Event(hours, 0.5));
        Assert.Equal(keep, kept);
        Assert.Equal(keep < 1, words.Any(line => line.Contains("meeting", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_tightest_of_several_holds() =>
        Assert.Equal(0.3, Kept(Event(3, 0.5), Event(5, 0.3), Event(90, 0.1)).Keep);

    [Fact]
    public void Named_stress_is_the_days_at_close_and_low_and_every_case()
    {
        var limit = new NamedStressLimit(0.2, ["2022-11-08"], []);
        Assert.True(limit.Names("day:2022-11-08,vol assumed"));
        Assert.True(limit.Names("day:2022-11-08,at the low,vol assumed"));
        Assert.False(limit.Names("day:2022-11-08..10,vol assumed"));
        Assert.False(limit.Names("day:2022-11-09,vol assumed"));
        Assert.True(limit.Names("case:own"));
        Assert.False(limit.Names("stress:BTC-25%,vol+0%"));
    }
}
