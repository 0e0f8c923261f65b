using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Backtest.Tests;

/// <summary>Cash, settlement, funding and liquidation of one account, against sums done by hand.</summary>
public sealed class LedgerTests
{
    static readonly DateTimeOffset Noon = new(2026, 3, 26, 12, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Expiry = new(2026, 3, 27, 8, 0, 0, TimeSpan.Zero);

    static Instrument Contract(string name) => ContractsFile.Deribit.Instrument(DeribitNames.Parse(name, out _)!)!;

    static InstantPrices Market(DateTimeOffset time, double index, params (string Name, decimal Mark)[] marks) =>
        new(
            new MarketSnapshot
            {
                AsOf = time,
                Venue = "deribit",
                Source = "test",
                Underlyings =
                [
                    new UnderlyingMarket
                    {
                        Underlying = "BTC",
                        IndexUsd = index,
                        Forwards = [],
                    },
                ],
                Quotes =
                [
                    .. marks.Select(mark => new InstrumentQuote { Instrument = Contract(mark.Name), Mark = mark.Mark }),
                ],
            },
            Currency.Usd
        );

    static AccountLedger Ledger(decimal dollars = 100_000) => new(Walks.Flat(dollars), name => Contract(name));

    [Fact]
    public void A_balance_below_zero_pays_interest_and_cash_earns_none()
    {
        var ledger = Ledger();
        var flows = new StepFlows();
        ledger.Books[0].Pay(new Currency("BTC"), -2);
        // Half a year at 10% on two coins of 50,000 USD.
        ledger.PayInterest(Market(Noon, 50_000), TimeSpan.FromDays(182.5), 0.1, flows);
        Assert.Equal(-2.1m, ledger.Books[0].Cash[new Currency("BTC")]);
        Assert.Equal(100_000m, ledger.Books[0].Cash.Single(entry => entry.Key.IsDollar).Value);
        Assert.Equal(5_000, flows.Funding, 1e-9);
        ledger.PayInterest(Market(Noon, 50_000), TimeSpan.FromDays(182.5), 0, flows);
        Assert.Equal(5_000, flows.Funding, 1e-9);
    }

    [Fact]
    public void Inverse_perpetual_gains_in_coin_and_pays_its_fee_and_slip()
    {
        var ledger = Ledger();
        var flows = new StepFlows();
        var perpetual = Contract("BTC-PERPETUAL");
        var before = Market(Noon, 50_000, ("BTC-PERPETUAL", 50_000));
        // 1,000 contracts are 10,000 USD; bought 0.01 % above the mark, fee 0.05 % in coin.
        ledger.Fill(ledger.Books[0], perpetual, 1_000, 50_005, before, flows);
        Assert.Equal(5.0, flows.Fees, 1e-3);
        Assert.Equal(1.0, flows.Spread, 1e-3);
        Assert.Equal(10_000, flows.Traded, 1e-9);
        Assert.Equal(100_000 - 6.0, ledger.Equity(before), 1e-2);
        var after = Market(Noon.AddHours(8), 60_000, ("BTC-PERPETUAL", 60_000));
        ledger.MarkTo(after, flows);
        // 10,000·(1/50,000 − 1/60,000) coin at 60,000.
        double gain = 10_000 * (1 / 50_000.0 - 1 / 60_000.0) * 60_000;
        Assert.Equal(100_000 + gain - 6.0 * 1.2, ledger.Equity(after), 1e-2);
    }

    [Fact]
    public void Sweeping_turns_coin_gains_into_dollars_and_keeps_what_was_given()
    {
        var btc = new Currency("BTC");
        var given = Walks.Flat(100_000);
        given = given with
        {
            Subaccounts =
            [
                given.Subaccounts[0] with
                {
                    Balances = [.. given.Subaccounts[0].Balances, new Balance(btc, 0.5m)],
                },
            ],
        };
        var ledger = new AccountLedger(given, name => Contract(name));
        var flows = new StepFlows();
        var before = Market(Noon, 50_000, ("BTC-PERPETUAL", 50_000), ("BTC-27MAR26-60000-C", 0.03m));
        ledger.Fill(ledger.Books[0], Contract("BTC-PERPETUAL"), 1_000, 50_000, before, flows);
        // A premium that was received is owed until the option ends: it is no gain.
        ledger.Fill(ledger.Books[0], Contract("BTC-27MAR26-60000-C"), -1, 0.03m, before, flows);
        var after = Market(Noon, 60_000, ("BTC-PERPETUAL", 60_000), ("BTC-27MAR26-60000-C", 0.03m));
        ledger.MarkTo(after, flows);
        double equity = ledger.Equity(after);
        double fees = flows.Fees / 50_000;
        flows = new StepFlows();
        ledger.Sweep(given, Currency.Usd, after, 0.001, flows);
        double gained = 10_000 * (1 / 50_000.0 - 1 / 60_000.0) - fees;
        Assert.Equal(0.5 + 0.03, (double)ledger.Books[0].Cash[btc], 1e-11);
        Assert.Equal(100_000 + gained * 60_000 * 0.9995, (double)ledger.Books[0].Cash[Currency.Usdc], 1e-6);
        Assert.Equal(gained * 60_000 * 0.0005, flows.Spread, 1e-6);
        Assert.Equal(equity - flows.Spread, ledger.Equity(after), 1e-6);
        // A second sweep at the same prices finds nothing.
        ledger.Sweep(given, Currency.Usd, after, 0.001, flows);
        Assert.Equal(equity - gained * 60_000 * 0.0005, ledger.Equity(after), 1e-6);
    }

    [Fact]
    public void A_loss_in_coin_is_bought_back_with_dollars()
    {
        var ledger = Ledger();
        var flows = new StepFlows();
        var before = Market(Noon, 50_000, ("BTC-PERPETUAL", 50_000));
        ledger.Fill(ledger.Books[0], Contract("BTC-PERPETUAL"), 1_000, 50_000, before, flows);
        var fallen = Market(Noon, 40_000, ("BTC-PERPETUAL", 40_000));
        ledger.MarkTo(fallen, flows);
        Assert.True(ledger.Books[0].Cash[new Currency("BTC")] < 0);
        ledger.Sweep(Walks.Flat(100_000), Currency.Usd, fallen, 0, flows);
        Assert.Equal(0, ledger.Books[0].Cash[new Currency("BTC")]);
        double lost = 10_000 * (1 / 40_000.0 - 1 / 50_000.0) * 40_000;
        Assert.Equal(100_000 - lost - 5 * 0.8, (double)ledger.Books[0].Cash[Currency.Usdc], 1e-2);
    }

    [Fact]
    public void Funding_is_paid_on_face_for_the_hours_held()
    {
        var ledger = Ledger();
        var flows = new StepFlows();
        var market = Market(Noon, 50_000, ("BTC-PERPETUAL", 50_000));
        ledger.Fill(ledger.Books[0], Contract("BTC-PERPETUAL"), -1_000, 50_000, market, flows);
        double equity = ledger.Equity(market);
        ledger.PayFunding(market, TimeSpan.FromHours(24), 0.0001, flows);
        // Three times 0.01 % of 10,000 USD, received by the short.
        Assert.Equal(-3, flows.Funding, 1e-9);
        Assert.Equal(equity + 3, ledger.Equity(market), 1e-6);
    }

    [Theory]
    [InlineData("BTC-27MAR26-60000-C", 75_000, 0.2)]
    [InlineData("BTC-27MAR26-60000-P", 50_000, 0.2)]
    [InlineData("BTC-27MAR26-60000-C", 55_000, 0)]
    public void Inverse_option_settles_at_the_delivery_price(string name, double deliveryUsd, double coinEach)
    {
        var ledger = Ledger();
        var flows = new StepFlows();
        var open = Market(Noon, 60_000, (name, 0.03m));
        ledger.Fill(ledger.Books[0], Contract(name), 2, 0.03m, open, flows);
        // Premium 0.06 coin; fee 0.03 % of a coin each, below 12.5 % of the price.
        Assert.Equal(0.0006 * 60_000, flows.Fees, 1e-9);
        var closed = Market(Expiry.AddMinutes(80), deliveryUsd);
        var fees = new StepFlows();
        ledger.Settle(closed, (_, _) => deliveryUsd, fees);
        double delivery = coinEach > 0 ? 2 * 0.00015 : 0;
        Assert.Equal(delivery * deliveryUsd, fees.Fees, 1e-9);
        Assert.True(ledger.IsFlat);
        double coins = (double)ledger.Books[0].Cash[new Currency("BTC")];
        Assert.Equal(2 * coinEach - 0.06 - 0.0006 - delivery, coins, 1e-9);
    }

    [Fact]
    public void Pool_below_maintenance_is_closed_and_one_above_is_left_alone()
    {
        var ledger = Ledger(2_000);
        var flows = new StepFlows();
        var venue = new VenueAssumptions();
        var open = Market(Noon, 50_000, ("BTC-PERPETUAL", 50_000));
        ledger.Fill(ledger.Books[0], Contract("BTC-PERPETUAL"), 5_000, 50_000, open, flows);
        MarginWatch.Liquidate(ledger, DeribitStandardMargin.Shipped, open, venue, flows);
        Assert.Equal(0, flows.Liquidations);
        var pool = Assert.Single(MarginWatch.Pools(ledger, DeribitStandardMargin.Shipped, open));
        // Base 1 % and 2 % of one coin (50,000 USD), slope 0.005 % a coin.
        Assert.Equal(0.01005 * 50_000, pool.Maintenance, 1e-6);
        Assert.Equal(0.02005 * 50_000, pool.Initial, 1e-6);
        var fallen = Market(Noon.AddHours(1), 48_400, ("BTC-PERPETUAL", 48_400));
        ledger.MarkTo(fallen, flows);
        MarginWatch.Liquidate(ledger, DeribitStandardMargin.Shipped, fallen, venue, flows);
        Assert.Equal(1, flows.Liquidations);
        Assert.True(ledger.IsFlat);
        Assert.True(ledger.Equity(fallen) < 2_000 - 1_600 - 400);
    }
}
