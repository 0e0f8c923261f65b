using Plimsoll.Markets;

namespace Plimsoll.Margin.Tests.Stated;

/// <summary>OKX's collateral discounts out of the venue's own answer.</summary>
public sealed class OkxStatedTests
{
    const string Key = "okx-portfolio-margin";

    /// <summary>okx.com/docs-v5, get discount rate and interest-free quota: its example.</summary>
    internal const string Discount = """
        {"code":"0","data":[{"amt":"0","ccy":"BTC","collateralRestrict":false,"details":[
          {"discountRate":"0.98","liqPenaltyRate":"0.02","maxAmt":"20","minAmt":"0","tier":"1","disCcyEq":"1000"},
          {"discountRate":"0.9775","liqPenaltyRate":"0.0225","maxAmt":"25","minAmt":"20","tier":"2","disCcyEq":"2000"}],
          "discountLv":"1","minDiscountRate":"0"}],"msg":""}
        """;

    [Fact]
    public void A_coins_first_tier_counts_and_beyond_it_is_not_known()
    {
        var model = StatedAnswers.Read(Key, StatedAnswers.Dated(Discount)).Value;
        Assert.Equal(
            [
                "2026-11-27 haircut of BTC",
                "2025-01-15 haircut of USD",
                "2025-01-15 haircut of USDC",
                "2025-01-15 haircut of USDT",
                "2025-01-15 shocks, charges and borrowing",
            ],
            StatedAnswers.Parts(model)
        );
        var held = StatedAnswers.Held(Samples.Perpetual("BTC", PayoffShape.Linear, 1), 1, 100_000) with
        {
            Balances = [new CollateralBalance(new Currency("BTC"), 20)],
        };
        var pool = Assert.Single(model.Assess(held).Pools);
        Assert.Equal(0.98 * 20 * 100_000, pool.Balance, 1e-6);
        Assert.Equal(
            Assert.Single(model.Assess(held with { Balances = [] }).Pools).Maintenance,
            pool.Maintenance,
            1e-6
        );
        held = held with { Balances = [new CollateralBalance(new Currency("BTC"), 21)] };
        Assert.Equal("main: what of BTC counts is known up to 20", Assert.Single(model.Assess(held).Missing));
        Assert.Contains("no haircut of BTC", VenueMargins.Find(Key)!.Shipped().Assess(held).Missing[0]);
    }

    [Theory]
    [InlineData("\"discountRate\":\"0.98\"", "\"discountRate\":\"NaN\"", "discountRate = \"NaN\"")]
    [InlineData("\"discountRate\":\"0.98\"", "\"discountRate\":\"-0.98\"", "a number from 0 to 1")]
    [InlineData("\"discountRate\":\"0.9775\"", "\"discountRate\":\"0.99\"", "at most the share of the tier before")]
    [InlineData("\"minAmt\":\"20\"", "\"minAmt\":\"10\"", "each from the end of the one before")]
    [InlineData("\"maxAmt\":\"20\"", "\"maxAmt\":\"0\"", "maxAmt")]
    public void A_figure_that_cannot_be_is_refused(string from, string to, string said) =>
        Assert.Contains(
            StatedAnswers.Read(Key, StatedAnswers.Dated(Discount.Replace(from, to, StringComparison.Ordinal))).Faults,
            fault => fault.ToString().Contains(said, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("""{"code":"0","data":[],"msg":""}""")]
    [InlineData(
        """{"code":"0","data":[{"instFamily":"BTC-USDT","tier":"1","mmr":"0.004","imr":"0.008","maxLever":"125"}]}"""
    )]
    public void Nothing_of_it_and_the_tiers_of_other_account_modes_are_refused(string answer) =>
        Assert.Contains(
            "an answer of api/v5/public/discount-rate-interest-free-quota",
            StatedAnswers.Fault(Key, StatedAnswers.Dated(answer)),
            StringComparison.Ordinal
        );
}
