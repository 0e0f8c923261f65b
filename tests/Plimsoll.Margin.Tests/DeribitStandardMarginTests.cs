using System.Text.Json.Nodes;
using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Margin.Tests;

public sealed class DeribitStandardMarginTests
{
    const string File = "margin/deribit-standard-margin.json";

    static readonly DeribitStandardMargin Model = DeribitStandardMargin.Shipped;

    [Fact]
    public void Every_option_and_future_row_of_the_golden_file_is_met()
    {
        var rows = Golden.Cases(File);
        Assert.SkipUnless(rows is not null, Golden.Absent);
        int met = 0;
        foreach (var row in rows!)
        {
            var inputs = row["inputs"]!.AsObject();
            if (inputs.ContainsKey("balance_coin"))
                continue; // liquidation prices: LiquidationPriceTests
            var (rate, contracts) = inputs.ContainsKey("kind") ? Option(inputs) : Future(inputs);
            var expected = row["expected"]!;
            string name = row["name"]!.GetValue<string>();
            var initial = expected["initial_margin_usd"] ?? expected["initial_margin_coin"];
            var maintenance = expected["maintenance_margin_usd"] ?? expected["maintenance_margin_coin"];
            Close(Golden.Number(initial), rate.Initial(contracts), name);
            Close(Golden.Number(maintenance), rate.Maintenance(contracts), name);
            met++;
        }
        Assert.Equal(11, met);
    }

    // Deribit contract specification as repeated by doc.tslab.pro: 0.15 less out-of-the-money, floor 0.10, plus mark.
    [Theory]
    [InlineData(OptionRight.Call, 65_000, 65_000, 0.035, 0.185, 0.11)]
    [InlineData(OptionRight.Call, 65_000, 90_000, 0.0008, 0.1008, 0.0758)]
    [InlineData(OptionRight.Call, 60_000, 63_000, 0.01, 0.11, 0.085)]
    [InlineData(OptionRight.Put, 65_000, 130_000, 1.02, 1.17, 1.0965)]
    public void Short_inverse_option_of_one_coin_needs(
        OptionRight right,
        double underlyingUsd,
        double strikeUsd,
        double mark,
        double initial,
        double maintenance
    )
    {
        var rate = Model
            .Rate(
                Samples.Option("BTC", strikeUsd, right, PayoffShape.Inverse, 1),
                new MarginPrice(underlyingUsd, mark)
            )!
            .Value;
        Close(initial, rate.Initial(-1), "initial");
        Close(maintenance, rate.Maintenance(-1), "maintenance");
        Assert.Equal(0, rate.Initial(1));
        Assert.Equal(0, rate.Maintenance(1));
    }

    [Theory]
    [InlineData(PayoffShape.Inverse)]
    [InlineData(PayoffShape.Linear)]
    public void Contract_size_scales_options_and_coins_not_contracts_drive_the_size_slope(PayoffShape shape)
    {
        var price = new MarginPrice(50_000, shape == PayoffShape.Inverse ? 0.02 : 1_000);
        var one = Model.Rate(Samples.Option("BTC", 55_000, OptionRight.Call, shape, 1), price)!.Value;
        var tenth = Model.Rate(Samples.Option("BTC", 55_000, OptionRight.Call, shape, 0.1m), price)!.Value;
        Close(one.Initial(-3), tenth.Initial(-30), "options");
        decimal size = shape == PayoffShape.Inverse ? 10 : 0.001m;
        var small = Model.Rate(Samples.Perpetual("BTC", shape, size), new MarginPrice(50_000, 50_000))!.Value;
        var large = Model.Rate(Samples.Perpetual("BTC", shape, 100 * size), new MarginPrice(50_000, 50_000))!.Value;
        Close(small.Maintenance(-5_000), large.Maintenance(-50), "futures");
    }

    [Fact]
    public void Linear_equals_inverse_at_the_same_market_once_converted()
    {
        const double underlyingUsd = 3_000;
        foreach (var right in new[] { OptionRight.Call, OptionRight.Put })
        foreach (double strike in new[] { 2_000.0, 2_900, 3_000, 3_100, 4_500 })
        {
            var inverse = Model
                .Rate(
                    Samples.Option("ETH", strike, right, PayoffShape.Inverse, 1),
                    new MarginPrice(underlyingUsd, 0.05)
                )!
                .Value;
            var linear = Model
                .Rate(
                    Samples.Option("ETH", strike, right, PayoffShape.Linear, 1),
                    new MarginPrice(underlyingUsd, 0.05 * underlyingUsd)
                )!
                .Value;
            Assert.Equal(inverse.Initial(-7) * underlyingUsd, linear.Initial(-7), 1e-9);
            Assert.Equal(inverse.Maintenance(-7) * underlyingUsd, linear.Maintenance(-7), 1e-9);
        }
    }

