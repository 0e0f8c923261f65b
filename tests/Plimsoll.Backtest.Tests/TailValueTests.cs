using System.Collections.Immutable;
using Plimsoll.Numerics;
using Plimsoll.Tails;

namespace Plimsoll.Backtest.Tests;

/// <summary>Exposure rules at equal risk: what is known of each beforehand.</summary>
public class TailValueTests
{
    static readonly TailValueRequest Request = new();

    /// <summary>Days with a drift whose volatility turns slowly against the sixteen days that its estimate remembers.</summary>
    static TailHistory Coin(int days, bool isCalm)
    {
        var random = new SeededRandom(9, 0);
        var made = ImmutableArray.CreateBuilder<CoinDay>(days);
        for (int t = 0; t < days; t++)
        {
            double volatility = isCalm ? 2 : 2.5 + 1.8 * Math.Sin(2 * Math.PI * t / 400);
            double r = 0.15 + volatility * random.NextNormal();
            var realised = new RealisedMeasures(r * r, r < 0 ? r * r : 0, r * r);
            double range = volatility * volatility * (0.7 + 0.6 * random.NextDouble());
            made.Add(
                new(new DateOnly(2018, 1, 1).AddDays(t), r, Math.Min(r, 0), Math.Max(r, 0), realised, range, 1, 6)
            );
        }
        var coin = new CoinDays("AAA", made.ToImmutable());
        return new(coin, new MarketDays([coin]));
    }

    static readonly Lazy<TailValue> Turning = new(() => TailValue.Of(Coin(1700, isCalm: false), Request)!);

    [Fact]
    public void A_walk_has_the_risk_asked_for_and_pays_for_what_it_trades()
    {
        var random = new SeededRandom(4, 0);
        double[] returns = [.. Enumerable.Range(0, 800).Select(_ => 0.03 * random.NextNormal())];
        double[] targets = [.. Enumerable.Range(0, 800).Select(t => 1 + 0.5 * Math.Sin(t / 9.0))];
        var free = ExposureWalk.AtVolatility(targets, returns, 0.3, cost: 0, band: 0.1);
        var dear = ExposureWalk.AtVolatility(targets, returns, 0.3, cost: 0.01, band: 0.1);
        double[] same = [.. Enumerable.Repeat(2.0, 800)];
        var still = ExposureWalk.AtVolatility(same, returns, 0.3, cost: 0.01, band: 0.9);
        foreach (var walk in (ExposureWalk[])[free, dear, still])
            Assert.Equal(0.3, ExposureWalk.Deviation(walk.Returns) * Math.Sqrt(365), 1e-6);
        Assert.Equal(0, free.Cost);
        // One way: half of what is bought and sold; the purchase of the first day is paid but turns nothing over.
        Assert.Equal(0.01 * (2 * dear.Turnover + dear.FirstExposure), dear.Cost, 1e-12);
        Assert.True(dear.Returns.Sum() < free.Returns.Sum() - 0.9 * dear.Cost);
        Assert.Equal(0, still.Turnover);
    }

    [Fact]
    public void Targeting_volatility_steadies_it_and_pays_where_the_drift_does_not_turn_with_it()
    {
        var rows = Turning.Value.Rows;
        var target = rows.Single(row => row.Name == "volatility target").Figures;
        var hold = rows.Single(row => row.Name == "hold").Figures;
        Assert.InRange(target.VolatilityOfVolatility / hold.VolatilityOfVolatility, 0, 0.75);
        Assert.InRange(target.Sharpe - hold.Sharpe, 0.05, 2);
        var difference = rows.Single(row => row.Name == "hold");
        Assert.Equal(hold.Sharpe - target.Sharpe, difference.Less![1], 1e-12);
        Assert.True(difference.Bands![1].Low < difference.Less[1] && difference.Less[1] < difference.Bands[1].High);
    }

    [Fact]
    public void Without_turns_of_volatility_no_rule_can_add_much()
    {
        var rows = TailValue.Of(Coin(1500, isCalm: true), Request)!.Rows;
        Assert.All(rows.Where(row => row.Less is not null), row => Assert.InRange(row.Less![1], -0.35, 0.35));
    }

    [Fact]
    public void What_a_day_brings_does_not_move_its_own_exposure()
    {
        var history = Coin(1300, isCalm: false);
        var later = history.Target.Days.SetItem(
            1290,
            history.Target.Days[1290] with
            {
                Return = -60,
                RangeVariance = 3000,
            }
        );
        var coin = new CoinDays("AAA", later);
        var changed = new TailHistory(coin, new MarketDays([coin]));
        var before = ExposureRule.Of(history, 1000);
        var after = ExposureRule.Of(changed, 1000);
        for (int k = 0; k < before.Length; k++)
        {
            Assert.Equal(before[k].Targets[..291], after[k].Targets[..291]);
            if (before[k].Name != "hold")
                Assert.True(after[k].Targets[291] < before[k].Targets[291]);
        }
    }

    [Fact]
    public void A_young_coin_is_not_walked() => Assert.Null(TailValue.Of(Coin(1000, isCalm: true), Request));

    [Fact]
    public void Figures_of_a_short_series_are_those_worked_by_hand()
    {
        double[] returns = [.. Enumerable.Repeat(0.01, 29), -0.2, .. Enumerable.Repeat(0.0, 30)];
        var figures = ExposureFigures.Of(returns);
        Assert.Equal(0.2, figures.Drawdown, 1e-12);
        Assert.Equal(0.2, figures.Shortfall, 1e-12);
        Assert.Equal((29 * Math.Log(1.01) + Math.Log(0.8)) / 60 * 365, figures.GrowthAnnual, 1e-12);
        Assert.Equal(1, figures.VolatilityOfVolatility, 1e-12);
        Assert.Equal(0, Math.Max(0, 1 - Math.Pow(1.01, 29) * 0.8) - figures.WorstMonth, 1e-12);
    }
}
