using Plimsoll.Markets;

namespace Plimsoll.Storage.Tests;

/// <summary>Unit, multiplier and sign of each kind of contract, on the formulas that the venue states.</summary>
public class ContractTermsTests
{
    [Theory]
    [InlineData("BTC-PERPETUAL", PayoffShape.Inverse, "BTC", 10, 1, 10, "USD")]
    [InlineData("ETH-PERPETUAL", PayoffShape.Inverse, "ETH", 1, 1, 1, "USD")]
    [InlineData("BTC-25DEC26", PayoffShape.Inverse, "BTC", 10, 1, 10, "USD")]
    [InlineData("BTC-25DEC26-100000-C", PayoffShape.Inverse, "BTC", 1, 0.1, 1, "BTC")]
    [InlineData("ETH-25DEC26-3000-P", PayoffShape.Inverse, "ETH", 1, 1, 1, "ETH")]
    [InlineData("BTC_USDC-25DEC26-100000-C", PayoffShape.Linear, "USDC", 0.01, 1, 0.01, "BTC")]
    [InlineData("SOL_USDC-25DEC26-90-P", PayoffShape.Linear, "USDC", 10, 1, 10, "SOL")]
    [InlineData("XRP_USDC-25DEC26-0d625-C", PayoffShape.Linear, "USDC", 1000, 1, 1000, "XRP")]
    [InlineData("ETH_USDC-PERPETUAL", PayoffShape.Linear, "USDC", 0.001, 1, 0.001, "ETH")]
    [InlineData("BTC_USDC", PayoffShape.Linear, "USDC", 1, 0.0001, 1, "BTC")]
    public void Terms_state_shape_size_lot_and_order_unit_of_each_kind(
        string name,
        PayoffShape shape,
        string settlement,
        double size,
        double lot,
        double orderAmount,
        string unit
    )
    {
        var contract = Contract(name);
        Assert.Equal((shape, settlement, unit), (contract.Shape, contract.Settlement.Code, contract.OrderAmountUnit));
        Assert.Equal(
            ((decimal)size, (decimal)lot, (decimal)orderAmount),
            (contract.ContractSize, contract.LotContracts, contract.OrderAmountPerContract)
        );
        Assert.Equal(0, contract.MinimumOrderContracts % contract.LotContracts);
        Assert.Equal(name, contract.Name);
    }

    /// <summary>Deribit's documented table: amount·(1/p0 − 1/p1) coin, amount·(p1 − p0) USDC, amount·(q1 − q0).</summary>
    [Theory]
    [InlineData("BTC-PERPETUAL", 1000, 50_000, 60_000, 1.0 / 50 - 1.0 / 60)]
    [InlineData("ETH_USDC-PERPETUAL", 2.5, 2000, 1900, -250)]
    [InlineData("BTC-25DEC26-100000-C", 1.5, 0.02, 0.05, 0.045)]
    [InlineData("SOL_USDC-25DEC26-90-P", 20, 8.5, 10, 30)]
    public void Gain_of_a_long_order_amount_is_the_venue_s_formula(
        string name,
        double orderAmount,
        double entry,
        double exit,
        double gain
    )
    {
        var contract = Contract(name);
        double contracts = orderAmount / (double)contract.OrderAmountPerContract;
        double size = (double)contract.ContractSize;
        double move =
            contract is PerpetualInstrument && contract.Shape == PayoffShape.Inverse
                ? 1 / entry - 1 / exit
                : exit - entry;
        Assert.Equal(gain, contracts * size * move, 12);
    }

    [Fact]
    public void Ticks_of_inverse_options_widen_above_half_a_percent()
    {
        var ticks = Contract("BTC-25DEC26-100000-C").Ticks;
        Assert.Equal((0.0001m, 0.0005m), (ticks.At(0.005m), ticks.At(0.0051m)));
        Assert.Equal((0.012m, 0.0125m), (ticks.RoundDown(0.0123m), ticks.RoundUp(0.0123m)));
    }

    [Fact]
    public void Every_row_of_the_embedded_terms_is_sound_and_the_data_is_dated()
    {
        var venue = ContractsFile.Deribit;
        Assert.Equal("deribit", venue.Venue);
        Assert.True(venue.Dated >= new DateOnly(2026, 1, 1));
        Assert.StartsWith("https://", venue.Source);
        Assert.All(
            venue.All.Select(row => row.Terms),
            terms =>
            {
                Assert.True(terms is { ContractSize: > 0, LotContracts: > 0, OrderAmountPerContract: > 0 });
                Assert.True(terms.MinimumOrderContracts % terms.LotContracts == 0 && terms.Ticks.BaseTick > 0);
                Assert.InRange(terms.Fees.TakerRate, 0m, 0.001m);
            }
        );
    }

    static Instrument Contract(string name) => ContractsFile.Deribit.Instrument(DeribitNames.Parse(name, out _)!)!;
}
