using System.Text.Json.Nodes;
using Plimsoll.Methods;
using Plimsoll.Tails;
using Plimsoll.TestSupport;

namespace Plimsoll.Backtest.Tests;

/// <summary>Golden rows of what a forecast does to a size.</summary>
public class SizingGoldenTests
{
    static JsonObject Row(string name)
    {
        var cases = Golden.Cases("tails/sizing.json");
        Assert.SkipWhen(cases is null, Golden.Absent);
        return cases!.Single(row => row["name"]!.GetValue<string>() == name);
    }

    static double[] Numbers(JsonNode? node) => [.. node!.AsArray().Select(Golden.Number)];

    [Theory]
    [InlineData("to_target", TradeTo.Target)]
    [InlineData("to_edge", TradeTo.Edge)]
    internal void A_band_is_left_and_traded_back_into(string key, TradeTo trade)
    {
        var row = Row("no-trade-band");
        double held = Golden.Number(row["inputs"]!["start"]);
        double band = Golden.Number(row["inputs"]!["band"]);
        double[] path =
        [
            .. Numbers(row["inputs"]!["targets"]).Select(t => held = NoTradeBand.Next(held, t, band, trade)),
        ];
        double[] expected = Numbers(row["expected"]![key]);
        Assert.Equal(expected.Length, path.Length);
        Assert.All(expected.Zip(path), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Volatility_and_shortfall_targets_have_years_of_365_days()
    {
        var row = Row("volatility-and-es-targeting");
        double In(string key) => Golden.Number(row["inputs"]![key]);
        double annual = In("sigma_daily_pct") / 100 * Math.Sqrt(In("days"));
        double weight = Math.Min(In("cap"), VolatilityTarget.Notional(1, In("target_vol_annual"), annual));
        Assert.Equal(Golden.Number(row["expected"]!["weight_vol"]), weight, 1e-12);
        // A budget of 1 is cut at once to limit over forecast.
        var share = new double[1];
        new RiskBudget().Path([In("es_forecast_pct")], 100 * In("es_limit"), share);
        Assert.Equal(Golden.Number(row["expected"]!["weight_es"]), share[0], 1e-12);
    }
}
