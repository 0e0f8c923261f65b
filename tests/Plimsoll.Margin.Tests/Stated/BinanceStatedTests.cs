using System.Text.Json.Nodes;

namespace Plimsoll.Margin.Tests.Stated;

/// <summary>Binance's brackets, option ratios and collateral rates out of the venue's own answers.</summary>
public sealed class BinanceStatedTests
{
    const string Key = "binance-margin";
    const string Portfolio = "binance-portfolio-margin";

    /// <summary>
    /// Form of developers.binance.com, notional and leverage brackets; the first five brackets of ETHUSDC as the API gave
    /// them in summer 2024, with the deductions that they imply.
    /// </summary>
    internal const string Brackets = """
        [{"symbol":"ETHUSDC","notionalCoef":1.5,"brackets":[
          {"bracket":1,"initialLeverage":125,"notionalCap":50000,"notionalFloor":0,"maintMarginRatio":0.004,"cum":0.0},
          {"bracket":2,"initialLeverage":100,"notionalCap":500000,"notionalFloor":50000,"maintMarginRatio":0.005,
            "cum":50.0},
          {"bracket":3,"initialLeverage":75,"notionalCap":1000000,"notionalFloor":500000,"maintMarginRatio":0.0065,
            "cum":800.0},
          {"bracket":4,"initialLeverage":50,"notionalCap":5000000,"notionalFloor":1000000,"maintMarginRatio":0.01,
            "cum":4300.0},
          {"bracket":5,"initialLeverage":20,"notionalCap":50000000,"notionalFloor":5000000,"maintMarginRatio":0.02,
            "cum":54300.0}]},
         {"symbol":"ETHBTC","brackets":[]}]
        """;

    /// <summary>developers.binance.com, options, exchange information: its example's ratios.</summary>
    internal const string Options = """
        {"timezone":"UTC","serverTime":1795737600000,"optionContracts":[],"optionSymbols":[
          {"symbol":"BTC-220815-50000-C","side":"CALL","strikePrice":"50000","underlying":"BTCUSDT","unit":1,
           "liquidationFeeRate":"0.0019000","initialMargin":"0.15","maintenanceMargin":"0.075","minInitialMargin":"0.1",
           "minMaintenanceMargin":"0.05","quoteAsset":"USDT","status":"TRADING"}]}
        """;

    const string Rates = """[{"asset":"USDC","collateralRate":"1.0000"},{"asset":"BTC","collateralRate":"0.9500"}]""";

    [Fact]
    public void Brackets_are_the_shipped_ones_and_the_rest_stays_with_its_day()
    {
        var ours = StatedAnswers.Ours(Key, StatedAnswers.Dated(Brackets))["brackets"]!["ETH/USDC"]!;
        var shipped = StatedAnswers.Shipped(Key)["brackets"]!["ETH/USDC"]!;
        foreach (string list in (string[])["lower", "rates", "leverage"])
            Assert.Equal(Numbers(shipped[list]!)[..5], Numbers(ours[list]!));
        Assert.Equal(50e6, ours["cap"]!.GetValue<double>());
        var model = StatedAnswers.Read(Key, StatedAnswers.Dated(Brackets, Options)).Value;
        Assert.Equal(
            [
                "2026-11-27 brackets of ETH/USDC",
                "2026-11-27 option ratios",
                "2024-09-01 brackets of BTC/USDT",
                "2024-09-01 brackets of BTC/USDT/dated",
                "2024-09-01 brackets of ETH/USDT",
                "2024-09-01 brackets of ETH/USDT/dated",
                "2024-09-01 collateral rates",
            ],
            StatedAnswers.Parts(model)
        );
        Assert.Equal(
            StatedAnswers.Shipped(Key)["options"]!.ToJsonString(),
            new JsonObject(
                StatedAnswers.Shipped(Key)["options"]!
                    .AsObject()
                    .Select(row =>
                        KeyValuePair.Create(row.Key, StatedAnswers.Ours(Key, Options)["options"]![row.Key]?.DeepClone())
                    )
            ).ToJsonString()
        );
        Assert.Equal(new DateOnly(2026, 11, 27), StatedAnswers.Read(Key, Options).Value.Note.Dated);
    }

