namespace Plimsoll.Tails.Tests;

/// <summary>The budget is cut at once, comes back slowly, and is never above the whole.</summary>
public class RiskBudgetTests
{
    static double[] Path(params double[] shortfalls)
    {
        var shares = new double[shortfalls.Length];
        new RiskBudget().Path(shortfalls, 10, shares);
        return shares;
    }

    [Fact]
    public void A_doubled_forecast_halves_the_budget_the_same_day() => Assert.Equal([1, 0.5], Path(10, 20));

    [Fact]
    public void What_was_cut_doubles_in_fifteen_days_and_stops_at_the_whole()
    {
        double[] shares = Path([40, .. Enumerable.Repeat(8.0, 40)]);
        Assert.Equal(0.25, shares[0], 1e-12);
        Assert.Equal(0.5, shares[15], 1e-12);
        Assert.Equal(1, shares[30], 1e-12);
        Assert.Equal(1, shares[^1]);
    }

    [Fact]
    public void Ten_percent_of_noise_moves_nothing()
    {
        double[] shares = Path([20, .. Enumerable.Range(0, 50).Select(t => t % 2 == 0 ? 18.5 : 21.5)]);
        Assert.All(shares, share => Assert.Equal(0.5, share));
    }

    [Fact]
    public void The_budget_never_falls_below_its_least() => Assert.Equal(0.25, Path(1000)[0]);

    [Fact]
    public void A_missing_forecast_is_no_share() => Assert.Throws<ArgumentException>(() => Path(10, double.NaN));

    [Theory]
    [InlineData("2020-03-13", 0.6, 0)]
    [InlineData("2024-08-06", 0.8, 0)]
    [InlineData("2023-09-01", 1, 0.95)]
    public void A_crash_cuts_and_calm_leaves_the_budget_whole(string date, double most, double least)
    {
        var cut = DateOnly.ParseExact(date, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var market = MarketFolder.Coin("BTC").Market;
        var known = new MarketDays([
            .. market
                .Coins.Select(coin => new CoinDays(coin.Underlying, [.. coin.Days.Where(d => d.Date < cut)]))
                .Where(coin => coin.Count > 100),
        ]);
        var reading = BudgetReading.Of(new TailHistory(known.Find("BTC")!, known), new())!;
        Assert.Equal(cut, reading.Day);
        Assert.InRange(reading.Share, least, most);
    }

    [Fact]
    public void A_young_coin_has_no_reading() => Assert.Null(BudgetReading.Of(MarketFolder.Coin("SOL"), new()));
}
