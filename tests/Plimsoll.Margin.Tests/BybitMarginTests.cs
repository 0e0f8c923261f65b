using Plimsoll.Markets;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

/// <summary>A response of the venue and the worked examples of its help pages.</summary>
public sealed class BybitMarginTests
{
    static readonly IVenueMargin Unified = AccountDistanceTests.Rule("bybit-unified-margin");

    static PoolStatement Assess(MarginPortfolio portfolio) => Assert.Single(Unified.Assess(portfolio).Pools);

    [Fact]
    public void A_response_of_the_venue_is_met_to_the_last_digit()
    {
        // position/list of 2024-06-27: BTCUSDT, Buy 0.001 at 60,766.7, leverage 10: positionIM, positionMM.
        var portfolio = BinanceMarginTests.Holding(
            50,
            (BinanceMarginTests.Swap("BTC", "bybit"), 0.001, new MarginQuote(60_766.7, 60_766.7))
        );
        portfolio = portfolio with { Positions = [portfolio.Positions[0] with { Leverage = 10 }] };
        var pool = Assess(portfolio);
        Assert.Equal(6.10674952, pool.Initial, 5e-9);
        Assert.Equal(0.33391302, pool.Maintenance, 5e-9);
    }

    [Theory]
    [InlineData(2_000_000, 10_000)]
    [InlineData(2_600_000, 10_000 + 600_000 * 0.0056)]
    public void Tiers_are_marginal(double value, double maintenance)
    {
        var quote = new MarginQuote(50_000, 50_000);
        var portfolio = BinanceMarginTests.Holding(
            1e6,
            (BinanceMarginTests.Swap("BTC", "bybit"), -value / 50_000, quote)
        );
        double fee = 0.00055 * value * (1 + 1 / 100.0);
        Assert.Equal(maintenance + fee, Assess(portfolio).Maintenance, 1e-6);
    }

    [Fact]
    public void The_help_pages_short_call_needs_1260_dollars()
    {
        var call = Option("BTC", 31_000, OptionRight.Call, Middle, PayoffShape.Linear) with
        {
            Settlement = BinanceMarginTests.Tether,
        };
        var pool = Assess(BinanceMarginTests.Holding(10_000, (call, -1, new MarginQuote(30_000, 300, 0.6))));
        Assert.Equal(1_260, pool.Maintenance, 1e-9);
        Assert.Equal(Math.Max(0.15 * 30_000 - 1_000, 3_000) + 300, pool.Initial, 1e-9);
        // Option value is no margin: the premium received is, as cash.
        Assert.Equal(10_000, pool.Balance, 1e-9);
        Assert.Equal(10_000 - 300, pool.Equity, 1e-9);
        Assert.Equal(0.126, pool.MaintenanceRatio!.Value, 1e-12);
    }

    [Fact]
    public void Portfolio_margin_and_larger_positions_are_undetermined_by_name()
    {
        var quote = new MarginQuote(60_000, 60_000);
        var held = BinanceMarginTests.Holding(10, (BinanceMarginTests.Swap("BTC", "bybit"), 1, quote));
        var portfolio = VenueMargins.For("bybit", MarginMode.CrossPortfolio)!.Shipped();
        Assert.Equal("bybit-portfolio-margin", portfolio.Key);
        Assert.True(portfolio.Assess(held).Missing.Length >= 4);
        var large = BinanceMarginTests.Holding(10, (BinanceMarginTests.Swap("BTC", "bybit"), 50, quote));
        Assert.Contains(Unified.Assess(large).Missing, line => line.Contains("beyond 2600000"));
        var other = BinanceMarginTests.Holding(10, (BinanceMarginTests.Swap("ETH", "bybit"), 1, quote));
        Assert.Contains(Unified.Assess(other).Missing, line => line.Contains("ETH/USDT"));
    }
}
