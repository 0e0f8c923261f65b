namespace Plimsoll.Tails.Tests;

/// <summary>What every forecaster has to keep: no look-ahead, order of levels, scale, same bytes.</summary>
public class ModelTests
{
    static readonly DateOnly Cut = new(2020, 3, 12);

    public static TheoryData<string> Models() => [.. TailModels.All.Select(model => model.Name)];

    [Theory, MemberData(nameof(Models))]
    public void A_forecast_sees_nothing_of_its_day_or_later(string name)
    {
        var history = MarketFolder.Coin("BTC");
        int day = history.Target.FirstAt(Cut);
        var model = TailModels.Find(name)!;
        var known = model.Fit(history, day, null).Forecast(history, day, TailModels.Levels[1]);
        var other = Altered(history, Cut);
        var altered = model.Fit(other, day, null).Forecast(other, day, TailModels.Levels[1]);
        Assert.NotNull(known);
        Assert.Equal(known, altered);
        Assert.True(known.Value.IsValid);
    }

    [Theory, MemberData(nameof(Models))]
    public void A_rarer_loss_is_larger(string name)
    {
        var history = MarketFolder.Coin("ETH");
        int day = history.Target.FirstAt(new DateOnly(2021, 6, 1));
        var fit = TailModels.Find(name)!.Fit(history, day, null);
        var one = fit.Forecast(history, day, TailModels.Levels[0])!.Value;
        var two = fit.Forecast(history, day, TailModels.Levels[1])!.Value;
        Assert.True(one.Quantile < two.Quantile, $"{one} {two}");
        Assert.True(one.TailMean < two.TailMean, $"{one} {two}");
    }

    [Fact]
    public void The_upper_tail_is_the_lower_one_of_the_mirrored_returns()
    {
        var history = MarketFolder.Coin("BTC");
        int day = history.Target.FirstAt(Cut);
        var mirrored = new CoinDays("BTC", [.. history.Target.Days.Select(d => d with { Return = -d.Return })]);
        var turned = new TailHistory(mirrored, new MarketDays([mirrored]));
        foreach (var model in (ITailModel[])[SimpleModels.FilteredEwma(), SimpleModels.Historical()])
        {
            var up = ((IFittedLawModel)model.Fit(history, day, null)).Law(history, day)!.Upper(new(0.01));
            var down = ((IFittedLawModel)model.Fit(turned, day, null)).Law(turned, day)!.Lower(new(0.01));
            Assert.Equal(down.Quantile, up.Quantile, 1e-12);
            Assert.Equal(down.TailMean, up.TailMean, 1e-12);
        }
    }

    [Fact]
    public void A_day_after_a_missing_one_has_no_row_and_the_panel_model_no_forecast()
    {
        var history = MarketFolder.Coin("BTC");
        var days = history.Target.Days.RemoveAt(800);
        var gapped = new CoinDays("BTC", days);
        var market = new MarketDays([gapped, history.Market.Find("ETH")!]);
        var holed = new TailHistory(gapped, market);
        Assert.True(TailFeatures.Of(holed).Row(800).IsEmpty);
        Assert.False(TailFeatures.Of(holed).Row(799).IsEmpty);
        Assert.Null(TailModels.Realised.Fit(holed, 800, null).Forecast(holed, 800, new(0.01)));
    }

    [Fact]
    public void A_row_beyond_what_the_fit_has_seen_is_refused_by_name()
    {
        var history = MarketFolder.Coin("BTC");
        int day = history.Target.FirstAt(Cut);
        var fit = ((FittedRealisedScale)TailModels.Realised.Fit(history, day, null)).Fit;
        double[] row = [.. TailFeatures.Of(history).Row(day)];
        Assert.Null(fit.OutOfRange(row));
        row[3] = 1000;
        Assert.Equal("long-volatility", fit.OutOfRange(row));
        row[3] = double.NaN;
        Assert.Equal("long-volatility", fit.OutOfRange(row));
    }

