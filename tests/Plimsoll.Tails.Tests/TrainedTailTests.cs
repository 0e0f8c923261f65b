namespace Plimsoll.Tails.Tests;

/// <summary>A model trained on a day forecasts the next ones, says when it must fall back, and is the same each time.</summary>
public class TrainedTailTests
{
    static readonly Lazy<TrainedTail> Trained = new(() =>
    {
        var history = MarketFolder.Coin("BTC");
        return TrainedTail.Train(history, history.Target.FirstAt(new DateOnly(2020, 3, 1)));
    });

    static TailHistory Until(DateOnly date, Func<string, bool>? keep = null)
    {
        var market = MarketFolder.Coin("BTC").Market;
        var cut = new MarketDays([
            .. market
                .Coins.Where(coin => keep is null || keep(coin.Underlying))
                .Select(coin => new CoinDays(coin.Underlying, [.. coin.Days.Where(d => d.Date < date)]))
                .Where(coin => coin.Count > 100),
        ]);
        return new TailHistory(cut.Find("BTC")!, cut);
    }

    [Fact]
    public void A_forecast_follows_from_the_days_since_training()
    {
        var calm = TailOutlook.Of(Trained.Value, Until(new DateOnly(2020, 3, 2)));
        var crash = TailOutlook.Of(Trained.Value, Until(new DateOnly(2020, 3, 13)));
        Assert.Equal(new DateOnly(2020, 3, 2), calm.From);
        Assert.Equal(TailModels.Levels.Length, calm.Levels.Length);
        Assert.True(crash.Levels[0].ValueAtRisk > 1.5 * calm.Levels[0].ValueAtRisk);
        Assert.True(calm.Levels[0].ExpectedShortfall > calm.Levels[0].ValueAtRisk);
        Assert.True(calm.Levels[0].ValueAtRisk > calm.Levels[1].ValueAtRisk);
        Assert.Equal(1, calm.Levels[0].Weights.Sum(member => member.Weight), 1e-12);
        Assert.Empty(calm.Notes);
    }

    [Fact]
    public void Training_twice_gives_the_same_numbers()
    {
        var history = Until(new DateOnly(2020, 3, 1));
        var again = TrainedTail.Train(history, history.Target.Count);
        Assert.Equal(Trained.Value.Volatility, again.Volatility);
        Assert.Equal(Trained.Value.Scale.Coefficients, again.Scale.Coefficients);
        Assert.Equal(Trained.Value.Levels[0].Sums, again.Levels[0].Sums);
        Assert.Equal(Trained.Value.Levels[0].LogFactor, again.Levels[0].LogFactor);
    }

    [Fact]
    public void A_missing_day_leaves_the_econometric_model_and_says_so()
    {
        var whole = Until(new DateOnly(2020, 3, 10));
        var holed = new CoinDays("BTC", whole.Target.Days.RemoveRange(whole.Target.Count - 2, 1));
        var market = new MarketDays([holed, .. whole.Market.Coins.Where(coin => coin.Underlying != "BTC")]);
        var outlook = TailOutlook.Of(Trained.Value, new TailHistory(holed, market));
        Assert.Empty(outlook.Notes);
        var gone = new CoinDays(
            "BTC",
            holed.Days.RemoveAt(holed.Count - 1).Add(holed.Days[^1] with { RangeVariance = 1e40 })
        );
        var wild = TailOutlook.Of(
            Trained.Value,
            new TailHistory(gone, new MarketDays([gone, .. market.Coins.Where(coin => coin.Underlying != "BTC")]))
        );
        Assert.Contains(wild.Notes, note => note.Contains("GARCH-t alone is used", StringComparison.Ordinal));
        Assert.Equal(1, wild.Levels[0].Weights[0].Weight);
        Assert.True(double.IsFinite(wild.Levels[0].ValueAtRisk));
    }

    [Fact]
    public void A_missing_coin_and_an_old_model_are_named()
    {
        var outlook = TailOutlook.Of(Trained.Value, Until(new DateOnly(2020, 6, 1), coin => coin != "ETH"));
        Assert.Contains(outlook.Notes, note => note.StartsWith("ETH: no bars", StringComparison.Ordinal));
        Assert.Contains(outlook.Notes, note => note.Contains("train it again", StringComparison.Ordinal));
    }

    [Fact]
    public void A_longer_horizon_is_widened_by_the_variance_expected_over_it()
    {
        var history = Until(new DateOnly(2020, 3, 14));
        double one = TailOutlook.Of(Trained.Value, history).Levels[0].ValueAtRisk;
        double ten = TailOutlook.Of(Trained.Value, history, 10).Levels[0].ValueAtRisk;
        double[] h = Trained.Value.Volatility.Variances(history.Before(history.Target.Count));
        double variance = Trained.Value.Volatility.Parameters.VarianceAhead(h[^1], 10).Sum();
        Assert.Equal(Math.Sqrt(variance / h[^1]), ten / one, 1e-12);
    }

    [Fact]
    public void Bars_that_end_before_training_did_are_refused() =>
        Assert.Throws<ArgumentException>(() => TailOutlook.Of(Trained.Value, Until(new DateOnly(2019, 6, 1))));

    [Fact]
    public void A_young_coin_cannot_be_trained() =>
        Assert.Throws<ArgumentException>(() => TrainedTail.Train(MarketFolder.Coin("SOL"), 300));
}
