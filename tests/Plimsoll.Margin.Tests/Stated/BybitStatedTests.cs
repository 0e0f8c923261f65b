using Plimsoll.Markets;

namespace Plimsoll.Margin.Tests.Stated;

/// <summary>Bybit's risk limits and collateral ratios out of the venue's own answers.</summary>
public sealed class BybitStatedTests
{
    const string Key = "bybit-unified-margin";

    /// <summary>
    /// Form of bybit-exchange.github.io/docs/v5/market/risk-limit; the figures of the help centre's page "Maintenance
    /// Margin (USDT Contract)" of 2025-09-05, which prints two tiers (the second's deduction is 1,200), and a third.
    /// </summary>
    internal const string Risk = """
        {"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[
          {"id":1,"symbol":"BTCUSDT","riskLimitValue":"2000000","maintenanceMargin":"0.005","initialMargin":"0.01",
            "isLowestRisk":1,"maxLeverage":"100.00","mmDeduction":""},
          {"id":2,"symbol":"BTCUSDT","riskLimitValue":"2600000","maintenanceMargin":"0.0056","initialMargin":"0.0111",
            "isLowestRisk":0,"maxLeverage":"90.00","mmDeduction":"1200"},
          {"id":3,"symbol":"BTCUSDT","riskLimitValue":"4000000","maintenanceMargin":"0.01","initialMargin":"0.02",
            "isLowestRisk":0,"maxLeverage":"50.00","mmDeduction":"12640"},
          {"id":1,"symbol":"BTCUSDT-26DEC25","riskLimitValue":"1","maintenanceMargin":"0.01","initialMargin":"0.02",
            "isLowestRisk":1,"maxLeverage":"50.00","mmDeduction":""}],
        "nextPageCursor":""},"retExtInfo":{},"time":1795737600000}
        """;

    /// <summary>bybit-exchange.github.io/docs/v5/spot-margin-uta/tier-collateral-ratio, its example.</summary>
    internal const string Collateral = """
        {"retCode":0,"retMsg":"OK","result":{"list":[{"currency":"BTC","collateralRatioList":[
          {"minQty":"0","maxQty":"1000000","collateralRatio":"0.85"},
          {"minQty":"1000000","maxQty":"","collateralRatio":"0"}]}]},"retExtInfo":"{}","time":1739848984945}
        """;

    [Fact]
    public void The_first_tiers_are_the_shipped_ones_and_the_day_is_the_answers()
    {
        var ours = StatedAnswers.Ours(Key, Risk)["brackets"]!["BTC/USDT"]!;
        var shipped = StatedAnswers.Shipped(Key)["brackets"]!["BTC/USDT"]!;
        foreach (string list in (string[])["lower", "rates"])
            Assert.Equal(Numbers(shipped[list]!), Numbers(ours[list]!)[..2]);
        Assert.Equal([100, 90, 50], Numbers(ours["leverage"]!));
        var model = StatedAnswers.Read(Key, Risk).Value;
        Assert.Equal(new DateOnly(2026, 11, 27), model.Note.Dated);
        Assert.Equal(
            [
                "2026-11-27 tiers of BTC/USDT",
                "2025-09-05 collateral ratio of USD",
                "2025-09-05 collateral ratio of USDC",
                "2025-09-05 collateral ratio of USDT",
                "2025-09-05 fee to close",
                "2025-09-05 option factors",
            ],
            StatedAnswers.Parts(model)
        );
        // 3,000,000 USDT at the third tier: beyond the shipped table, whose cap is 2,600,000.
        var pool = Assert.Single(model.Assess(Held(30)).Pools);
        double fee = 0.00055 * 3e6 * (1 - 1.0 / 50);
        Assert.Equal((3e6 * 0.01 - 12_640 + fee, 3e6 / 50 + fee), (pool.Maintenance, pool.Initial));
        Assert.False(VenueMargins.Find(Key)!.Shipped().Assess(Held(30)).IsDetermined);
    }