    [Fact]
    public void Boosting_twice_gives_the_same_bytes_and_loads_again()
    {
        var (rows, targets) = Table(3000);
        using var first = BoostedQuantile.Train(rows, 3, targets, 0.025, new());
        using var second = BoostedQuantile.Train(rows, 3, targets, 0.025, new());
        Assert.Equal(first.Text, second.Text);
        using var loaded = BoostedQuantile.Load(first.Text, 3);
        Assert.Equal(first.At([0.1, 0.2, 0.3]), loaded.At([0.1, 0.2, 0.3]));
        Assert.NotEqual(first.Text, BoostedQuantile.Train(rows, 3, targets, 0.025, new(Seed: 2)).Text);
    }

    [Fact]
    public void A_boosted_quantile_covers_what_it_was_asked_to()
    {
        var (rows, targets) = Table(20_000);
        using var booster = BoostedQuantile.Train(rows, 3, targets, 0.05, new(Trees: 100, LearningRate: 0.1));
        int hits = 0;
        for (int i = 0; i < targets.Length; i++)
            hits += targets[i] < booster.At(rows.AsSpan(3 * i, 3)) ? 1 : 0;
        Assert.Equal(0.05, (double)hits / targets.Length, 0.005);
        // The first column is the scale: where it is large the quantile is far.
        Assert.True(booster.At([2, 0, 0]) < 1.5 * booster.At([0.5, 0, 0]));
        Assert.Throws<ArgumentException>(() => booster.At([1.0]));
    }

    [Fact]
    public void A_booster_refuses_what_is_no_model() =>
        Assert.Throws<InvalidOperationException>(() => BoostedQuantile.Load("nonsense", 3));

    [Fact]
    public void The_combination_lies_between_its_members_and_sleeps_with_them()
    {
        var combination = new ForecastCombination(CombinationState.Fresh(2), new(0.01), new());
        TailForecast?[] members = [new(-5, -7), new(-9, -12)];
        Assert.Equal(new TailForecast(-7, -9.5), combination.Combine(members));
        Assert.Equal(new TailForecast(-9, -12), combination.Combine([null, members[1]]));
        Assert.Null(combination.Combine([null, null]));
        for (int t = 0; t < 200; t++)
            combination.Observe(members, -0.5);
        Assert.True(combination.Weights[0] > combination.Weights[1]);
        Assert.True(combination.Factor < 1);
        var again = new ForecastCombination(combination.State, new(0.01), new());
        Assert.Equal(combination.Combine(members), again.Combine(members));
        double before = combination.Factor;
        combination.Observe(members, -20);
        Assert.True(combination.Factor > before);
    }

    static (double[] Rows, float[] Targets) Table(int n)
    {
        var random = new Numerics.SeededRandom(5, 0);
        var (rows, targets) = (new double[3 * n], new float[n]);
        for (int i = 0; i < n; i++)
        {
            rows[3 * i] = 0.5 + 1.5 * random.NextDouble();
            rows[3 * i + 1] = random.NextNormal();
            rows[3 * i + 2] = random.NextNormal();
            targets[i] = (float)(rows[3 * i] * random.NextNormal());
        }
        return (rows, targets);
    }

    /// <summary>The same market with other returns and bars from a date on.</summary>
    static TailHistory Altered(TailHistory history, DateOnly from)
    {
        var coins = history.Market.Coins.Select(coin => new CoinDays(
            coin.Underlying,
            [
                .. coin.Days.Select(d =>
                    d.Date < from
                        ? d
                        : d with
                        {
                            Return = 3 - d.Return,
                            RangeVariance = 2 * d.RangeVariance + 1,
                            Realised = new(9, 4, 3),
                            VolumeUsd = 1,
                        }
                ),
            ]
        ));
        var market = new MarketDays([.. coins]);
        return new TailHistory(market.Find(history.Target.Underlying)!, market);
    }
}
