using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.TestSupport;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

public sealed class LiquidationDistanceTests
{
    static readonly Currency Usd = Currency.Usd;

    [Fact]
    public void Inverse_future_alone_is_liquidated_at_the_golden_prices()
    {
        var rows = Golden.Cases("margin/deribit-standard-margin.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        int met = 0;
        foreach (var row in rows!.Where(row => row["inputs"]!.AsObject().ContainsKey("balance_coin")))
        {
            var inputs = row["inputs"]!;
            var account = Accounts.Segregated(
                [new Balance(Btc, (decimal)Golden.Number(inputs["balance_coin"]))],
                [
                    new Position(
                        "BTC-PERPETUAL",
                        (decimal)Golden.Number(inputs["contract_amount_usd"]) / 10,
                        (decimal)Golden.Number(inputs["entry_price_usd"])
                    ),
                ]
            );
            // The golden rows start at the entry price: a market whose perpetual stands there.
            var perpetual = Perpetual("BTC");
            var market = Market(perpetual);
            market = market with { Quotes = [market.Quotes[0] with { Mark = 60_000 }] };
            var world = new RiskMarket(market, Surfaces);
            var book = Book.Of(account, market, world.Prices);
            var points = LiquidationDistance.Of(world, account, book, DeribitStandardMargin.Shipped, Usd, "BTC");
            if (row["expected"]!["liquidation_price_usd"] is { } expected)
            {
                double price = Assert.Single(points, point => point.Move is not null).PriceUsd!.Value;
                Assert.Equal(Golden.Number(expected), price, 1e-6);
            }
            else
                Assert.All(points, point => Assert.Null(point.Move));
            met++;
        }
        Assert.Equal(3, met);
    }

    [Fact]
    public void Revaluing_at_the_price_found_gives_a_balance_equal_to_maintenance()
    {
        Instrument[] instruments =
        [
            Option("BTC", 55_000, OptionRight.Put, Middle),
            Option("BTC", 66_000, OptionRight.Call, Middle),
            Option("ETH", 2_200, OptionRight.Call, Far, PayoffShape.Linear),
            Perpetual("BTC"),
            Perpetual("ETH", PayoffShape.Linear, 0.01m),
        ];
        var market = Market(instruments);
        var world = new RiskMarket(market, Surfaces);
        var account = Accounts.Segregated(
            [new Balance(Btc, 4), new Balance(Currency.Usdc, 30_000)],
            [
                new Position(instruments[0].Name, -6, null),
                new Position(instruments[1].Name, -5, null),
                new Position(instruments[2].Name, -10, null),
                new Position(instruments[3].Name, 3_000, 59_000),
                new Position(instruments[4].Name, 200, null),
            ]
        );
        var book = Book.Of(account, market, world.Prices);
        int found = 0;
        foreach (string coin in new[] { "BTC", "ETH" })
        foreach (var point in LiquidationDistance.Of(world, account, book, DeribitStandardMargin.Shipped, Usd, coin))
        {
            if (point.Move is not { } move)
                continue;
            found++;
            var (spare, pool) = LiquidationDistance.Spare(
                world,
                account,
                book,
                DeribitStandardMargin.Shipped,
                Usd,
                coin,
                [Math.Log(1 + move), Math.Log(1 + move / 2)]
            );
            double equity = book.EquityNow(HomePrices.Of(market, Scenarios([0.0]), Usd));
            Assert.Equal(0, spare[0] / equity, 1e-9);
            Assert.True(spare[1] > 0);
            Assert.Equal(point.Pool, pool[0]);
        }
        Assert.True(found >= 3, $"only {found} liquidation points: the test proves little");
    }

    [Fact]
    public void An_account_already_short_of_margin_has_distance_zero_and_one_in_dollars_alone_has_none()
    {
        var perpetual = Perpetual("BTC");
        var market = Market(perpetual);
        var world = new RiskMarket(market, Surfaces);
        var broke = Accounts.Segregated([new Balance(Btc, 0.01m)], [new Position(perpetual.Name, 60_000, null)]);
        var points = LiquidationDistance.Of(
            world,
            broke,
            Book.Of(broke, market, world.Prices),
            DeribitStandardMargin.Shipped,
            Usd,
            "BTC"
        );
        Assert.All(points, point => Assert.Equal(0, point.Move));
        var idle = Accounts.Segregated([new Balance(Currency.Usdc, 1_000)], []);
        points = LiquidationDistance.Of(
            world,
            idle,
            Book.Of(idle, market, world.Prices),
            DeribitStandardMargin.Shipped,
            Usd,
            "BTC"
        );
        Assert.All(points, point => Assert.Null(point.Move));
    }
}
