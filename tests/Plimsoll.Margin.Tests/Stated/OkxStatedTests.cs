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

/// <summary>OKX's first position tiers out of the venue's own answers.</summary>
public sealed class OkxStatedTiersTests
{
    const string Key = "okx-tiered-margin";

    /// <summary>okx.com/docs-v5, get instruments: the members that are read, of BTC-USDT-SWAP (0.01 BTC).</summary>
    internal const string Instruments = """
        {"code":"0","msg":"","data":[{"instType":"SWAP","instId":"BTC-USDT-SWAP","instFamily":"BTC-USDT",
          "ctType":"linear","ctVal":"0.01","ctMult":"1","ctValCcy":"BTC","settleCcy":"USDT","lotSz":"0.01"}]}
        """;

    /// <summary>
    /// okx.com/docs-v5, get position tiers; the first row as the venue gave it on 2026-08-12, a second after its form.
    /// </summary>
    internal const string Tiers = """
        {"code":"0","msg":"","data":[
          {"baseMaxLoan":"","imr":"0.01","instFamily":"BTC-USDT","instId":"","maxLever":"100","maxSz":"1000",
           "minSz":"0","mmr":"0.004","optMgnFactor":"0","quoteMaxLoan":"","tier":"1","uly":"BTC-USDT"},
          {"baseMaxLoan":"","imr":"0.013","instFamily":"BTC-USDT","instId":"","maxLever":"75","maxSz":"2000",
           "minSz":"1001","mmr":"0.01","optMgnFactor":"0","quoteMaxLoan":"","tier":"2","uly":"BTC-USDT"}]}
        """;

    [Fact]
    public void The_first_tier_is_the_shipped_one_in_coins_and_the_rest_keeps_its_day()
    {
        string text = StatedAnswers.Dated(Instruments, Tiers, OkxStatedTests.Discount);
        var ours = StatedAnswers.Ours(Key, text);
        var (stated, shipped) = (ours["tiers"]!["BTC/USDT"]!, StatedAnswers.Shipped(Key)["tiers"]!["BTC/USDT"]!);
        foreach (string key in (string[])["coins", "maintenance", "leverage"])
            Assert.Equal(shipped[key]!.GetValue<double>(), stated[key]!.GetValue<double>());
        var model = StatedAnswers.Read(Key, text).Value;
        Assert.Equal(
            ["2026-11-27 first tier of BTC/USDT", "2026-11-27 collateral rate of BTC"],
            StatedAnswers.Parts(model)[..2]
        );
        Assert.Contains("2026-09-25 liquidation fee", StatedAnswers.Parts(model));
        var held = StatedAnswers.Held(
            Samples.Perpetual("BTC", PayoffShape.Linear, 1) with
            {
                Settlement = new Currency("USDT"),
            },
            5,
            100_000
        ) with
        {
            Balances = [new CollateralBalance(new Currency("BTC"), 10)],
        };
        var pool = Assert.Single(model.Assess(held).Pools);
        Assert.Equal(0.98 * 1e6, pool.Balance, 1e-6);
        Assert.Equal(5_000, pool.Initial, 1e-9);
    }

    [Theory]
    [InlineData("\"mmr\":\"0.004\"", "\"mmr\":\"NaN\"", "mmr = \"NaN\"")]
    [InlineData("\"mmr\":\"0.004\"", "\"mmr\":\"-0.004\"", "mmr")]
    [InlineData("\"mmr\":\"0.004\"", "\"mmr\":\"0.02\"", "at most imr")]
    [InlineData("\"maxSz\":\"2000\"", "\"maxSz\":\"500\"", "rise in size")]
    [InlineData("\"maxLever\":\"75\"", "\"maxLever\":\"110\"", "fall in maxLever")]
    [InlineData("\"minSz\":\"0\"", "\"minSz\":\"10\"", "tiers from 0")]
    public void A_figure_that_cannot_be_is_refused(string from, string to, string said) =>
        Assert.Contains(
            StatedAnswers
                .Read(Key, StatedAnswers.Dated(Instruments, Tiers.Replace(from, to, StringComparison.Ordinal)))
                .Faults,
            fault => fault.ToString().Contains(said, StringComparison.Ordinal)
        );

    [Fact]
    public void Tiers_without_the_size_of_their_contracts_are_refused() =>
        Assert.Contains(
            "its contracts have no size",
            StatedAnswers.Fault(Key, StatedAnswers.Dated(Tiers)),
            StringComparison.Ordinal
        );
}
