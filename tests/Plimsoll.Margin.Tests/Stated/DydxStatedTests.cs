using Plimsoll.Markets;

namespace Plimsoll.Margin.Tests.Stated;

/// <summary>dYdX's fractions out of the indexer's answer.</summary>
public sealed class DydxStatedTests
{
    const string Key = "dydx-margin";

    /// <summary>
    /// Form of docs.dydx.xyz, /v4/perpetualMarkets: BTC as the indexer gave it in 2025 (the shipped Large-Cap tier) and
    /// TRY of 2025 (the shipped FX tier); a market in final settlement and one whose ticker names its pool.
    /// </summary>
    internal const string Markets = """
        {"markets":{
          "BTC-USD":{"clobPairId":"0","ticker":"BTC-USD","status":"ACTIVE","oraclePrice":"118976.5376",
            "initialMarginFraction":"0.02","maintenanceMarginFraction":"0.012","openInterest":"52.0691",
            "marketType":"CROSS","openInterestLowerCap":"0","openInterestUpperCap":"0"},
          "TRY-USD":{"clobPairId":"143","ticker":"TRY-USD","status":"ACTIVE","initialMarginFraction":"0.01",
            "maintenanceMarginFraction":"0.005","openInterest":"1257800","marketType":"ISOLATED",
            "openInterestLowerCap":"500000","openInterestUpperCap":"1000000"},
          "OLD-USD":{"status":"FINAL_SETTLEMENT","initialMarginFraction":"1","maintenanceMarginFraction":"1"},
          "AURA,RAYDIUM,DTTR-USD":{"status":"ACTIVE","initialMarginFraction":"0.2","maintenanceMarginFraction":"0.1",
            "openInterestLowerCap":"5000000","openInterestUpperCap":"10000000"}}}
        """;

    [Fact]
    public void Fractions_are_those_of_the_shipped_tiers_and_other_markets_keep_theirs()
    {
        var ours = StatedAnswers.Ours(Key, StatedAnswers.Dated(Markets));
        foreach (var (coin, tier) in ((string, string)[])[("BTC", "Large-Cap"), ("TRY", "FX"), ("AURA", "Long-Tail")])
        {
            string name = (string)
                ours["markets"]!.AsArray().Single(row => (string)row!["underlying"]! == coin)!["tier"]!;
            var stated = ours["tiers"]!.AsArray().Single(row => (string)row!["name"]! == name)!;
            var shipped = StatedAnswers.Shipped(Key)["tiers"]!.AsArray().Single(row => (string)row!["name"]! == tier)!;
            foreach (
                string key in (string[])["initial_fraction", "maintenance_share", "lower_cap_usd", "upper_cap_usd"]
            )
                Assert.Equal(shipped[key]!.GetValue<double>(), stated[key]!.GetValue<double>());
        }
        var model = StatedAnswers.Read(Key, StatedAnswers.Dated(Markets)).Value;
        Assert.Equal(["2026-11-27 fractions of every market", "2026-03-05 tier of ETH"], StatedAnswers.Parts(model));
        var portfolio = StatedAnswers.Held(Samples.Perpetual("AURA", PayoffShape.Linear, 1), 10, 100);
        Assert.Contains("open-interest-usd/AURA", Assert.Single(model.Assess(portfolio).Missing));
        var known = portfolio with
        {
            Market = portfolio.Market with { Figures = portfolio.Market.Figures.Add("open-interest-usd/AURA", 1) },
        };
        var pool = Assert.Single(model.Assess(known).Pools);
        Assert.Equal((200, 100), (pool.Initial, pool.Maintenance));
        Assert.Contains("no liquidity tier", Assert.Single(VenueMargins.Find(Key)!.Shipped().Assess(known).Missing));
    }

    [Theory]
    [InlineData("\"initialMarginFraction\":\"0.02\"", "\"initialMarginFraction\":\"NaN\"", "initialMarginFraction")]
    [InlineData("\"initialMarginFraction\":\"0.02\"", "\"initialMarginFraction\":\"0\"", "initialMarginFraction")]
    [InlineData("\"maintenanceMarginFraction\":\"0.012\"", "\"maintenanceMarginFraction\":\"-1\"", "maintenanceMargin")]
    [InlineData("\"maintenanceMarginFraction\":\"0.012\"", "\"maintenanceMarginFraction\":\"0.03\"", "at most initial")]
    [InlineData("\"openInterestUpperCap\":\"1000000\"", "\"openInterestUpperCap\":\"1000\"", "openInterestLowerCap")]
    [InlineData(",\"openInterestUpperCap\":\"1000000\"", "", "openInterestUpperCap")]
    public void A_figure_that_cannot_be_is_refused_with_its_market(string from, string to, string said)
    {
        var faults = StatedAnswers
            .Read(Key, StatedAnswers.Dated(Markets.Replace(from, to, StringComparison.Ordinal)))
            .Faults;
        Assert.Contains(faults, fault => fault.ToString().Contains(said, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.StartsWith("answers[0].markets.", fault.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void No_market_is_a_fault() =>
        Assert.Contains(
            "markets that are traded",
            StatedAnswers.Fault(Key, StatedAnswers.Dated("""{"markets":{}}""")),
            StringComparison.Ordinal
        );
}
