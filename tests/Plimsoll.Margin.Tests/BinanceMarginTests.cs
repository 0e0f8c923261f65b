using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CsCheck;
using Plimsoll.Markets;
using Plimsoll.TestSupport;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

/// <summary>The venue's own deductions, golden rows, and a slow reference from the formula text.</summary>
public sealed class BinanceMarginTests
{
    internal static readonly Currency Tether = new("USDT");
    static readonly IVenueMargin Futures = AccountDistanceTests.Rule("binance-margin");
    static readonly BinancePortfolioMargin Unified = (BinancePortfolioMargin)
        AccountDistanceTests.Rule("binance-portfolio-margin");

    static readonly BinanceParameters Shipped = VenueParameters
        .Read(
            VenueParameters.Shipped("venues/binance/margin.json"),
            "shipped",
            "binance-margin",
            BinanceParameters.Read
        )
        .Value;

    internal static PerpetualInstrument Swap(string coin, string venue = "binance") =>
        Perpetual(coin, PayoffShape.Linear, 1) with
        {
            Name = $"{coin}USDT",
            Venue = venue,
            Settlement = Tether,
        };

    internal static MarginPortfolio Holding(
        double cash,
        params (Instrument, double Contracts, MarginQuote Quote)[] held
    ) =>
        new()
        {
            Name = "main",
            IsCross = true,
            Positions = [.. held.Select(row => new MarginPosition(row.Item1, row.Contracts, EntryOf(row)))],
            Balances = [new CollateralBalance(Tether, cash)],
            Market = new MarginMarket
            {
                AsOf = AsOf,
                IndexUsd = ImmutableDictionary<string, double>
                    .Empty.Add("BTC", 60_000)
                    .Add("ETH", 2_000)
                    .Add("USDC", 1)
                    .Add("USDT", 1),
                Quotes = held.ToImmutableDictionary(row => row.Item1.Name, row => row.Quote),
            },
        };

    static double? EntryOf((Instrument Instrument, double Contracts, MarginQuote Quote) row) =>
        row.Instrument is OptionInstrument ? null : row.Quote.Mark;