    [Fact]
    public void Requirement_is_convex_zero_at_zero_and_initial_is_at_least_maintenance()
    {
        foreach (var (instrument, price) in Samples.EveryKind())
        {
            var rate = Model.Rate(instrument, price)!.Value;
            Assert.Equal(0, rate.Initial(0));
            for (double a = -40; a <= 40; a += 3.7)
            for (double b = -40; b <= 40; b += 4.3)
            {
                Assert.True(rate.Initial((a + b) / 2) <= (rate.Initial(a) + rate.Initial(b)) / 2 * (1 + 1e-12) + 1e-12);
                Assert.True(
                    rate.Maintenance((a + b) / 2)
                        <= (rate.Maintenance(a) + rate.Maintenance(b)) / 2 * (1 + 1e-12) + 1e-12
                );
                Assert.True(rate.Initial(a) >= rate.Maintenance(a) * (1 - 1e-12));
                Assert.True(rate.Maintenance(a) >= 0);
            }
        }
    }

    [Fact]
    public void A_coin_without_parameters_is_not_known_rather_than_free()
    {
        var option = Samples.Option("SOL", 200, OptionRight.Call, PayoffShape.Linear, 10);
        Assert.Null(Model.Rate(option, new MarginPrice(180, 5)));
        Assert.Equal(
            "SOL_USDC-200-Call: no standard-margin fractions for SOL",
            Assert.Single(Model.Missing([option, Samples.Perpetual("BTC", PayoffShape.Inverse, 10)]))
        );
    }

    [Theory]
    [InlineData("{", "the format of data/venues/deribit/standard-margin.json")]
    [InlineData("""{"dated": "2026-07-31", "source": "s", "note": "n"}""", "the format of")]
    [InlineData(
        """{"dated": "2026-07-31", "source": "s", "note": "n", "underlyings": [{"underlying": "BTC", "future": {"initial_base": 2, "maintenance_base": 0.01, "slope_per_coin": 0}}]}""",
        "a fraction in [0, 1)"
    )]
    [InlineData(
        """{"dated": "2026-07-31", "source": "s", "note": "n", "underlyings": [{"underlying": "BTC", "option": {"initial_fraction": 0.15, "initial_floor": 0.1, "maintenance_fraction": 0.2}}]}""",
        "at most initial_floor"
    )]
    public void Broken_parameters_are_faults_and_never_a_model(string json, string expected)
    {
        var parsed = StandardMarginParameters.Parse(json, "mine.json");
        Assert.False(parsed.Succeeded);
        Assert.Contains(expected, parsed.Faults[0].Expected);
        Assert.Equal("mine.json", parsed.Faults[0].Place);
    }

    static (MarginRate Rate, double Contracts) Option(JsonObject inputs)
    {
        bool coin = inputs["settlement"]!.GetValue<string>() == "coin";
        var option = Samples.Option(
            coin ? "BTC" : "ETH",
            Golden.Number(inputs["strike_usd"]),
            inputs["kind"]!.GetValue<string>() == "call" ? OptionRight.Call : OptionRight.Put,
            coin ? PayoffShape.Inverse : PayoffShape.Linear,
            1
        );
        double mark = Golden.Number(inputs[coin ? "mark_price_coin" : "mark_price_usd"]);
        var rate = Model.Rate(option, new MarginPrice(Golden.Number(inputs["underlying_price_usd"]), mark))!.Value;
        return (rate, Golden.Number(inputs["amount_coin"]));
    }

    static (MarginRate Rate, double Contracts) Future(JsonObject inputs)
    {
        var fractions = new FutureMarginFractions(
            Golden.Number(inputs["initial_base_fraction"]),
            Golden.Number(inputs["maintenance_base_fraction"]),
            Golden.Number(inputs["slope_per_coin"])
        );
        var model = new DeribitStandardMargin(
            new StandardMarginParameters(
                new DateOnly(2026, 7, 31),
                "golden row",
                "",
                [new UnderlyingMarginFractions("BTC", null, fractions)]
            )
        );
        double mark = Golden.Number(inputs["mark_price_usd"]);
        var rate = model.Rate(Samples.Perpetual("BTC", PayoffShape.Inverse, 10), new MarginPrice(mark, mark))!.Value;
        return (rate, Golden.Number(inputs["contract_amount_usd"]) / 10);
    }

    static void Close(double expected, double actual, string what) =>
        Assert.True(
            Math.Abs(expected - actual) <= 1e-9 * Math.Max(1, Math.Abs(expected)),
            $"{what}: {expected:R} against {actual:R}"
        );
}
