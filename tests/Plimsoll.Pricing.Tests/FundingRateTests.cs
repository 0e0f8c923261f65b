using System.Text.Json.Nodes;
using Plimsoll.TestSupport;

namespace Plimsoll.Pricing.Tests;

/// <summary>Every row of the golden file on funding: Deribit, Hyperliquid, Binance.</summary>
public sealed class FundingRateTests
{
    static IEnumerable<(string Name, JsonNode In, JsonNode Out)> Rows(string kind)
    {
        var rows = Golden.Cases("pricing/funding.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        return rows!
            .Where(row => (string)row["inputs"]!["kind"]! == kind)
            .Select(row => ((string)row["name"]!, row["inputs"]!, row["expected"]!));
    }

    static double Number(JsonNode node, string key) => Golden.Number(node[key]);

    static void Close(JsonNode expected, string key, double actual) =>
        Assert.Equal(Number(expected, key), actual, 1e-10 * Math.Abs(Number(expected, key)) + 1e-15);

    [Fact]
    public void Deribit_is_damped_capped_and_paid_on_the_notional_at_the_index()
    {
        int read = 0;
        foreach (var (_, inputs, expected) in Rows("deribit_funding"))
        {
            double index = Number(inputs, "index_usd");
            double premium = FundingRate.Premium(Number(inputs, "mark_usd"), index);
            Close(expected, "premium_rate", premium);
            double damper = Number(inputs, "damper_per_8h");
            Close(expected, "uncapped_rate_8h", FundingRate.Deribit(premium, damper, double.MaxValue));
            double rate = FundingRate.Deribit(premium, damper, Number(inputs, "cap_per_8h"));
            Close(expected, "funding_rate_8h", rate);
            double paid = FundingRate.Payment(rate, Number(inputs, "position_usd"), Number(inputs, "hours"));
            Close(expected, "payment_by_long_usd", paid);
            Close(expected, "payment_by_holder_coin", paid / index);
            read++;
        }
        Assert.Equal(8, read);
        Assert.Equal(0.00075, FundingRate.Deribit(0.001), 1e-15);
    }

    [Fact]
    public void Hyperliquid_anchors_to_its_interest_and_pays_an_eighth_each_hour()
    {
        int read = 0;
        foreach (var (_, inputs, expected) in Rows("hyperliquid_funding"))
        {
            double oracle = Number(inputs, "oracle_usd");
            double premium = FundingRate.HyperliquidPremium(
                Number(inputs, "impact_bid_usd"),
                Number(inputs, "impact_ask_usd"),
                oracle
            );
            Close(expected, "premium", premium);
            double rate = FundingRate.Hyperliquid(premium, Number(inputs, "interest_8h"));
            Close(expected, "funding_rate_8h", rate);
            Close(expected, "funding_rate_1h", rate / 8);
            Close(
                expected,
                "payment_by_holder_usd",
                FundingRate.Payment(rate, Number(inputs, "size_coin") * oracle, hours: 1)
            );
            read++;
        }
        Assert.Equal(5, read);
    }

    [Fact]
    public void Binance_weighs_later_premiums_more_and_scales_its_interest_with_the_interval()
    {
        int read = 0;
        foreach (var (_, inputs, expected) in Rows("binance_funding"))
        {
            double[] premiums = [.. inputs["premium_samples"]!.AsArray().Select(Golden.Number)];
            Close(expected, "average_premium", FundingRate.WeightedMean(premiums));
            double hours = Number(inputs, "interval_hours");
            double rate = FundingRate.BinancePerInterval(
                premiums,
                Number(inputs, "interest_8h"),
                hours,
                Number(inputs, "floor"),
                Number(inputs, "cap")
            );
            Close(expected, "funding_rate", rate);
            double notional = Number(inputs, "size_coin") * Number(inputs, "mark_usd");
            double rate8h = rate * FundingRate.PeriodHours / hours;
            Close(expected, "payment_by_holder_usd", FundingRate.Payment(rate8h, notional, hours));
            read++;
        }
        Assert.Equal(4, read);
        Assert.Throws<ArgumentException>(() => FundingRate.WeightedMean([]));
    }
}
