using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Pricing.Tests;

/// <summary>Rows computed with 120 digits; each output's tolerance is 8 ulp of its own condition.</summary>
public sealed class Black76GoldenTests
{
    static OptionRight RightOf(JsonObject row) =>
        row["inputs"]!["is_call"]!.GetValue<bool>() ? OptionRight.Call : OptionRight.Put;

    static double Input(JsonObject row, string key)
    {
        var node = row["inputs"]![key];
        // A book's "4/12" of a year.
        if (node?.GetValueKind() == JsonValueKind.String && node.GetValue<string>().Split('/') is [var top, var bottom])
            return double.Parse(top, CultureInfo.InvariantCulture) / double.Parse(bottom, CultureInfo.InvariantCulture);
        return Golden.Number(node);
    }

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

    [Fact]
    public void Limits_have_their_values_and_inputs_from_outside_are_refused()
    {
        var rows = Golden.Cases("pricing/black76-limits.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        foreach (var row in rows)
        {
            if (row["expected"]!["error"] is not null)
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => EvaluateRow(row));
                continue;
            }
            var g = EvaluateRow(row);
            // A row's tolerance is a share of what the figure can be at most: the forward or strike, 1 for a delta. The
            // condition of a tail of 1e-138 is 625, so nothing computed in doubles has its last digits.
            double cap = Math.Max(Input(row, "forward_usd"), Input(row, "strike_usd"));
            Check("price_usd", g.PriceUsd, g.PriceUsd < 1 ? 1 : cap);
            Check("delta_forward", g.Delta, 1);
            Check("vega_usd_per_unit_vol", g.VegaUsdPerVol, cap);
            Check("volga_usd_per_unit_vol_squared", g.VolgaUsdPerVol2, cap);
            if (row["expected"]!.AsObject().TryGetPropertyValue("gamma_per_usd", out var gamma))
                Assert.Equal(gamma is null ? double.PositiveInfinity : 0, g.GammaPerUsd);

            void Check(string key, double actual, double scale)
            {
                if (row["expected"]![key] is not { } node)
                    return;
                double tolerance = Golden.Number(row["tolerance"]!["rel"]) * scale;
                Assert.Equal(Golden.Number(node), actual, tolerance + Golden.Number(row["tolerance"]!["abs"]));
            }
        }
    }

    [Fact]
    public void Textbook_examples_print_what_their_books_print()
    {
        var rows = Golden.Cases("pricing/textbook-vanilla.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        foreach (var row in rows)
        {
            double t = Input(row, "t_years");
            double vol = Input(row, "vol_annual");
            double discount = Math.Exp(-Input(row, "rate_annual") * t);
            bool hasSpot = row["inputs"]!["spot_usd"] is not null;
            double growth = hasSpot ? Math.Exp(Input(row, "carry_annual") * t) : 1;
            double forward = hasSpot ? Input(row, "spot_usd") * growth : Input(row, "forward_usd");
            var g = Black76.Evaluate(forward, Input(row, "strike_usd"), t, vol, RightOf(row));
            Check("price_usd", discount * g.PriceUsd);
            Check("delta_forward", discount * g.Delta);
            Check("delta_spot", discount * growth * g.Delta);
            Check("gamma_spot_per_usd", discount * growth * growth * g.GammaPerUsd);
            Check("vega_usd_per_unit_vol", discount * g.VegaUsdPerVol);
            Check("vanna_spot_per_unit_vol", discount * growth * g.VannaPerVol);
            Check("volga_usd_per_unit_vol_squared", discount * g.VolgaUsdPerVol2);

            void Check(string key, double actual)
            {
                if (row["expected"]![key] is not { } node)
                    return;
                double expected = Golden.Number(node);
                Assert.Equal(expected, actual, Golden.Number(row["tolerance"]!["rel"]) * Math.Abs(expected));
                if (row["published"]?[key] is { } printed)
                    Assert.Equal(
                        Golden.Number(printed),
                        actual,
                        0.5001 * Math.Pow(10, -Golden.Number(row["tolerance"]!["published_decimals"]![key]))
                    );
            }
        }
    }
}
