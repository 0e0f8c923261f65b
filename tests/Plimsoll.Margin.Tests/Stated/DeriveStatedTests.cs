using System.Text.Json.Nodes;

namespace Plimsoll.Margin.Tests.Stated;

/// <summary>Derive's figures out of the answer to <c>public/get_all_currencies</c>, of both of its APIs.</summary>
public sealed class DeriveStatedTests
{
    const string Standard = "derive-standard-margin";
    const string Portfolio = "derive-portfolio-margin-2";

    /// <summary>
    /// Form of docs.derive.xyz (v3) with the ETH perpetual that it stated in 2026 (0.066 and 0.05) and, for the credit,
    /// the shipped fraction of ETH (0.8, initial 0.9375 of it).
    /// </summary>
    internal const string Newer = """
        {"id":1,"result":[
          {"currency":"ETH","market_type":"ALL","managers":[],"spot_price":"2500","perp":{"address":"0x1","name":"ETH-PERP",
            "universes":[{"risk_universe_id":1,"risk_universe_name":"PRIME","oi":{},"srm_perp_margin_requirements":
              {"im_perp_req":"0.066","mm_perp_req":"0.05","max_leverage":"15.15"}}]},
           "spot":[{"name":"ETH","address":"0x2","universes":[
             {"risk_universe_id":1,"oi":{},"srm_mm_discount":"0.8","srm_im_discount":"0.75","pm2_mm_discount":"0.95",
              "pm2_im_discount":"0.9"},
             {"risk_universe_id":2,"oi":{},"srm_mm_discount":"0.85","srm_im_discount":"0.8","pm2_mm_discount":"0.96",
              "pm2_im_discount":"0.89"}]}]},
          {"currency":"USDC","market_type":"CASH","managers":[],"spot_price":"1","spot":[]}]}
        """;

    /// <summary>Form of the older API, one currency.</summary>
    const string Older = """
        {"id":"1","result":{"currency":"ETH","spot_price":"2500","market_type":"ALL","instrument_types":["perp"],
          "managers":[],"pm2_collateral_discounts":[{"manager_currency":"ETH","im_discount":"0.9","mm_discount":"0.95"}],
          "srm_im_discount":"0.75","srm_mm_discount":"0.8",
          "srm_perp_margin_requirements":{"im_perp_req":"0.066","mm_perp_req":"0.05","max_leverage":"15.15"}}}
        """;

    [Fact]
    public void The_standard_manager_takes_perpetuals_and_credit_and_keeps_the_rest()
    {
        foreach (string answer in (string[])[Newer, Older])
        {
            var ours = StatedAnswers.Ours(Standard, StatedAnswers.Dated(answer));
            var (stated, shipped) = (Of(ours, "ETH"), Of(StatedAnswers.Shipped(Standard), "ETH"));
            Assert.Equal(
                (0.066, 0.05),
                (Number(stated, "perpetual", "initial"), Number(stated, "perpetual", "maintenance"))
            );
            Assert.Equal(Number(shipped, "coin", "fraction"), Number(stated, "coin", "fraction"));
            Assert.Equal(Number(shipped, "coin", "initial_scale"), Number(stated, "coin", "initial_scale"), 1e-12);
            Assert.Equal(shipped["option"]!.ToJsonString(), stated["option"]!.ToJsonString());
            Assert.DoesNotContain(ours["markets"]!.AsArray(), row => (string)row!["underlying"]! == "USDC");
            string[] parts = StatedAnswers.Parts(StatedAnswers.Read(Standard, StatedAnswers.Dated(answer)).Value);
            Assert.Equal(["2026-11-27 perpetual of ETH", "2026-11-27 credit of ETH"], parts[..2]);
            foreach (string kept in (string[])["perpetual of BTC", "credit of wstETH", "option factors, depeg and"])
                Assert.Contains(parts[2..], part => part.StartsWith("2026-01-21 " + kept, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_portfolio_manager_takes_the_least_credit_of_every_universe()
    {
        var ours = StatedAnswers.Ours(Portfolio, StatedAnswers.Dated(Newer));
        var rule = Assert.Single(ours["collaterals"]!.AsArray())!;
        Assert.Equal(
            ("ETH", 0.05, 0.06),
            (
                (string)rule["name"]!,
                rule["maintenance_haircut"]!.GetValue<double>(),
                rule["initial_haircut_on_top"]!.GetValue<double>()
            )
        );
        rule = Assert.Single(StatedAnswers.Ours(Portfolio, StatedAnswers.Dated(Older))["collaterals"]!.AsArray())!;
        Assert.Equal(0.05, rule["initial_haircut_on_top"]!.GetValue<double>());
        var model = StatedAnswers.Read(Portfolio, StatedAnswers.Dated(Newer)).Value;
        Assert.Equal(
            ["2026-11-27 haircut of ETH", "2026-01-21 scenarios, shocks and contingencies"],
            StatedAnswers.Parts(model)
        );
    }

    [Theory]
    [InlineData(Standard, "\"im_perp_req\":\"0.066\"", "\"im_perp_req\":\"0.01\"", "at most im_perp_req")]
    [InlineData(Standard, "\"mm_perp_req\":\"0.05\"", "\"mm_perp_req\":\"NaN\"", "mm_perp_req = \"NaN\"")]
    [InlineData(Standard, "\"srm_im_discount\":\"0.75\"", "\"srm_im_discount\":\"0.9\"", "at most srm_mm_discount")]
    [InlineData(Standard, "\"srm_mm_discount\":\"0.8\"", "\"srm_mm_discount\":\"-1\"", "srm_mm_discount")]
    [InlineData(Portfolio, "\"pm2_mm_discount\":\"0.95\"", "\"pm2_mm_discount\":\"2\"", "pm2_mm_discount")]
    [InlineData(Portfolio, "\"pm2_im_discount\":\"0.9\"", "\"pm2_im_discount\":\"0.99\"", "at most pm2_mm_discount")]
    public void A_figure_that_cannot_be_is_refused(string key, string from, string to, string said) =>
        Assert.Contains(
            StatedAnswers.Read(key, StatedAnswers.Dated(Newer.Replace(from, to, StringComparison.Ordinal))).Faults,
            fault => fault.ToString().Contains(said, StringComparison.Ordinal)
        );

    [Fact]
    public void An_answer_that_states_nothing_of_the_model_is_a_fault()
    {
        const string cash = """{"result":[{"currency":"USDC","market_type":"CASH"}]}""";
        foreach (string key in (string[])[Standard, Portfolio])
            Assert.Contains("figures of the model", StatedAnswers.Fault(key, StatedAnswers.Dated(cash)));
    }

    static JsonObject Of(JsonObject file, string coin) =>
        file["markets"]!.AsArray().Single(row => (string)row!["underlying"]! == coin)!.AsObject();

    static double Number(JsonObject market, string part, string key) => market[part]![key]!.GetValue<double>();
}
