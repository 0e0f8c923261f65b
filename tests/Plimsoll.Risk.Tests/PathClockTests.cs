using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Risk.Tests;

public sealed class PathClockTests
{
    static readonly DateTimeOffset AsOf = new(2026, 3, 1, 9, 20, 0, TimeSpan.Zero);

    [Fact]
    public void Delivery_has_the_variance_of_the_mean_over_the_window()
    {
        var rows = Golden.Cases("pricing/settlement-and-futures.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        int read = 0;
        foreach (var row in rows)
        {
            var inputs = row["inputs"]!;
            if (inputs["kind"]!.GetValue<string>() != "twap_effective_variance")
                continue;
            double seconds = Golden.Number(inputs["t_years"]) * Years.SecondsPerYear;
            double volatility = Golden.Number(inputs["vol_annual"]);
            double variance = volatility * volatility * PathClock.EffectiveSeconds(seconds) / Years.SecondsPerYear;
            double expected = Golden.Number(row["expected"]!["total_variance_effective"]);
            Assert.Equal(1, variance / expected, 1e-9);
            read++;
        }
        Assert.True(read >= 4);
    }

    [Fact]
    public void Inside_the_window_the_mean_so_far_no_longer_moves()
    {
        // Golden row twap-inside-window-10min: 20 minutes remain, weight 2/3, variance of their mean a third of them.
        double remaining = 20 * 60;
        Assert.Equal(4.0 / 9 * remaining / 3, PathClock.EffectiveSeconds(remaining), 1e-9);
        Assert.Equal(PathClock.EffectiveSeconds(1800 - 1e-6), PathClock.EffectiveSeconds(1800 + 1e-6), 1e-5);
    }

    [Fact]
    public void Bars_count_from_now_and_the_last_ends_at_the_horizon()
    {
        var clock = new PathClock(AsOf, Years.FromDays(0.75), TimeSpan.FromHours(4), [AsOf.AddHours(5)]);
        Assert.Equal([1, 1, 1, 1, 0.5], clock.Duration);
        Assert.Equal(1, clock.Deliveries[0].Bar);
        Assert.Equal((1 - 20 / 60.0) / 4, clock.Deliveries[0].Fraction, 1e-12);
    }

    [Fact]
    public void The_deviation_at_a_delivery_grows_with_the_square_root_of_its_time()
    {
        var bars = ScenarioFixture.Invented("BTC", 3700, seed: 4);
        var asOf = new DateTimeOffset(2023, 8, 30, 8, 0, 0, TimeSpan.Zero);
        var set = HistoricalScenarios.Build(
            ScenarioFixture.Snapshot(asOf, "BTC"),
            ScenarioFixture.NoSurfaces,
            [bars],
            new ScenarioRequest(
                Years.FromDays(1),
                20_000,
                DeliveryTimes: [asOf.AddHours(1), asOf.AddHours(6), asOf.AddHours(24)]
            )
        );
        var delivery = set.Of("BTC").DeliveryLogReturn;
        double Deviation(double[] values) => Math.Sqrt(values.Average(x => x * x));
        double whole = Deviation(set.Of("BTC").LogReturn);
        // Late in the day the whole return is known to a third of an hour: 23.67 of 24 hours.
        Assert.Equal(Math.Sqrt(23.667 / 24), Deviation(delivery[asOf.AddHours(24)]) / whole, 0.01);
        // Invented bars have no season and their range is not a Brownian one: a tenth of room.
        Assert.Equal(Math.Sqrt(5.667 / 24), Deviation(delivery[asOf.AddHours(6)]) / whole, 0.05);
        Assert.Equal(Math.Sqrt(0.667 / 24), Deviation(delivery[asOf.AddHours(1)]) / whole, 0.05);
    }
}
