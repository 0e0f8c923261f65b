using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Sizing.Tests;

public sealed class SingleTradeSizerTests
{
    static readonly MarketSnapshot Market = EmbeddedMarket.Snapshot();

    static SizingInput Input(Mandate mandate, string cash = "USDC", decimal amount = 1_000_000) =>
        new()
        {
            Market = Market,
            Account = new Account
            {
                Subaccounts =
                [
                    new Subaccount
                    {
                        Name = "main",
                        Venue = "deribit",
                        MarginMode = MarginMode.CrossStandard,
                        Balances = [new Balance(new Currency(cash), amount)],
                    },
                ],
            },
            Mandate = mandate with
            {
                Assumptions = new Assumptions(BookDepth: NotionalByKind.Same(1e12m), Funding8h: 0),
            },
            Scenarios = 1000,
        };

    static double Index => Market.Find("BTC")!.IndexUsd;

    static OptionInstrument Option(OptionRight right) =>
        Market
            .Quotes.Where(quote => quote.IsTwoSided)
            .Select(quote => quote.Instrument)
            .OfType<OptionInstrument>()
            .Where(option => option.Underlying == "BTC" && option.Right == right)
            .Where(option => option.Shape == PayoffShape.Inverse && option.Expiry > Market.AsOf.AddDays(20))
            .MinBy(option => Math.Abs((double)option.StrikeUsd - Index * (right == OptionRight.Call ? 1.15 : 0.85)))!;

    static SingleTrade Size(SizingInput input, string name, Side side, double risk, StopRule stop) =>
        SingleTradeSizer.Size(input, name, side, risk, stop).Value;

    [Theory]
    [InlineData(Side.Buy, 0.95)]
    [InlineData(Side.Sell, 1.05)]
    public void The_loss_at_the_stop_fills_the_budget_to_the_last_lot(Side side, double stop)
    {
        var trade = Size(
            Input(new Mandate()),
            "BTC-PERPETUAL",
            side,
            0.01,
            new StopRule(Math.Round(Index * stop), null)
        );
        Assert.Equal(DecisionStatus.Sized, trade.Status);
        Assert.Equal("risk budget", trade.Binding);
        Assert.InRange(trade.LossAtStop, trade.Budget - trade.LossPerContract, trade.Budget);
        Assert.Equal(trade.Contracts * 10, trade.OrderAmount);
        Assert.Equal("USD", trade.OrderAmountUnit);
        // About one per cent of a million lost over five per cent of the price: a notional of 200,000 USD.
        Assert.InRange(trade.OrderAmount, 190_000, 205_000);
    }

    [Fact]
    public void A_short_option_is_sized_by_a_volatility_stop()
    {
        string call = Option(OptionRight.Call).Name;
        var calm = Size(Input(new Mandate()), call, Side.Sell, 0.01, new StopRule(null, 0.05));
        var wild = Size(Input(new Mandate()), call, Side.Sell, 0.01, new StopRule(null, 0.30));
        Assert.True(calm.Contracts > wild.Contracts, $"{calm.Contracts} against {wild.Contracts}");
        Assert.True(wild.Contracts > 0);
        Assert.True(wild.LossAtStop <= wild.Budget);
    }

    [Fact]
    public void Without_a_stop_a_long_option_can_lose_its_premium_and_a_naked_call_the_tail()
    {
        var call = Option(OptionRight.Call);
        var bought = Size(Input(new Mandate()), call.Name, Side.Buy, 0.01, new StopRule(null, null));
        double premium = (double)bought.Price!.Value * Index;
        Assert.InRange(bought.LossPerContract, premium * 0.5, premium * 1.2);
        var sold = Size(Input(new Mandate()), call.Name, Side.Sell, 0.05, new StopRule(null, null));
        double tail = 4 * Index - (double)call.StrikeUsd;
        Assert.InRange(sold.LossPerContract, 0.9 * tail - premium, 1.1 * tail);
    }

    [Fact]
    public void A_limit_of_the_mandate_binds_before_the_budget()
    {
        var tight = new Mandate { Limits = new MandateLimits { Greeks = new GreekLimits(0.05, null, null, null) } };
        var stop = new StopRule(Math.Round(Index * 0.95), null);
        var free = Size(Input(new Mandate()), "BTC-PERPETUAL", Side.Buy, 0.01, stop);
        var bound = Size(Input(tight), "BTC-PERPETUAL", Side.Buy, 0.01, stop);
        Assert.True(bound.Contracts < free.Contracts);
        Assert.StartsWith("limits.greeks.delta", bound.Binding, StringComparison.Ordinal);
        // Delta of five per cent of a million.
        Assert.InRange(bound.OrderAmount, 49_000, 50_010);
    }

    [Fact]
    public void A_budget_below_the_smallest_order_is_infeasible()
    {
        var stop = new StopRule(Math.Round(Index * 0.5), null);
        var trade = Size(Input(new Mandate(), amount: 10), "BTC-PERPETUAL", Side.Buy, 0.001, stop);
        Assert.Equal(DecisionStatus.Infeasible, trade.Status);
        Assert.Equal(0, trade.Contracts);
    }

    [Theory]
    [InlineData("BTC-NOWHERE", 1.0, null, "instrument")]
    [InlineData("BTC-PERPETUAL", 1.1, null, "stop")]
    [InlineData("BTC-PERPETUAL", -1.0, null, "stop")]
    [InlineData("BTC-PERPETUAL", 0.9, 0.1, "stop-iv")]
    public void Stops_that_make_no_sense_are_refused(string name, double stop, double? shift, string field)
    {
        var parsed = SingleTradeSizer.Size(
            Input(new Mandate()),
            name,
            Side.Buy,
            0.01,
            new StopRule(stop * Index, shift)
        );
        Assert.Contains(parsed.Faults, fault => fault.Path == field);
    }

    [Fact]
    public void Coins_as_home_count_the_inverse_contract_in_coin()
    {
        var mandate = new Mandate { HomeCurrency = new Currency("BTC") };
        double entry = (double)Market.Quotes.Single(quote => quote.Instrument.Name == "BTC-PERPETUAL").Ask!.Value;
        double stop = Math.Round(entry * 0.95);
        var trade = Size(Input(mandate, "BTC", 2), "BTC-PERPETUAL", Side.Buy, 0.01, new StopRule(stop, null));
        double exact = 10 * (1 / stop - 1 / entry);
        Assert.Equal(0.02, trade.Budget, 1e-12);
        Assert.InRange(trade.LossPerContract, exact, exact * 1.05);
    }
}
