using Plimsoll.Markets;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Risk.Tests;

public sealed class ScenarioPathTests
{
    static ScenarioSet Drawn(bool keepsPath, int threads = 1) =>
        HistoricalScenarios.Build(
            Market(Perpetual("BTC"), Perpetual("ETH")),
            Surfaces,
            [],
            new ScenarioRequest(Years.FromDays(6.9), 500) { KeepsPath = keepsPath, Threads = threads }
        );

    [Fact]
    public void The_bars_end_where_the_scenarios_do_and_hold_their_extremes()
    {
        var set = Drawn(keepsPath: true);
        var path = set.Path!;
        Assert.Equal(42, path.Days.Length);
        Assert.Equal(6.9, path.Days[^1], 1e-9);
        foreach (var moves in set.Underlyings)
        {
            var bars = path.Of(moves.Underlying)!;
            // The set dates an extreme by its bar's start before the drift is removed; a bar's own also reaches its
            // shifted close, and another bar can become the lowest. Both lie within the drift of the path (the
            // sampling error of the mean ratio), on average within that of one bar, and never the other way.
            double drift = 5 * Deviation(moves.LogReturn) / Math.Sqrt(set.Count);
            double gaps = 0;
            for (int s = 0; s < set.Count; s++)
            {
                Assert.Equal(moves.LogReturn[s], bars.Close[^1][s], 1e-12);
                Assert.Equal(moves.LogVolatilityMove[s], bars.LogVolatilityMove[^1][s], 1e-12);
                double low = Math.Min(0, bars.Low.Min(bar => bar[s])),
                    high = Math.Max(0, bars.High.Max(bar => bar[s]));
                Assert.InRange(moves.PathLow[s] - low, -1e-12, drift);
                Assert.InRange(high - moves.PathHigh[s], -1e-12, drift);
                gaps += moves.PathLow[s] - low + high - moves.PathHigh[s];
                for (int bar = 0; bar < path.Days.Length; bar++)
                {
                    double opened = bar == 0 ? 0 : bars.Close[bar - 1][s];
                    Assert.True(bars.Low[bar][s] <= Math.Min(opened, bars.Close[bar][s]));
                    Assert.True(bars.High[bar][s] >= Math.Max(opened, bars.Close[bar][s]));
                }
            }
            Assert.InRange(gaps / set.Count / 2, 0, drift / path.Days.Length);
        }
    }

    static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    [Fact]
    public void Keeping_the_bars_changes_no_scenario_and_threads_change_no_bar()
    {
        var (without, with, two) = (
            Drawn(keepsPath: false),
            Drawn(keepsPath: true),
            Drawn(keepsPath: true, threads: 2)
        );
        Assert.Null(without.Path);
        for (int u = 0; u < with.Underlyings.Length; u++)
        {
            Assert.Equal(without.Underlyings[u].LogReturn, with.Underlyings[u].LogReturn);
            Assert.Equal(without.Underlyings[u].PathLow, with.Underlyings[u].PathLow);
            for (int bar = 0; bar < with.Path!.Days.Length; bar++)
                Assert.Equal(with.Path.Underlyings[u].Low[bar], two.Path!.Underlyings[u].Low[bar]);
        }
    }
}
