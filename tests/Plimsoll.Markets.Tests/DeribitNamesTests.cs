using CsCheck;

namespace Plimsoll.Markets.Tests;

public class DeribitNamesTests
{
    static readonly string[] Coins = ["BTC", "ETH", "XRP", "1000PEPE", "SOL"];

    static readonly Gen<DeribitName> Names =
        from kind in Gen.Enum<ContractKind>()
        from coin in Gen.Int[0, Coins.Length - 1].Select(i => Coins[i])
        from linear in Gen.Bool
        from day in Gen.Int[0, 36_523]
        from strike in Gen.OneOf(
            Gen.Decimal[1, 500_000].Select(decimal.Floor),
            Gen.Int[1, 99_999].Select(n => n / 10_000m)
        )
        from right in Gen.Enum<OptionRight>()
        let dated = kind is ContractKind.Option or ContractKind.Future
        let option = kind == ContractKind.Option
        select new DeribitName(
            kind,
            coin,
            linear || kind == ContractKind.Spot ? "USDC" : null,
            dated ? new DateOnly(2000, 1, 1).AddDays(day) : null,
            option ? strike : null,
            option ? right : null
        );

    [Fact]
    public void Parse_is_inverse_to_Write() =>
        Names.Sample(name => DeribitNames.Parse(DeribitNames.Write(name), out _) == name);

    [Fact]
    public void Parse_never_accepts_a_name_that_Write_would_spell_otherwise() =>
        Gen.Char["ABCEHTU_-P0123456789dCFS"]
            .Array[1, 24]
            .Select(chars => new string(chars))
            .Sample(text => DeribitNames.Parse(text, out _) is not { } name || DeribitNames.Write(name) == text);

    [Theory]
    [InlineData("BTC-PERPETUAL", ContractKind.Perpetual, "BTC", null)]
    [InlineData("BTC-25DEC26", ContractKind.Future, "BTC", "2026-12-25")]
    [InlineData("BTC-5AUG26-100000-C", ContractKind.Option, "BTC", "2026-08-05")]
    [InlineData("ETH_USDC-PERPETUAL", ContractKind.Perpetual, "ETH_USDC", null)]
    [InlineData("BTC_USDC-25DEC26-100000-C", ContractKind.Option, "BTC_USDC", "2026-12-25")]
    [InlineData("XRP_USDC-25DEC26-0d625-C", ContractKind.Option, "XRP_USDC", "2026-12-25")]
    [InlineData("BTC_USDC", ContractKind.Spot, "BTC_USDC", null)]
    public void Parse_reads_each_kind(string text, ContractKind kind, string product, string? day)
    {
        var name = DeribitNames.Parse(text, out string expected)!;
        Assert.Equal((kind, product, ""), (name.Kind, name.Product, day is null ? "" : ""));
        Assert.Equal(day is null ? null : DateOnly.Parse(day, null), name.ExpiryDate);
        Assert.Equal(text, name.ToString());
        Assert.Equal(day is null ? null : 8, name.Expiry?.Hour);
        Assert.NotEmpty(expected);
    }

    [Fact]
    public void Decimal_strike_is_read_exactly() =>
        Assert.Equal(0.625m, DeribitNames.Parse("XRP_USDC-25DEC26-0d625-C", out _)!.StrikeUsd);

    [Theory]
    [InlineData("BTC-FS-27MAR26_PERP")]
    [InlineData("BTC-CS-27MAR26-80000_90000")]
    [InlineData("ETH-STRG-27MAR26-1800_2400")]
    public void Combinations_are_refused_by_name(string text)
    {
        Assert.Null(DeribitNames.Parse(text, out string expected));
        Assert.StartsWith("a single contract; a combination is sized by its legs", expected);
    }

    [Theory]
    [InlineData("BTC-05AUG26-100000-C", "the venue's own spelling BTC-5AUG26-100000-C")]
    [InlineData("XRP_USDC-25DEC26-0d6250-C", "the venue's own spelling XRP_USDC-25DEC26-0d625-C")]
    [InlineData("BTC-25DEC26-0100000-C", "the venue's own spelling BTC-25DEC26-100000-C")]
    public void Other_spellings_are_told_the_venue_s_own(string text, string words)
    {
        Assert.Null(DeribitNames.Parse(text, out string expected));
        Assert.Equal(words, expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("BTC")]
    [InlineData("btc-PERPETUAL")]
    [InlineData("BTC-31FEB26")]
    [InlineData("BTC-0MAR26")]
    [InlineData("BTC-25DEC26-0-C")]
    [InlineData("BTC-25DEC26-1.5-C")]
    [InlineData("BTC-25DEC26--1-C")]
    [InlineData("BTC-25DEC26-100000-X")]
    [InlineData("BTC_-PERPETUAL")]
    [InlineData("BTC-25DEC2026")]
    [InlineData("BTC-25AND26")]
    public void Nonsense_is_refused(string text) => Assert.Null(DeribitNames.Parse(text, out _));

    [Fact]
    public void Write_of_an_option_without_a_strike_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() =>
            DeribitNames.Write(
                new(ContractKind.Option, "BTC", null, new DateOnly(2026, 12, 25), null, OptionRight.Call)
            )
        );
}
