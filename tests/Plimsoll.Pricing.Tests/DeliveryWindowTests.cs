using System.Text.Json.Nodes;
using Plimsoll.TestSupport;

namespace Plimsoll.Pricing.Tests;

public sealed class DeliveryWindowTests
{
    static IEnumerable<(JsonNode In, JsonNode Out)> Rows(string kind)
    {
        var rows = Golden.Cases("pricing/settlement-and-futures.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        return rows!
            .Where(row => (string)row["inputs"]!["kind"]! == kind)
            .Select(row => (row["inputs"]!, row["expected"]!));
    }

    static void Close(JsonNode expected, string key, double actual, double relative = 1e-12) =>
        Assert.Equal(Golden.Number(expected[key]), actual, relative * Math.Abs(Golden.Number(expected[key])));

    [Fact]
    public void Variance_before_the_window_is_that_of_the_mean_over_it()
    {
        int read = 0;
        foreach (var (inputs, expected) in Rows("twap_effective_variance"))
        {
            var window = new DeliveryWindow(Golden.Number(inputs["t_years"]), Golden.Number(inputs["window_years"]));
            double volatility = Golden.Number(inputs["vol_annual"]);
            Close(expected, "total_variance_effective", volatility * volatility * window.EffectiveYears, 1e-13);
            Close(expected, "vol_effective_on_t", window.EffectiveVolatility(volatility), 1e-13);
            Assert.Equal(1, window.Weight);
            read++;
        }
        Assert.Equal(4, read);
    }

    [Fact]
    public void Inside_the_window_what_has_passed_no_longer_moves()
    {
        int read = 0;
        foreach (var (inputs, expected) in Rows("twap_inside_window"))
        {
            double left = Golden.Number(inputs["window_minutes"]) - Golden.Number(inputs["minutes_elapsed"]);
            var window = DeliveryWindow.Deribit(left / 525_600);
            double index = Golden.Number(inputs["index_usd"]),
                soFar = Golden.Number(inputs["average_so_far_usd"]);
            Close(expected, "expected_delivery_usd", window.ExpectedUsd(index, soFar));
            Close(expected, "delivery_delta_to_index", window.Weight);
            Close(
                expected,
                "stdev_delivery_usd_first_order",
                window.DeviationUsd(index, Golden.Number(inputs["vol_annual"]))
            );
            Close(
                expected,
                "effective_strike_for_remaining_average_usd",
                window.StrikeForTheRestUsd(Golden.Number(inputs["strike_usd"]), soFar)
            );
            read++;
        }
        Assert.Equal(3, read);
    }

    [Fact]
    public void Delta_decays_with_what_is_left_of_the_window()
    {
        var (inputs, expected) = Assert.Single(Rows("settlement_decay"));
        double left = Golden.Number(inputs["window_minutes"]) - Golden.Number(inputs["minutes_into_window"]);
        var window = DeliveryWindow.Deribit(left / 525_600);
        double delta = Golden.Number(inputs["delta_black_scholes"]);
        Close(expected, "decayed_delta", window.Weight * delta);
        Close(
            expected,
            "net_transaction_delta_coin",
            window.NetTransactionDelta(delta, Golden.Number(inputs["mark_price_coin"]))
        );
    }

    [Fact]
    public void The_variance_is_continuous_where_the_window_opens_and_ends_at_nothing()
    {
        double window = DeliveryWindow.Deribit(1).WindowYears;
        var (inside, outside) = (
            DeliveryWindow.Deribit(window * (1 - 1e-9)),
            DeliveryWindow.Deribit(window * (1 + 1e-9))
        );
        Assert.Equal(inside.EffectiveYears, outside.EffectiveYears, 1e-8 * window);
        Assert.Equal(0, DeliveryWindow.Deribit(0).EffectiveYears);
        Assert.Equal(0, DeliveryWindow.Deribit(0).EffectiveVolatility(0.5));
        Assert.Equal(101.5, DeliveryWindow.Deribit(0).ExpectedUsd(99, 101.5));
    }
}