    [Fact]
    public void Rates_in_percent_are_told_from_fractions_by_the_leverage()
    {
        string percent = Risk.Replace("\"0.005\"", "\"0.5\"")
            .Replace("\"0.01\"", "\"1\"")
            .Replace("\"0.0056\"", "\"0.56\"")
            .Replace("\"0.0111\"", "\"1.11\"")
            .Replace("\"0.02\"", "\"2\"");
        Assert.Equal(
            StatedAnswers.Ours(Key, Risk)["brackets"]!["BTC/USDT"]!["lower"]!.ToJsonString(),
            StatedAnswers.Ours(Key, percent)["brackets"]!["BTC/USDT"]!["lower"]!.ToJsonString()
        );
        Assert.Equal(
            [0.005, 0.0056, 0.01],
            Numbers(StatedAnswers.Ours(Key, percent)["brackets"]!["BTC/USDT"]!["rates"]!).Select(r => Math.Round(r, 12))
        );
    }

    [Fact]
    public void A_coin_counts_by_its_first_tier_and_beyond_it_is_not_known()
    {
        var model = StatedAnswers.Read(Key, $"[{Risk}, {Collateral}]").Value;
        Assert.Contains("2026-11-27 collateral ratio of BTC", StatedAnswers.Parts(model));
        var held = Held(1) with { Balances = [new CollateralBalance(new Currency("BTC"), 2)] };
        Assert.Equal(0.85 * 2 * 100_000, Assert.Single(model.Assess(held).Pools).Balance, 1e-6);
        held = held with { Balances = [new CollateralBalance(new Currency("BTC"), 1_000_001)] };
        Assert.Equal("main: what of BTC counts is known up to 1000000", Assert.Single(model.Assess(held).Missing));
        Assert.False(VenueMargins.Find(Key)!.Shipped().Assess(held).IsDetermined);
    }

    [Theory]
    [InlineData("\"maintenanceMargin\":\"0.005\"", "\"maintenanceMargin\":\"NaN\"", "maintenanceMargin = \"NaN\"")]
    [InlineData("\"maintenanceMargin\":\"0.005\"", "\"maintenanceMargin\":\"-0.005\"", "maintenanceMargin")]
    [InlineData("\"maintenanceMargin\":\"0.005\"", "\"maintenanceMargin\":\"0.05\"", "maintenance at most the initial")]
    [InlineData("\"riskLimitValue\":\"2000000\"", "\"riskLimitValue\":\"3000000\"", "rise in notional")]
    [InlineData("\"mmDeduction\":\"1200\"", "\"mmDeduction\":\"1300\"", "a deduction of 1200 at 2000000, not 1300")]
    [InlineData("\"initialMargin\":\"0.01\"", "\"initialMargin\":\"0.3\"", "one over maxLeverage")]
    [InlineData("BTCUSDT\"", "BTC-26DEC25\"", "perpetuals such as BTCUSDT")]
    public void A_figure_that_cannot_be_is_refused(string from, string to, string said) =>
        Assert.Contains(
            StatedAnswers.Read(Key, Risk.Replace(from, to, StringComparison.Ordinal)).Faults,
            fault => fault.ToString().Contains(said, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("\"minQty\":\"1000000\"", "\"minQty\":\"2000000\"", "each from the end of the one before")]
    [InlineData("\"collateralRatio\":\"0\"", "\"collateralRatio\":\"0.9\"", "at most the share of the tier before")]
    [InlineData("\"collateralRatio\":\"0.85\"", "\"collateralRatio\":\"1.5\"", "a number from 0 to 1")]
    public void Collateral_tiers_are_in_order(string from, string to, string said) =>
        Assert.Contains(
            StatedAnswers.Read(Key, Collateral.Replace(from, to, StringComparison.Ordinal)).Faults,
            fault => fault.ToString().Contains(said, StringComparison.Ordinal)
        );

    [Fact]
    public void Nothing_stated_is_a_fault() =>
        Assert.Contains(
            "an answer of v5/market/risk-limit",
            StatedAnswers.Fault(Key, StatedAnswers.Dated("""{"retCode":0,"result":{"list":[]},"time":1}""")),
            StringComparison.Ordinal
        );

    static double[] Numbers(System.Text.Json.Nodes.JsonNode of) =>
        [.. of.AsArray().Select(number => number!.GetValue<double>())];

    static MarginPortfolio Held(double contracts) =>
        StatedAnswers.Held(
            Samples.Perpetual("BTC", PayoffShape.Linear, 1) with
            {
                Settlement = new Currency("USDT"),
            },
            contracts,
            100_000
        );
}
