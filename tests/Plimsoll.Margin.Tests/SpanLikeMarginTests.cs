using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plimsoll.Markets;
using Plimsoll.Risk.Tests;
using Plimsoll.TestSupport;

namespace Plimsoll.Margin.Tests;

public sealed class SpanLikeMarginTests
{
    static readonly SpanParameters Shipped = SpanParameters
        .Parse(VenueParameters.Shipped(SpanParameters.Resource), "shipped")
        .Value;

    static double In(JsonObject row, string key) => Golden.Number(row["inputs"]![key]);

    static double Out(JsonObject row, string key) => Golden.Number(row["expected"]![key]);

    [Fact]
    public void Arrays_and_minimum_of_the_golden_file_are_met()
    {
        var rows = Golden.Cases("margin/span-like.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        foreach (var row in rows!.Where(row => row["inputs"]!.AsObject().ContainsKey("futures_price_usd")))
        {
            double price = In(row, "futures_price_usd");
            var quotes = ImmutableDictionary.CreateBuilder<string, MarginQuote>();
            var positions = new List<MarginPosition>();
            Instrument future = SmallWorld.Perpetual("BTC", PayoffShape.Linear, 1);
            quotes[future.Name] = new MarginQuote(price, price);
            positions.Add(new MarginPosition(future, In(row, "futures_position")));
            foreach (var option in row["inputs"]!["options"]!.AsArray())
            {
                bool isCall = option!["kind"]!.GetValue<string>() == "call";
                var expiry = SmallWorld.AsOf + TimeSpan.FromSeconds(Golden.Number(option["seconds_to_expiry"]));
                double strike = Golden.Number(option["strike_usd"]);
                var terms = SmallWorld.Option(
                    "BTC",
                    strike,
                    isCall ? OptionRight.Call : OptionRight.Put,
                    expiry,
                    PayoffShape.Linear
                );
                double vol = Golden.Number(option["implied_volatility_annual"]);
                quotes[terms.Name] = new MarginQuote(price, 1, vol);
                positions.Add(new MarginPosition(terms, Golden.Number(option["amount"])));
            }
            var pool = Assess(row, price, positions, quotes.ToImmutable(), 0);
            var grid = Assert.Single(pool.Grids);
            double[] losses = [.. row["expected"]!["loss_array_usd"]!.AsArray().Select(Golden.Number)];
            Assert.Equal(16, grid.Cells.Length);
            for (int c = 0; c < losses.Length; c++)
                Assert.Equal(losses[c], -grid.Cells[c].Gain, 1e-4 + 1e-6 * Math.Abs(losses[c]));
            Assert.Equal((int)Out(row, "worst_scenario_number"), grid.Worst + 1);
            double scan = pool.Charges.Where(charge => charge.Name == "scan").Sum(charge => charge.Maintenance);
            Assert.Equal(Out(row, "scan_risk_usd"), scan, 1e-4 + 1e-6 * scan);
            Assert.Equal(Out(row, "risk_before_spreads_usd"), pool.Maintenance, 1e-4 + 1e-6 * pool.Maintenance);
        }
    }

    [Fact]
    public void Spread_between_months_takes_back_part_of_the_netting()
    {
        var rows = Golden.Cases("margin/span-like.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var row = rows!.Single(row => row["name"]!.GetValue<string>() == "span_inter_month_spread");
        const double price = 60_000;
        Instrument near = SmallWorld.Future("BTC", SmallWorld.Middle, PayoffShape.Linear, 1),
            far = SmallWorld.Future("BTC", SmallWorld.Far, PayoffShape.Linear, 1);
        double[] delta = [.. row["inputs"]!["months"]!.AsArray().Select(month => Golden.Number(month!["delta"]))];
        var quotes = ImmutableDictionary<string, MarginQuote>
            .Empty.Add(near.Name, new(price, price))
            .Add(far.Name, new(price, price));
        var pool = Assess(
            row,
            price,
            [new(near, delta[0]), new(far, delta[1])],
            quotes,
            In(row, "spread_charge_usd_per_spread") / price
        );
        double Charge(string key) => pool.Charges.Single(charge => charge.Name == key).Maintenance;
        Assert.Equal(Out(row, "scan_risk_usd"), Charge("scan"), 1e-6);
        Assert.Equal(Out(row, "spread_charge_usd"), Charge("inter-month-spread"), 1e-6);
        double spreads = Charge("inter-month-spread") / In(row, "spread_charge_usd_per_spread");
        Assert.Equal(Out(row, "spreads"), spreads, 1e-9);
        Assert.Equal(Out(row, "total_risk_usd"), pool.Maintenance, 1e-6);
        Assert.Equal(1.1 * pool.Maintenance, pool.Initial, 1e-6);
    }

    static PoolStatement Assess(
        JsonObject row,
        double price,
        IEnumerable<MarginPosition> positions,
        ImmutableDictionary<string, MarginQuote> quotes,
        double spread
    )
    {
        double Given(string key, double otherwise) =>
            row["inputs"]!.AsObject().ContainsKey(key) ? In(row, key) : otherwise;
        var parameters = Shipped with
        {
            ExtremeMultiple = Given("extreme_multiple", 3),
            ExtremeCover = Given("extreme_cover_fraction", 0.33),
            Products = Shipped.Products.SetItem(
                "BTC",
                new SpanProduct(
                    In(row, "price_scan_range_usd") / price,
                    Given("volatility_scan_range", 0),
                    In(row, "short_option_minimum_usd") / price,
                    spread
                )
            ),
        };
        var statement = new SpanLikeMargin(parameters).Assess(
            new MarginPortfolio
            {
                Name = "main",
                IsCross = true,
                Positions = [.. positions.Where(position => position.Contracts != 0)],
                Balances = [new CollateralBalance(Currency.Usdc, 1e6)],
                Market = new MarginMarket
                {
                    AsOf = SmallWorld.AsOf,
                    IndexUsd = ImmutableDictionary<string, double>.Empty.Add("BTC", price).Add("USDC", 1),
                    Quotes = quotes,
                },
            }
        );
        Assert.True(statement.IsDetermined, string.Join("; ", statement.Missing));
        return Assert.Single(statement.Pools);
    }

    [Fact]
    public void Scan_scales_and_a_bought_option_never_raises_a_scenario_by_more_than_its_value()
    {
        var model = new SpanLikeMargin(Shipped);
        for (int seed = 0; seed < 300; seed++)
        {
            var book = RandomBooks.Draw(seed, isCross: true);
            var pool = Assert.Single(model.Assess(book).Pools);
            var twice = Assert.Single(model.Assess(book.Times(2)).Pools);
            Assert.Equal(2 * pool.Initial, twice.Initial, 1e-9 * (1 + twice.Initial));
            Assert.True(pool.Maintenance >= 0 && pool.Initial >= pool.Maintenance);
        }
    }
}
