using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Risk.Tests;

/// <summary>Whether the law of risk, drawn from what was known each day, covers what came next.</summary>
public sealed class ScenarioCoverageTests
{
    /// <summary>Every eighth day: 228 days, so only a gross error shows; the whole suite takes each day.</summary>
    [Fact]
    public void Losses_beyond_the_quantile_come_about_as_often_as_it_says_on_a_sample() => Check(step: 8);

    [Fact]
    [Trait("suite", "all")]
    public void Losses_beyond_the_quantile_come_as_often_as_it_says_2021_to_2025() => Check(step: 1);

    static void Check(int step)
    {
        var histories = ScenarioFixture.Real("BTC", "ETH");
        Assert.SkipUnless(histories is not null, Golden.Absent);
        foreach (var history in histories.Value)
        {
            var (days, hits1, hits5, high1) = (0, 0, 0, 0);
            var closes = history.Bars.ToDictionary(bar => bar.OpenTime + history.BarLength, bar => bar.Close);
            var end = new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);
            for (var at = new DateTimeOffset(2021, 1, 1, 8, 0, 0, TimeSpan.Zero); at < end; at = at.AddDays(step))
            {
                if (!closes.TryGetValue(at, out double now) || !closes.TryGetValue(at.AddDays(1), out double then))
                    continue;
                var set = HistoricalScenarios.Build(
                    ScenarioFixture.Snapshot(at, history.Underlying),
                    ScenarioFixture.NoSurfaces,
                    [history],
                    new ScenarioRequest(Years.FromDays(1), 4_000)
                );
                double[] sorted = [.. set.Underlyings[0].LogReturn.Order()];
                double r = Math.Log(then / now);
                days++;
                hits1 += r < sorted[40] ? 1 : 0;
                hits5 += r < sorted[200] ? 1 : 0;
                high1 += r > sorted[^41] ? 1 : 0;
            }
            string what = $"{history.Underlying}: {days} days, {hits1} below 1%, {hits5} below 5%, {high1} above 99%";
            Assert.True(KupiecAccepts(days, hits1, 0.01), what);
            Assert.True(KupiecAccepts(days, hits5, 0.05), what);
            Assert.True(KupiecAccepts(days, high1, 0.01), what);
        }
    }

    /// <summary>
    /// Kupiec's (1995) likelihood ratio of unconditional coverage against its 1% critical value, 6.635.
    /// </summary>
    static bool KupiecAccepts(int days, int hits, double level)
    {
        double rate = (double)hits / days;
        double Likelihood(double p) => Term(hits, p) + Term(days - hits, 1 - p);
        return 2 * (Likelihood(rate) - Likelihood(level)) < 6.635;
        static double Term(int count, double p) => count == 0 ? 0 : count * Math.Log(p);
    }
}
