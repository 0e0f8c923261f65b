using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk.Tests;

public sealed class StartingVolatilityTests
{
    static readonly PriceHistory Bars = ScenarioFixture.Invented("BTC", 3700, seed: 6);

    [Theory]
    [InlineData(0.4, 7)]
    [InlineData(0.9, 7)]
    [InlineData(0.9, 21)]
    public void Old_bars_take_the_implied_level_and_the_scenarios_have_it(double implied, double days)
    {
        var asOf = new DateTimeOffset(2023, 12, 1, 8, 0, 0, TimeSpan.Zero);
        var set = HistoricalScenarios.Build(
            ScenarioFixture.Snapshot(asOf, "BTC"),
            new Dictionary<string, VolatilitySurface> { ["BTC"] = Flat(asOf, implied) },
            [Bars],
            new ScenarioRequest(Years.FromDays(days), 10_000)
        );
        Assert.Contains(
            set.Notes,
            note =>
                note.Contains(FormattableString.Invariant($"implied {implied * 100:0.#}%"), StringComparison.Ordinal)
        );
        double annual = Math.Sqrt(set.Of("BTC").LogReturn.Average(r => r * r) * 365 / days);
        Assert.Equal(1, annual / implied, 0.12);
    }

    [Fact]
    public void Fresh_bars_do_not_look_at_the_surface()
    {
        var asOf = Bars.Bars[^1].OpenTime.AddHours(20);
        var request = new ScenarioRequest(Years.FromDays(1), 500);
        var snapshot = ScenarioFixture.Snapshot(asOf, "BTC");
        var with = HistoricalScenarios.Build(
            snapshot,
            new Dictionary<string, VolatilitySurface> { ["BTC"] = Flat(asOf, 2) },
            [Bars],
            request
        );
        var without = HistoricalScenarios.Build(snapshot, ScenarioFixture.NoSurfaces, [Bars], request);
        Assert.Equal(without.Of("BTC").LogReturn, with.Of("BTC").LogReturn);
        Assert.Empty(with.Notes);
    }

    static VolatilitySurface Flat(DateTimeOffset asOf, double volatility) =>
        new()
        {
            Underlying = "BTC",
            AsOf = asOf,
            Slices =
            [
                .. new[] { 7, 30 }.Select(days => new SviSlice(
                    asOf.AddDays(days),
                    days / 365.0,
                    1000,
                    volatility * volatility * days / 365 - 1e-5,
                    1e-4,
                    0,
                    0,
                    0.1
                )),
            ],
            Fit = new SurfaceFitReport(0, 0, 0, 0, "", 0, 0),
        };
}
