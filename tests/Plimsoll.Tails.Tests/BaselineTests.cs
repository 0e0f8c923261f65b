namespace Plimsoll.Tails.Tests;

/// <summary>
/// The baselines on real data, computed independently for the reference page: BTC and ETH, 2019-01-01 to 2026-03-03.
/// </summary>
public class BaselineTests
{
    static readonly TailProbability[] Levels = [new(0.01), new(0.025)];

    [Theory]
    [InlineData("BTC", 0, "EWMA-normal", 2.8593, 56, 7.185, 8.231)]
    [InlineData("BTC", 1, "EWMA-normal", 2.3324, 83, 6.053, 7.220)]
    [InlineData("BTC", 0, "HS-500", 2.5840, 26, 9.270, 13.062)]
    [InlineData("BTC", 1, "HS-500", 2.2725, 65, 6.806, 9.899)]
    [InlineData("BTC", 0, "FHS-EWMA", 2.5910, 26, 9.640, 15.076)]
    [InlineData("BTC", 1, "FHS-EWMA", 2.2748, 70, 6.404, 10.730)]
    [InlineData("ETH", 0, "EWMA-normal", 3.0133, 58, 9.528, 10.916)]
    [InlineData("ETH", 1, "EWMA-normal", 2.5849, 92, 8.027, 9.575)]
    [InlineData("ETH", 0, "HS-500", 2.8957, 37, 12.409, 17.532)]
    [InlineData("ETH", 1, "HS-500", 2.5876, 68, 8.961, 13.242)]
    [InlineData("ETH", 0, "FHS-EWMA", 2.7949, 28, 12.597, 17.839)]
    [InlineData("ETH", 1, "FHS-EWMA", 2.5202, 65, 9.327, 13.616)]
    public void Rules_meet_the_reference_exactly(
        string coin,
        int level,
        string name,
        double loss,
        int hits,
        double valueAtRisk,
        double shortfall
    )
    {
        var model = (
            (ITailModel[])[SimpleModels.EwmaNormal, SimpleModels.Historical(), SimpleModels.FilteredEwma()]
        ).Single(m => m.Name == name);
        var found = Figures(coin, level, model);
        Assert.Equal(loss, found.Loss, 1e-4);
        Assert.Equal(hits, found.Hits);
        Assert.Equal(valueAtRisk, found.ValueAtRisk, 6e-4);
        Assert.Equal(shortfall, found.Shortfall, 6e-4);
    }

    [Theory]
    [InlineData("BTC", 0, ResidualTail.Parametric, 2.5566, 27, 8.788)]
    [InlineData("BTC", 1, ResidualTail.Parametric, 2.2422, 74, 6.244)]
    [InlineData("BTC", 0, ResidualTail.Empirical, 2.5569, 24, 9.682)]
    [InlineData("BTC", 1, ResidualTail.Empirical, 2.2499, 65, 6.562)]
    [InlineData("ETH", 0, ResidualTail.Parametric, 2.7583, 22, 12.892)]
    [InlineData("ETH", 1, ResidualTail.Parametric, 2.4977, 62, 9.131)]
    [InlineData("ETH", 0, ResidualTail.Empirical, 2.7618, 25, 12.990)]
    [InlineData("ETH", 1, ResidualTail.Empirical, 2.5067, 61, 9.116)]
    public void Fits_meet_the_reference_within_its_own_margin(
        string coin,
        int level,
        ResidualTail tail,
        double loss,
        int hits,
        double valueAtRisk
    )
    {
        var found = Figures(coin, level, TailModels.GarchStudent with { Tail = tail });
        Assert.Equal(loss, found.Loss, 0.01);
        Assert.InRange(found.Hits, hits - 2, hits + 2);
        TailsGolden.Near(valueAtRisk, found.ValueAtRisk, 0.01, 0, "mean value at risk");
    }

    static (double Loss, int Hits, double ValueAtRisk, double Shortfall) Figures(
        string coin,
        int level,
        ITailModel model
    )
    {
        var history = MarketFolder.Coin(coin);
        int from = history.Target.FirstAt(new DateOnly(2019, 1, 1));
        var p = Levels[level];
        var series = WalkForward.Run(model, history, new(from, history.Target.Count), [p])[0];
        Assert.Equal(2619, series.Forecasts.Length);
        var (loss, hits, v, e) = (0.0, 0, 0.0, 0.0);
        for (int t = 0; t < series.Forecasts.Length; t++)
        {
            var forecast = series.Forecasts[t]!.Value;
            double y = history.Target.Days[from + t].Return;
            loss += TailLoss.Fz0(y, forecast.Quantile, forecast.TailMean, p);
            hits += y < forecast.Quantile ? 1 : 0;
            (v, e) = (v + forecast.ValueAtRisk, e + forecast.ExpectedShortfall);
        }
        double n = series.Forecasts.Length;
        return (loss / n, hits, v / n, e / n);
    }
}
