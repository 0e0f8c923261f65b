using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Plimsoll.Markets;
using Plimsoll.Risk.Tests;
using Plimsoll.TestSupport;

namespace Plimsoll.Margin.Tests;

/// <summary>The golden rows: two responses of the venue to the last digit, and formulas by an independent script.</summary>
public sealed class DeribitPortfolioMarginTests
{
    static readonly DeribitPortfolioParameters Shipped = DeribitPortfolioParameters
        .Parse(VenueParameters.Shipped(DeribitPortfolioParameters.Resource), "shipped")
        .Value;

    static IReadOnlyList<JsonObject> Rows(string start)
    {
        var rows = Golden.Cases("margin/deribit-portfolio-margin.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var chosen = rows!.Where(row => row["name"]!.GetValue<string>().StartsWith(start, StringComparison.Ordinal));
        return [.. chosen];
    }

    static double In(JsonObject row, string key) => Golden.Number(row["inputs"]![key]);

    static double Out(JsonObject row, string key) => Golden.Number(row["expected"]![key]);

    [Theory]
    [InlineData("deribit_pm_btc_perpetual_and_future", "BTC", "2024-06-17T10:22:20Z")]
    [InlineData("deribit_pm_eth_short_perpetual", "ETH", "2026-02-15T12:00:00Z")]
    public void The_venues_own_response_is_reproduced_to_the_last_digit(string name, string coin, string at)
    {
        var row = Assert.Single(Rows(name));
        var asOf = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
        var index = In(row, "index_price_usd");
        var quotes = ImmutableDictionary.CreateBuilder<string, MarginQuote>();
        var positions = new List<MarginPosition>();
        foreach (var (instrument, coins) in row["inputs"]!["positions_coin"]!.AsObject())
        {
            double mark = Golden.Number(row["inputs"]!["mark_price_usd"]?[instrument] ?? JsonValue.Create(index));
            Instrument terms = instrument.EndsWith("PERPETUAL", StringComparison.Ordinal)
                ? SmallWorld.Perpetual(coin)
                : SmallWorld.Future(coin, new DateTimeOffset(2024, 6, 28, 8, 0, 0, TimeSpan.Zero));
            quotes[terms.Name] = new MarginQuote(mark, mark);
            positions.Add(new MarginPosition(terms, Golden.Number(coins) * mark / 10));
        }
        var model = new DeribitPortfolioMargin(ParametersOf(row, coin));
        var market = new MarginMarket
        {
            AsOf = asOf,
            IndexUsd = ImmutableDictionary<string, double>.Empty.Add(coin, index),
            Quotes = quotes.ToImmutable(),
            Figures = ImmutableDictionary<string, double>
                .Empty.Add($"mmp-margin/{coin}", In(row, "mmp_margin_coin"))
                .Add($"open-orders-margin/{coin}", In(row, "open_orders_margin_coin")),
        };
        var statement = model.Assess(
            new MarginPortfolio
            {
                Name = "main",
                IsCross = false,
                Positions = [.. positions],
                Balances = [],
                Market = market,
            }
        );
        Assert.True(statement.IsDetermined, string.Join("; ", statement.Missing));
        var pool = Assert.Single(statement.Pools);
        var grid = Assert.Single(pool.Grids);
        double Charge(string key) => pool.Charges.Where(charge => charge.Name == key).Sum(charge => charge.Initial);
        Assert.Equal(Out(row, "worst_case_coin"), -grid.Cells[grid.Worst!.Value].Gain, 1e-11);
        Assert.Equal(Out(row, "roll_shock_coin"), Charge("roll-shock"), 1e-11);
        Assert.Equal(Out(row, "delta_shock_coin"), Charge("delta-shock"), 1e-11);
        Assert.Equal(Out(row, "initial_margin_coin"), pool.Initial, 1e-11);
        Assert.Equal(Out(row, "maintenance_margin_coin"), pool.Maintenance, 1e-11);
        Assert.Equal(Out(row, "risk_matrix_margin_coin") * 0.8, pool.Maintenance, 1e-11);
        Cells(row, "aggregated_pnl_by_move_coin", grid.Cells, 3, cell => cell.Gain);
        Cells(row, "pre_aggregated_pnl_by_move_coin", grid.Cells, 3, cell => cell.RawGain);
        Cells(row, "aggregated_extended_pnl_coin", grid.Cells[27..], 1, cell => cell.Gain);
        if (row["expected"]!["perpetual_pnl_by_move_coin"] is { } apart)
        {
            var sum = apart.AsArray().Zip(row["expected"]!["future_pnl_by_move_coin"]!.AsArray());
            double[] both = [.. sum.Select(pair => Golden.Number(pair.First) + Golden.Number(pair.Second))];
            for (int u = 0; u < both.Length; u++)
                Assert.Equal(both[u], grid.Cells[3 * u].RawGain, 1e-11);
            Assert.Equal(both[0], grid.Cells[27].RawGain, 1e-11);
            Assert.Equal(both[8], grid.Cells[34].RawGain, 1e-11);
            var alone = model.Assess(
                new MarginPortfolio
                {
                    Name = "main",
                    IsCross = false,
                    Positions = [.. positions.Where(position => position.Instrument is PerpetualInstrument)],
                    Balances = [],
                    Market = market,
                }
            );
            var cells = Assert.Single(Assert.Single(alone.Pools).Grids).Cells[27..];
            Cells(row, "perpetual_extended_pnl_coin", cells, 1, cell => cell.RawGain);
        }
    }

    static void Cells(JsonObject row, string key, ImmutableArray<GridCell> cells, int step, Func<GridCell, double> of)
    {
        if (row["expected"]![key] is not { } expected)
            return;
        double[] values = [.. expected.AsArray().Select(Golden.Number)];
        for (int i = 0; i < values.Length; i++)
            Assert.Equal(values[i], of(cells[i * step]), 1e-11);
    }

    static DeribitPortfolioParameters ParametersOf(JsonObject row, string coin)
    {
        var risk = Shipped.Coins[coin] with
        {
            PriceRange = In(row, "price_range"),
            VolatilityRangeUp = In(row, "volatility_range_up"),
            VolatilityRangeDown = In(row, "volatility_range_down"),
        };
        var currency = Shipped.Currencies[coin] with
        {
            ExtendedDampenerUsd = In(row, "extended_dampener_usd"),
            AnnualisedMoveRisk = In(row, "annualised_move_risk"),
            MinimumAnnualisedMove = In(row, "min_annualised_move"),
            GainOffset = In(row, "pnl_offset"),
        };
        return Shipped with
        {
            BucketsPerSide = (int)In(row, "buckets_per_side"),
            MaintenanceFactor = In(row, "maintenance_factor"),
            Coins = Shipped.Coins.SetItem(coin, risk),
            Currencies = Shipped.Currencies.SetItem(coin, currency),
        };
    }

    [Fact]
    public void Shocked_volatilities_of_the_golden_file_are_met()
    {
        var rows = Rows("deribit_pm_shocked_volatility");
        foreach (var row in rows)
        {
            double range = In(row, "volatility_range");
            var coin = Shipped.Coins["BTC"] with
            {
                VolatilityRangeUp = range,
                VolatilityRangeDown = range,
                ShortTermVegaPower = In(row, "short_term_vega_power"),
                LongTermVegaPower = In(row, "long_term_vega_power"),
                MinimumVolatilityForShockUp = In(row, "min_volatility_for_shock_up"),
            };
            bool isUp = row["inputs"]!["direction"]!.GetValue<string>() == "up";
            double shocked = new DeribitGrid(Shipped, coin).ShockedVolatility(
                In(row, "implied_volatility_annual"),
                In(row, "days_to_expiry"),
                isUp ? VolatilityShock.Up : VolatilityShock.Down
            );
            Assert.Equal(Out(row, "shocked_volatility_annual"), shocked, 1e-9);
        }
        Assert.Equal(5, rows.Count);
    }

    [Fact]
    public void Extended_cells_of_the_golden_file_are_scaled_and_dampened()
    {
        var rows = Rows("deribit_pm_extended_table");
        foreach (var row in rows)
        {
            var coin = Shipped.Coins["BTC"] with
            {
                PriceRange = In(row, "price_range"),
                ExtendedTableFactor = In(row, "extended_table_factor"),
            };
            var dollar = Shipped.Currencies["USDC"] with
            {
                ExtendedDampenerUsd = In(row, "extended_dampener_usd"),
                GainOffset = 1,
                MaximumOffsetUsd = double.MaxValue,
            };
            var parameters = Shipped with
            {
                Coins = Shipped.Coins.SetItem("BTC", coin),
                Currencies = Shipped.Currencies.SetItem("USDC", dollar),
            };
            Instrument future = SmallWorld.Perpetual("BTC", PayoffShape.Linear, 1);
            var market = new MarginMarket
            {
                AsOf = SmallWorld.AsOf,
                IndexUsd = ImmutableDictionary<string, double>.Empty.Add("BTC", 60_000),
                Quotes = ImmutableDictionary<string, MarginQuote>.Empty.Add(future.Name, new(60_000, 60_000)),
            };
            var pair = new DeribitPair("BTC_USDC", parameters, [future], market, "BTC", inCoin: false);
            int cell = 27 + Shipped.ExtendedMoves.IndexOf(In(row, "price_move"));
            double scaled = In(row, "simulated_pnl_usd") * pair.Grid.Scale[cell];
            Assert.Equal(Out(row, "scaled_pnl_usd"), scaled, 1e-6);
            Assert.Equal(Out(row, "dampened_pnl_usd"), pair.Counted(scaled, cell), 1e-6);
        }
        Assert.Equal(4, rows.Count);
    }

    [Fact]
    public void Delta_and_roll_shocks_of_the_golden_file_are_met()
    {
        foreach (var row in Rows("deribit_pm_delta_shock"))
        {
            var coin = Shipped.Coins["BTC"] with
            {
                DeltaShockThresholdUsd = In(row, "liquidity_threshold_usd"),
                DeltaShockPerCoin = In(row, "m_inc_per_coin"),
                MaximumDeltaShock = In(row, "max_delta_shock"),
            };
            double shock = DeribitPair.DeltaShockUsd(In(row, "delta_for_shock_coin"), In(row, "index_price_usd"), coin);
            Assert.Equal(Out(row, "delta_shock_usd"), shock, 1e-6);
        }
        foreach (var row in Rows("deribit_pm_roll_shock"))
        {
            double years = In(row, "years_to_expiry");
            var expiry = SmallWorld.AsOf + TimeSpan.FromSeconds(years * Years.SecondsPerYear);
            Instrument future = years == 0 ? SmallWorld.Perpetual("BTC") : SmallWorld.Future("BTC", expiry);
            var parameters = Shipped with
            {
                Currencies = Shipped.Currencies.SetItem(
                    "BTC",
                    Shipped.Currencies["BTC"] with
                    {
                        AnnualisedMoveRisk = In(row, "annualised_move_risk"),
                        MinimumAnnualisedMove = In(row, "min_annualised_move"),
                    }
                ),
            };
            var market = new MarginMarket
            {
                AsOf = SmallWorld.AsOf,
                IndexUsd = ImmutableDictionary<string, double>.Empty.Add("BTC", 60_000),
                Quotes = ImmutableDictionary<string, MarginQuote>.Empty.Add(future.Name, new(60_000, 60_000)),
            };
            var pair = new DeribitPair("BTC", parameters, [future], market, "BTC", inCoin: true);
            double contracts = In(row, "net_delta_of_expiry_coin") * 6_000;
            Assert.Equal(Out(row, "roll_shock_coin"), pair.RollShock([contracts]), 1e-9);
        }
    }
}
