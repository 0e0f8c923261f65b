namespace Plimsoll.Reports.Tests;

/// <summary>A long curve is drawn by fewer points that look the same.</summary>
public sealed class BacktestChartTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2_000)]
    [InlineData(2_001)]
    [InlineData(17_321)]
    public void A_long_series_keeps_its_ends_and_every_extreme(int count)
    {
        double[] series = [.. Enumerable.Range(0, count).Select(i => Math.Sin(i * 0.013) + 0.3 * Math.Sin(i * 1.7))];
        int[] drawn = [.. BacktestChart.Drawn(series)];
        Assert.Equal(drawn.Distinct().Order(), drawn);
        Assert.Equal((0, count - 1), (drawn[0], drawn[^1]));
        Assert.InRange(drawn.Length, Math.Min(count, 1_000), 2_002);
        Assert.Equal((series.Min(), series.Max()), (drawn.Min(i => series[i]), drawn.Max(i => series[i])));
        // Between two points drawn the curve stays within the range of its stretch, so no peak is lost.
        foreach (var stretch in Enumerable.Range(0, count).Chunk(Math.Max(1, (count + 999) / 1_000)))
            Assert.Contains(drawn, i => series[i] == stretch.Max(k => series[k]));
    }
}
