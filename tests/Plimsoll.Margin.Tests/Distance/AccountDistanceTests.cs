using System.Collections.Immutable;
using CsCheck;
using Plimsoll.Markets;
using Plimsoll.TestSupport;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

public sealed class AccountDistanceTests
{
    static readonly IVenueMargin[] Rules = [Rule("deribit-standard-margin"), Rule("deribit-portfolio-margin")];

    [Fact]
    public void Inverse_future_alone_is_liquidated_at_the_golden_prices()
    {
        var rows = Golden.Cases("margin/deribit-standard-margin.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        int met = 0;
        foreach (var row in rows!.Where(row => row["inputs"]!.AsObject().ContainsKey("balance_coin")))
        {
            var inputs = row["inputs"]!;
            double contracts = Golden.Number(inputs["contract_amount_usd"]) / 10;
            var portfolio = One(
                Perpetual("BTC"),
                contracts,
                new MarginQuote(60_000, 60_000),
                Golden.Number(inputs["entry_price_usd"]),
                new CollateralBalance(Btc, Golden.Number(inputs["balance_coin"]))
            );
            var distance = AccountDistance.Of(portfolio, Rules[0], null);
            var position = Assert.Single(distance.Positions);
            if (row["expected"]!["liquidation_price_usd"] is { } expected)
                Assert.Equal(Golden.Number(expected), position.PriceUsd!.Value, 1e-6);
            else
                Assert.Null(position.PriceUsd);
            met++;
        }
        Assert.Equal(3, met);
    }

    [Fact]
    public void Hyperliquids_own_formula_of_the_liquidation_price_is_met()
    {
        // liq_price = price − side·margin_available/size/(1 − l·side), the venue's page; l = 1/80 in the first tier.
        var perpetual = Perpetual("BTC", PayoffShape.Linear, 0.001m);
        foreach (double coins in (double[])[2, -2])
        {
            var cash = new CollateralBalance(Currency.Usdc, 30_000);
            var portfolio = One(perpetual, coins * 1000, new MarginQuote(60_000, 60_000), 60_000, cash);
            double l = 1 / 80.0,
                side = Math.Sign(coins),
                available = 30_000 - 120_000 * l;
            double expected = 60_000 - side * available / 2 / (1 - l * side);
            var distance = AccountDistance.Of(portfolio, Rule("hyperliquid-margin"), null);
            Assert.Equal(expected, Assert.Single(distance.Positions).PriceUsd!.Value, 1e-6);
        }
    }

    [Fact]
    public void At_every_point_found_the_pool_is_just_short_and_just_before_it_is_not()
    {
        int found = 0;
        for (int seed = 0; seed < 12; seed++)
            foreach (var rule in Rules)
            {
                var portfolio = RandomBooks.Draw(seed, isCross: true, largest: 0.4);
                var distance = AccountDistance.Of(portfolio, rule, null);
                Assert.Empty(distance.Missing);
                var spare = new SpareMargin(new MovedPortfolio(portfolio), rule);
                var now = rule.Assess(portfolio).Pools.Single();
                foreach (var axis in distance.Axes.Where(axis => axis.Move is not null))
                {
                    found++;
                    if (axis.Move == 0)
                    {
                        Assert.True(now.IsShort);
                        continue;
                    }
                    double scale = Math.Max(Math.Abs(now.Equity), now.Maintenance);
                    double at = spare.At(Move(spare, axis, 1));
                    Assert.True(at < 0 && at > -1e-6 * scale, $"seed {seed}, {axis}: spare {at}");
                    Assert.True(spare.At(Move(spare, axis, 1 - 1e-9)) > -1e-12 * scale, $"seed {seed}, {axis}");
                    var failed = spare.Worst(Move(spare, axis, 1)).Pool!;
                    Assert.Equal(failed.Maintenance > 0, axis.First is not null);
                }
            }
        Assert.True(found > 25, $"only {found} points: the test proves little");
    }

    [Fact]
    public void Nothing_moved_is_the_market_of_now() =>
        Gen.Int[0, 10_000]
            .Sample(
                seed =>
                {
                    var portfolio = RandomBooks.Draw(seed, isCross: seed % 2 == 0);
                    var moved = new MovedPortfolio(portfolio);
                    var still = moved.At(new double[moved.Coins.Length], new double[moved.Coins.Length]);
                    foreach (var rule in Rules)
                    {
                        var (then, now) = (rule.Assess(still).Pools, rule.Assess(portfolio).Pools);
                        for (int i = 0; i < now.Length; i++)
                        {
                            Assert.Equal(now[i].Maintenance, then[i].Maintenance, 1e-12 * (1 + now[i].Maintenance));
                            Assert.Equal(now[i].Balance, then[i].Balance, 1e-12 * (1 + Math.Abs(now[i].Balance)));
                        }
                    }
                },
                iter: 40
            );

    [Fact]
    public void What_expires_on_the_way_is_cash_at_its_delivery_price()
    {
        var call = Option("BTC", 58_000, OptionRight.Call, Near);
        var future = Future("BTC", Near);
        var portfolio = One(call, -2, new MarginQuote(60_000, 0.04, 0.6), null, new CollateralBalance(Btc, 1)) with
        {
            Positions = [new MarginPosition(call, -2), new MarginPosition(future, 600, 60_000)],
        };
        var quotes = portfolio.Market.Quotes.Add(future.Name, new MarginQuote(60_000, 60_000));
        portfolio = portfolio with { Market = portfolio.Market with { Quotes = quotes } };
        double delivered = Math.Log(64_000 / 60_000.0);
        var moved = new MovedPortfolio(portfolio).At([-0.5], [0], 2, (_, _) => delivered);
        Assert.Empty(moved.Positions);
        double expected = 1 - 2 * (6_000 / 64_000.0) + 600 * 10 * (1 / 60_000.0 - 1 / 64_000.0);
        Assert.Equal(expected, Assert.Single(moved.Balances).Amount, 1e-12);
    }

    [Fact]
    public void An_option_without_volatility_and_a_coin_without_index_leave_the_distance_undetermined()
    {
        var call = Option("BTC", 66_000, OptionRight.Call, Middle);
        var portfolio = One(call, -1, new MarginQuote(60_000, 0.03), null, new CollateralBalance(Btc, 1));
        var distance = AccountDistance.Of(portfolio, Rules[0], null);
        Assert.Contains(distance.Missing, line => line.Contains("no implied volatility", StringComparison.Ordinal));
        Assert.Empty(distance.Axes);
        portfolio = portfolio with
        {
            Balances = [.. portfolio.Balances, new CollateralBalance(new Currency("DOGE"), 10)],
        };
        Assert.Contains(AccountDistance.Of(portfolio, Rules[0], null).Missing, l => l.Contains("DOGE"));
    }

    static double[] Move(SpareMargin spare, AxisDistance axis, double share)
    {
        var coins = spare.Moved.Coins;
        var move = new double[spare.Dimensions];
        for (int c = 0; c < coins.Length; c++)
            if (coins[c] == axis.Underlying || (axis.Underlying == "all" && spare.Moved.HasOptions(coins[c])))
                move[axis.Axis == "price" ? c : coins.Length + c] = share * Math.Log(1 + axis.Move!.Value);
        return move;
    }

    internal static IVenueMargin Rule(string key) => VenueMargins.Find(key)!.Shipped();

    internal static MarginPortfolio One(
        Instrument instrument,
        double contracts,
        MarginQuote quote,
        double? entry,
        CollateralBalance balance
    ) =>
        new()
        {
            Name = "main",
            IsCross = false,
            Positions = [new MarginPosition(instrument, contracts, entry)],
            Balances = [balance],
            Market = new MarginMarket
            {
                AsOf = AsOf,
                IndexUsd = ImmutableDictionary<string, double>.Empty.Add("BTC", 60_000).Add("USDC", 1),
                Quotes = ImmutableDictionary<string, MarginQuote>.Empty.Add(instrument.Name, quote),
            },
        };
}
