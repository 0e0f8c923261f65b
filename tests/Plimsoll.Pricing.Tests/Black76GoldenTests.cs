using System.Text.Json.Nodes;
using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Pricing.Tests;

/// <summary>Rows computed with 120 digits; each output's tolerance is 8 ulp of its own condition.</summary>
public sealed class Black76GoldenTests
{
    static OptionRight RightOf(JsonObject row) =>
        row["inputs"]!["is_call"]!.GetValue<bool>() ? OptionRight.Call : OptionRight.Put;

    static double Input(JsonObject row, string key) => Golden.Number(row["inputs"]![key]);

    static OptionGreeks EvaluateRow(JsonObject row) =>
        Black76.Evaluate(
            Input(row, "forward_usd"),
            Input(row, "strike_usd"),
            Input(row, "t_years"),
            Input(row, "vol_annual"),
            RightOf(row)
        );

    [Fact]
    public void Price_and_greeks_meet_every_row_of_the_golden_file()
    {
        var rows = Golden.Cases("pricing/black76.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var misses = new List<string>();
        double worst = 0;
        int discounted = 0;
        foreach (var row in rows)
        {
            double rate = Input(row, "rate_annual");
            discounted += rate == 0 ? 0 : 1;
            double discount = Math.Exp(-rate * Input(row, "t_years"));
            var g = EvaluateRow(row);
            Check("price_usd", discount * g.PriceUsd);
            Check("delta_forward", discount * g.Delta);
            Check("gamma_per_usd", discount * g.GammaPerUsd);
            Check("vega_usd_per_unit_vol", discount * g.VegaUsdPerVol);
            Check("theta_usd_per_year", discount * (g.ThetaUsdPerYear + rate * g.PriceUsd));
            Check("vanna_per_unit_vol", discount * g.VannaPerVol);
            Check("volga_usd_per_unit_vol_squared", discount * g.VolgaUsdPerVol2);

            void Check(string key, double actual)
            {
                double expected = Golden.Number(row["expected"]![key]);
                double tolerance = Golden.Number(row["tolerance"]![key]);
                double off = Math.Abs(actual - expected);
                if (off > 0 && tolerance > 0)
                    worst = Math.Max(worst, off / tolerance);
                if (!(off <= tolerance))
                    misses.Add(
                        $"{row["name"]} {key}: {actual:R} against {expected:R}, {off / tolerance:F2} of {tolerance}"
                    );
            }
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"worst {worst:F3} of tolerance; {discounted} discounted rows");
        Assert.True(misses.Count == 0, string.Join('\n', misses));
    }

    [Fact]
    public void Coin_price_and_greeks_meet_every_row_of_the_golden_file()
    {
        var rows = Golden.Cases("pricing/inverse-option.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var misses = new List<string>();
        foreach (var row in rows)
        {
            double forward = Input(row, "forward_usd");
            var usd = EvaluateRow(row);
            var coin = Black76.InCoin(usd, forward);
            Check("price_coin", coin.PriceCoin);
            Check("delta_black_scholes", usd.Delta);
            Check("net_transaction_delta_coin", Black76.NetTransactionDelta(usd, forward));
            Check("delta_coin_per_usd", coin.DeltaCoinPerUsd);
            Check("gamma_coin_per_usd_squared", coin.GammaCoinPerUsd2);
            Check("vega_usd_per_vol_point", usd.VegaUsdPerVolPoint);
            Check("vega_coin_per_vol_point", coin.VegaCoinPerVol / 100);
            Check("theta_usd_per_day", usd.ThetaUsdPerDay);
            Check("theta_coin_per_day", coin.ThetaCoinPerYear / 365);
            Check("vanna_coin_per_usd_per_unit_vol", coin.VannaCoinPerUsdPerVol);
            Check("volga_coin_per_unit_vol_squared", coin.VolgaCoinPerVol2);
            Check("price_usd_at_index", coin.PriceCoin * Input(row, "index_usd"));

            void Check(string key, double actual)
            {
                double expected = Golden.Number(row["expected"]![key]);
                double tolerance = row["tolerance"]!["abs_" + key] is { } absolute
                    ? Golden.Number(absolute)
                    : Golden.Number(row["tolerance"]!["rel_default"]) * Math.Abs(expected);
                double off = Math.Abs(actual - expected);
                if (!(off <= tolerance))
                    misses.Add(
                        $"{row["name"]} {key}: {actual:R} against {expected:R}, {off / tolerance:F2} of {tolerance}"
                    );
            }
        }
        Assert.True(misses.Count == 0, string.Join('\n', misses));
    }
}
