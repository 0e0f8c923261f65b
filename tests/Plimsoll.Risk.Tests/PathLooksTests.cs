using Plimsoll.Markets;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Risk.Tests;

public sealed class PathLooksTests
{
    static ScenarioSet Drawn(double days, int count = 400) =>
        HistoricalScenarios.Build(
            Market(Perpetual("BTC"), Perpetual("ETH")),
            Surfaces,
            [],
            new ScenarioRequest(Years.FromDays(days), count) { KeepsPath = true }
        );

    [Fact]
    public void Every_bar_is_looked_at_three_times_and_the_last_look_is_the_horizon()
    {
        var law = Drawn(1);
        var looks = PathLooks.Of(law, AsOf);
        Assert.Equal(3 * 6, looks.Length);
        Assert.Equal(law.Horizon, looks[^1].Horizon);
        foreach (var moves in law.Underlyings)
        {
            Assert.Same(moves.LogReturn, looks[^1].Of(moves.Underlying).LogReturn);
            for (int bar = 0; bar < 6; bar++)
            for (int s = 0; s < law.Count; s++)
            {
                var (low, high, close) = (Of(0), Of(1), Of(2));
                Assert.True(low.LogReturn[s] <= close.LogReturn[s] && close.LogReturn[s] <= high.LogReturn[s]);
                // Volatility answers the price that is looked at: higher at the low than at the close.
                Assert.True(low.LogVolatilityMove[s] >= close.LogVolatilityMove[s] - 1e-12);

                UnderlyingScenarios Of(int point) => looks[3 * bar + point].Of(moves.Underlying);
            }
        }
        Assert.Equal(4.0 / 24, looks[0].Horizon.Days, 1e-12);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(1)]
    public void Bars_taken_together_keep_the_extremes_of_the_way(int most)
    {
        var law = Drawn(7);
        var looks = PathLooks.Of(law, AsOf, most);
        Assert.InRange(looks.Length, 3, 3 * most);
        foreach (var moves in law.Underlyings)
        {
            var path = law.Path!.Of(moves.Underlying)!;
            for (int s = 0; s < law.Count; s++)
            {
                Assert.Equal(path.Low.Min(bar => bar[s]), looks.Min(look => look.Of(moves.Underlying).LogReturn[s]));
                Assert.Equal(path.High.Max(bar => bar[s]), looks.Max(look => look.Of(moves.Underlying).LogReturn[s]));
            }
        }
    }

    /// <summary>
    /// A driftless motion ends beyond a level half as often as it touches it (the reflection principle); watched at
    /// closes alone it would be seen to touch it too seldom.
    /// </summary>
    [Fact]
    public void Lows_within_bars_touch_a_level_twice_as_often_as_the_end_is_beyond_it()
    {
        var law = Drawn(1, 20_000);
        var looks = PathLooks.Of(law, AsOf);
        double[] end = [.. law.Of("BTC").LogReturn.Order()];
        double level = end[end.Length / 20];
        double touched = 0,
            closed = 0;
        for (int s = 0; s < law.Count; s++)
        {
            touched += looks.Any(look => look.Of("BTC").LogReturn[s] <= level) ? 1 : 0;
            closed += looks.Where((_, k) => k % 3 == 2).Any(look => look.Of("BTC").LogReturn[s] <= level) ? 1 : 0;
        }
        Assert.InRange(touched / (law.Count / 20.0), 1.7, 2.3);
        Assert.True(closed < 0.9 * touched, $"{closed} at closes, {touched} in all");
    }

    [Fact]
    public void Without_bars_there_is_no_way()
    {
        var law = Drawn(1) with { Path = null };
        Assert.Throws<ArgumentException>(() => PathLooks.Of(law, AsOf));
    }
}
