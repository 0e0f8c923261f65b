namespace Plimsoll.Storage.Tests;

public sealed class StressFileTests
{
    const string Good = """
        [[case]]
        name = "stablecoin scare"
        spread = 8
        depth = "15%"
        [case.moves]
        BTC.spot = "-22%"
        BTC.volatility = "+60%"
        BTC.skew = -0.3
        BTC.term = "+30%"
        BTC.perpetual-basis = "-4%"
        BTC.forward-rate = "-15%"
        other = { spot = "-30%" }
        [[case]]
        name = "rally"
        [case.moves.ETH]
        spot = "+25%"
        """;

    [Fact]
    public void Every_key_is_read_and_what_is_absent_stays_absent()
    {
        var cases = StressFile.Parse(Good, "cases.toml").Value.Cases;
        Assert.Equal(["stablecoin scare", "rally"], cases.Select(each => each.Name));
        Assert.Equal((8, 0.15), (cases[0].Liquidity.Spread, cases[0].Liquidity.Depth));
        var coin = cases[0].Coins["BTC"];
        Assert.Equal((-0.22, 0.6, -0.3), (coin.Return, coin.VolatilityChange, coin.SkewMove));
        Assert.Equal((0.3, -0.04, -0.15), (coin.TermChange, coin.PerpetualBasis, coin.ForwardRate));
        Assert.Null(cases[0].Coins["other"].VolatilityChange);
        Assert.Null(cases[0].Coins["other"].SkewMove);
        Assert.Equal((1, 1), (cases[1].Liquidity.Spread, cases[1].Liquidity.Depth));
        Assert.Equal(["ETH"], cases[1].Coins.Keys);
    }

    [Theory]
    [InlineData("[[case]]\nname = \"a\"\nmoves = { BTC = { spot = -0.2 } }", 3, "case[0].moves.BTC.spot")]
    [InlineData("[[case]]\nname = \"a\"\nmoves = { BTC = { spto = \"-2%\" } }", 3, "case[0].moves.BTC.spto")]
    [InlineData("[[case]]\nname = \"a\"\nmoves = { btc = { spot = \"-2%\" } }", 3, "case[0].moves.btc")]
    [InlineData("[[case]]\nname = \"a\"\nmoves = {}", 3, "case[0].moves")]
    [InlineData("[[case]]\nname = \"a\"", 1, "case[0].moves")]
    [InlineData("[[case]]\nmoves = { BTC = { spot = \"-2%\" } }", 1, "case[0].name")]
    [InlineData("[[case]]\nname = \"a\"\ndepth = \"0%\"\nmoves = { BTC = { spot = \"-2%\" } }", 3, "case[0].depth")]
    [InlineData("[[case]]\nname = \"a\"\nspread = 0.5\nmoves = { BTC = { spot = \"-2%\" } }", 3, "case[0].spread")]
    [InlineData("[[case]]\nname = \"a\"\nmoves = { BTC = { spot = \"-100%\" } }", 3, "case[0].moves.BTC.spot")]
    [InlineData("case = []", 1, "case")]
    public void What_is_wrong_is_named_with_its_line_and_path(string text, int line, string path)
    {
        var parsed = StressFile.Parse(text, "cases.toml");
        Assert.False(parsed.Succeeded);
        Assert.Contains(parsed.Faults, fault => fault.Line == line && fault.Path == path);
    }

    [Fact]
    public void A_name_that_comes_twice_is_refused()
    {
        var parsed = StressFile.Parse(
            Good.Replace("rally", "stablecoin scare", StringComparison.Ordinal),
            "cases.toml"
        );
        Assert.Contains(parsed.Faults, fault => fault.Path == "case[1].name");
    }
}