    static IEnumerable<JsonObject> Rows(string name) =>
        (Golden.Cases("margin/binance.json") ?? []).Where(row =>
            row["name"]!.GetValue<string>().StartsWith(name, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("BTC/USDT", new[] { 0, 50, 950, 11450, 131450, 481450, 2981450, 14481450, 26481450.0 })]
    [InlineData("ETH/USDT", new[] { 0, 50, 950, 11450, 131450, 381450, 2006450, 9506450, 17506450.0 })]
    [InlineData("BTC/USDT/dated", new[] { 0, 500, 11750, 111750, 211750, 461750, 2461750, 12461750.0 })]
    public void Deductions_are_the_cum_that_the_venue_states(string key, double[] cum)
    {
        var table = Shipped.Brackets.Tables[key];
        double[] inside = key switch
        {
            "BTC/USDT" => [1, 1e5, 1e6, 5e6, 2e7, 8e7, 2e8, 3e8, 5e8],
            "ETH/USDT" => [1, 1e5, 1e6, 5e6, 2e7, 6e7, 1e8, 2e8, 3.5e8],
            _ => [1, 1e5, 1e6, 3e6, 5e6, 1.5e7, 3e7, 5e7],
        };
        for (int n = 0; n < cum.Length; n++)
            Assert.Equal(cum[n], table.Deduction(inside[n]), 1e-6);
    }

    [Fact]
    public void Liquidation_prices_are_those_of_the_venues_formula()
    {
        // LP = (WB − TMM + UPNL + cum − side·q·EP)/(q·mmr − side·q), bracket at the price found.
        foreach (double side in (double[])[1, -1])
        {
            var portfolio = Holding(30_000, (Swap("BTC"), side * 2, new MarginQuote(60_000, 60_000)));
            double price = Assert.Single(AccountDistance.Of(portfolio, Futures, null).Positions).PriceUsd!.Value;
            double expected = (30_000 + 50 - side * 2 * 60_000) / (2 * 0.005 - side * 2);
            Assert.Equal(expected, price, 1e-6);
        }
        int met = 0;
        foreach (var row in Rows("binance_um_liquidation_price"))
        {
            double In(string key) => Golden.Number(row["inputs"]![key]);
            double q = In("size_base"),
                side = In("side");
            double loss(double p) =>
                In("wallet_balance_usd") + In("other_unrealised_pnl_usd") + side * q * (p - In("entry_price_usd"));
            double asked(double p) =>
                In("other_maintenance_margin_usd") + q * p * In("maintenance_rate") - In("maintenance_amount_cum_usd");
            double price = Golden.Number(row["expected"]!["liquidation_price_usd"]);
            Assert.Equal(asked(price), loss(price), 1e-6);
            met++;
        }
        Assert.True(met is 0 or 3);
    }

    [Fact]
    public void Unified_ratio_counts_assets_at_their_rate_and_debts_in_full()
    {
        var rows = Rows("binance_unimmr_").Where(row => row["inputs"]!.AsObject().ContainsKey("assets")).ToList();
        Assert.SkipUnless(rows.Count > 0, Golden.Absent);
        foreach (var row in rows)
        {
            double equity = 0;
            foreach (var asset in row["inputs"]!["assets"]!.AsArray())
            {
                string code = asset!["asset"]!.GetValue<string>();
                var rates = new CollateralRates(
                    ImmutableDictionary<string, double>.Empty.Add(code, Golden.Number(asset["collateral_rate"]))
                );
                equity +=
                    rates.Value(new Currency(code), Golden.Number(asset["net_equity_coin"]))
                    * Golden.Number(asset["index_price_usd"]);
            }
            var expected = row["expected"]!;
            Assert.Equal(Golden.Number(expected["adjusted_equity_usd"]), equity, 1e-9);
            double asked = Golden.Number(expected["maintenance_margin_usd"]);
            Assert.Equal(Golden.Number(expected["uni_mmr"]), Unified.Ratio(Asked(equity, asked)), 1e-9);
        }
        var pool = Assert.Single(
            Unified.Assess(Holding(12_000, (Swap("BTC"), -10, new MarginQuote(60_000, 60_000)))).Pools
        );
        double margin = 600_000 * 0.005 - 50;
        Assert.Equal(1.05 * margin, pool.Maintenance, 1e-9);
        Assert.Equal(1.2 * margin, pool.Initial, 1e-9);
        Assert.Equal(12_000 / margin, Unified.Ratio(pool), 1e-9);
    }

    /// <summary>A pool of so much equity whose maintenance margin is so much, within the third bracket.</summary>
    static PoolStatement Asked(double equity, double maintenance)
    {
        double coins = (maintenance + 950) / 0.0065 / 60_000;
        return Assert.Single(
            Unified.Assess(Holding(equity, (Swap("BTC"), coins, new MarginQuote(60_000, 60_000)))).Pools
        );
    }

    [Fact]
    public void The_statements_signs_are_the_venues_status()
    {
        var rows = Rows("binance_unimmr_status").ToList();
        Assert.SkipUnless(rows.Count > 0, Golden.Absent);
        foreach (var row in rows)
        {
            double ratio = Golden.Number(row["inputs"]!["uni_mmr"]);
            var pool = Asked(ratio * 5_000, 5_000);
            // The bounds belong to the worse status; a hair is what rounding leaves of them.
            double hair = 1e-9 * pool.Balance;
            string found =
                pool.MaintenanceBalance <= pool.Maintenance + hair ? "liquidation"
                : pool.Available <= hair ? "reduce_only"
                : ratio <= 1.5 ? "reminder"
                : "free";
            Assert.Equal((string)row["expected"]!["status"]!, found);
        }
    }

    [Fact]
    public void A_short_option_is_asked_the_golden_amount_and_a_long_one_nothing()
    {
        var row = Rows("binance_option_short_call").SingleOrDefault();
        Assert.SkipUnless(row is not null, Golden.Absent);
        double In(string key) => Golden.Number(row!["inputs"]![key]);
        var option = Option("BTC", In("strike_usd"), OptionRight.Call, Middle, PayoffShape.Linear) with
        {
            Settlement = Tether,
        };
        var quote = new MarginQuote(In("index_price_usd"), In("mark_price_usd"), 0.6);
        var pool = Assert.Single(Futures.Assess(Holding(50_000, (option, -1, quote))).Pools);
        Assert.Equal(Golden.Number(row!["expected"]!["initial_margin_usd"]), pool.Initial, 1e-9);
        Assert.Equal(Golden.Number(row["expected"]!["maintenance_margin_usd"]), pool.Maintenance, 1e-9);
        Assert.Equal(0, Assert.Single(Futures.Assess(Holding(50_000, (option, 1, quote))).Pools).Initial);
    }

    [Fact]
    public void What_is_not_known_leaves_the_margin_undetermined_and_names_it()
    {
        var quote = new MarginQuote(60_000, 60_000);
        var coin = Holding(10, (Swap("BTC"), 1, quote)) with { Balances = [new CollateralBalance(Btc, 1)] };
        Assert.Contains(Futures.Assess(coin).Missing, line => line.Contains("collateral rate of BTC"));
        var huge = Holding(10, (Swap("BTC"), 40_000, quote));
        Assert.Contains(Futures.Assess(huge).Missing, line => line.Contains("no bracket is known beyond"));
        var other = Holding(10, (Swap("SOL"), 1, quote));
        Assert.Contains(Futures.Assess(other).Missing, line => line.Contains("no brackets of SOL/USDT"));
        var call = Option("BTC", 66_000, OptionRight.Call, Middle, PayoffShape.Linear) with { Settlement = Tether };
        var both = Holding(10, (Swap("BTC"), 1, quote), (call, -1, new MarginQuote(60_000, 900, 0.6)));
        Assert.Contains(Futures.Assess(both).Missing, line => line.Contains("wallets of their own"));
        Assert.Contains(Unified.Assess(both).Missing, line => line.Contains("not published"));
    }

    [Fact]
    public void Brackets_are_convex_grow_with_scale_and_agree_with_a_walk_over_them() =>
        Gen.Double[1, 3e8]
            .Select(Gen.Double[1, 3e8])
            .Sample(
                (one, other) =>
                {
                    var table = Shipped.Brackets.Tables["BTC/USDT"];
                    double middle = table.Maintenance((one + other) / 2);
                    Assert.True(middle <= (table.Maintenance(one) + table.Maintenance(other)) / 2 + 1e-6);
                    Assert.True(table.Maintenance(2 * one) >= 2 * table.Maintenance(one) - 1e-6);
                    double[] lower = [0, 50e3, 600e3, 3e6, 12e6, 70e6, 100e6, 230e6, 480e6],
                        rate = [.004, .005, .0065, .01, .02, .025, .05, .1, .125];
                    double walked = 0;
                    for (int n = 0; n < lower.Length; n++)
                        walked +=
                            rate[n] * Math.Max(0, Math.Min(one, n + 1 < lower.Length ? lower[n + 1] : one) - lower[n]);
                    Assert.Equal(walked, table.Maintenance(one), 1e-6);
                },
                iter: 2_000
            );
}
