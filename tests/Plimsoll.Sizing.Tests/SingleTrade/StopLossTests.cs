using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

public sealed class StopLossTests
{
    static PerpetualInstrument Perpetual(PayoffShape shape, decimal size, decimal fee) =>
        new()
        {
            Name = "TEST",
            Venue = "deribit",
            Underlying = "BTC",
            Shape = shape,
            Settlement = shape == PayoffShape.Inverse ? new Currency("BTC") : Currency.Usdc,
            ContractSize = size,
            LotContracts = 1,
            MinimumOrderContracts = 1,
            Ticks = TickSchedule.Uniform(0.5m),
            Fees = new FeeSchedule(0, fee, 0, null),
            OrderAmountPerContract = size,
            OrderAmountUnit = "USD",
        };

    [Fact]
    public void Linear_contracts_meet_the_fixed_fractional_row_with_its_multiplier_and_both_fees()
    {
        var rows = Golden.Cases("sizing/rules.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var row = rows!.Single(r => (string)r["name"]! == "fixed-fractional-with-stop-linear");
        double loss = StopLoss.OfFuture(Perpetual(PayoffShape.Linear, 0.001m, 0.0005m), Side.Buy, 60000, 57000, 0);
        Assert.Equal(Golden.Number(row["expected"]!["contracts_with_fees"]), 1000 / loss, 1e-6);
        double free = StopLoss.OfFuture(Perpetual(PayoffShape.Linear, 0.001m, 0), Side.Buy, 60000, 57000, 0);
        Assert.Equal(Golden.Number(row["expected"]!["contracts_without_fees"]), 1000 / free, 1e-6);
    }

    [Fact]
    public void Inverse_contracts_lose_in_coin_what_the_linear_formula_hides()
    {
        var rows = Golden.Cases("sizing/rules.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var row = rows!.Single(r => (string)r["name"]! == "fixed-fractional-with-stop-inverse");
        double loss = StopLoss.OfFuture(Perpetual(PayoffShape.Inverse, 10, 0), Side.Buy, 60000, 57000, 0);
        Assert.Equal(Golden.Number(row["expected"]!["loss_per_contract_btc"]), loss, 1e-15);
        Assert.Equal(Golden.Number(row["expected"]!["contracts"]), 2 * 0.01 / loss, 1e-6);
    }

    [Theory]
    [InlineData(PayoffShape.Linear)]
    [InlineData(PayoffShape.Inverse)]
    public void A_short_loses_when_the_price_rises_and_the_spread_costs_either_side(PayoffShape shape)
    {
        var perpetual = Perpetual(shape, 10, 0);
        Assert.True(StopLoss.OfFuture(perpetual, Side.Sell, 60000, 63000, 0) > 0);
        Assert.True(StopLoss.OfFuture(perpetual, Side.Sell, 60000, 57000, 0) < 0);
        foreach (var side in new[] { Side.Buy, Side.Sell })
            Assert.True(
                StopLoss.OfFuture(perpetual, side, 60000, 58000, 0.001)
                    > StopLoss.OfFuture(perpetual, side, 60000, 58000, 0)
            );
    }

    [Theory]
    [InlineData(PayoffShape.Linear, OptionRight.Call)]
    [InlineData(PayoffShape.Linear, OptionRight.Put)]
    [InlineData(PayoffShape.Inverse, OptionRight.Call)]
    [InlineData(PayoffShape.Inverse, OptionRight.Put)]
    public void An_option_closed_where_it_was_bought_loses_the_costs_only(PayoffShape shape, OptionRight right)
    {
        var option = new OptionInstrument
        {
            Name = "TEST",
            Venue = "deribit",
            Underlying = "BTC",
            Shape = shape,
            Settlement = shape == PayoffShape.Inverse ? new Currency("BTC") : Currency.Usdc,
            ContractSize = 2,
            LotContracts = 0.1m,
            MinimumOrderContracts = 0.1m,
            Ticks = TickSchedule.Uniform(0.0001m),
            Fees = new FeeSchedule(0, 0.0003m, 0, 0.125m),
            OrderAmountPerContract = 1,
            OrderAmountUnit = "BTC",
            StrikeUsd = 60000,
            Right = right,
            Expiry = DateTimeOffset.UnixEpoch,
        };
        double unit = shape == PayoffShape.Inverse ? 1.0 / 61000 : 1;
        double value = Black76.PriceUsd(61000, 60000, 0.1, 0.5, right) * unit;
        double fee = 0.0003 * (shape == PayoffShape.Inverse ? 1 : 61000);
        double half = value / 50;
        double loss = StopLoss.OfOption(option, Side.Buy, value, 61000, 61000, 0.1, 0.5, half);
        Assert.Equal(2 * (half + 2 * fee), loss, 1e-12 * value / unit);
        double shorted = StopLoss.OfOption(option, Side.Sell, value, 61000, 61000, 0.1, 0.65, half);
        double higher = Black76.PriceUsd(61000, 60000, 0.1, 0.65, right) * unit;
        Assert.Equal(2 * (higher - value + half + 2 * fee), shorted, 1e-12 * value / unit);
    }
}
