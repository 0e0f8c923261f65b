using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Risk.Tests;

public sealed class EmbeddedScenarioModelTests
{
    static readonly DateTimeOffset AsOf = new(2026, 5, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Shipped_figures_are_those_of_a_fit_to_the_bars()
    {
        var histories = ScenarioFixture.Real("BTC", "ETH", "XRP", "ADA", "LINK", "AVAX", "SOL");
        Assert.SkipUnless(histories is not null, Golden.Absent);
        var shipped = EmbeddedScenarioModel.Default;
        var fitted = EmbeddedModelFit.Fit(histories.Value, shipped.Description, shipped.FreedomDegrees);
        Assert.Equal(EmbeddedModelFit.Probabilities, shipped.Probabilities);
        Assert.Equal(fitted.Season.ByTime, shipped.Season.ByTime, Near);
        Assert.Equal(fitted.Season.ByWeekday, shipped.Season.ByWeekday, Near);
        Assert.Equal(fitted.Coins.Keys.Order(), shipped.Coins.Keys.Order());
        foreach (var (coin, figures) in fitted.Coins)
        {
            Assert.Equal(figures.Loading, shipped.Coins[coin].Loading, 1e-3);
            Assert.Equal(figures.AnnualVolatility, shipped.Coins[coin].AnnualVolatility, 1e-3);
            Assert.Equal(figures.RangeDeviation, shipped.Coins[coin].RangeDeviation, 1e-3);
            Assert.Equal(figures.Quantiles, shipped.Coins[coin].Quantiles, Near);
        }
        static bool Near(double a, double b) => Math.Abs(a - b) < 1.01e-3;
    }

    [Fact]
    public void The_copula_has_the_tail_dependence_of_the_bars()
    {
        var histories = ScenarioFixture.Real("BTC", "ETH");
        Assert.SkipUnless(histories is not null, Golden.Absent);
        var real = histories.Value.Select(history => FilteredHistory.Of(history)!).ToArray();
        var model = EmbeddedScenarioModel.Default.Histories(["BTC", "ETH"], null);
        foreach (double tail in new[] { 0.01, 0.025 })
            Assert.Equal(
                EmbeddedModelFit.TailDependence(real[0], real[1], tail),
                EmbeddedModelFit.TailDependence(model[0], model[1], tail),
                0.07
            );
    }

    [Fact]
    public void Without_bars_the_scenarios_come_from_the_model_and_say_so()
    {
        var set = HistoricalScenarios.Build(
            ScenarioFixture.Snapshot(AsOf, "BTC", "ETH", "DOGE"),
            ScenarioFixture.NoSurfaces,
            [],
            new ScenarioRequest(Years.FromDays(1), 8_000)
        );
        Assert.Contains(
            set.Notes,
            note =>
                note.StartsWith("BTC, DOGE, ETH: no bars before the snapshot", StringComparison.Ordinal)
                && note.Contains("2026-03-04", StringComparison.Ordinal)
        );
        Assert.All(set.Origins, origin => Assert.StartsWith("model:", origin, StringComparison.Ordinal));
        Assert.Equal(0.498, AnnualDeviation(set.Of("BTC")), 0.08);
        Assert.InRange(Correlation(set.Of("BTC"), set.Of("ETH")), 0.7, 0.85);
        Assert.InRange(Correlation(set.Of("BTC"), set.Of("DOGE")), 0.4, 0.75);
    }

    [Fact]
    public void A_coin_without_bars_is_drawn_given_the_bars_of_another()
    {
        var bars = ScenarioFixture.Invented("BTC", 3700, seed: 1);
        var set = HistoricalScenarios.Build(
            ScenarioFixture.Snapshot(new DateTimeOffset(2023, 8, 31, 9, 0, 0, TimeSpan.Zero), "BTC", "ETH"),
            ScenarioFixture.NoSurfaces,
            [bars],
            new ScenarioRequest(Years.FromDays(1), 3_000)
        );
        Assert.InRange(Correlation(set.Of("BTC"), set.Of("ETH")), 0.65, 0.85);
        Assert.Contains(set.Notes, note => note.StartsWith("ETH: no bars before", StringComparison.Ordinal));
        Assert.All(set.Origins, origin => Assert.StartsWith("fhs:", origin, StringComparison.Ordinal));
    }

    static double AnnualDeviation(UnderlyingScenarios moves) => Math.Sqrt(moves.LogReturn.Average(r => r * r) * 365);

    static double Correlation(UnderlyingScenarios a, UnderlyingScenarios b) =>
        a.LogReturn.Zip(b.LogReturn, (x, y) => x * y).Average()
        / Math.Sqrt(a.LogReturn.Average(x => x * x) * b.LogReturn.Average(y => y * y));
}