    [Fact]
    public void Portfolio_margin_reads_brackets_and_collateral_rates()
    {
        var ours = StatedAnswers.Ours(Portfolio, StatedAnswers.Dated(Brackets, Rates));
        Assert.Equal(0.95, ours["collateral_rates"]!["BTC"]!["rate"]!.GetValue<double>());
        Assert.Equal(1.05, ours["liquidation_ratio"]!.GetValue<double>());
        string[] parts = StatedAnswers.Parts(StatedAnswers.Read(Portfolio, StatedAnswers.Dated(Brackets, Rates)).Value);
        Assert.Contains("2026-11-27 collateral rates", parts);
        Assert.Contains("2025-02-01 liquidation and order ratios", parts);
        Assert.Contains("an answer of fapi", StatedAnswers.Fault(Key, StatedAnswers.Dated(Rates)));
    }

    [Fact]
    public void Dated_contracts_that_differ_and_options_that_differ_are_said()
    {
        string dated = Brackets.Replace("ETHUSDC", "ETHUSDC_261225", StringComparison.Ordinal);
        string other = dated
            .Replace("0.004", "0.0045", StringComparison.Ordinal)
            .Replace("\"cum\":50.0", "\"cum\":25.0")
            .Replace("\"cum\":800.0", "\"cum\":775.0")
            .Replace("\"cum\":4300.0", "\"cum\":4275.0")
            .Replace("\"cum\":54300.0", "\"cum\":54275.0");
        var same = StatedAnswers.Ours(Key, StatedAnswers.Dated(dated));
        Assert.NotNull(same["brackets"]!["ETH/USDC/dated"]);
        string both = dated.TrimEnd()[..^1] + "," + other.TrimStart()[1..];
        var differing = StatedAnswers.Ours(Key, StatedAnswers.Dated(both));
        Assert.Null(differing["brackets"]!["ETH/USDC/dated"]);
        Assert.Contains("different brackets: undetermined", differing["doubts"]!.ToJsonString());
        string second = Options.Replace(
            "]}",
            """,{"symbol":"X","initialMargin":"0.2","maintenanceMargin":"0.075","minInitialMargin":"0.1","minMaintenanceMargin":"0.05"}]}""",
            StringComparison.Ordinal
        );
        second = second.Replace("\"optionContracts\":[],", "", StringComparison.Ordinal);
        var options = StatedAnswers.Ours(Key, second);
        Assert.Equal(0.2, options["options"]!["initialMargin"]!.GetValue<double>());
        Assert.Contains("options differ in initialMargin", options["doubts"]!.ToJsonString());
    }

    [Theory]
    [InlineData("\"maintMarginRatio\":0.004", "\"maintMarginRatio\":-0.004", "a number from 0 to 1")]
    [InlineData("\"maintMarginRatio\":0.004", "\"maintMarginRatio\":\"NaN\"", "a number from 0 to 1")]
    [InlineData("\"maintMarginRatio\":0.004", "\"maintMarginRatio\":0.0045", "a deduction of 25 at 50000, not 50")]
    [InlineData("\"maintMarginRatio\":0.02", "\"maintMarginRatio\":0.2", "maintenance at most the initial margin")]
    [InlineData("\"notionalFloor\":50000,", "\"notionalFloor\":60000,", "50000, where the bracket before ends")]
    [InlineData("\"initialLeverage\":75", "\"initialLeverage\":110", "fall in leverage")]
    [InlineData("\"symbol\":\"ETHUSDC\"", "\"symbol\":\"ETHBUSD\"", "contracts in USDT or USDC")]
    public void A_bracket_that_cannot_be_is_refused(string from, string to, string said) =>
        Assert.Contains(
            StatedAnswers.Read(Key, StatedAnswers.Dated(Brackets.Replace(from, to, StringComparison.Ordinal))).Faults,
            fault => fault.ToString().Contains(said, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("\"maintenanceMargin\":\"0.075\"", "\"maintenanceMargin\":\"0.2\"", "at most the initial margin")]
    [InlineData("\"minInitialMargin\":\"0.1\",", "", "minInitialMargin")]
    [InlineData("\"initialMargin\":\"0.15\"", "\"initialMargin\":\"0\"", "initialMargin = \"0\"")]
    public void An_option_ratio_that_cannot_be_is_refused(string from, string to, string said) =>
        Assert.Contains(
            StatedAnswers.Read(Key, Options.Replace(from, to, StringComparison.Ordinal)).Faults,
            fault => fault.ToString().Contains(said, StringComparison.Ordinal)
        );

    static double[] Numbers(JsonNode of) => [.. of.AsArray().Select(number => number!.GetValue<double>())];
}
